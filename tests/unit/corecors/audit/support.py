"""What every comparison has to hold to."""

from __future__ import annotations

from corecors import Policy, Rules
from corecors.audit import Comparison
from corecors.audit._compare import is_allowed


def assert_witnesses_show_it(
    comparison: Comparison, old: Policy | Rules, new: Policy | Rules
) -> None:
    """Assert that all is decided, and that each witness is what it says."""
    assert comparison.undecided == ()
    for witness, allowing, refusing in (
        (comparison.gained, new, old),
        (comparison.lost, old, new),
    ):
        if witness is not None:
            assert is_allowed(allowing, witness)
            assert not is_allowed(refusing, witness)

"""What in a valid policy is insecure or useless, as data; a finding never changes a decision.

What a pattern admits is computed, with the extra `audit` for regular expressions, not sampled.
Nothing that needs an automaton is imported before it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Union

import attrs

from .._policy import Policy
from .._rules import Rules
from . import _setup
from ._budget import STEPS

if TYPE_CHECKING:
    from ._comparison import Comparison, Witness
    from ._finding import KINDS, Finding, Kind, Severity

__all__ = ["KINDS", "Comparison", "Finding", "Kind", "Severity", "Witness", "audit", "compare"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import _comparison, _finding  # noqa: PLC0415 (only who asks for them waits for them)

    return getattr(_comparison if name in {"Comparison", "Witness"} else _finding, name)


def audit(
    policy: Union[Policy, Rules], *, quick: bool = False, steps: int = STEPS
) -> tuple[Finding, ...]:
    """Report what is insecure or useless in a policy, or in each policy of rules.

    Each item of `origins` is turned into an automaton, and compared with all origins that a
    browser can send. A finding names an origin as a witness only where `evaluate` admits it.
    Regular expressions need the extra `audit`; without it, and where `steps` steps for an item
    are not enough, it is probed with look-alikes, and the finding is not `decided`.

    `quick` leaves out everything that needs an automaton: it is what Flask-CORS asks at set-up.

    >>> [finding.code for finding in audit(Policy(supports_credentials=True))]
    ['any-origin-with-credentials']
    >>> [finding.advice for finding in audit(Policy(origins="https://a.example/"))]
    ['write "https://a.example"']
    >>> audit(Policy(origins="https://*.github.io"))[0].witness
    'https://a.github.io'
    """
    if isinstance(policy, Rules):
        return tuple(
            attrs.evolve(finding, source=f"the rule {rule.pattern!r}")
            for rule in policy.entries
            for finding in audit(rule.policy, quick=quick, steps=steps)
        )
    if quick:
        return tuple(_setup.check(policy))
    from ._thorough import check  # noqa: PLC0415 (only who asks for it waits for it)

    return tuple(check(policy, steps))


def compare(
    old: Union[Policy, Rules], new: Union[Policy, Rules], *, steps: int = STEPS
) -> Comparison:
    """Compare what two policies, or two lists of rules, allow: what a change lets in.

    The relation is `equal`, `narrower` (the new one allows less), `wider` or `different`, with a
    request for each direction that `evaluate` allows on one side and not on the other. It is
    computed as in `audit`; what cannot be, is in `undecided`. What only caches and responses
    without `Origin` notice (`max_age`, `vary_header`, `always_send`) is not compared.

    >>> old = Policy(origins="https://*.app.example", methods="GET")
    >>> print(compare(old, attrs.evolve(old, origins=["https://*.example"], methods="GET, PUT")))
    wider
    new: GET / from https://a.example
    >>> print(compare(old, attrs.evolve(old, methods="GET, PUT")).gained)
    PUT / from https://a.app.example
    """
    from ._compare import compare as compared  # noqa: PLC0415 (as in `audit`)

    return compared(old, new, steps)

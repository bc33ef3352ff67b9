"""How bad a finding is, and which weakness it is an instance of."""

from __future__ import annotations

from corecors import Policy, audit


def test_any_origin_with_credentials_is_a_weakness_with_a_number() -> None:
    """Its severity and its CWE come with its code."""
    (finding,) = audit(Policy(supports_credentials=True))
    assert finding.severity in {"error", "warning"}
    assert finding.cwe == 942

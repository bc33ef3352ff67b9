"""What in a valid policy is insecure or useless, as data; a finding never changes a decision.

What a pattern admits is computed, with the extra `audit` for regular expressions, not sampled.
Nothing that needs an automaton is imported before it is asked for.
"""

from __future__ import annotations

from typing import Union

import attrs

from .._policy import Policy
from .._rules import Rules
from . import _setup
from ._budget import STEPS
from ._finding import KINDS, Finding, Kind, Severity

__all__ = ["KINDS", "Finding", "Kind", "Severity", "audit"]


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

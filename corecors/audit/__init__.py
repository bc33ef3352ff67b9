"""What in a valid policy is insecure or useless, as data; a finding never changes a decision."""

from __future__ import annotations

from .._policy import Policy
from . import _setup
from ._finding import KINDS, Finding, Kind, Severity

__all__ = ["KINDS", "Finding", "Kind", "Severity", "audit"]


def audit(policy: Policy) -> tuple[Finding, ...]:
    """Report what a policy admits to everybody with credentials, and what can never match.

    >>> [finding.code for finding in audit(Policy(supports_credentials=True))]
    ['any-origin-with-credentials']
    >>> [finding.advice for finding in audit(Policy(origins="https://a.example/"))]
    ['write "https://a.example"']
    """
    return tuple(_setup.check(policy))

"""A finding, and the one table of their kinds: code, severity, CWE."""

from __future__ import annotations

from typing import NamedTuple, Optional

import attrs

from ..errors import Problem

Severity = str
"""`error` (somebody gets in), `warning` (something does not do what it says) or `note`."""


class Kind(NamedTuple):
    """What all findings of one code have in common."""

    severity: Severity
    cwe: Optional[int]
    """The number of the weakness in MITRE's list, where one fits."""
    meaning: str


KINDS: dict[str, Kind] = {
    "any-origin-with-credentials": Kind(
        "error", 942, "every site may act with the cookies of your users"
    ),
    "origin-never-sent": Kind("warning", None, "a text in `origins` that no browser sends"),
    "method-not-a-token": Kind("warning", None, "a text in `methods` that is not one method"),
    "header-glob": Kind("warning", None, "a glob in `allow_headers`, where a regex is meant"),
    "expose-any-with-credentials": Kind(
        "warning", None, '`expose_headers="*"` does nothing where credentials are allowed'
    ),
}
"""Every kind of finding by its code."""


@attrs.frozen(kw_only=True)
class Finding(Problem):
    """Something in a valid policy that is insecure or useless.

    >>> finding = Finding(code="origin-never-sent", option="origins", given="https://a.example/",
    ...                   what="matches none", advice='write "https://a.example"')
    >>> finding.severity, finding.cwe
    ('warning', None)
    """

    witness: Optional[str] = None
    """An origin that the policy admits and that shows what is meant; `evaluate` confirmed it."""
    decided: bool = True
    """Whether this was computed, for every origin there is, or found by trying some."""

    @property
    def severity(self) -> Severity:
        """How bad it is: `error`, `warning` or `note`."""
        return KINDS[self.code].severity

    @property
    def cwe(self) -> Optional[int]:
        """The number of the weakness in MITRE's list, where one fits."""
        return KINDS[self.code].cwe

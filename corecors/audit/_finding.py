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
    "origin-is-path": Kind("warning", 942, "`/*` in `origins`, which is read as `*`"),
    "send-wildcard-without-effect": Kind(
        "warning", None, "`send_wildcard` beside origins that are named"
    ),
    "header-not-a-token": Kind(
        "warning", None, "a text in `allow_headers` that is not one header name"
    ),
    "method-not-a-token": Kind("warning", None, "a text in `methods` that is not one method"),
    "header-glob": Kind("warning", None, "a glob in `allow_headers`, where a regex is meant"),
    "expose-any-with-credentials": Kind(
        "warning", None, '`expose_headers="*"` does nothing where credentials are allowed'
    ),
    "missing-boundary": Kind(
        "error", 346, "a pattern that admits longer names which end like the one that is meant"
    ),
    "open-end": Kind("error", 346, "a pattern that does not say where the host ends"),
    "unescaped-dot": Kind("error", 625, "a dot in a regex that stands for any character"),
    "public-suffix": Kind(
        "error", 942, "a pattern for a domain under which everybody can have a name"
    ),
    "null-origin": Kind(
        "error", 942, "a pattern that admits `null`, which every site can send from a frame"
    ),
    "http-with-credentials": Kind(
        "warning", 319, "an origin without encryption acts with cookies, beside one that has it"
    ),
    "pattern-matches-nothing": Kind("warning", None, "a pattern that matches no origin there is"),
    "any-origin": Kind("note", 942, "a pattern that admits every site, as `*` does"),
    "any-port": Kind("note", 942, "a pattern that admits every port of a host in the network"),
    "covered": Kind("note", None, "an item that admits nothing that another one does not"),
    "not-decided": Kind("note", None, "a pattern that was probed with look-alikes, not computed"),
}
"""Every kind of finding by its code."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
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


def null_origin(given: object) -> Finding:
    """Make the finding for an item that admits `null`."""
    return Finding(
        code="null-origin",
        option="origins",
        given=given,
        what="admits null, which every site can send from a sandboxed frame",
        advice="list the origins that may",
        witness="null",
    )

"""What comes out: a verdict, and the header lines that say it to a browser.

A leaf: it knows neither policies nor requests. Header lines are built here and nowhere else, and
what becomes of a response that has lines of its own is written here, once for every shell.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple, Optional

from .headers import (
    ALLOW_CREDENTIALS,
    ALLOW_ORIGIN,
    ALLOW_PRIVATE_NETWORK,
    MAX_AGE,
    MERGED,
    VARY,
    ascii_lower,
    join,
    split,
)

Field = tuple[str, str]
"""The name and the value of one header line."""


class Verdict(enum.Enum):
    """What was decided about a request. A closed set."""

    NO_RULE = "no rule covers the path"
    NO_ORIGIN = "the request has no Origin, so it is not a CORS request"
    ALLOWED = "the origin is allowed"
    PREFLIGHT_ALLOWED = "the origin, the method and the headers are allowed"
    PREFLIGHT_SAFELISTED = "the origin is allowed, and the method needs no listing"
    ORIGIN_REFUSED = "the origin is not in origins"
    METHOD_REFUSED = "the method is not in methods"
    HEADERS_REFUSED = "a requested header is not in allow_headers"

    # Cached: to hash a member of an `Enum` costs as much as half of an answer.

    @cached_property
    def allowed(self) -> bool:
        """Return whether the page may continue: read the response, or send the request (I4)."""
        return self in _ALLOWED

    @cached_property
    def refused(self) -> bool:
        """Return whether a browser stops the page; False for a request without `Origin`."""
        return self in _REFUSED

    @cached_property
    def preflight(self) -> bool:
        """Return whether it is about the method or headers of a CORS-preflight request."""
        return self in _PREFLIGHT


_ALLOWED = {Verdict.ALLOWED, Verdict.PREFLIGHT_ALLOWED, Verdict.PREFLIGHT_SAFELISTED}
_PREFLIGHT_REFUSED = {Verdict.METHOD_REFUSED, Verdict.HEADERS_REFUSED}
_REFUSED = {Verdict.ORIGIN_REFUSED, *_PREFLIGHT_REFUSED}
_PREFLIGHT = {Verdict.PREFLIGHT_ALLOWED, Verdict.PREFLIGHT_SAFELISTED, *_PREFLIGHT_REFUSED}

# Fields that hold one value only: a second line would make a browser refuse the response.
_SINGLE = frozenset(map(ascii_lower, (ALLOW_CREDENTIALS, ALLOW_PRIVATE_NETWORK, MAX_AGE)))
_ALLOW_ORIGIN, _VARY = ascii_lower(ALLOW_ORIGIN), ascii_lower(VARY)


class Changes(NamedTuple):
    """What an answer does to a response that has lines of its own."""

    drop: tuple[Field, ...]
    """The lines of the response to take off, each as often as it is listed."""
    add: tuple[Field, ...]
    """The lines to put behind those that remain."""


class Answer(NamedTuple):
    """What a request gets: all that a shell needs, ready to be written.

    >>> from corecors import Policy
    >>> answer = Policy(origins=["https://a.example", "https://b.example"]).answer(
    ...     "GET", "https://a.example"
    ... )
    >>> answer.lines
    (('Access-Control-Allow-Origin', 'https://a.example'), ('Vary', 'Origin'))
    >>> answer.matched
    'https://a.example'
    """

    verdict: Verdict
    fields: tuple[Field, ...]
    """The `Access-Control-*` lines, in the order in which they are sent."""
    vary: tuple[str, ...]
    """The request header names that the answer depends on."""
    lines: tuple[Field, ...]
    """`fields`, and `vary` as one line: what to write where the response has no such lines."""
    matched: object
    """The item of `origins` that let the origin in, or what a callable there raised, or None."""
    prefix: object = None
    """The regex of `origins` that matches only the beginning of an origin that is refused (D1)."""

    @property
    def error(self) -> Optional[Exception]:
        """What matching the origin raised; the origin is refused then (D4)."""
        return self.matched if isinstance(self.matched, Exception) else None

    @property
    def reason(self) -> str:
        """Why, in plain words."""
        if self.error is not None:
            return f"a callable in origins raised {type(self.error).__name__}"
        return self.verdict.value

    def changes(self, own: Iterable[Field]) -> Changes:
        """Return what to do to a response with lines of its own.

        Its own Access-Control-Allow-Origin stands alone (D5): nothing is added to it. The members
        of its own `Vary` come first in the one line that replaces it (D11). Where no rule
        covers the path, all stays as it is.

        >>> from corecors import Policy
        >>> Policy().answer("GET", "https://a.example").changes([("Vary", "Cookie")]).add
        (('Access-Control-Allow-Origin', 'https://a.example'), ('Vary', 'Cookie, Origin'))
        """
        if self.verdict is Verdict.NO_RULE:
            return Changes((), ())  # the response is nobody's business here
        lines = list(own)
        if MERGED.isdisjoint([name.lower() for name, _ in lines]):
            return Changes((), self.lines)
        named: dict[str, list[Field]] = {}
        for line in lines:
            named.setdefault(ascii_lower(line[0]), []).append(line)
        allow_origin = named.get(_ALLOW_ORIGIN, [])
        standing = next((line for line in allow_origin if line[1]), None)
        if standing is not None:
            allow_origin.remove(standing)
            return Changes(tuple(allow_origin), ())
        replaced = [line for name in _names(self.fields) & _SINGLE for line in named.get(name, ())]
        own_vary = named.get(_VARY, [])
        vary = _merged_vary(own_vary, self.vary)
        if vary is not None:
            replaced += own_vary
        add = self.fields if vary is None else (*self.fields, (VARY, vary))
        return Changes((*allow_origin, *replaced), add)

    def merged(self, own: Iterable[Field]) -> list[Field]:
        """Return all lines of a response that has lines of its own.

        >>> from corecors import Policy
        >>> Policy(send_wildcard=True).answer("GET", "https://a.example").merged([("Age", "1")])
        [('Age', '1'), ('Access-Control-Allow-Origin', '*')]
        """
        lines = list(own)
        changes = self.changes(lines)
        for line in changes.drop:
            lines.remove(line)
        return [*lines, *changes.add]


def _names(fields: tuple[Field, ...]) -> set[str]:
    return {ascii_lower(name) for name, _ in fields}


def _merged_vary(own: list[Field], vary: tuple[str, ...]) -> Optional[str]:
    """Return the one `Vary` line, or None where the response says it all in one already (D11)."""
    members = [member for _, value in own for member in split(value) if member]
    said = set(map(ascii_lower, members))
    missing = [] if "*" in said else [name for name in vary if ascii_lower(name) not in said]
    return join([*members, *missing]) if missing or (vary and len(own) > 1) else None


def make_answer(
    verdict: Verdict,
    fields: tuple[Field, ...] = (),
    vary: tuple[str, ...] = (),
    matched: object = None,
) -> Answer:
    """Make an answer with its lines.

    >>> make_answer(Verdict.ORIGIN_REFUSED, vary=("Origin",)).lines
    (('Vary', 'Origin'),)
    """
    lines = (*fields, (VARY, join(vary))) if vary else fields
    return Answer(verdict, fields, vary, lines, matched)


NO_RULE = make_answer(Verdict.NO_RULE)
"""The answer where no rule covers the path: nothing at all."""

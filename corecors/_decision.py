"""What comes out: a verdict, its reason, and the header fields that say it to a browser."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, Optional, Union

import attrs

from .headers import ALLOW_ORIGIN, VARY

if TYPE_CHECKING:
    import re

    from ._policy import Policy

Field = tuple[str, str]


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

    @property
    def allowed(self) -> bool:
        """Say whether a browser lets the page on: read the response, or send the request."""
        return self in _ALLOWED

    @property
    def refused(self) -> bool:
        """Say whether a browser stops the page; False for a request without `Origin`."""
        return self in _REFUSED

    @property
    def preflight(self) -> bool:
        """Say whether the verdict is about the method or headers of a CORS-preflight request."""
        return self in _PREFLIGHT


_ALLOWED = {Verdict.ALLOWED, Verdict.PREFLIGHT_ALLOWED, Verdict.PREFLIGHT_SAFELISTED}
_PREFLIGHT_REFUSED = {Verdict.METHOD_REFUSED, Verdict.HEADERS_REFUSED}
_REFUSED = {Verdict.ORIGIN_REFUSED, *_PREFLIGHT_REFUSED}
_PREFLIGHT = {Verdict.PREFLIGHT_ALLOWED, Verdict.PREFLIGHT_SAFELISTED, *_PREFLIGHT_REFUSED}


class Outcome(NamedTuple):
    """The part of an answer that a policy has ready before any request comes."""

    verdict: Verdict
    fields: tuple[Field, ...]
    vary: tuple[str, ...]
    lines: tuple[Field, ...]
    """`fields`, and `vary` as the field that says it."""


def outcome(
    verdict: Verdict, fields: tuple[Field, ...] = (), vary: tuple[str, ...] = ()
) -> Outcome:
    """Make an outcome with its lines.

    >>> outcome(Verdict.ALLOWED, vary=("Origin",)).lines
    (('Vary', 'Origin'),)
    """
    lines = (*fields, (VARY, ", ".join(vary))) if vary else fields
    return Outcome(verdict, fields, vary, lines)


class Grant(NamedTuple):
    """The outcomes that remain once it is settled what the origin gets."""

    actual: Outcome
    preflight_allowed: Outcome
    preflight_safelisted: Outcome
    method_refused: Outcome
    headers_refused: Outcome


# Positions in a `Grant`: what a preflight comes to, whatever the origin gets.
PREFLIGHT_ALLOWED, PREFLIGHT_SAFELISTED, METHOD_REFUSED, HEADERS_REFUSED = range(1, 5)


Answer = tuple[Outcome, Optional[str], tuple[Field, ...], object, tuple[Field, ...]]
"""What a shell writes without building a `Decision`: the ready-made outcome, the value of
Access-Control-Allow-Origin, further fields of this request, what matched, and all lines."""


def answer_of(
    made: Outcome, allow_origin: str | None, fields: tuple[Field, ...], found: object
) -> Answer:
    """Make an answer with its lines.

    >>> answer_of(outcome(Verdict.ALLOWED, vary=("Origin",)), "https://a.example", (), None)[4]
    (('Access-Control-Allow-Origin', 'https://a.example'), ('Vary', 'Origin'))
    """
    lines = made.lines
    if allow_origin is not None:
        lines = ((ALLOW_ORIGIN, allow_origin), *fields, *lines)
    return made, allow_origin, fields, found, lines


@attrs.frozen(kw_only=True)
class Decision:
    """A verdict with the headers that carry it; unpacks to `(headers, verdict)`.

    >>> from corecors import Policy, evaluate
    >>> headers, verdict = evaluate(Policy(send_wildcard=True), "GET", "https://a.example")
    >>> headers, verdict.allowed
    ({'Access-Control-Allow-Origin': '*'}, True)
    """

    verdict: Verdict
    fields: tuple[Field, ...] = ()
    """The `Access-Control-*` fields to set."""
    vary: tuple[str, ...] = ()
    """The request header names to add to `Vary`."""
    reason: str
    """Why, in plain words."""
    rule: Optional[Union[str, re.Pattern[str]]] = None
    """The path pattern that covered the request, where rules were asked."""
    pattern: object = None
    """The item of `origins` that matched."""
    error: Optional[Exception] = attrs.field(default=None, eq=False)
    """What a callable in `origins` raised; the origin is refused then."""
    policy: Optional[Policy] = attrs.field(default=None, repr=False)
    """The policy that decided."""

    @property
    def headers(self) -> dict[str, str]:
        """Give all headers to set as a new dict, `Vary` included."""
        headers = dict(self.fields)
        if self.vary:
            headers[VARY] = ", ".join(self.vary)
        return headers

    @property
    def allowed(self) -> bool:
        """Say what `verdict.allowed` says."""
        return self.verdict.allowed

    def __iter__(self) -> Iterator[Any]:
        return iter((self.headers, self.verdict))

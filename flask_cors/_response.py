"""One answer onto one response: what the view said itself stays, what an earlier request got goes.

Nothing is decided here, and nothing is stored on the response.
"""

from __future__ import annotations

from copy import copy
from typing import Any
from weakref import ref

from flask import Response
from werkzeug.datastructures import Headers

from corecors._evaluate import Answer
from corecors._names import (
    ALLOW_CREDENTIALS,
    ALLOW_ORIGIN,
    ALLOW_PRIVATE_NETWORK,
    MAX_AGE,
    VARY,
)

Lines = list[tuple[str, str]]
"""What was added to one response: a list, since each is known by its identity."""

# Fields that hold one value only: a second line would make a browser refuse the response.
_SINGLE = frozenset({ALLOW_CREDENTIALS, ALLOW_PRIVATE_NETWORK, MAX_AGE})
_PLAIN = frozenset({"Content-Type", "Content-Length"})
_NOTABLE = frozenset(name.lower() for name in (ALLOW_ORIGIN, VARY, *_SINGLE))

# What was added to which response, so that a view may return the same object again (D14).
# Each entry goes with its response.
_added: dict[ref[Response], Lines] = {}
_forget = _added.pop


def write(response: Response, answer: Answer) -> Response:
    """Put an answer's fields on a response; on a copy, where an earlier request had it too."""
    headers: Any = response.headers
    if not isinstance(headers, Headers):
        # OAuthlib among others leaves a plain mapping, or None.
        headers = response.headers = Headers(headers)
    lines = _lines(headers, answer)
    try:
        # Noted before it is done, so that a thread with the same object can tell.
        if lines:
            earlier = _added.setdefault(ref(response, _forget), lines)
        else:
            earlier = _added.get(ref(response), lines)
    except TypeError:  # a subclass of the user's that cannot be hashed
        earlier = lines
    if earlier is not lines:
        response = _without(response, earlier)
        headers = response.headers
        lines = _lines(headers, answer)
    add = headers.add
    for name, value in lines:
        add(name, value)
    return response


def _without(response: Response, lines: Lines) -> Response:
    remaining = list(response.headers)
    for line in lines:
        if line in remaining:
            remaining.remove(line)
    response = copy(response)
    response.headers = Headers(remaining)
    return response


def _lines(headers: Headers, answer: Answer) -> Lines:
    outcome, allow_origin, fields, _ = answer
    for name, _value in headers:
        if name not in _PLAIN and name.lower() in _NOTABLE:
            return _merged(headers, answer)
    if allow_origin is None:
        return list(outcome.lines)
    return [(ALLOW_ORIGIN, allow_origin), *fields, *outcome.lines]


def _merged(headers: Headers, answer: Answer) -> Lines:
    outcome, allow_origin, fields, _ = answer
    lines: Lines = []
    if allow_origin is not None:
        lines = [(ALLOW_ORIGIN, allow_origin), *fields, *outcome.fields]
    own = headers.getlist(ALLOW_ORIGIN)
    if any(own):
        # D5: what the view set itself wins and stands alone.
        if len(own) > 1:
            headers[ALLOW_ORIGIN] = next(filter(None, own))
        return []
    headers.remove(ALLOW_ORIGIN)
    for name, _ in lines:
        if name in _SINGLE:
            headers.remove(name)
    missing = _missing(headers, outcome.vary)
    return [*lines, (VARY, ", ".join(missing))] if missing else lines


def _missing(headers: Headers, vary: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out what the response's own `Vary` says already (D11)."""
    own = {name.strip().lower() for line in headers.getlist(VARY) for name in line.split(",")}
    return () if "*" in own else tuple(name for name in vary if name.lower() not in own)

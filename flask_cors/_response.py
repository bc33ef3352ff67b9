"""One answer onto one response: what the view said itself stays, what an earlier request got goes.

Nothing is decided here.
"""

from __future__ import annotations

from copy import copy
from typing import Any, cast

from flask import Response
from werkzeug.datastructures import Headers

from corecors._decision import Answer, Field
from corecors.headers import (
    ALLOW_CREDENTIALS,
    ALLOW_ORIGIN,
    ALLOW_PRIVATE_NETWORK,
    MAX_AGE,
    VARY,
)

Lines = tuple[Field, ...]

# Fields that hold one value only: a second line would make a browser refuse the response.
_SINGLE = frozenset({ALLOW_CREDENTIALS, ALLOW_PRIVATE_NETWORK, MAX_AGE})
_PLAIN = frozenset({"Content-Type", "Content-Length", "Allow"})
_NOTABLE = frozenset(name.lower() for name in (ALLOW_ORIGIN, VARY, *_SINGLE))


def write(response: Response, answer: Answer) -> Response:
    """Put an answer's fields on a response; on a copy, where an earlier request had it too."""
    headers: Any = response.headers
    if not isinstance(headers, Headers):  # OAuthlib among others leaves a plain mapping, or None
        headers = response.headers = Headers(headers)
    # What is added is noted on the object that carries it, so that a view may return the same
    # object again, or a copy of it (D14); at once, so that a thread that has it too can tell.
    noted: Any = response
    earlier: Lines = getattr(noted, "flask_cors_lines", ())
    if earlier:
        noted = response = _without(response, earlier)
        headers = response.headers
    lines: Lines
    lines = noted.flask_cors_lines = answer[4]
    for name, _ in headers:
        if name not in _PLAIN and name.lower() in _NOTABLE:
            lines = noted.flask_cors_lines = _merged(headers, answer)
            break
    for name, value in lines:
        headers.add(name, value)
    return response


def cleared(response: Response) -> Response:
    """Give a response, or a copy of it, without what an earlier request made it carry (D14)."""
    lines: Lines = getattr(response, "flask_cors_lines", ())
    return _without(response, lines) if lines else response


def _without(response: Response, lines: Lines) -> Response:
    remaining = list(Headers(response.headers))
    for line in lines:
        if line in remaining:
            remaining.remove(line)
    copied: Any = copy(response)
    copied.headers = Headers(remaining)
    copied.flask_cors_lines = ()
    return cast("Response", copied)


def _merged(headers: Headers, answer: Answer) -> Lines:
    made, allow_origin, fields, _, _ = answer
    lines: Lines = ()
    if allow_origin is not None:
        lines = ((ALLOW_ORIGIN, allow_origin), *fields, *made.fields)
    own = headers.getlist(ALLOW_ORIGIN)
    if any(own):
        # D5: what the view set itself wins and stands alone.
        if len(own) > 1:
            headers[ALLOW_ORIGIN] = next(filter(None, own))
        return ()
    headers.remove(ALLOW_ORIGIN)
    for name, _ in lines:
        if name in _SINGLE:
            headers.remove(name)
    missing = _missing(headers, made.vary)
    return (*lines, (VARY, ", ".join(missing))) if missing else lines


def _missing(headers: Headers, vary: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out what the response's own `Vary` says already (D11)."""
    own = {name.strip().lower() for line in headers.getlist(VARY) for name in line.split(",")}
    return () if "*" in own else tuple(name for name in vary if name.lower() not in own)

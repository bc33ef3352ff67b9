"""One answer onto one response: what the view said itself stays, what an earlier request got goes.

Nothing is decided here.
"""

from __future__ import annotations

from copy import copy
from typing import Any, cast

from flask import Response
from werkzeug.datastructures import Headers

from corecors import Answer, Changes
from corecors.headers import MERGED

_PLAIN = frozenset({"Content-Type", "Content-Length", "Allow"})
_NOTHING = Changes((), ())


def write(response: Response, answer: Answer) -> Response:
    """Put an answer's fields on a response; on a copy, where an earlier request had it too."""
    headers: Any = response.headers
    if not isinstance(headers, Headers):  # OAuthlib among others leaves a plain mapping, or None
        headers = response.headers = Headers(headers)
    # What is changed is noted on the object that carries it, so that a view may return the same
    # object again, or a copy of it (D14); at once, so that a thread that has it too can tell.
    noted: Any = response
    earlier: Changes = getattr(noted, "flask_cors_changes", _NOTHING)
    if earlier != _NOTHING:
        noted = response = _without(response, earlier)
        headers = response.headers
    changes = noted.flask_cors_changes = Changes((), answer.lines)
    for name, _ in headers:
        if name not in _PLAIN and name.lower() in MERGED:
            changes = noted.flask_cors_changes = answer.changes(headers)
            break
    change(headers, changes)
    return response


def change(headers: Headers, changes: Changes) -> None:
    """Carry out on a response's headers what an answer does to them."""
    if changes.drop:
        remaining = list(headers)
        for line in changes.drop:
            remaining.remove(line)
        headers.clear()
        headers.extend(remaining)
    for name, value in changes.add:
        headers.add(name, value)


def cleared(response: Response) -> Response:
    """Give a response, or a copy of it, without what an earlier request made it carry (D14)."""
    changes: Changes = getattr(response, "flask_cors_changes", _NOTHING)
    return response if changes == _NOTHING else _without(response, changes)


def _without(response: Response, changes: Changes) -> Response:
    """Copy a response as it was before: what was added goes, and what it replaced comes back."""
    remaining = list(Headers(response.headers))
    for line in changes.add:
        if line in remaining:
            remaining.remove(line)
            remaining += [own for own in changes.drop if own[0].lower() == line[0].lower()]
    copied: Any = copy(response)
    copied.headers = Headers(remaining)
    copied.flask_cors_changes = _NOTHING
    return cast("Response", copied)

"""One answer onto one response: what the view said itself stays, what an earlier request got goes.

Nothing is decided here.
"""

from __future__ import annotations

from copy import copy
from typing import Any, Union, cast

from flask import Response
from werkzeug.datastructures import Headers

from corecors import Answer, Changes
from corecors.headers import MERGED

_PLAIN = frozenset({"Content-Type", "Content-Length", "Allow"})

Noted = Union[tuple[tuple[str, str], ...], Changes]
"""What a response was changed by: lines alone, where it had no such lines of its own."""


def write(response: Response, answer: Answer) -> Response:
    """Put an answer's fields on a response; on a copy, where an earlier request had it too."""
    headers: Any = response.headers
    if not isinstance(headers, Headers):  # OAuthlib among others leaves a plain mapping, or None
        headers = response.headers = Headers(headers)
    # What is changed is noted on the object that carries it, so that a view may return the same
    # object again, or a copy of it (D14); at once, so that a thread that has it too can tell.
    noted: Any = response
    earlier: Noted = getattr(noted, "flask_cors_changes", ())
    if earlier:
        noted = response = _without(response, earlier)
        headers = response.headers
    noted.flask_cors_changes = answer.lines
    for name, _ in headers:
        if name not in _PLAIN and name.lower() in MERGED:
            changes = answer.changes(headers)
            noted.flask_cors_changes = changes if any(changes) else ()
            change(headers, changes)
            return response
    for name, value in answer.lines:
        headers.add(name, value)
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
    noted: Noted = getattr(response, "flask_cors_changes", ())
    return _without(response, noted) if noted else response


def _without(response: Response, noted: Noted) -> Response:
    """Copy a response as it was before: what was added goes, and what it replaced comes back."""
    changes = noted if isinstance(noted, Changes) else Changes((), noted)
    remaining = list(Headers(response.headers))
    for line in changes.add:
        if line in remaining:
            remaining.remove(line)
            remaining += [own for own in changes.drop if own[0].lower() == line[0].lower()]
    copied: Any = copy(response)
    copied.headers = Headers(remaining)
    copied.flask_cors_changes = ()
    return cast("Response", copied)

"""One answer onto one response: what the view said itself stays, what an earlier request got goes.

Nothing is decided here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from copy import copy
from typing import Any, Union

from flask import Response
from werkzeug.datastructures import Headers

from corecors import Answer, Changes
from corecors.headers import ALLOW_ORIGIN, MERGED

from ._log import log_left_alone

_PLAIN = frozenset({"Content-Type", "Content-Length", "Allow"})

Field = tuple[str, str]
Noted = Union[tuple[Field, ...], Changes]
"""What a response was changed by: lines alone, where it had no such lines of its own."""

_NOTE = "flask_cors_note"
"""The attribute of a `Headers` object that holds a list of one `Noted`: what was added to it. So it
can be taken off when the object is returned again, by the same response, by a copy of it, or by
another one that shares it (D14)."""

_NONE: list[Noted] = []
"""No note."""

_HELD: list[Noted] = [Changes((), ())]
"""The note on headers that something else holds, too: nobody writes on them."""

# Where Python does not count references, headers are taken to be another response's too.
_references: Callable[[object], int] = getattr(sys, "getrefcount", lambda _: sys.maxsize)


def _count_own() -> int:
    """Count, as `write` does, the references to headers that only one response has."""
    response = Response()
    headers: Any = response.headers
    return sys.getrefcount(headers) if hasattr(sys, "getrefcount") else 0


_OWN = _count_own()

_claims: dict[int, list[Noted]] = {}
"""The notes of the requests that are just about to leave one, by the `id` of the headers."""


def write(response: Response, answer: Answer) -> Response:
    """Put an answer's lines on a response; on a copy, where an earlier request had it too."""
    headers: Any = response.headers
    if not isinstance(headers, Headers):  # OAuthlib among others leaves a plain mapping, or None
        headers = response.headers = Headers(headers)
    lines = answer.lines
    note: list[Noted] = [lines]
    # Of several threads that have the same response, one writes on its headers. To ask for their
    # `__dict__`, which Python makes when it is first asked for, would be dearer.
    key = id(headers)
    earlier = _claims.setdefault(key, note)
    if earlier is note:
        earlier = getattr(headers, _NOTE, _NONE)
        if earlier is _NONE:
            # `Response(headers=headers)` sets a line on headers that something else holds, and
            # takes off what another thread adds meanwhile.
            earlier = note if _references(headers) <= _OWN else _HELD
            headers.flask_cors_note = earlier  # pyright: ignore[reportAttributeAccessIssue] (ours)
        del _claims[key]
    if earlier is not note and (lines or earlier[0]):
        response = _own(response, earlier, note)
        headers = response.headers
    for name, _ in headers:
        if name not in _PLAIN and name.lower() in MERGED:
            changes = answer.changes(headers)
            note[0] = changes if any(changes) else ()
            change(headers, changes)
            if not changes.add and ALLOW_ORIGIN in headers:
                log_left_alone(headers[ALLOW_ORIGIN], answer)
            return response
    for name, value in lines:
        headers.add(name, value)
    return response


def change(headers: Headers, changes: Changes) -> None:
    """Carry out on a response's headers what an answer does to them.

    A line that another one replaces is replaced in its place: whoever copies the headers at the
    same time finds either.
    """
    added = list(changes.add)
    for name in {name.lower(): name for name, _ in changes.drop}.values():
        lines = _lines_of(name, headers)
        for line in (line for line in changes.drop if line in lines):
            lines.remove(line)
        new = _lines_of(name, added)
        headers.setlist(name, [value for _, value in (*lines, *new)])
        added = [line for line in added if line not in new]
    for name, value in added:
        headers.add(name, value)


def _lines_of(name: str, lines: Iterable[Field]) -> list[Field]:
    return [line for line in lines if line[0].lower() == name.lower()]


def _own(response: Response, earlier: list[Noted], note: list[Noted]) -> Response:
    """Return a response that no other request writes on: this one, or a copy of it.

    Where its headers are held, one request has the response itself, the others have copies.
    """
    if earlier is not _HELD or vars(response).setdefault(_NOTE, note) is not note:
        response = copy(response)
    response.headers = _before(response.headers, note)
    return response


def _before(headers: Headers, note: list[Noted]) -> Headers:
    """Copy headers as they were before an earlier request.

    What was added goes, and what it replaced comes back.
    """
    remaining = list(headers)
    # Read after the headers: another thread notes what it changes before it does.
    noted: Noted = vars(headers).get(_NOTE, _HELD)[0]
    changes = noted if isinstance(noted, Changes) else Changes((), noted)
    for line in changes.add:
        if line in remaining:
            remaining.remove(line)
            remaining += _lines_of(line[0], changes.drop)
    own = Headers(remaining)
    vars(own)[_NOTE] = note
    return own

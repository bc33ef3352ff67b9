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

_HELD: list[Noted] = [Changes((), ())]
"""What stands for the note on headers that something else holds, too."""

# Where Python does not count references as `write` needs it, headers are taken to be held.
_counts = hasattr(sys, "getrefcount") and getattr(sys, "_is_gil_enabled", lambda: True)()
_references: Callable[[object], int] = sys.getrefcount if _counts else lambda _: sys.maxsize


def _count_own() -> int:
    """Count, as `write` does, the references to headers that only one response has."""
    response = Response()
    headers: Any = response.headers
    return _references(headers)


_OWN = _count_own() if _counts else 0


def write(response: Response, answer: Answer) -> Response:
    """Put an answer's lines on a response; on a copy, where another request may have it too.

    Headers are written on, or left as they are for whom nothing is to be written, by the first
    request that has them while nothing else does. So of two threads in here with the same headers,
    each of which holds them in a variable before it counts, at most one finds that they are its
    own. And `Response(headers=headers)`, which sets a line and takes off what another thread adds
    meanwhile, is no danger to headers that are held elsewhere.
    """
    headers: Any = response.headers
    if not isinstance(headers, Headers):  # OAuthlib among others leaves a plain mapping, or None
        response = copy(response)
        headers = response.headers = Headers(headers)
    lines = answer.lines
    note: list[Noted] = [lines]
    # In this order: who had the headers before has left a note before it let them go. To ask for
    # their `__dict__`, which Python makes when it is first asked for, would be dear.
    own = _references(headers) <= _OWN
    earlier = getattr(headers, _NOTE, None) if own else _HELD
    if earlier is None:
        headers.flask_cors_note = note  # pyright: ignore[reportAttributeAccessIssue] (ours)
    elif lines or earlier[0]:
        response = copy(response)
        headers = response.headers = _before(headers, note)
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

"""One answer onto one response: what the view said itself stays, what an earlier request got goes.

Nothing is decided here. A response may be kept and returned to other requests, in other threads at
the same time (D14). So the first request that has its headers writes on them, where nobody else
holds them, and leaves a note of what it does. All others get a copy of the response, with headers
as they were before.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from copy import copy
from typing import Any, Optional, Union

from flask import Response
from werkzeug.datastructures import Headers

from corecors import Answer, Changes
from corecors.headers import ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, EXPOSE_HEADERS, MERGED

from ._log import log_left_alone

_PLAIN = frozenset({"Content-Type", "Content-Length", "Allow"})
_ANSWERS = MERGED | {name.lower() for name in (ALLOW_HEADERS, ALLOW_METHODS, EXPOSE_HEADERS)}
"""The names, in lower case, of all lines that an answer may have."""

Field = tuple[str, str]
Note = Union[tuple[Field, ...], list[list[Field]]]
"""The lines that are added, where there are no others of their names. Or else all lines before and,
once that is done, after."""

_NOTE = "flask_cors_note"
"""The attribute of a `Headers` object that holds its `Note`."""

_CLAIM = "flask_cors_claim"
"""The attribute of a response whose headers were of another kind: who may change them."""

_ORIGINAL = "flask_cors_original"
"""The attribute of a copy that holds the response, which may close its body when it ends."""

_references: Callable[[object], int] = getattr(sys, "getrefcount", lambda _: sys.maxsize)

_MOST = 3
"""More references than these are not counted on any CPython so far. What traces the import of this
module may hold one more."""


def _count_own() -> int:
    """Count, as `write` does, the references to headers that only one response has.

    0 where Python does not count as `write` needs it: all headers are taken to be held then.
    """
    is_locked: Callable[[], bool] = getattr(sys, "_is_gil_enabled", lambda: True)
    response = Response()
    headers: Any = response.headers
    own = _references(headers)
    another = headers
    return min(own, _MOST) if _references(another) == own + 1 and is_locked() else 0


_OWN = _count_own()


def write(response: Response, answer: Answer) -> Response:
    """Put an answer's lines on a response; on a copy, where another request may have it too.

    Of two threads that are in here with the same headers, each holds them in a variable before it
    counts who does, so at most one finds that they are its own. Who had them before has left a note
    before it let them go, so the note is looked for after that.
    """
    headers: Any = response.headers
    if not isinstance(headers, Headers):
        response = _with_headers(response)
        headers = response.headers
    own = _references(headers) <= _OWN
    # No `vars(headers)`: each use of an object costs more once its `__dict__` was asked for. But a
    # subclass may have any attribute.
    is_usual = type(headers) is Headers
    note = getattr(headers, _NOTE, None) if is_usual else vars(headers).get(_NOTE)
    if note is not None or not own:
        return _write_on_copy(response, answer)
    for name, _ in headers:
        if name not in _PLAIN and name.lower() in _ANSWERS:
            _merge(headers, answer)
            return response
    lines = answer.lines
    headers.flask_cors_note = lines  # pyright: ignore[reportAttributeAccessIssue] (one of our own)
    for name, value in lines:
        headers.add(name, value)
    return response


def _with_headers(response: Response) -> Response:
    """Give a response `Headers`; OAuthlib among others leaves a plain mapping, or None."""
    headers = Headers(response.headers)
    claim = object()
    if vars(response).setdefault(_CLAIM, claim) is not claim:
        response = copy(response)
    response.headers = headers
    return response


def _write_on_copy(response: Response, answer: Answer) -> Response:
    before = _original(response.headers)
    if _is_untouched(response.headers) and not any(answer.changes(before)):
        return response
    original, response = response, copy(response)
    vars(response).setdefault(_ORIGINAL, original)
    headers = response.headers = Headers(before)
    _merge(headers, answer)
    return response


def _is_untouched(headers: Headers) -> bool:
    """Return whether it is noted that nobody writes on headers."""
    note: Optional[Note] = vars(headers).get(_NOTE)
    return note == () or (isinstance(note, list) and len(note) > 1 and note[0] == note[1])


def _merge(headers: Headers, answer: Answer) -> None:
    """Write an answer on headers with lines of their own, and tell where these stand alone."""
    before = list(headers)
    note = [before]
    vars(headers)[_NOTE] = note
    changes = answer.changes(before)
    change(headers, changes)
    note.append(list(headers))
    if not changes.add and ALLOW_ORIGIN in headers:
        log_left_alone(headers[ALLOW_ORIGIN], answer)


def change(headers: Headers, changes: Changes) -> None:
    """Carry out on a response's headers what an answer does to them."""
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


def _original(headers: Headers) -> list[Field]:
    """Return the lines of headers as they were before an earlier request."""
    lines = list(headers)
    # Read after the lines: who writes on them leaves a note before it does.
    note: Optional[Note] = vars(headers).get(_NOTE)
    if note is None:
        return lines
    if isinstance(note, tuple):
        return [line for line in lines if line not in note]
    before, *done = note
    if not done:  # another thread is writing
        return list(before)
    return _undone(list(headers), before, done[0])


def _undone(lines: list[Field], before: list[Field], after: list[Field]) -> list[Field]:
    """Take off what an earlier request got, and leave what was changed since."""
    if lines == after:
        return list(before)
    for name in dict.fromkeys(name.lower() for name, _ in (*before, *after)):
        was, left, now = (_lines_of(name, some) for some in (before, after, lines))
        if was != left:
            stay = was if now == left else [one for one in now if one in was or one not in left]
            lines = [line for line in lines if line not in now] + stay
    return lines

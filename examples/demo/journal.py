"""What the API was asked, decided and sent: a WSGI middleware that writes it down.

The decision is `corecors.evaluate` under the very options that the API gave to `CORS`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import attrs

from corecors import Decision, Rules, evaluate

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = tuple[tuple[str, str], ...]


@attrs.frozen(kw_only=True)
class Entry:
    """One request and its answer, as they went over the wire."""

    call: str
    method: str
    path: str
    origin: str
    decision: Decision
    status: int
    headers: Headers

    def notable_headers(self) -> list[str]:
        """Give the lines of the answer that CORS is about, and those that it may hide."""
        return [
            f"{name}: {value}"
            for name, value in self.headers
            if name.lower().startswith(("access-control-", "vary", "set-cookie", "x-"))
        ]


class Journal:
    """Keep the last entries of an application."""

    def __init__(self, app: WSGIApplication, rules: Rules, size: int = 1000) -> None:
        self._app = app
        self._rules = rules
        self._entries: deque[Entry] = deque(maxlen=size)

    def find(self, call: str) -> list[Entry]:
        """Give the entries of one `?id=` in their order: a preflight before what it is for."""
        return [entry for entry in tuple(self._entries) if entry.call == call]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = dict(environ)

        def start(status: str, headers: list[tuple[str, str]], *args: Any) -> Any:
            self._entries.append(_entry(self._rules, asked, status, headers))
            return start_response(status, headers, *args)

        return self._app(environ, start)


def _entry(
    rules: Rules, environ: WSGIEnvironment, status: str, headers: list[tuple[str, str]]
) -> Entry:
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    origin = environ.get("HTTP_ORIGIN")
    return Entry(
        call=parse_qs(environ.get("QUERY_STRING", "")).get("id", [""])[0],
        method=method,
        path=path,
        origin=origin or "none",
        decision=evaluate(rules, method, origin, _request_headers(environ), path),
        status=int(status[:3]),
        headers=tuple(headers),
    )


def _request_headers(environ: WSGIEnvironment) -> dict[str, str]:
    """Give the header fields of a WSGI request by their names (PEP 3333)."""
    return {
        key[len("HTTP_") :].replace("_", "-"): value
        for key, value in environ.items()
        if key.startswith("HTTP_")
    }

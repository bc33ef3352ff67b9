"""The fifteen mistakes: what a page asks, and how its line in the terminal is told from others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Optional

import attrs

from corecors.browser import Request
from flask_cors.cli.asking import Server as Asking
from flask_cors.cli.console import messages
from flask_cors.cli.page import fetch

from .serving import WAYS, serving

PAGE = "https://app.example"


@attrs.frozen
class Mistake:
    """One mistake: its words, and what a page asks that meets it."""

    what: str
    path: str
    method: str = "GET"
    origin: str = PAGE
    headers: tuple[tuple[str, str], ...] = ()
    credentials: bool = False
    marks: tuple[str, ...] = ()
    """What lines about it have in them, beside the path."""

    def is_meant_by(self, line: str) -> bool:
        """Return whether a line is about this mistake."""
        own = (f"'{self.path}' ", f'"{self.path}"', *self.marks)
        return any(mark in line for mark in own)


MISTAKES = (
    Mistake(
        "the port is missing: `http://localhost` for a page at port 3000",
        "/port",
        origin="http://localhost:3000",
    ),
    Mistake("a slash at the end of the origin", "/end-slash"),
    Mistake("`http` for `https`", "/scheme"),
    Mistake("`localhost` for a page at `127.0.0.1`", "/loopback", origin="http://127.0.0.1:3000"),
    Mistake("any origin, with credentials", "/any", credentials=True),
    Mistake("a header that is not allowed", "/header", "PUT", headers=(("X-Token", "1"),)),
    Mistake("a method that is not allowed", "/method", "PUT"),
    Mistake(
        "a login in `before_request` answers the preflight with 401",
        "/login",
        "PUT",
        headers=(("Authorization", "1"),),
    ),
    Mistake("there is no such route: 404 for the preflight", "/missing", "PUT"),
    Mistake("the slash of the route is missing: 308 for the preflight", "/slash", "PUT"),
    Mistake("an exception, in debug mode", "/exception"),
    Mistake("`@cross_origin` above the route", "/decorator", marks=("view 'decorator'",)),
    Mistake("a misspelt option: `support_credentials`", "/option", credentials=True),
    Mistake(
        "a misspelt key in the environment: `FLASK_CORS_EXPOSED_HEADERS`",
        "/key",
        marks=("CORS_EXPOSED_HEADERS",),
    ),
    Mistake("the view sends a header of its own", "/own"),
)

FAULT = Mistake("a function in `origins` raises", "/function")
"""Beside the fifteen: an error, which every terminal shows."""


@attrs.frozen
class Seen:
    """What was seen of the mistakes in one way of serving."""

    lines: tuple[str, ...]
    """What the terminal said."""
    console: Mapping[str, Optional[str]]
    """What Chromium's console shows, by the path."""

    def of(self, mistake: Mistake) -> list[str]:
        """Give the lines about a mistake."""
        return [line for line in self.lines if mistake.is_meant_by(line)]


def make_all(way: str) -> Seen:
    """Start a server, play each page's request against it, and give what was seen."""
    console = {}
    with serving(way) as server:
        for mistake in (*MISTAKES, FAULT):
            console[mistake.path] = _shown(server.address, mistake)
    return Seen(tuple(server.said), console)


def _shown(address: str, mistake: Mistake) -> Optional[str]:
    asked = Request(
        method=mistake.method,
        origin=mistake.origin,
        url=address + mistake.path,
        headers=mistake.headers,
        credentials="include" if mistake.credentials else "same-origin",
    )
    found = messages(fetch(asked, Asking(), unsafe=True), mistake.origin, asked.url)
    return None if found is None else found.chromium.partition("blocked by CORS policy: ")[2]


def table(seen: Mapping[str, Seen]) -> Iterator[str]:
    """Write what was seen, by way of serving, as a table for docs/troubleshooting.md."""
    debug = seen["flask run --debug"]
    yield "| mistake | console of Chromium | terminal | shown by |"
    yield "|---|---|---|---|"
    for mistake in MISTAKES:
        line = debug.of(mistake)[0]
        ways = [f"`{way}`" for way in WAYS if line in seen[way].lines]
        by = "all three" if len(ways) == len(WAYS) else ", ".join(ways)
        shown = debug.console[mistake.path]
        console = f"`{shown}`" if shown else "nothing"
        yield f"| {mistake.what} | {console} | `{line}` | {by} |"

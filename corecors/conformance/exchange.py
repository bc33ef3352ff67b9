"""What goes over the wire: a request, its response, and what a page meant by it."""

from __future__ import annotations

import shlex
from typing import Optional

import attrs

from corecors import browser

__all__ = ["Exchange", "Probe"]

# The page is never on this host, so that every request is a cross-origin one.
API = "https://api.invalid"


@attrs.frozen(kw_only=True)
class Probe:
    """Describe one request as it is sent.

    >>> print(Probe(path="/api", headers=(("Origin", "https://a.example"),)))
    GET /api
    Origin: https://a.example
    """

    method: str = "GET"
    path: str = "/"
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def origin(self) -> Optional[str]:
        """The value of `Origin`, or None."""
        return browser.get(self.headers, "Origin")

    @property
    def is_preflight(self) -> bool:
        """Whether it is a CORS-preflight request (Fetch, "HTTP requests")."""
        return self.method == "OPTIONS" and self.requested_method is not None

    @property
    def requested_method(self) -> Optional[str]:
        """The value of `Access-Control-Request-Method`, or None."""
        return browser.get(self.headers, "Access-Control-Request-Method")

    @property
    def requested_headers(self) -> tuple[str, ...]:
        """The names in `Access-Control-Request-Headers`."""
        names = browser.get(self.headers, "Access-Control-Request-Headers") or ""
        return tuple(name for name in names.split(",") if name)

    def page_request(self, credentials: browser.Credentials = "omit") -> browser.Request:
        """Return what a page asked of its browser, for the browser to send this.

        A preflight that neither the method nor a header caused is there for an upload listener
        (Fetch, "CORS-preflight fetch", use-CORS-preflight flag).
        """
        method = self.requested_method or self.method
        names = self.requested_headers
        return browser.Request(
            method=method,
            origin=self.origin or "null",
            url=API + self.path,
            headers=[(name, "x") for name in names],
            credentials=credentials,
            use_preflight=not names and browser.is_safelisted_method(method),
        )

    def as_curl(self, base: str = "$URL") -> str:
        """Return the command that sends it, for a shell; `base` is where the server is.

        >>> print(Probe(path="/api", headers=(("Origin", "null"),)).as_curl())
        curl -si "$URL/api" -H 'Origin: null'
        """
        method = {"GET": "", "HEAD": " --head"}.get(self.method, f" -X {shlex.quote(self.method)}")
        url = f"{base}{self.path}"
        where = f'"{url}"' if base.startswith("$") else shlex.quote(url)
        lines = "".join(f" -H {_quoted(f'{name}: {value}')}" for name, value in self.headers)
        return f"curl -si{method} {where}{lines}"

    def __str__(self) -> str:
        return "\n".join([f"{self.method} {self.path}", *map(_line, self.headers)])


@attrs.frozen(kw_only=True)
class Exchange:
    """Pair a request with its response; `failure` says what the application raised instead."""

    probe: Probe
    response: browser.Response
    failure: str = ""

    @property
    def cors_headers(self) -> list[tuple[str, str]]:
        """The response's `Access-Control-*` lines."""
        return [
            pair for pair in self.response.headers if pair[0].lower().startswith("access-control-")
        ]

    def get(self, name: str) -> Optional[str]:
        """Return the combined value of a response header."""
        return browser.get(self.response.headers, name)

    def __str__(self) -> str:
        """Show both, of the response only what CORS and caches look at."""
        shown = [
            pair for pair in self.response.headers if pair[0].lower() in {"vary", "cache-control"}
        ]
        answer = self.failure or str(self.response.status)
        return "\n".join([str(self.probe), f"-> {answer}", *map(_line, self.cors_headers + shown)])


def _line(pair: tuple[str, str]) -> str:
    """Write a header line so that no control character reaches a terminal."""
    name, value = pair
    return f"{name}: {value if value.isascii() and value.isprintable() else ascii(value)}"


def _quoted(text: str) -> str:
    """Quote a text for a shell; bash and zsh read `$'...'` where a control character is."""
    if text.isascii() and text.isprintable():
        return "'" + text.replace("'", "'\\''") + "'"
    escaped = text.encode("unicode_escape").decode("ascii").replace("'", "\\'")
    return f"$'{escaped}'"

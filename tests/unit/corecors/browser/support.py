"""What these tests share: a page, an API, and short ways to build values."""

from __future__ import annotations

import attrs

from corecors.browser import CacheEntry, Outcome, Request, Response

PAGE = "https://app.example"
API = "https://api.example/users"
ORIGIN = "Access-Control-Allow-Origin"
CREDENTIALS = "Access-Control-Allow-Credentials"
METHODS = "Access-Control-Allow-Methods"
HEADERS = "Access-Control-Allow-Headers"
EXPOSE = "Access-Control-Expose-Headers"
MAX_AGE = "Access-Control-Max-Age"
REQUEST = Request(origin=PAGE, url=API)
SHARED = {ORIGIN: PAGE, CREDENTIALS: "true"}
IGNORED = "its * does not count when credentials are included"


def request(**changes: object) -> Request:
    """Build a cross-origin request that differs from a plain GET by what is given."""
    return attrs.evolve(REQUEST, **changes)


def refused(step: str, reason: str) -> Outcome:
    """Build the outcome that says no."""
    return Outcome(allowed=False, step=step, reason=reason)


def allowed(step: str, reason: str) -> Outcome:
    """Build the outcome that says yes."""
    return Outcome(allowed=True, step=step, reason=reason)


def entry(
    expires: float, *, method: str = "", header_name: str = "", **changes: bool
) -> CacheEntry:
    """Build an entry for the page and the API, without credentials unless told."""
    return CacheEntry(
        origin=PAGE,
        url=API,
        credentials=changes.get("credentials", False),
        method=method,
        header_name=header_name,
        expires=expires,
    )


def granted(**headers: str) -> Response:
    """Build a preflight response of named origin with the given -Allow-… headers."""
    return Response(headers={**SHARED, **{f"Access-Control-{k}": v for k, v in headers.items()}})

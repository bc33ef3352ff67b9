"""A page's fetch, played against a server: Fetch, "HTTP fetch", with its preflight and redirects.

What the browser sends and decides is `corecors.browser`'s; what the server answers is asked of
a function. What must not live here: any policy, and what anything of it means.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Optional
from urllib.parse import urljoin, urlsplit

import attrs

from corecors import browser
from corecors.browser import Outcome, Request, Response

Pairs = tuple[tuple[str, str], ...]

Kind = Literal["preflight", "request"]

_MOST_REDIRECTS = 20  # Fetch, "HTTP-redirect fetch"


@attrs.frozen(kw_only=True)
class Answered:
    """What a server answered.

    With an exception where none came (status 0), or where the page that says so is the server's.
    """

    status: int = 0
    headers: Pairs = ()
    error: Optional[BaseException] = None


Send = Callable[[str, str, Pairs], Answered]
"""Ask a server: method, absolute URL, headers."""


@attrs.frozen(kw_only=True)
class Exchange:
    """One request of the browser's, its answer, and what the browser makes of it."""

    kind: Kind
    method: str
    url: str
    sent: Pairs
    answered: Answered
    outcome: Outcome


@attrs.frozen(kw_only=True)
class Fetch:
    """A whole fetch."""

    request: Request
    """The page's request; after a redirect, the one that was made of it."""
    exchanges: tuple[Exchange, ...] = ()
    outcome: Outcome
    readable: tuple[str, ...] = ()
    """The names of the response headers that the page can read."""
    unsent: bool = False
    """Whether the request itself was not sent, since it may change something."""


def fetch(request: Request, send: Send, *, unsafe: bool = False) -> Fetch:
    """Play a page's request; with `unsafe`, methods that may change something are sent too.

    >>> answer = Answered(status=200, headers=(("Access-Control-Allow-Origin", "*"),))
    >>> asked = Request(origin="https://a.example", url="https://b.example/")
    >>> fetch(asked, lambda method, url, headers: answer).outcome.allowed
    True
    """
    error = browser.request_error(request)
    if error is not None:
        return Fetch(request=request, outcome=error)
    exchanges: list[Exchange] = []
    for _ in range(_MOST_REDIRECTS):
        played = _hop(request, send, unsafe=unsafe)
        exchanges += played.exchanges
        following = None if played.unsent or not played.outcome else _redirected(request, played)
        if following is None:
            return attrs.evolve(played, exchanges=tuple(exchanges))
        if isinstance(following, Outcome):
            return attrs.evolve(played, exchanges=tuple(exchanges), outcome=following, readable=())
        request = following
    outcome = Outcome(
        allowed=False, step="HTTP-redirect fetch step 7", reason="there are too many redirects"
    )
    return Fetch(request=request, exchanges=tuple(exchanges), outcome=outcome)


def _hop(request: Request, send: Send, *, unsafe: bool) -> Fetch:
    """Do what Fetch, "HTTP fetch", does for one URL."""
    if browser.response_tainting(request) == "error":
        return Fetch(request=request, outcome=browser.actual_check(request, Response()))
    exchanges: tuple[Exchange, ...] = ()
    if browser.needs_preflight(request):
        exchanges = (_preflight(request, send),)
        if not exchanges[0].outcome:
            return Fetch(request=request, exchanges=exchanges, outcome=exchanges[0].outcome)
    if not unsafe and browser.normalize_method(request.method) not in {"GET", "HEAD"}:
        outcome = Outcome(
            allowed=True, step="HTTP fetch step 4.2", reason="the browser sends the request"
        )
        return Fetch(request=request, exchanges=exchanges, outcome=outcome, unsent=True)
    exchange = _actual(request, send)
    readable = browser.readable_headers(request, _response(exchange.answered))
    return Fetch(
        request=request,
        exchanges=(*exchanges, exchange),
        outcome=exchange.outcome,
        readable=tuple(sorted(readable)),
    )


def _preflight(request: Request, send: Send) -> Exchange:
    sent = browser.preflight_request_headers(request)
    answered = send("OPTIONS", request.url, sent)
    outcome = browser.preflight_check(request, _response(answered))
    return _exchange("preflight", "OPTIONS", request, sent, answered, outcome)


def _actual(request: Request, send: Send) -> Exchange:
    sent = browser.actual_request_headers(request)
    method = browser.normalize_method(request.method)
    answered = send(method, request.url, sent)
    outcome = browser.actual_check(request, _response(answered))
    return _exchange("request", method, request, sent, answered, outcome)


def _exchange(
    kind: Kind, method: str, request: Request, sent: Pairs, answered: Answered, outcome: Outcome
) -> Exchange:
    if not answered.status:
        reason = f"no answer: {type(answered.error).__name__}"
        outcome = Outcome(allowed=False, step="HTTP-network fetch", reason=reason)
    return Exchange(
        kind=kind, method=method, url=request.url, sent=sent, answered=answered, outcome=outcome
    )


def _response(answered: Answered) -> Response:
    return Response(status=answered.status, headers=answered.headers)


def _redirected(request: Request, played: Fetch) -> Request | Outcome | None:
    """Give the request that follows a redirect (Fetch, "HTTP-redirect fetch")."""
    answered = played.exchanges[-1].answered
    location = browser.get(answered.headers, "Location")
    if answered.status not in browser.REDIRECT_STATUSES or location is None:
        return None
    url = location_url(request.url, location)
    target = urlsplit(url or "")
    if url is None or target.scheme not in {"http", "https"} or not target.hostname:
        return _network_error("step 6", f"a redirect to {url or location!r} is not followed")
    if target.username is not None:
        return _network_error("step 8", "the redirect has a user name or a password in it")
    return browser.redirected(request, answered.status, url)


def location_url(url: str, location: str) -> Optional[str]:
    """Give where a redirect leads; None where that is no address (Fetch, "location URL")."""
    try:
        joined = urljoin(url, location)
        urlsplit(joined)
    except ValueError:
        return None
    return joined


def _network_error(step: str, reason: str) -> Outcome:
    return Outcome(allowed=False, step=f"HTTP-redirect fetch {step}", reason=reason)

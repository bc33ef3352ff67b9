"""The model runs the cases: what `corecors.browser` says of the answers that the server gave.

It is handed the exchanges of a case in their order and takes one only where it says that the
browser sends a request; whatever is then left over, or missing, is a disagreement.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

import attrs

from corecors import browser
from corecors.browser import CHROMIUM, Dialect, PreflightCache, Request, Response

from .cases import Call, Case
from .serving import Exchange

TEXT = ("Content-Type", "text/plain;charset=UTF-8")


class DisagreementError(AssertionError):
    """The browser sent something else than the model says."""


@attrs.frozen
class Seen:
    """What the page got to see of one call."""

    kind: str
    status: int = 0
    headers: frozenset[tuple[str, str]] = frozenset()
    body: str = ""
    note: str = attrs.field(default="", eq=False)
    """The step of the standard that decided, or the browser's error."""


ERROR = Seen("error")


@attrs.frozen
class Answer:
    """A response with its body; with what was asked, where it is stored."""

    response: Response
    body: bytes
    asked: tuple[tuple[str, str], ...] = ()


class Model:
    """A browser's memory, and what is left of the exchanges of one case."""

    def __init__(self, exchanges: list[Exchange]) -> None:
        self.left = list(exchanges)
        self.now = 0.0
        self._preflights = PreflightCache()
        self._stored: dict[str, Answer] = {}

    def fetch(self, request: Request, redirect: str) -> Seen:
        """Follow the fetch through its redirects to what the page sees."""
        error = browser.request_error(request)
        if error is not None:
            return attrs.evolve(ERROR, note=error.reason)
        while True:
            answer = self._hop(request)
            if isinstance(answer, Seen):
                return answer
            location = browser.get(answer.response.headers, "Location")
            is_redirect = answer.response.status in browser.REDIRECT_STATUSES
            if not is_redirect or redirect == "manual" or location is None:
                return _shown(request, answer, manual=redirect == "manual")
            following = None if redirect == "error" else redirected(request, answer.response)
            if following is None:
                return attrs.evolve(ERROR, note="the redirect is not followed")
            request = following

    def _hop(self, request: Request) -> Answer | Seen:
        """Do what Fetch, "HTTP fetch", does for one URL."""
        if browser.response_tainting(request) == "error":
            return attrs.evolve(ERROR, note=browser.actual_check(request, Response()).reason)
        asks_first = browser.needs_preflight(request)
        if asks_first and not self._preflights.matches(request, self.now):
            refusal = self._preflight(request)
            if refusal is not None:
                return refusal
        answer = self._reused(request) or self._sent(request)
        outcome = browser.actual_check(request, answer.response)
        if outcome or browser.response_tainting(request) == "opaque":
            self._store(request, answer)
            return answer
        if asks_first:
            self._preflights = self._preflights.after_failure(request)
        return attrs.evolve(ERROR, note=f"{outcome.step}: {outcome.reason}")

    def _preflight(self, request: Request) -> Seen | None:
        exchange = self._take("OPTIONS", request.url)
        _demand(exchange, browser.preflight_request_headers(request))
        response = Response(status=exchange.status, headers=exchange.headers)
        outcome = browser.preflight_check(request, response)
        self._preflights = self._preflights.with_response(request, response, self.now)
        return None if outcome else attrs.evolve(ERROR, note=f"{outcome.step}: {outcome.reason}")

    def _sent(self, request: Request) -> Answer:
        method = browser.normalize_method(request.method)
        exchange = self._take(method, request.url)
        _demand(exchange, browser.actual_request_headers(request))
        response = Response(status=exchange.status, headers=exchange.headers)
        answer = Answer(response, exchange.body, browser.actual_request_headers(request))
        if response.status == 304 and browser.get(request.headers, "If-None-Match") is None:
            answer = freshened(self._stored[request.url], answer)
        return answer

    def _store(self, request: Request, answer: Answer) -> None:
        """Keep the answer to a GET, the last one of each URL.

        RFC 9111 section 3 allows several, and those that no page may read; Chromium keeps neither.
        """
        get = browser.normalize_method(request.method) == "GET"
        if get and "no-store" not in _caching(answer):
            self._stored[request.url] = answer

    def _reused(self, request: Request) -> Answer | None:
        stored, headers = self._stored.get(request.url), browser.actual_request_headers(request)
        return stored if stored and is_reusable(stored, headers, request.method) else None

    def _take(self, method: str, url: str) -> Exchange:
        if not self.left:
            raise DisagreementError(f"{method} {url} was never sent")
        exchange = self.left.pop(0)
        if (exchange.method, exchange.url) != (method, url):
            raise DisagreementError(
                f"{exchange.method} {exchange.url} was sent instead of {method} {url}"
            )
        return exchange


def is_reusable(stored: Answer, headers: browser.Headers, method: str) -> bool:
    """Say whether a stored answer answers a request that nobody is asked about."""
    fresh = "max-age" in _caching(stored)
    return fresh and browser.may_reuse(stored.asked, stored.response, headers, method)


def _caching(answer: Answer) -> str:
    return browser.get(answer.response.headers, "Cache-Control") or ""


def freshened(stored: Answer, validating: Answer) -> Answer:
    """Give the stored answer with the header fields of a 304 (RFC 9111 section 3.2)."""
    new = validating.response.headers
    names = {name.lower() for name, _ in new}
    kept = [(name, value) for name, value in stored.response.headers if name.lower() not in names]
    response = attrs.evolve(stored.response, headers=[*kept, *new])
    return Answer(response, stored.body, validating.asked)


def _demand(exchange: Exchange, headers: browser.Headers) -> None:
    """Demand that these headers were sent, and none of those that CORS is about besides."""
    expected = {name.lower(): browser.get(headers, name) for name, _ in headers}
    for name in ("origin", "access-control-request-method", "access-control-request-headers"):
        expected.setdefault(name, None)
    sent = {name: browser.get(exchange.request_headers, name) for name in expected}
    if expected.get("range"):
        # Chromium writes a valid Range anew.
        expected["range"] = expected["range"].lower().replace(" ", "")
    if sent != expected:
        raise DisagreementError(f"{sent} was sent instead of {expected}")


def redirected(request: Request, response: Response) -> Request | None:
    """Give the request that follows a redirect, None for a network error.

    Fetch, "HTTP-redirect fetch".
    """
    location = urljoin(request.url, browser.get(response.headers, "Location") or "")
    target = urlsplit(location)
    if target.scheme not in {"http", "https"} or not target.hostname:
        return None
    if target.username is not None:
        # The standard refuses this across origins; Chromium loads nothing for a page from a URL
        # with a password.
        return None
    return browser.redirected(request, response.status, location)


def _shown(request: Request, answer: Answer, *, manual: bool) -> Seen:
    response = answer.response
    if manual and response.status in browser.REDIRECT_STATUSES:
        return Seen("opaqueredirect")
    tainting = browser.response_tainting(request)
    if tainting == "opaque":
        return Seen("opaque")
    names = browser.readable_headers(request, response)
    headers = {(name, browser.get(response.headers, name) or "") for name in names}
    return Seen(tainting, response.status, frozenset(headers), answer.body.decode())


def asked_by(call: Call, page: str, at: Mapping[str, str], id_: str) -> Request:
    headers = call.headers
    if call.body is not None and browser.get(headers, "Content-Type") is None:
        headers = (*headers, TEXT)
    return Request(
        method=call.method,
        url=call.url(at, id_),
        origin=at.get(page, "null"),
        headers=headers,
        credentials=call.credentials,
        mode=call.mode,
        use_preflight=call.upload,
    )


def predict(
    case: Case,
    id_: str,
    at: Mapping[str, str],
    exchanges: list[Exchange],
    dialect: Dialect = CHROMIUM,
) -> list[Seen]:
    """Say what the page sees of each call of a case, by what the server answered."""
    model = Model(exchanges)
    seen = []
    for page, calls in case.turns:
        for call in calls:
            model.now += call.wait / 1000
            request = attrs.evolve(asked_by(call, page, at, id_), dialect=dialect)
            seen.append(model.fetch(request, call.redirect))
    if model.left:
        raise DisagreementError(f"{[(left.method, left.url) for left in model.left]} was sent too")
    return seen

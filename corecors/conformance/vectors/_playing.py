"""Play a case: what `corecors.browser` sends, what it is answered, and what comes of it.

`corecors.browser` has the algorithms of the Fetch standard one by one. Here they follow each other
as in "HTTP fetch", with redirects, a preflight cache and, where a case has one, an HTTP cache.
"""

from __future__ import annotations

from typing import Any, Optional
from urllib.parse import urljoin, urlsplit

import attrs

from corecors import browser
from corecors.browser import Dialect, Outcome, PreflightCache, Request, Response


@attrs.frozen(kw_only=True)
class Step:
    """One request of a page, and the answers that a server has ready for it."""

    request: Request
    at: int = 0
    """The time in seconds."""
    preflights: tuple[Response, ...] = ()
    """The answers to preflights, in the order in which they are asked for."""
    answers: tuple[Response, ...] = ()
    """The answers to the request itself and, after redirects, to those that follow."""


@attrs.frozen(kw_only=True)
class Case:
    """What is played; the requests of a case share the browser's caches."""

    id: str
    about: str
    clauses: tuple[str, ...]
    steps: tuple[Step, ...]
    shared_cache: bool = False
    """Whether all requests go through one HTTP cache, where everything stays fresh."""


class _Ended(Exception):  # noqa: N818 (nothing went wrong)
    """The fetch has come to its end before a response: the outcome is the argument."""


class Session:
    """A browser's memory during a case, and what it sent and was answered in one step."""

    def __init__(self, *, shared_cache: bool) -> None:
        self._exchanges: list[dict[str, Any]] = []
        self._preflights = PreflightCache()
        self._shared_cache = shared_cache
        self._stored: dict[str, tuple[browser.Headers, Response]] = {}

    def play(self, step: Step, dialect: Dialect) -> dict[str, Any]:
        """Play one step, and return it as plain values."""
        self._exchanges = []
        self._left = (list(step.preflights), list(step.answers))
        self._now = step.at
        readable: frozenset[str] = frozenset()
        try:
            request, response = self._fetch(attrs.evolve(step.request, dialect=dialect))
        except _Ended as ended:
            outcome: Outcome = ended.args[0]
        else:
            outcome = browser.actual_check(request, response)
            readable = browser.readable_headers(request, response)
        return {
            "at": step.at,
            "request": _page_request(step.request),
            "exchanges": self._exchanges,
            "verdict": {
                "allowed": outcome.allowed,
                "step": outcome.step,
                "reason": outcome.reason,
                "readable_headers": sorted(readable),
            },
        }

    def _fetch(self, request: Request) -> tuple[Request, Response]:
        error = browser.request_error(request)
        if error is not None:
            raise _Ended(error)
        while True:
            response = self._hop(request)
            location = browser.get(response.headers, "Location")
            if response.status not in browser.REDIRECT_STATUSES or location is None:
                return request, response
            request = _redirected(request, response.status, location)

    def _hop(self, request: Request) -> Response:
        """Do what Fetch, "HTTP fetch", does for one URL."""
        if browser.response_tainting(request) == "error":
            raise _Ended(browser.actual_check(request, Response()))
        asks_first = browser.needs_preflight(request)
        if asks_first and not self._preflights.matches(request, self._now):
            self._preflight(request)
        response = self._reused(request) or self._sent(request)
        outcome = browser.actual_check(request, response)
        if not outcome and browser.response_tainting(request) != "opaque":
            if asks_first:
                self._preflights = self._preflights.after_failure(request)
            raise _Ended(outcome)
        return response

    def _preflight(self, request: Request) -> None:
        response = self._left[0].pop(0)
        headers = browser.preflight_request_headers(request)
        self._exchange("OPTIONS", request.url, headers, response)
        self._preflights = self._preflights.with_response(request, response, self._now)
        outcome = browser.preflight_check(request, response)
        if not outcome:
            raise _Ended(outcome)

    def _sent(self, request: Request) -> Response:
        response = self._left[1].pop(0)
        headers = browser.actual_request_headers(request)
        method = browser.normalize_method(request.method)
        self._exchange(method, request.url, headers, response)
        if method == "GET" and self._shared_cache:
            self._stored[request.url] = headers, response
        return response

    def _reused(self, request: Request) -> Optional[Response]:
        """Return the stored response, where RFC 9111 lets the cache answer with it."""
        asked, response = self._stored.get(request.url, ((), None))
        if response is None:
            return None
        method = browser.normalize_method(request.method)
        headers = browser.actual_request_headers(request)
        return response if browser.may_reuse(asked, response, headers, method) else None

    def _exchange(
        self, method: str, url: str, headers: tuple[tuple[str, str], ...], response: Response
    ) -> None:
        answer = {"status": response.status, "headers": list(map(list, response.headers))}
        sent = {"method": method, "url": url, "headers": _sent_headers(headers)}
        self._exchanges.append({"sent": sent, "answer": answer})


def play(case: Case, dialect: Dialect) -> list[dict[str, Any]]:
    """Play all steps of a case in one session, and return them as plain values."""
    session = Session(shared_cache=case.shared_cache)
    return [session.play(step, dialect) for step in case.steps]


def _sent_headers(headers: tuple[tuple[str, str], ...]) -> list[list[str]]:
    """Write names in lower case, and the lines of one name as one: on the wire it is the same."""
    names = dict.fromkeys(name.lower() for name, _ in headers)
    return [[name, browser.get(headers, name) or ""] for name in names]


def _page_request(request: Request) -> dict[str, Any]:
    return {
        "method": request.method,
        "origin": request.origin,
        "url": request.url,
        "headers": list(map(list, request.headers)),
        "credentials": request.credentials,
        "mode": request.mode,
        "upload_listener": request.use_preflight,
    }


def _redirected(request: Request, status: int, location: str) -> Request:
    """Return the request that follows a redirect (Fetch, "HTTP-redirect fetch")."""
    url = urljoin(request.url, location)
    target = urlsplit(url)
    if target.scheme not in {"http", "https"}:
        raise _Ended(_error("the redirect leads to another scheme than HTTP"))
    stays = browser.same_origin(request.origin, url) and not browser.is_cors_request(request)
    if target.username is not None and not stays:
        raise _Ended(_error("the redirect leads to a URL with a user name"))
    return browser.redirected(request, status, url)


def _error(reason: str) -> Outcome:
    return Outcome(allowed=False, step="HTTP-redirect fetch", reason=reason)

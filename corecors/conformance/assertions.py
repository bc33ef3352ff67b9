"""Assertions for a test-suite: of a whole implementation, or of one page's request."""

from __future__ import annotations

from typing import Optional

from corecors import browser

from .clients import Client
from .exchange import API, Exchange, Probe
from .expectation import Expectation
from .runner import EXAMPLES, exchange, run

__all__ = ["assert_browser_allows", "assert_browser_refuses", "assert_conformant"]


def assert_conformant(
    client: Client, expectation: Expectation, *, examples: int = EXAMPLES, strict: bool = False
) -> None:
    """Check every invariant; the AssertionError shows each violation, if `strict` all advice too.

    It also fails where something could not be judged: that nothing is found then means nothing.
    """
    report = run(client, expectation, examples=examples)
    findings = report.findings if strict else report.violations
    unjudged = [f"{rule.number}. {rule.name}: {reason}" for rule, reason in report.inconclusive]
    if findings:
        first = findings[0]
        smallest = "\n".join(
            [f"not conformant: {first.invariant.name}: {first.said}", *first.commands]
        )
        raise AssertionError("\n\n".join([smallest, *map(str, findings)]))
    if unjudged:
        raise AssertionError("\n".join(["not judged", *unjudged]))


def assert_browser_allows(
    client: Client,
    *,
    origin: str,
    path: str = "/",
    method: str = "GET",
    headers: browser.Headers = (),
    credentials: browser.Credentials = "same-origin",
) -> browser.Response:
    """Fetch as a page on `origin` would, preflight included, and return what it may read.

    The response that is returned has only the headers that the page can see. The AssertionError
    names the step of the standard that fails and shows what went over the wire.
    """
    request = _request(origin, path, method, headers, credentials)
    outcome, exchanges = _fetch(client, request, path)
    if not outcome:
        raise AssertionError(_explained("the browser refuses the page", outcome, exchanges))
    response = exchanges[-1].response
    readable = browser.readable_headers(request, response)
    kept = [pair for pair in response.headers if pair[0].lower() in readable]
    return browser.Response(status=response.status, headers=kept)


def assert_browser_refuses(
    client: Client,
    *,
    origin: str,
    path: str = "/",
    method: str = "GET",
    headers: browser.Headers = (),
    credentials: browser.Credentials = "same-origin",
) -> browser.Outcome:
    """Fetch as a page on `origin` would, and return why its browser gives it nothing to read.

    The AssertionError shows what went over the wire.
    """
    request = _request(origin, path, method, headers, credentials)
    outcome, exchanges = _fetch(client, request, path)
    if outcome:
        raise AssertionError(_explained("the browser lets the page on", outcome, exchanges))
    return outcome


def _request(
    origin: str,
    path: str,
    method: str,
    headers: browser.Headers,
    credentials: browser.Credentials,
) -> browser.Request:
    return browser.Request(
        method=method, origin=origin, url=API + path, headers=headers, credentials=credentials
    )


def _fetch(
    client: Client, request: browser.Request, path: str
) -> tuple[browser.Outcome, list[Exchange]]:
    error = browser.request_error(request)
    if error is not None:
        return error, []
    exchanges: list[Exchange] = []
    answer: Optional[browser.Response] = None
    if browser.needs_preflight(request):
        asked = browser.preflight_request_headers(request)
        exchanges.append(exchange(client, Probe(method="OPTIONS", path=path, headers=asked)))
        answer = exchanges[0].response
        refusal = browser.preflight_check(request, answer)
        if not refusal:
            return refusal, exchanges
    sent = browser.actual_request_headers(request)
    method = browser.normalize_method(request.method)
    exchanges.append(exchange(client, Probe(method=method, path=path, headers=sent)))
    return browser.fetch_outcome(request, answer, exchanges[-1].response), exchanges


def _explained(what: str, outcome: browser.Outcome, exchanges: list[Exchange]) -> str:
    return "\n".join([f"{what}: {outcome.reason} ({outcome.step})", *map(str, exchanges)])

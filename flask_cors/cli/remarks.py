"""What is not CORS though a browser calls it so, and what else stands in the way.

A preflight that something else answers, an exception, a second layer that sets headers of its
own, a page that browsers keep away from the address at all.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Optional
from urllib.parse import urljoin, urlsplit

from werkzeug.routing import Rule as UrlRule

from corecors import browser
from corecors.browser import Request
from corecors.shell import answer_lines

from .._reason import LOGIN
from .asking import ElsewhereError
from .installed import Decider, hook_text
from .page import Answered, Exchange, Fetch, Pairs


class Remark(NamedTuple):
    """One remark: a stable name, and what it says."""

    code: str
    text: str


class Found(NamedTuple):
    """What is known about a request besides its answers."""

    url_rule: Optional[UrlRule]
    decider: Decider
    hook: Optional[Callable[..., Any]]
    """The `before_request` function that gave the last answer."""
    misplaced: str = ""
    """Where `@cross_origin` stands above the route, and has no effect."""


def remarks(fetch: Fetch, found: Found) -> Iterator[Remark]:
    """Tell what is not CORS about a fetch from the application."""
    if found.misplaced:
        yield Remark(
            "misplaced-decorator",
            f"@cross_origin in {found.misplaced} has no effect: it stands above the route; put it "
            "below",
        )
    if not fetch.exchanges:
        return
    exchange = fetch.exchanges[-1]
    if exchange.answered.error is not None:
        yield _failed(exchange, exchange.answered.error)
        return
    yield from _of_status(exchange, found)
    if fetch.unsent or exchange.kind == "preflight":
        yield from _of_methods(fetch.request, found)
    for one in fetch.exchanges:
        yield from _of_layers(one, found)


def is_beyond_cors(fetch: Fetch, found: Found) -> bool:
    """Return whether no policy would help: there is nothing to ask for, or it is elsewhere."""
    if found.misplaced:
        return True
    if found.url_rule is None:
        return any(exchange.answered.status == 404 for exchange in fetch.exchanges)
    methods = found.url_rule.methods
    return methods is not None and browser.normalize_method(fetch.request.method) not in methods


def _failed(exchange: Exchange, error: BaseException) -> Remark:
    if isinstance(error, ElsewhereError):
        return Remark("elsewhere", f"the answer leads to another server, which decides: {error}")
    return Remark(
        "exception",
        f"{type(error).__name__} passes Flask by ({error}), as in debug mode: the server's own "
        "error page has no CORS headers, so that the browser speaks of CORS; repair the exception",
    )


def _of_status(exchange: Exchange, found: Found) -> Iterator[Remark]:
    status, preflight = exchange.answered.status, exchange.kind == "preflight"
    if 200 <= status <= 299 or (status == 304 and not preflight):
        return
    what = "the preflight" if preflight else "the request"
    if 300 <= status <= 399:
        yield _redirect(exchange, found)
    elif found.hook is not None:
        advice = f"; {LOGIN}" if preflight else ""
        yield Remark("hook", f"{hook_text(found.hook)}, answers {what} with {status}{advice}")
    elif status == 404 and found.url_rule is None:
        yield Remark("no-route", f"no route of the application has this address: {what} gets 404")
    elif status == 405:
        allowed = browser.get(exchange.answered.headers, "Allow") or "nothing"
        yield Remark("method-of-route", f"{what} gets 405: the route answers {allowed}")
    else:
        advice = f"; {LOGIN}" if preflight and status in {401, 403} else ""
        yield Remark("status", f"{what} gets {status}{advice}")


def _redirect(exchange: Exchange, found: Found) -> Remark:
    location = browser.get(exchange.answered.headers, "Location") or ""
    target = urljoin(exchange.url, location)
    if urlsplit(target).path == urlsplit(exchange.url).path + "/":
        return Remark("slash", f"the route ends in a slash: ask for {target} instead")
    by = "the answer"
    if found.hook is not None:
        by = f"{hook_text(found.hook)},"
    return Remark("redirect", f"{by} leads to {target}: ask for that instead")


def _of_methods(request: Request, found: Found) -> Iterator[Remark]:
    """Tell of a method that the policy allows and the route has not."""
    method, url_rule = browser.normalize_method(request.method), found.url_rule
    methods = None if url_rule is None else url_rule.methods
    if methods is None or method in methods:
        return
    if method.upper() in methods:
        yield Remark(
            "method-case", f"write {method.upper()} in the page: browsers send {method} as is"
        )
    else:
        answered = ", ".join(sorted(methods))
        yield Remark("method-of-route", f"the request gets 405: the route answers {answered}")


def _of_layers(exchange: Exchange, found: Found) -> Iterator[Remark]:
    """Tell what something else than the policy has put on the answer, or taken off."""
    policy = found.decider.policy
    lines = answer_lines(policy, exchange.method, "", exchange.sent).lines if policy else ()
    for text in differences(lines, exchange.answered.headers):
        yield Remark(
            "second-layer", f"{text}: a view, a hook or a middleware of the application does"
        )


def compared(ours: Answered, theirs: Answered) -> Iterator[str]:
    """Tell what a server in front makes of the application's answer."""
    if theirs.error is not None:
        what = f"{type(theirs.error).__name__}: {theirs.error}"
        yield f"it gives no answer: {what}; is a web server running there?"
        return
    if ours.error is None and ours.status != theirs.status:
        yield f"it answers {theirs.status} where the application answers {ours.status}"
    yield from differences(ours.headers, theirs.headers)


def differences(before: Pairs, after: Pairs) -> Iterator[str]:
    """Tell what became of the `Access-Control-*` lines of an answer, and of `Vary: Origin`.

    >>> list(differences([("Access-Control-Allow-Origin", "*")], []))
    ["drops Access-Control-Allow-Origin: '*'"]
    """
    old, new = _lines(before), _lines(after)
    for name in sorted({*old, *new}):
        was, now = old.get(name, []), new.get(name, [])
        if was == now:
            continue
        if not was:
            yield f"adds {name}: {', '.join(map(repr, now))}"
        elif not now:
            yield f"drops {name}: {', '.join(map(repr, was))}"
        elif len(now) > len(was):
            yield f"doubles {name}: {', '.join(map(repr, now))}"
        else:
            yield f"changes {name}: {', '.join(map(repr, was))} to {', '.join(map(repr, now))}"
    if _varies(before) and not _varies(after):
        yield "drops Vary: 'Origin'"


def _lines(headers: Pairs) -> dict[str, list[str]]:
    lines: dict[str, list[str]] = {}
    for name, value in headers:
        title = name.title()
        if title.startswith("Access-Control-"):
            lines.setdefault(title, []).append(value)
    return lines


def _varies(headers: Pairs) -> bool:
    members = (browser.get(headers, "Vary") or "").lower().replace(" ", "").split(",")
    return "origin" in members or "*" in members


def of_the_page(request: Request, is_named: bool) -> Iterator[Remark]:
    """Tell what browsers do of themselves, whatever the answer.

    Of pages that they keep away from an address only where the user has named it.
    """
    for name, value in request.headers:
        if browser.is_forbidden_request_header(name, value):
            instead = ": --credentials sends cookies" if name.lower() == "cookie" else ""
            yield Remark(
                "forbidden-header", f"no page can set {name}, browsers leave it out{instead}"
            )
    if is_named:
        yield from _kept_away(request)


def _kept_away(request: Request) -> Iterator[Remark]:
    page, target = urlsplit(request.origin), urlsplit(request.url)
    local = _is_local(target.hostname or "")
    if page.scheme == "https" and target.scheme == "http" and not local:
        yield Remark(
            "mixed-content",
            "a page of https may not ask an address of http: browsers block it before it is sent",
        )
    if page.scheme == "http" and local and not _is_local(page.hostname or ""):
        yield Remark(
            "no-secure-context",
            "a page of http is no secure context, and may not ask an address of this machine or "
            "its network in Chromium: serve the page by https",
        )


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private

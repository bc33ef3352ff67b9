"""The invariants as data: what must hold, where the standard says so, and how to see it.

A violation is what a browser or a cache shows: something reads what it must not, fails that should
work, or gets an answer that is meant for another. All else is advice.

A check reads recorded exchanges and what was expected, and returns what is wrong, or None. It never
sends anything, so that it can be put to the traffic of any server.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Callable, Literal, Optional

import attrs

from corecors import browser

from . import cases, strategies
from .cases import UNKNOWN_METHOD, Case
from .exchange import Exchange
from .expectation import Expectation
from .names import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    EXPOSE_HEADERS,
    MAX_AGE,
)

__all__ = ["INVARIANTS", "Control", "Invariant", "Kind", "is_let_in"]

Check = Callable[[Expectation, Sequence[Exchange]], Optional[str]]
Kind = Literal["violation", "advice"]
Control = Literal["", "page", "preflight"]
VIOLATION: Kind = "violation"
ADVICE: Kind = "advice"


# RFC 9110 section 5.5, and what no serialized origin has: space, comma, quote, beyond ASCII.
_NOT_IN_VALUE = re.compile(r"[\0\r\n]")
_NOT_IN_ORIGIN = re.compile(r"[^!#-&(-+\--~]")
# RFC 9110 section 15.1: what a cache may keep though the answer says nothing of its freshness.
_HEURISTIC = frozenset({200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501})
NOT_IMPLEMENTED = 501

_MODES: tuple[browser.Credentials, ...] = ("omit", "include")


@attrs.frozen(kw_only=True)
class Invariant:
    """State what must hold, on which requests it shows, and what a user sees where it does not.

    `number` and `name` are stable. `quote` is the sentence of the standard that it rests on, in
    `clause`. `cases` are tried in full, then what `draws` has at random; `check` judges them.
    `repeats` says that the same requests are to be sent again, whatever was answered before,
    `needs` which control must have worked: where no page is let in, a refusal says nothing.
    """

    number: int
    name: str
    kind: Kind = VIOLATION
    clause: str
    quote: str
    sentence: str
    effect: str
    cases: Callable[[Expectation], Sequence[Case]] = attrs.field(repr=False)
    draws: Callable[[Expectation], Optional[strategies.Probes]] = attrs.field(
        default=lambda expected: None, repr=False
    )
    check: Check = attrs.field(repr=False)
    repeats: bool = False
    needs: Control = ""
    is_hostile: bool = False
    """Whether its requests may make a server's guards refuse all that come after them."""


def _last(check: Callable[[Expectation, Exchange], Optional[str]]) -> Check:
    """Make a check of all exchanges from one of a single exchange: the last is what it is about."""
    return lambda expected, exchanges: check(expected, exchanges[-1])


def _values(exchange: Exchange, header: str) -> list[str]:
    return [value for name, value in exchange.cors_headers if name.lower() == header.lower()]


def _one_origin(_: Expectation, exchange: Exchange) -> Optional[str]:
    values = _values(exchange, ALLOW_ORIGIN)
    listed = [text.strip() for value in values for text in value.split(",")]
    if len(listed) <= 1:
        return None
    lines = f"{len(values)} lines of {ALLOW_ORIGIN}" if len(values) > 1 else ALLOW_ORIGIN
    return f"{lines} with {len(listed)} values: {', '.join(listed)!a}"


def _credentials(expected: Expectation, exchange: Exchange) -> Optional[str]:
    value = exchange.get(ALLOW_CREDENTIALS)
    if value is None or (expected.credentials and is_let_in(expected, exchange)):
        return None  # a page that is expected to send cookies fails: that is a violation
    if value != "true":
        return f"{ALLOW_CREDENTIALS} is {value!a}, which counts as absent"
    if exchange.get(ALLOW_ORIGIN) == "*":
        return f"{ALLOW_CREDENTIALS} with {ALLOW_ORIGIN}: *"
    return None


def _verdict(exchange: Exchange, credentials: browser.Credentials) -> browser.Outcome:
    """Ask the browser's half whether the page may read this, or send what it asked for."""
    request = exchange.probe.page_request(credentials)
    judge = browser.preflight_check if exchange.probe.is_preflight else browser.actual_check
    return judge(request, exchange.response)


def is_let_in(expected: Expectation, exchange: Exchange) -> Optional[str]:
    """Say why a page that is expected to be let in is not, or None."""
    if exchange.failure:
        return f"there is no answer: {exchange.failure}"
    outcome = _verdict(exchange, expected.credentials_mode)
    if not outcome:
        return f"{outcome.reason} ({outcome.step})"
    status, is_usual = exchange.response.status, exchange.probe.path == expected.path
    return f"the status is {status}" if status >= 500 and is_usual else None


def _is_let_in_alone(expected: Expectation, exchange: Exchange) -> Optional[str]:
    """Leave to invariant 1 what fails for more than one value."""
    return None if _one_origin(expected, exchange) else is_let_in(expected, exchange)


def _is_refused(_: Expectation, exchange: Exchange) -> Optional[str]:
    allowed = [mode for mode in _MODES if not exchange.failure and _verdict(exchange, mode)]
    if not allowed:
        return None
    page = "sends it" if exchange.probe.is_preflight else "reads the answer"
    return f"a page {page} (credentials: {', '.join(allowed)})"


def _silence(_: Expectation, exchange: Exchange) -> Optional[str]:
    names = sorted({name for name, _ in exchange.cors_headers}, key=str.lower)
    origin, headers = exchange.probe.origin or "", exchange.response.headers
    # To let it in is another, graver defect, though this preflight fails for its method.
    if not names or browser.cors_check(origin, "omit", headers):
        return None
    return f"the origin is refused, yet there is {', '.join(names)}"


def _no_cookies(_: Expectation, exchange: Exchange) -> Optional[str]:
    with_cookies = _verdict(exchange, "include")
    return f"the page may send cookies: {with_cookies.reason}" if with_cookies else None


def _named_alike(expected: Expectation, exchanges: Sequence[Exchange]) -> Optional[str]:
    far, near = exchanges
    alike = (far.get(ALLOW_METHODS) is None) == (near.get(ALLOW_METHODS) is None)
    if alike or _is_refused(expected, near) or _is_refused(expected, far):
        return None  # where a browser lets one of them on, invariant 8 says so
    asked = near.probe.requested_method
    return f"{ALLOW_METHODS} is sent for one of {UNKNOWN_METHOD!r} and {asked!r}, not for both"


def _kept_for(expected: Expectation, exchange: Exchange) -> Optional[tuple[int, int]]:
    """Return for how many seconds a preflight is kept, and is expected to be."""
    if expected.max_age is None or is_let_in(expected, exchange):  # a failure is not kept
        return None
    return browser.max_age(exchange.response.headers), expected.max_age


def _longer(expected: Expectation, exchange: Exchange) -> Optional[str]:
    kept = _kept_for(expected, exchange)
    return _age_problem(exchange, *kept) if kept and kept[0] > kept[1] else None


def _shorter(expected: Expectation, exchange: Exchange) -> Optional[str]:
    kept = _kept_for(expected, exchange)
    return _age_problem(exchange, *kept) if kept and kept[0] < kept[1] else None


def _age_problem(exchange: Exchange, seconds: int, expected: int) -> str:
    sent = exchange.get(MAX_AGE)
    said = f"{MAX_AGE} is missing" if sent is None else f"{MAX_AGE} is {sent!a}"
    return f"{said}: the preflight is kept for {seconds} s, not {expected} s"


def _exposed(expected: Expectation, exchange: Exchange) -> Optional[str]:
    names = {name.lower() for name in expected.exposed or () if name != "*"}
    any_name = "*" in (expected.exposed or ())
    listed = browser.extract_list(exchange.response.headers, EXPOSE_HEADERS)
    said = () if listed is browser.FAILURE else tuple(listed or ())
    tried = {*names, _UNEXPOSED, *(name.lower() for name in said if name != "*")} - _ALWAYS_READ
    answer = attrs.evolve(
        exchange.response,
        headers=(*exchange.response.headers, *((name, "x") for name in sorted(tried))),
    )
    request = exchange.probe.page_request(expected.credentials_mode)
    if not browser.actual_check(request, answer):
        return None
    readable = tried.intersection(browser.readable_headers(request, answer))
    any_read = any_name and not expected.credentials
    missing, spare = (
        sorted((names | {_UNEXPOSED} if any_read else names) - readable - _ALWAYS_READ),
        [],
    )
    if not any_name:
        spare = sorted(readable - names)
    if missing:
        return f"the page cannot read {', '.join(missing)}"
    return f"the page can read {', '.join(spare)}" if spare else None


_UNEXPOSED = "any-header-at-all"
# Fetch, "Headers": CORS-safelisted response-header names; to expose them changes nothing.
_ALWAYS_READ = {
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
}


def _directives(exchange: Exchange) -> set[str]:
    text = (exchange.get("Cache-Control") or "").lower()
    return {re.sub(r"\s", "", part) for part in text.split(",")}


def _is_reused(stored: Exchange, fresh: Exchange) -> bool:
    """Tell whether a cache may answer with what it stored and ask nobody (RFC 9111 section 4)."""
    directives = _directives(stored)
    names = {directive.partition("=")[0] for directive in directives}
    if stored.failure or directives & {"no-cache", "max-age=0", "s-maxage=0"}:
        return False
    says_fresh = names & {"max-age", "s-maxage"} or stored.get("Expires") is not None
    if not says_fresh and stored.response.status not in _HEURISTIC:
        return False
    return browser.may_reuse(stored.probe.headers, stored.response, fresh.probe.headers)


def _cache(expected: Expectation, exchanges: Sequence[Exchange]) -> Optional[str]:
    stored = exchanges[0]
    return None if "private" in _directives(stored) else _reuse(expected, exchanges)


def _private_cache(expected: Expectation, exchanges: Sequence[Exchange]) -> Optional[str]:
    stored = exchanges[0]
    return _reuse(expected, exchanges) if "private" in _directives(stored) else None


def _reuse(expected: Expectation, exchanges: Sequence[Exchange]) -> Optional[str]:
    stored, fresh = exchanges
    if not _is_reused(stored, fresh):
        return None
    reused = attrs.evolve(fresh, response=stored.response)
    before, after = (_verdict(e, expected.credentials_mode) for e in (fresh, reused))
    if before.allowed == after.allowed:
        return None
    vary = stored.get("Vary")
    said = "there is no Vary" if vary is None else f"Vary is {vary!a}"
    return f"{said}: the stored response is reused, and {after.reason}"


def _again(expected: Expectation, exchanges: Sequence[Exchange]) -> Optional[str]:
    _, first, *_, last = exchanges
    before, after = (is_let_in(expected, exchange) for exchange in (first, last))
    if (before is None) == (after is None):
        return None
    if before is None:
        return f"at first it is allowed, later not: {after}"
    return f"at first it is refused, later allowed: {before}"


def _place(_: Expectation, exchange: Exchange) -> Optional[str]:
    if exchange.probe.is_preflight:
        return None  # Access-Control-Expose-Headers may stand there: nobody notices
    only_there = {ALLOW_METHODS, ALLOW_HEADERS, MAX_AGE}
    found = sorted(name for name in only_there if exchange.get(name) is not None)
    return f"{', '.join(found)} on an ordinary answer" if found else None


def _grammar(_: Expectation, exchange: Exchange) -> Optional[str]:
    for name, value in exchange.response.headers:
        if _NOT_IN_VALUE.search(name + value):
            return f"a control character in the response header {name!r}"
    for origin in _values(exchange, ALLOW_ORIGIN):
        if _NOT_IN_ORIGIN.search(origin):
            return f"{ALLOW_ORIGIN} is {origin!a}, which is no origin"
    for name in (ALLOW_METHODS, ALLOW_HEADERS, EXPOSE_HEADERS):
        if browser.extract_list(exchange.response.headers, name) is browser.FAILURE:
            return f"{name} is {exchange.get(name)!a}, which is no list of names"
    return None


def _answers(expected: Expectation, exchange: Exchange) -> Optional[str]:
    if exchange.failure:
        return f"there is no answer: {exchange.failure}"
    status = exchange.response.status
    if status < 500 or status == NOT_IMPLEMENTED or exchange.probe.path in expected.error_paths:
        return None
    return f"the status is {status}"


INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        number=1,
        name="one origin",
        clause='Fetch, "CORS check" step 4, and "Headers", get',
        quote="Return the values of all headers in list whose name is a byte-case-insensitive "
        "match for name, separated from each other by 0x2C 0x20, in order",
        sentence="An allowed page's answer has one Access-Control-Allow-Origin with one value.",
        effect="The browser refuses the page, although the server meant to let it in.",
        cases=lambda e: [*cases.actual_requests(e), *cases.allowed_preflights(e)],
        check=_last(_one_origin),
    ),
    Invariant(
        number=2,
        name="credentials",
        kind=ADVICE,
        clause='Fetch, "CORS protocol and credentials"',
        quote='If credentials mode is "include", then Access-Control-Allow-Origin cannot be *',
        sentence="Access-Control-Allow-Credentials is `true` or absent, and never beside *.",
        effect="No browser sends cookies for it; it promises what no page can have.",
        cases=cases.all_requests,
        check=_last(_credentials),
    ),
    Invariant(
        number=3,
        name="silence",
        kind=ADVICE,
        clause='Fetch, "HTTP responses"',
        quote="If server developers wish to denote this explicitly, the 403 status can be used, "
        "coupled with omitting the relevant headers",
        sentence="The answer to a refused origin has no Access-Control-* header.",
        effect="No browser notices; anyone can read from the answer what the policy is.",
        cases=lambda e: [attrs.evolve(case, hole="") for case in cases.refused_requests(e)],
        needs="page",
        check=_last(_silence),
    ),
    Invariant(
        number=4,
        name="allowed origins",
        clause='Fetch, "CORS check" steps 2 to 8',
        quote="If the result of byte-serializing a request origin with request is not origin, then "
        "return failure",
        sentence="A page of an allowed origin gets an answer and can read it.",
        effect="The application's own page does not work.",
        cases=cases.actual_requests,
        check=_last(_is_let_in_alone),
    ),
    Invariant(
        number=5,
        name="refused origins",
        clause='Fetch, "CORS check" steps 2 to 4',
        quote="Indicates whether the response can be shared, via returning the literal value of "
        "the Origin request header (which can be null) or * in a response",
        sentence="A page of any other origin, however similar, can read and send nothing.",
        effect="A page on an attacker's host reads the data of whoever visits it.",
        cases=cases.refused_requests,
        draws=strategies.refused_requests,
        needs="page",
        check=_last(_is_refused),
    ),
    Invariant(
        number=6,
        name="no cookies",
        clause='Fetch, "CORS check" steps 6 to 8',
        quote="If credentials is `true`, then return success",
        sentence="Without credentials in the policy no page can send cookies and read the answer.",
        effect="Pages act in the name of the user, which the policy did not mean to allow.",
        cases=lambda e: [] if e.credentials else cases.page_requests(e),
        needs="page",
        check=_last(_no_cookies),
    ),
    Invariant(
        number=7,
        name="allowed preflights",
        clause='Fetch, "CORS-preflight fetch" step 7',
        quote="If a CORS check for request and response returns success and response's status is "
        "an ok status, then",
        sentence="The preflight for an allowed method with allowed headers succeeds.",
        effect="The page's request is never sent.",
        cases=cases.allowed_preflights,
        check=_last(_is_let_in_alone),
    ),
    Invariant(
        number=8,
        name="refused methods",
        clause='Fetch, "CORS-preflight fetch" step 7.5',
        quote="If request's method is not in methods, request's method is not a CORS-safelisted "
        'method, and request\'s credentials mode is "include" or methods does not contain `*`, '
        "then return a network error",
        sentence="The preflight for a method outside the policy fails.",
        effect="A page can change what it should only read.",
        cases=cases.unexpected_methods,
        draws=strategies.unexpected_methods,
        needs="preflight",
        check=_last(_is_refused),
    ),
    Invariant(
        number=9,
        name="whole methods",
        kind=ADVICE,
        clause='Fetch, "CORS-preflight fetch" step 7.5',
        quote="If request's method is not in methods, […] then return a network error",
        sentence="A method that resembles an allowed one is answered as any other unknown one.",
        effect="No browser notices; the server takes a refused preflight for a granted one.",
        cases=cases.look_alike_methods,
        needs="preflight",
        check=_named_alike,
    ),
    Invariant(
        number=10,
        name="refused headers",
        clause='Fetch, "CORS-preflight fetch" steps 7.6 and 7.7',
        quote="If unsafeName is not a byte-case-insensitive match for an item in headerNames and "
        'request\'s credentials mode is "include" or headerNames does not contain `*`, return a '
        "network error",
        sentence="The preflight for a request header outside the policy fails.",
        effect="A page can send headers that only the server's own clients should.",
        cases=cases.unexpected_headers,
        draws=strategies.unexpected_headers,
        needs="preflight",
        check=_last(_is_refused),
    ),
    Invariant(
        number=11,
        name="maximum age",
        clause='Fetch, "CORS-preflight fetch" steps 7.8 to 7.10',
        quote="If max-age is failure or null, then set max-age to 5",
        sentence="Preflights are kept for no longer than the policy says.",
        effect="A permission that was taken back is used for some time to come.",
        cases=lambda e: [] if e.max_age is None else cases.allowed_preflights(e),
        needs="preflight",
        check=_last(_longer),
    ),
    Invariant(
        number=12,
        name="exposed headers",
        clause='Fetch, "Headers", CORS-safelisted response-header name, and "Main fetch" step 14.1',
        quote="Otherwise, if headerNames is non-null or failure, then set response's CORS-exposed "
        "header-name list to headerNames",
        sentence="A page can read the exposed response headers and no others.",
        effect="The page does not find a header that it needs, or reads one that it should not.",
        cases=lambda e: [] if e.exposed is None else cases.page_requests(e),
        needs="page",
        check=_last(_exposed),
    ),
    Invariant(
        number=13,
        name="caches",
        clause='Fetch, "CORS protocol and HTTP caches"; RFC 9111 section 4.1',
        quote="If CORS protocol requirements are more complicated than setting "
        "Access-Control-Allow-Origin to * or a static origin, Vary is to be used",
        sentence="A stored response that Vary lets a cache reuse has the verdict of a new one.",
        effect="The page fails for whoever comes through a cache after someone else.",
        cases=cases.pairs_of_requests,
        needs="page",
        check=_cache,
    ),
    Invariant(
        number=14,
        name="place",
        kind=ADVICE,
        clause='Fetch, "HTTP responses"',
        quote="An HTTP response to a CORS-preflight request can include the following headers",
        sentence="Methods, headers and age are on answers to preflights only.",
        effect="No browser notices; the answers are longer than they need to be.",
        cases=cases.all_requests,
        check=_last(_place),
    ),
    Invariant(
        number=15,
        name="grammar",
        kind=ADVICE,
        clause='Fetch, "HTTP new-header syntax"; RFC 9110 section 5.5',
        quote="Field values containing CR, LF, or NUL characters are invalid and dangerous",
        sentence="Whatever text a request has, every header of the answer keeps its grammar.",
        effect="No browser sends such a text; another program may read another header than meant.",
        cases=lambda e: [*cases.all_requests(e), *cases.hostile_requests(e)],
        draws=strategies.hostile_requests,
        is_hostile=True,
        check=_last(_grammar),
    ),
    Invariant(
        number=16,
        name="answers",
        kind=ADVICE,
        clause="RFC 9110 section 15.6",
        quote="The 5xx (Server Error) class of status code indicates that the server is aware that "
        "it has erred or is incapable of performing the requested method",
        sentence="No text in a request makes the application fail.",
        effect="No page needs the answer; anyone can fill the log with tracebacks.",
        cases=lambda e: [*cases.all_requests(e), *cases.hostile_requests(e)],
        draws=strategies.hostile_requests,
        is_hostile=True,
        check=_last(_answers),
    ),
    Invariant(
        number=17,
        name="upload preflights",
        kind=ADVICE,
        clause='Fetch, "Requests", use-CORS-preflight flag',
        quote="The use-CORS-preflight flag is set if either one or more event listeners are "
        "registered on an XMLHttpRequestUpload object or if a ReadableStream object is used in a "
        "request",
        sentence="The preflight for an allowed method that needs none succeeds too.",
        effect="An upload that shows its progress, or a streamed one, is never sent.",
        cases=cases.upload_preflights,
        check=_last(_is_let_in_alone),
    ),
    Invariant(
        number=18,
        name="minimum age",
        kind=ADVICE,
        clause='Fetch, "CORS-preflight fetch" steps 7.8 to 7.10',
        quote="If max-age is failure or null, then set max-age to 5",
        sentence="Preflights are kept for as long as the policy says.",
        effect="A page asks more often than it has to.",
        cases=lambda e: [] if e.max_age is None else cases.allowed_preflights(e),
        needs="preflight",
        check=_last(_shorter),
    ),
    Invariant(
        number=19,
        name="private caches",
        kind=ADVICE,
        clause='Fetch, "CORS protocol and HTTP caches"; RFC 9111 section 5.2.2.7',
        quote="The unqualified private response directive indicates that a shared cache MUST NOT "
        "store the response",
        sentence="A private response that a browser's own cache may reuse has a new one's verdict.",
        effect="Only two pages of one site in one browser can get each other's answer.",
        cases=cases.pairs_of_requests,
        needs="page",
        check=_private_cache,
    ),
    Invariant(
        number=20,
        name="repetition",
        clause='Fetch, "CORS check" step 4',
        quote="If the result of byte-serializing a request origin with request is not origin, then "
        "return failure",
        sentence="The same request gets the same verdict, whoever has asked before it.",
        effect="A page gets the answer that was made for another.",
        cases=cases.repeated_requests,
        needs="page",
        check=_again,
        repeats=True,
    ),
)

"""The invariants as data: what must hold, where the standard says so, and how to see it.

A check reads recorded exchanges and what was expected, and returns what is wrong, or None. It never
sends anything, so that it can be put to the traffic of any server.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Callable, Optional

import attrs

from corecors import browser

from . import strategies
from .exchange import Exchange
from .expectation import Expectation
from .strategies import UNKNOWN_METHOD

__all__ = ["INVARIANTS", "Invariant"]

Check = Callable[[Expectation, Sequence[Exchange]], Optional[str]]

ALLOW_ORIGIN = "Access-Control-Allow-Origin"
ALLOW_CREDENTIALS = "Access-Control-Allow-Credentials"
ALLOW_METHODS = "Access-Control-Allow-Methods"
ALLOW_HEADERS = "Access-Control-Allow-Headers"
EXPOSE_HEADERS = "Access-Control-Expose-Headers"
MAX_AGE = "Access-Control-Max-Age"

# RFC 9110 section 5.5, and what no serialized origin has: space, comma, quote, beyond ASCII.
_NOT_IN_VALUE = re.compile(r"[\0\r\n]")
_NOT_IN_ORIGIN = re.compile(r"[^!#-&(-+\--~]")

_MODES: tuple[browser.Credentials, ...] = ("omit", "include")


@attrs.frozen(kw_only=True)
class Invariant:
    """State what must hold, on which requests it shows, and what a user sees where it does not.

    `draws` makes the requests, `check` judges them. `number` and `name` are stable.
    """

    number: int
    name: str
    clause: str
    sentence: str
    effect: str
    draws: Callable[[Expectation], Optional[strategies.Probes]] = attrs.field(repr=False)
    check: Check = attrs.field(repr=False)


def _each(check: Callable[[Expectation, Exchange], Optional[str]]) -> Check:
    """Make a check of all exchanges from one of a single exchange: the first problem counts."""

    def check_all(expected: Expectation, exchanges: Sequence[Exchange]) -> Optional[str]:
        return next(filter(None, (check(expected, exchange) for exchange in exchanges)), None)

    return check_all


def _one_origin(expected: Expectation, exchange: Exchange) -> Optional[str]:
    values = [
        value for name, value in exchange.cors_headers if name.lower() == ALLOW_ORIGIN.lower()
    ]
    if len(values) > 1:
        return f"{len(values)} lines of {ALLOW_ORIGIN}"
    own = exchange.probe.origin
    # Without `Origin` there is nothing to repeat: the one origin that the policy names may stand.
    literals = [origin for origin in expected.origins if "*" not in origin]
    constant = literals[0] if len(literals) == 1 else "*"
    if values and values[0] not in {"*", constant if own is None else own}:
        return f"{ALLOW_ORIGIN} is {values[0]!r}, and Origin was {own or 'absent'}"
    return None


def _credentials(_: Expectation, exchange: Exchange) -> Optional[str]:
    value = exchange.get(ALLOW_CREDENTIALS)
    if value is not None and value != "true":
        return f"{ALLOW_CREDENTIALS} is {value!r}"
    if value is not None and exchange.get(ALLOW_ORIGIN) == "*":
        return f"{ALLOW_CREDENTIALS} with {ALLOW_ORIGIN}: *"
    return None


def _verdict(exchange: Exchange, credentials: browser.Credentials) -> browser.Outcome:
    """Ask the browser's half whether the page may read this, or send what it asked for."""
    request = exchange.probe.page_request(credentials)
    judge = browser.preflight_check if exchange.probe.is_preflight else browser.actual_check
    return judge(request, exchange.response)


def _is_let_in(expected: Expectation, exchange: Exchange) -> Optional[str]:
    outcome = _verdict(exchange, expected.credentials_mode)
    return None if outcome else f"{outcome.reason} ({outcome.step})"


def _is_refused(_: Expectation, exchange: Exchange) -> Optional[str]:
    allowed = [mode for mode in _MODES if _verdict(exchange, mode)]
    return f"the browser lets the page on (credentials: {', '.join(allowed)})" if allowed else None


def _silence(expected: Expectation, exchange: Exchange) -> Optional[str]:
    names = sorted({name for name, _ in exchange.cors_headers})
    if not names or _is_refused(expected, exchange):  # to let it in is another, graver defect
        return None
    return f"the origin is refused, yet there is {', '.join(names)}"


def _no_cookies(_: Expectation, exchange: Exchange) -> Optional[str]:
    with_cookies = _verdict(exchange, "include")
    return f"the page may send cookies: {with_cookies.reason}" if with_cookies else None


def _named_alike(_: Expectation, exchanges: Sequence[Exchange]) -> Optional[str]:
    far, near = exchanges
    asked = browser.get(near.probe.headers, "Access-Control-Request-Method")
    if (far.get(ALLOW_METHODS) is None) == (near.get(ALLOW_METHODS) is None):
        return None
    return f"{ALLOW_METHODS} is sent for one of {UNKNOWN_METHOD!r} and {asked!r}, not for both"


def _max_age(expected: Expectation, exchange: Exchange) -> Optional[str]:
    seconds = browser.max_age(exchange.response.headers)
    if seconds == expected.max_age or _is_let_in(expected, exchange):  # a failure is not kept
        return None
    sent = exchange.get(MAX_AGE)
    return f"{MAX_AGE} is {sent!r}: kept for {seconds} s, not {expected.max_age} s"


def _exposed(expected: Expectation, exchange: Exchange) -> Optional[str]:
    names = {name.lower() for name in expected.exposed or () if name != "*"}
    any_name = "*" in (expected.exposed or ())
    tried = names | {_UNEXPOSED}
    answer = attrs.evolve(
        exchange.response,
        headers=(*exchange.response.headers, *((name, "x") for name in sorted(tried))),
    )
    request = exchange.probe.page_request(expected.credentials_mode)
    readable = tried.intersection(browser.readable_headers(request, answer))
    wanted = tried if any_name and not expected.credentials else names
    if not browser.actual_check(request, answer) or readable == wanted:
        return None
    missing, spare = sorted(wanted - readable), sorted(readable - wanted)
    return f"the page cannot read {missing}" if missing else f"the page can read {spare}"


_UNEXPOSED = "x-conformance-not-exposed"


def _cache(expected: Expectation, exchanges: Sequence[Exchange]) -> Optional[str]:
    stored, fresh = exchanges
    if not browser.may_reuse(stored.probe.headers, stored.response, fresh.probe.headers):
        return None
    reused = attrs.evolve(fresh, response=stored.response)
    before, after = (_verdict(e, expected.credentials_mode) for e in (fresh, reused))
    if before.allowed == after.allowed:
        return None
    vary = stored.get("Vary")
    return f"Vary is {vary!r}: the stored response is reused, and {after.reason}"


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
    origin = exchange.get(ALLOW_ORIGIN) or ""
    if _NOT_IN_ORIGIN.search(origin):
        return f"{ALLOW_ORIGIN} is {origin!a}, which is no origin"
    for name in (ALLOW_METHODS, ALLOW_HEADERS, EXPOSE_HEADERS):
        if browser.extract_list(exchange.response.headers, name) is browser.FAILURE:
            return f"{name} is {exchange.get(name)!a}, which is no list of names"
    return None


def _answers(_: Expectation, exchange: Exchange) -> Optional[str]:
    if exchange.failure:
        return f"the application raises {exchange.failure}"
    return f"the status is {exchange.response.status}" if exchange.response.status >= 500 else None


INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        number=1,
        name="one origin",
        clause='Fetch, "HTTP responses", "CORS check" step 4',
        sentence="There is at most one Access-Control-Allow-Origin: * or the request's own Origin.",
        effect="The browser refuses the page, although the server meant to let it in.",
        draws=strategies.any_requests,
        check=_each(_one_origin),
    ),
    Invariant(
        number=2,
        name="credentials",
        clause='Fetch, "CORS protocol and credentials"',
        sentence="Access-Control-Allow-Credentials is `true` or absent, and never beside *.",
        effect="Requests with cookies fail, or go only where some server guards against it.",
        draws=strategies.any_requests,
        check=_each(_credentials),
    ),
    Invariant(
        number=3,
        name="silence",
        clause='Fetch, "HTTP responses", last paragraph',
        sentence="The answer to a refused origin has no Access-Control-* header.",
        effect="No browser notices; anyone can read from the answer what the policy is.",
        draws=strategies.refused_requests,
        check=_each(_silence),
    ),
    Invariant(
        number=4,
        name="allowed origins",
        clause='Fetch, "CORS check"',
        sentence="A page of an allowed origin can read the response.",
        effect="The application's own page does not work.",
        draws=strategies.actual_requests,
        check=_each(_is_let_in),
    ),
    Invariant(
        number=5,
        name="refused origins",
        clause='Fetch, "CORS check" steps 2 to 4',
        sentence="A page of any other origin, however similar, can read and send nothing.",
        effect="A page on an attacker's host reads the data of whoever visits it.",
        draws=strategies.refused_requests,
        check=_each(_is_refused),
    ),
    Invariant(
        number=6,
        name="no cookies",
        clause='Fetch, "CORS check" steps 6 to 8',
        sentence="Without credentials in the policy no page can send cookies and read the answer.",
        effect="Pages act in the name of the user, which the policy did not mean to allow.",
        draws=lambda e: None if e.credentials else strategies.actual_requests(e),
        check=_each(_no_cookies),
    ),
    Invariant(
        number=7,
        name="allowed preflights",
        clause='Fetch, "CORS-preflight fetch" step 7',
        sentence="The preflight for an allowed method with allowed headers succeeds.",
        effect="The page's request is never sent.",
        draws=strategies.allowed_preflights,
        check=_each(_is_let_in),
    ),
    Invariant(
        number=8,
        name="refused methods",
        clause='Fetch, "CORS-preflight fetch" step 7.5',
        sentence="The preflight for a method outside the policy fails.",
        effect="A page can change what it should only read.",
        draws=strategies.unexpected_methods,
        check=_each(_is_refused),
    ),
    Invariant(
        number=9,
        name="whole methods",
        clause='Fetch, "CORS-preflight fetch" step 7.5',
        sentence="A method that resembles an allowed one is answered as any other unknown one.",
        effect="The server takes a refused preflight for a granted one; the browser does not.",
        draws=strategies.look_alike_methods,
        check=_named_alike,
    ),
    Invariant(
        number=10,
        name="refused headers",
        clause='Fetch, "CORS-preflight fetch" steps 7.6 and 7.7',
        sentence="The preflight for a request header outside the policy fails.",
        effect="A page can send headers that only the server's own clients should.",
        draws=strategies.unexpected_headers,
        check=_each(_is_refused),
    ),
    Invariant(
        number=11,
        name="maximum age",
        clause='Fetch, "CORS-preflight fetch" steps 7.8 to 7.10',
        sentence="Preflights are kept for as long as the policy says.",
        effect="A changed policy takes effect too late, or each request costs two.",
        draws=lambda e: None if e.max_age is None else strategies.allowed_preflights(e),
        check=_each(_max_age),
    ),
    Invariant(
        number=12,
        name="exposed headers",
        clause='Fetch, "Headers", CORS-safelisted response-header name',
        sentence="A page can read the exposed response headers and no others.",
        effect="The page does not find a header that it needs, or reads one that it should not.",
        draws=lambda e: None if e.exposed is None else strategies.actual_requests(e),
        check=_each(_exposed),
    ),
    Invariant(
        number=13,
        name="caches",
        clause='Fetch, "CORS protocol and HTTP caches"; RFC 9111 section 4.1',
        sentence="A stored response that Vary lets a cache reuse has the verdict of a new one.",
        effect="The page fails for whoever comes through a cache after someone else.",
        draws=strategies.pairs_of_requests,
        check=_cache,
    ),
    Invariant(
        number=14,
        name="place",
        clause='Fetch, "HTTP responses"',
        sentence="Methods, headers and age are on answers to preflights only, exposed on others.",
        effect="No browser notices; the answers are longer than they need to be.",
        draws=strategies.any_requests,
        check=_each(_place),
    ),
    Invariant(
        number=15,
        name="grammar",
        clause='Fetch, "HTTP new-header syntax"; RFC 9110 section 5.5',
        sentence="Whatever text a request has, every header of the answer keeps its grammar.",
        effect="Another program reads another origin, or another header, than the server meant.",
        draws=strategies.hostile_requests,
        check=_each(_grammar),
    ),
    Invariant(
        number=16,
        name="answers",
        clause="RFC 9110 section 15.6",
        sentence="No text in a request makes the application fail.",
        effect="Anyone can fill the log with tracebacks, and the page sees a network error.",
        draws=strategies.hostile_requests,
        check=_each(_answers),
    ),
)

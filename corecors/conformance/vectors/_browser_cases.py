"""The cases of `browser-vectors.json`: pages' requests and servers' answers, each with an id.

Only what is asked and answered stands here; what a browser makes of it is played.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Optional, Union

import attrs

from corecors import browser
from corecors.browser import Request, Response

from ..names import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    EXPOSE_HEADERS,
    MAX_AGE,
)
from ._playing import Case, Step

__all__ = ["cases"]

Lines = tuple[tuple[str, str], ...]
Given = Union[Mapping[str, str], Lines]

PAGE = "https://app.example"
OTHER_PAGE = "https://other.example"
API = "https://api.example"
OTHER_API = "https://cdn.example"


CHECK = 'Fetch, "CORS check"'
PREFLIGHT = 'Fetch, "CORS-preflight fetch" step 7'
PREFLIGHT_CACHE = 'Fetch, "CORS-preflight cache"'
UNSAFE_NAMES = 'Fetch, "Headers", CORS-unsafe request-header names'
SAFELISTED_HEADER = 'Fetch, "Headers", CORS-safelisted request-header'
EXPOSED = 'Fetch, "Headers", CORS-safelisted response-header name'
METHODS = 'Fetch, "Methods"'
REDIRECT = 'Fetch, "HTTP-redirect fetch"'
REDIRECT_ORIGIN = 'Fetch, "Requests", redirect-taint'
CACHES = 'Fetch, "CORS protocol and HTTP caches"'
VARY = "RFC 9111 section 4.1"

SHARES = {ALLOW_ORIGIN: PAGE}
CONSENT = {ALLOW_CREDENTIALS: "true"}
OWN = (("ETag", "1"), ("X-Secret", "2"))
MODES: tuple[browser.Credentials, ...] = ("omit", "include")


def lines(*given: Given) -> Lines:
    """Return these headers as lines."""
    return tuple(
        pair for one in given for pair in (one.items() if isinstance(one, Mapping) else one)
    )


def answer(*headers: Given, status: int = 200) -> Response:
    """Return an answer with these headers and two of its own."""
    return Response(status=status, headers=lines(*headers, OWN))


def bare(*headers: Given, status: int = 204) -> Response:
    """Return an answer with these headers only, as to a preflight."""
    return Response(status=status, headers=lines(*headers))


def page(
    method: str = "GET",
    headers: Given = (),
    credentials: browser.Credentials = "omit",
    *,
    url: str = API + "/",
    origin: str = PAGE,
    mode: browser.Mode = "cors",
    upload: bool = False,
) -> Request:
    """Return what a page asks for."""
    return Request(
        method=method,
        origin=origin,
        url=url,
        headers=lines(headers),
        credentials=credentials,
        mode=mode,
        use_preflight=upload,
    )


def case(
    id_: str, about: str, clauses: Union[str, tuple[str, ...]], *steps: Step, cached: bool = False
) -> Case:
    """Return a case; one clause may stand alone."""
    named = (clauses,) if isinstance(clauses, str) else clauses
    return Case(id=id_, about=about, clauses=named, steps=steps, shared_cache=cached)


def step(
    request: Request,
    *answers: Response,
    preflight: Union[Response, Lines, None] = None,
    at: int = 0,
) -> Step:
    """Return one step; a preflight has one answer, which is used for each."""
    if isinstance(preflight, tuple):
        preflight = bare(preflight)
    preflights = () if preflight is None else (preflight,) * 3
    return Step(request=request, at=at, preflights=preflights, answers=answers)


# --- every request with every answer

_REQUESTS: dict[str, tuple[str, dict[str, str]]] = {
    "get": ("GET", {}),
    "put": ("put", {}),
    "patch": ("patch", {}),
    "post-text": ("POST", {"Content-Type": "text/plain"}),
    "post-json": ("POST", {"Content-Type": "application/json"}),
    "get-authorization": ("GET", {"Authorization": "Bearer x"}),
    "get-two-headers": ("GET", {"X-B": "1", "X-A": "2"}),
}
_SHARED: dict[str, Lines] = {
    "silent": (),
    "wildcard": lines({ALLOW_ORIGIN: "*", EXPOSE_HEADERS: "ETag"}),
    "wildcard-and-credentials": lines({ALLOW_ORIGIN: "*"}, CONSENT),
    "origin-and-credentials": lines(SHARES, CONSENT, {EXPOSE_HEADERS: "ETag"}),
    "credentials-in-capitals": lines(SHARES, {ALLOW_CREDENTIALS: "True"}),
    "slash": lines({ALLOW_ORIGIN: PAGE + "/"}),
    "twice": (*lines(SHARES), *lines(SHARES)),
    "null": lines({ALLOW_ORIGIN: "null"}),
}
_PREFLIGHTS: dict[str, tuple[int, dict[str, str]]] = {
    "nothing": (204, {}),
    "names": (
        204,
        {ALLOW_METHODS: "PUT, PATCH", ALLOW_HEADERS: "X-A, x-b, Authorization, content-type"},
    ),
    "wildcards": (200, {ALLOW_METHODS: "*", ALLOW_HEADERS: "*"}),
    "not-found": (404, {ALLOW_METHODS: "*", ALLOW_HEADERS: "*"}),
    "malformed": (204, {ALLOW_METHODS: "P U T", ALLOW_HEADERS: "X-A"}),
}


def every() -> Iterator[Case]:
    """Combine requests, answers and answers to preflights."""
    for (asked, request), mode, (shared, headers) in itertools.product(
        _REQUESTS.items(), MODES, _SHARED.items()
    ):
        asking = page(*request, mode)
        about = f"{asked} ({mode}), answered with {shared}"
        if not browser.needs_preflight(asking):
            one = step(asking, answer(headers))
            yield case(f"every/{asked}/{mode}/{shared}", about, CHECK, one)
            continue
        # Where the preflight fails for its origin already, what else it says is no matter.
        shares = browser.cors_check(PAGE, mode, headers)
        for name in _PREFLIGHTS if shares else ("names",):
            status, more = _PREFLIGHTS[name]
            one = step(asking, answer(headers), preflight=bare(headers, more, status=status))
            yield case(
                f"every/{asked}/{mode}/{shared}/{name}",
                f"{about}, its preflight with {name}",
                (PREFLIGHT, CHECK),
                one,
            )


# --- Access-Control-Allow-Origin and -Credentials

_ORIGINS: dict[str, str] = {
    "in-capitals": "HTTPS://APP.EXAMPLE",
    "host-in-capitals": "https://App.example",
    "default-port": PAGE + ":443",
    "path": PAGE + "/path",
    "other-scheme": "http://app.example",
    "other-port": PAGE + ":8443",
    "parent": "https://example",
    "subdomain": "https://www.app.example",
    "trailing-dot": PAGE + ".",
    "host-only": "app.example",
    "glob": "https://*.example",
    "scheme-glob": "https://*",
    "space-before-and-after": f" \t{PAGE} \t",
    "no-break-space-after": PAGE + "\xa0",
    "form-feed-after": PAGE + "\x0c",
    "wildcard-with-space": " * ",
    "wildcard-twice": "*, *",
    "wildcard-and-origin": f"*, {PAGE}",
    "two-origins": f"{PAGE}, {OTHER_PAGE}",
    "two-origins-by-space": f"{PAGE} {OTHER_PAGE}",
    "trailing-comma": PAGE + ",",
    "quoted": f'"{PAGE}"',
    "empty": "",
    "null-for-a-page": "null",
}


def origins() -> Iterator[Case]:
    """Compare an origin with the one that the answer names, byte for byte."""
    for (name, value), mode in itertools.product(_ORIGINS.items(), MODES):
        one = step(page(credentials=mode), answer({ALLOW_ORIGIN: value}, CONSENT))
        about = f"{ALLOW_ORIGIN} is {value!r}, credentials: {mode}"
        yield case(f"origin/{name}/{mode}", about, CHECK, one)
    null = "null"
    for name, value in {"null": null, "in-capitals": "NULL", "wildcard": "*", "empty": ""}.items():
        for mode in MODES:
            asking = page(credentials=mode, origin=null)
            one = step(asking, answer({ALLOW_ORIGIN: value}, CONSENT))
            about = f"a page of origin null, {ALLOW_ORIGIN} is {value!r}, credentials: {mode}"
            yield case(f"origin/of-null/{name}/{mode}", about, CHECK, one)
    for name, origin in {"port": "http://localhost:3000", "ipv6": "http://[::1]:3000"}.items():
        one = step(page(origin=origin), answer({ALLOW_ORIGIN: origin}))
        yield case(f"origin/named/{name}", f"the origin {origin} is named", CHECK, one)
    mixed = step(page(), answer({ALLOW_ORIGIN.lower(): PAGE}))
    yield case("origin/header-in-lower-case", "header names have no case", CHECK, mixed)
    for status in (204, 206, 401, 404, 500, 503):
        one = step(page(), answer(SHARES, status=status))
        about = f"an answer with status {status} is read as any other"
        yield case(f"origin/status/{status}", about, CHECK, one)


_CREDENTIALS: dict[str, Lines] = {
    "missing": (),
    "true": lines(CONSENT),
    "in-capitals": lines({ALLOW_CREDENTIALS: "TRUE"}),
    "space-around": lines({ALLOW_CREDENTIALS: "\ttrue "}),
    "one": lines({ALLOW_CREDENTIALS: "1"}),
    "false": lines({ALLOW_CREDENTIALS: "false"}),
    "empty": lines({ALLOW_CREDENTIALS: ""}),
    "twice-in-a-line": lines({ALLOW_CREDENTIALS: "true, true"}),
    "two-lines": (*lines(CONSENT), *lines(CONSENT)),
}


def credentials() -> Iterator[Case]:
    """Send cookies and the like, and not."""
    modes: tuple[browser.Credentials, ...] = ("include", "same-origin")
    for (name, more), mode in itertools.product(_CREDENTIALS.items(), modes):
        one = step(page(credentials=mode), answer(SHARES, more))
        about = f"{ALLOW_CREDENTIALS}: {name}, credentials: {mode}"
        yield case(f"credentials/{name}/{mode}", about, 'Fetch, "CORS check" steps 5 to 8', one)
    asking = page("PUT", credentials="include")
    methods = lines(SHARES, {ALLOW_METHODS: "PUT"})
    one = step(asking, answer(SHARES, CONSENT), preflight=methods)
    about = "the answer to the preflight needs the consent to credentials too"
    yield case("credentials/preflight-without", about, (PREFLIGHT, CHECK), one)


# --- preflights

_STATUSES = (200, 201, 202, 204, 206, 226, 299, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403,
             404, 405, 500, 501, 503)  # fmt: skip


def preflights() -> Iterator[Case]:
    """Read the status, the methods and the header names of the answer to a preflight."""
    granted = lines(SHARES, {ALLOW_METHODS: "PUT"})
    for status in _STATUSES:
        more = lines({"Location": "/elsewhere"}) if 300 <= status < 400 else ()
        one = step(page("PUT"), answer(SHARES), preflight=bare(granted, more, status=status))
        about = f"a preflight answered with status {status}"
        yield case(f"preflight/status/{status}", about, PREFLIGHT, one)
    one = step(page("PUT"), answer(), preflight=granted)
    about = "the preflight allows the request, its own answer shares nothing"
    yield case("preflight/answer-silent", about, (PREFLIGHT, CHECK), one)
    upload = page("POST", {"Content-Type": "text/plain"}, upload=True)
    for name, preflight in {"silent": (), "allowed": lines(SHARES)}.items():
        about = f"an upload listener makes a preflight, and POST needs no grant: {name}"
        one = step(upload, answer(SHARES), preflight=preflight)
        clause = 'Fetch, "Requests", use-CORS-preflight flag'
        yield case(f"preflight/upload-listener/{name}", about, (clause, PREFLIGHT), one)
    silent = step(page("PUT", upload=True), answer(SHARES), preflight=lines(SHARES))
    about = "a preflight made for the listener grants the method by its silence"
    yield case("preflight/upload-listener/put", about, 'Fetch, "CORS-preflight fetch" 7.4', silent)
    malformed = lines(SHARES, {ALLOW_METHODS: "P T", ALLOW_HEADERS: "x-a"})
    one = step(page(headers={"X-A": "1"}), answer(SHARES), preflight=malformed)
    about = "a malformed list of methods refuses, even where no method is asked for"
    yield case("preflight/malformed-methods", about, 'Fetch, "CORS-preflight fetch" 7.3', one)


_METHODS: dict[str, tuple[str, Optional[str]]] = {
    "get-in-lower-case": ("get", None),
    "head": ("HEAD", None),
    "head-in-lower-case": ("head", None),
    "post": ("POST", None),
    "post-mixed": ("Post", None),
    "put-in-lower-case": ("put", "PUT"),
    "put-granted-in-lower-case": ("PUT", "put"),
    "delete": ("delete", "DELETE"),
    "options": ("options", "OPTIONS"),
    "patch-in-lower-case": ("patch", "PATCH"),
    "patch-in-lower-case-granted": ("patch", "patch"),
    "patch": ("PATCH", "PATCH"),
    "patch-granted-in-lower-case": ("PATCH", "patch"),
    "query": ("QUERY", "QUERY"),
    "query-ungranted": ("QUERY", "GET, POST"),
    "own": ("Egg", "Egg"),
    "own-in-capitals": ("Egg", "EGG"),
    "part-of-a-name": ("PUT", "PUTS, OUTPUT"),
    "empty-members": ("PUT", ",PUT,,"),
    "space-and-tab": ("PUT", "GET \t,\t PUT"),
    "no-members": ("PUT", ","),
    "empty": ("PUT", ""),
    "separated-by-spaces": ("PUT", "GET PUT"),
    "separated-by-semicolons": ("PUT", "GET;PUT"),
    "quoted": ("PUT", '"PUT"'),
    "wildcard": ("PUT", "*"),
    "wildcard-in-a-list": ("PUT", "GET, *"),
    "trace": ("TRACE", "*"),
    "track-in-lower-case": ("track", "*"),
    "connect": ("Connect", "*"),
    "no-token": ("P T", "*"),
    "empty-method": ("", "*"),
}


def methods() -> Iterator[Case]:
    """Which methods a preflight asks for, and how, and which answers grant them."""
    for (name, (method, granted)), mode in itertools.product(_METHODS.items(), MODES):
        more = {} if granted is None else {ALLOW_METHODS: granted}
        one = step(
            page(method, credentials=mode),
            answer(SHARES, CONSENT),
            preflight=lines(SHARES, CONSENT, more),
        )
        about = f"the method {method!r}, granted: {granted!r}, credentials: {mode}"
        yield case(f"method/{name}/{mode}", about, (METHODS, PREFLIGHT), one)
    two = (*lines(SHARES), (ALLOW_METHODS, "GET"), (ALLOW_METHODS, "PUT"))
    one = step(page("PUT"), answer(SHARES), preflight=two)
    yield case("method/two-lines", "two lines are one list", PREFLIGHT, one)
    one = step(page("PUT", url=PAGE + "/"), answer())
    yield case("method/own-server", "no preflight to the page's own origin", METHODS, one)


_HEADERS: dict[str, dict[str, str]] = {
    "own": {"X-A": "1"},
    "sorted": {"X-B": "1", "x-a": "2", "Authorization": "t", "X-Re-12": ""},
    "empty-value": {"X-A": ""},
    "accept": {"Accept": "text/html, */*;q=0.1"},
    "accept-quote": {"Accept": 'text/html;a="b"'},
    "accept-parenthesis": {"Accept": "text/html(1)"},
    "accept-brace": {"Accept": "{}"},
    "accept-tab": {"Accept": "text/html,\ttext/plain"},
    "accept-control": {"Accept": "text/html\x01"},
    "accept-delete": {"Accept": "text/html\x7f"},
    "accept-latin-1": {"Accept": "\xe9"},
    "accept-128": {"Accept": "a" * 128},
    "accept-129": {"Accept": "a" * 129},
    "accept-128-and-space": {"Accept": " \t" + "a" * 128 + " \t"},
    "accept-language": {"Accept-Language": "en-GB, *;q=0.5"},
    "accept-language-slash": {"Accept-Language": "en/GB"},
    "accept-language-underscore": {"Accept-Language": "en_GB"},
    "accept-language-tab": {"Accept-Language": "en,\tde"},
    "accept-language-latin-1": {"Accept-Language": "\xe9"},
    "accept-language-129": {"Accept-Language": "a" * 129},
    "content-language": {"Content-Language": "en"},
    "content-language-underscore": {"Content-Language": "en_GB"},
    "type-text": {"Content-Type": "text/plain; charset=utf-8"},
    "type-capitals": {"CONTENT-TYPE": "TEXT/PLAIN"},
    "type-form": {"Content-Type": "application/x-www-form-urlencoded"},
    "type-multipart": {"Content-Type": "multipart/form-data;boundary=1"},
    "type-json": {"Content-Type": "application/json"},
    "type-xml": {"Content-Type": "text/xml"},
    "type-text-suffix": {"Content-Type": "text/plain-x"},
    "type-space-before": {"Content-Type": "  text/plain"},
    "type-space-before-semicolon": {"Content-Type": "text/plain ;a=b"},
    "type-quote": {"Content-Type": 'text/plain; a="b"'},
    "type-comma": {"Content-Type": "text/plain, text/html"},
    "type-json-in-parameter": {"Content-Type": "application/json; a=text/plain"},
    "type-bad-parameter": {"Content-Type": "text/plain; ;=;"},
    "type-empty": {"Content-Type": ""},
    "type-129": {"Content-Type": "text/plain;a=" + "b" * 116},
    "range": {"Range": "bytes=0-3"},
    "range-open": {"Range": "bytes=2-"},
    "range-end": {"Range": "bytes=-3"},
    "range-backwards": {"Range": "bytes=3-2"},
    "range-two": {"Range": "bytes=0-1,3-4"},
    "range-space": {"Range": "bytes=0 - 3"},
    "range-capitals": {"Range": "Bytes=0-3"},
    "range-other-unit": {"Range": "items=0-3"},
    "forbidden": {"Cookie": "a=b", "Sec-X": "1", "Proxy-X": "1", "DNT": "1", "Via": "x"},
    "override-forbidden": {"X-HTTP-Method-Override": "trace"},
    "override-forbidden-in-a-list": {"X-HTTP-Method": "PUT, TRACE"},
    "override-allowed": {"X-Method-Override": "PUT"},
    "if-none-match": {"If-None-Match": '"1"'},
    "requested-with": {"X-Requested-With": "XMLHttpRequest"},
    "user-agent": {"User-Agent": "mine"},
    "white-space": {"X-A": " \t1 "},
    "malformed-name": {"X A": "1"},
    "malformed-value": {"X-A": "1\n2"},
    "two-long": {"Accept": "a" * 128, "Accept-Language": "b" * 128},
    "save-data": {"Save-Data": "On"},
    "save-data-off": {"Save-Data": "off"},
    "client-hints": {"DPR": "1.5", "Width": "10", "Viewport-Width": "100", "RTT": "50"},
    "client-hints-malformed": {"DPR": "1."},
    "client-hints-over-1024": {
        "Accept": "a" * 128,
        "Accept-Language": "b" * 128,
        "Content-Language": "c" * 128,
        **dict.fromkeys(("DPR", "Width", "Viewport-Width", "RTT", "Downlink"), "1" * 128),
        "Device-Memory": "1",
    },
}


def request_headers() -> Iterator[Case]:
    """Which request headers need a preflight, and which names it asks for."""
    clauses = (SAFELISTED_HEADER, UNSAFE_NAMES)
    for name, headers in _HEADERS.items():
        granted = lines(SHARES, {ALLOW_HEADERS: ", ".join(headers)})
        one = step(page(headers=headers), answer(SHARES), preflight=granted)
        about = f"the request headers {', '.join(headers)}: {name}"
        yield case(f"request-header/{name}", about, clauses, one)
    for name, total, last in (("1024", 1024, 128), ("1025", 1025, 1)):
        more: Lines = (("Accept", "a" * 128),) * 8
        more = more if total == 1024 else (*more, ("Accept-Language", "b" * last))
        granted = lines(SHARES, {ALLOW_HEADERS: "accept, accept-language"})
        one = step(page(headers=more), answer(SHARES), preflight=granted)
        about = f"safelisted headers of {total} bytes together, in lines of at most 128"
        yield case(f"request-header/total-{name}", about, UNSAFE_NAMES, one)
    twice = (("X-A", "1"), ("x-a", "2"))
    one = step(page(headers=twice), answer(SHARES), preflight=lines(SHARES, {ALLOW_HEADERS: "X-A"}))
    yield case("request-header/twice", "a name is asked for once", UNSAFE_NAMES, one)


_GRANTS: dict[str, tuple[str, Optional[str]]] = {
    "in-capitals": ("X-A", "X-A"),
    "in-lower-case": ("X-A", "x-a"),
    "missing": ("X-A", None),
    "other": ("X-A", "x-b"),
    "part-of-a-name": ("X-A", "X-AB, XX-A"),
    "one-of-two": ("X-A X-B", "x-a"),
    "both": ("X-A X-B", "X-B,x-a"),
    "wildcard": ("X-A", "*"),
    "wildcard-in-a-list": ("X-A", "x-b, *"),
    "authorization": ("Authorization", "authorization"),
    "authorization-by-wildcard": ("Authorization", "*"),
    "authorization-beside-wildcard": ("Authorization", "*, Authorization"),
    "authorization-and-other": ("Authorization X-A", "authorization, *"),
    "malformed": ("X-A", "x a"),
    "separated-by-spaces": ("X-A X-B", "x-a x-b"),
    "empty-members": ("X-A", ",x-a,,"),
    "empty": ("X-A", ""),
    "prefix-glob": ("X-A", "X-*"),
}


def grants() -> Iterator[Case]:
    """Which Access-Control-Allow-Headers grant which request headers."""
    for (name, (asked, granted)), mode in itertools.product(_GRANTS.items(), MODES):
        more = {} if granted is None else {ALLOW_HEADERS: granted}
        one = step(
            page(headers=dict.fromkeys(asked.split(), "1"), credentials=mode),
            answer(SHARES, CONSENT),
            preflight=lines(SHARES, CONSENT, more),
        )
        about = f"the request headers {asked}, granted: {granted!r}, credentials: {mode}"
        yield case(f"allow-headers/{name}/{mode}", about, PREFLIGHT, one)
    two = (*lines(SHARES), (ALLOW_HEADERS, "x-b"), (ALLOW_HEADERS, "x-a"))
    one = step(page(headers={"X-A": "1"}), answer(SHARES), preflight=two)
    yield case("allow-headers/two-lines", "two lines are one list", PREFLIGHT, one)


# --- what the page can read

_EXPOSES: dict[str, str] = {
    "name": "ETag",
    "other-case": "eTAG,X-Secret",
    "wildcard": "*",
    "wildcard-in-a-list": "ETag, *",
    "empty": "",
    "empty-members": ",ETag,",
    "separated-by-spaces": "ETag X-Secret",
    "separated-by-semicolons": "ETag;X-Secret",
    "quoted": '"ETag"',
    "missing": "X-Missing",
    "set-cookie": "Set-Cookie, Set-Cookie2",
}


def exposed() -> Iterator[Case]:
    """Which headers of the answer the page can read."""
    more = lines({"Set-Cookie": "a=b", "Content-Type": "text/plain", "Last-Modified": "x"})
    for (name, value), mode in itertools.product(_EXPOSES.items(), MODES):
        told = answer(SHARES, CONSENT, {EXPOSE_HEADERS: value}, more)
        about = f"{EXPOSE_HEADERS} is {value!r}, credentials: {mode}"
        yield case(f"expose/{name}/{mode}", about, EXPOSED, step(page(credentials=mode), told))
    safe = "Cache-Control Content-Language Content-Length Expires Pragma Date Server Vary"
    told = answer(SHARES, dict.fromkeys(safe.split(), "1"), more)
    yield case("expose/safelisted", "what needs no naming", EXPOSED, step(page(), told))
    two = (*lines(SHARES), (EXPOSE_HEADERS, "ETag"), (EXPOSE_HEADERS, "X-Secret"))
    about = "two lines are one list"
    yield case("expose/two-lines", about, EXPOSED, step(page(), answer(two)))
    told = answer({EXPOSE_HEADERS: "*"})
    about = "who may not read the answer reads no header"
    yield case("expose/refused", about, (CHECK, EXPOSED), step(page(), told))
    told = answer(more)
    about = "the page's own server needs to expose nothing; Set-Cookie stays hidden"
    yield case("expose/own-server", about, EXPOSED, step(page(url=PAGE + "/"), told))
    named = lines(SHARES, {EXPOSE_HEADERS: "ETag", ALLOW_METHODS: "PUT"})
    about = "what the answer to the preflight exposes counts for nothing"
    put = step(page("PUT"), answer(SHARES), preflight=named)
    yield case("expose/on-the-preflight", about, EXPOSED, put)


def modes() -> Iterator[Case]:
    """Which requests the CORS protocol is not about."""
    clause = 'Fetch, "Main fetch" step 12'
    no_cors = page(headers={"X-A": "1", "Accept": "text/html"}, mode="no-cors")
    about = "no-cors sends no Origin, drops what is not safelisted, and reads nothing"
    yield case("mode/no-cors", about, clause, step(no_cors, answer(SHARES)))
    put = page("PUT", mode="no-cors")
    yield case("mode/no-cors-put", "no-cors allows safelisted methods only", clause, step(put))
    elsewhere = page(mode="same-origin")
    yield case("mode/same-origin", "same-origin sends nothing elsewhere", clause, step(elsewhere))
    own = page("POST", url=PAGE + "/")
    about = "to its own server the page's POST has an Origin, and no check"
    yield case("mode/own-post", about, 'Fetch, "`Origin` header"', step(own, answer()))
    own = page(url=PAGE + "/")
    about = "to its own server the page's GET has no Origin"
    yield case("mode/own-get", about, 'Fetch, "`Origin` header"', step(own, answer()))
    head = page("head", {"X-A": "1"})
    granted = lines(SHARES, {ALLOW_HEADERS: "x-a"})
    about = "a preflight for a HEAD with a header asks for HEAD, which needs no grant"
    yield case("mode/head", about, METHODS, step(head, answer(SHARES), preflight=granted))
    other = page(url="ftp://api.example/")
    yield case("mode/other-scheme", "other schemes than HTTP fail", clause, step(other))


# --- redirects


def _hop(location: str, *headers: Given, status: int = 302) -> Response:
    return bare(*headers, {"Location": location}, status=status)


_SECOND, _FAR, _HOME = API + "/2", OTHER_API + "/", PAGE + "/"
_STAR = {ALLOW_ORIGIN: "*"}
_NULL = {ALLOW_ORIGIN: "null"}
_FOLLOWED = (REDIRECT, CHECK)
_TAINTED = (REDIRECT, REDIRECT_ORIGIN, CHECK)


def redirect_origins() -> Iterator[Case]:
    """Follow redirects: each answer is checked, and a second foreign server makes `null`."""
    for name, location in {"same-server": _SECOND, "relative": "/2"}.items():
        one = step(page(), _hop(location, SHARES), answer(SHARES))
        yield case(f"redirect/{name}", "both answers name the origin", _FOLLOWED, one)
    one = step(page(), _hop(_SECOND), answer(SHARES))
    yield case("redirect/silent", "a redirect that shares nothing ends it", _FOLLOWED, one)
    one = step(page(), _hop(_SECOND, SHARES), answer())
    yield case("redirect/then-silent", "the last answer shares nothing", _FOLLOWED, one)
    for name, headers in {"origin": SHARES, "null": _NULL, "wildcard": _STAR}.items():
        for mode in MODES:
            first, last = _hop(_FAR, SHARES, CONSENT), answer(headers, CONSENT)
            one = step(page(credentials=mode), first, last)
            about = f"to another server the page's origin becomes null; answered with {name}"
            yield case(f"redirect/other-server/{name}/{mode}", about, _TAINTED, one)
    one = step(page(), _hop(_FAR, SHARES), _hop(_FAR + "3", _NULL), answer(_NULL))
    yield case("redirect/stays-null", "once null the origin stays null", _TAINTED, one)
    one = step(page(), _hop(_HOME, SHARES), answer(_NULL))
    about = "back at the page's own server the origin is null, and the answer is checked"
    yield case("redirect/back-home", about, _TAINTED, one)
    one = step(page(url=_HOME), _hop(_FAR), answer(SHARES))
    yield case("redirect/from-home", "from the page's own server it stays", _TAINTED, one)
    one = step(page(url=_HOME), _hop("/2"), answer())
    yield case("redirect/at-home", "from the page's own server to itself", _FOLLOWED, one)


def redirect_requests() -> Iterator[Case]:
    """Which method and headers the next request has, and that it is asked about anew."""
    asked = (REDIRECT, PREFLIGHT)
    granted = lines(_STAR, {ALLOW_METHODS: "PUT", ALLOW_HEADERS: "x-a"})
    one = step(page("PUT"), _hop(_SECOND, SHARES, status=307), answer(SHARES), preflight=granted)
    yield case("redirect/put", "each URL is asked first", asked, one)
    one = step(page("PUT"), _hop(_FAR, SHARES, status=308), answer(_NULL), preflight=granted)
    yield case("redirect/put-other-server", "the second preflight is from null", asked, one)
    one = step(page(headers={"X-A": "1"}), _hop(_FAR, SHARES), answer(_NULL), preflight=granted)
    about = "headers of the page go on to the other server, and are asked for there"
    yield case("redirect/header", about, asked, one)
    secret = page(headers={"Authorization": "t"})
    named = lines(_STAR, {ALLOW_HEADERS: "Authorization"})
    for name, to, last in (("same-server", _SECOND, SHARES), ("other-server", _FAR, _NULL)):
        one = step(secret, _hop(to, SHARES), answer(last), preflight=named)
        about = f"Authorization goes on to the same server only: {name}"
        yield case(f"redirect/authorization/{name}", about, REDIRECT, one)
    typed = {"Content-Type": "text/plain"}
    for status, method in itertools.product((301, 302, 303, 307, 308), ("HEAD", "POST", "PUT")):
        asking = page(method, {} if method == "HEAD" else typed)
        one = step(asking, _hop(_SECOND, SHARES, status=status), answer(SHARES), preflight=granted)
        about = f"{method} after a {status}"
        yield case(f"redirect/method/{status}/{method.lower()}", about, REDIRECT, one)


def redirect_ends() -> Iterator[Case]:
    """Follow what is no redirect, and redirects that fail."""
    for status in (300, 304):
        one = step(page(), _hop(_SECOND, SHARES, status=status))
        yield case(f"redirect/none/{status}", f"{status} is none", 'Fetch, "Statuses"', one)
    one = step(page(), bare(SHARES, status=302))
    yield case("redirect/none/without-location", "without Location there is none", REDIRECT, one)
    for name, location in {
        "user-name": "https://user:pass@api.example/2",
        "user-name-back-home": "https://user@app.example/2",
        "other-scheme": "data:text/plain,x",
    }.items():
        one = step(page(), _hop(location, SHARES), answer(SHARES))
        yield case(f"redirect/fails/{name}", f"a Location with {name}", REDIRECT, one)


# --- the preflight cache

_AGES: dict[str, str] = {
    "600": "600", "zero": "0", "negative": "-1", "fraction": "1.5", "no-number": "abc",
    "empty": "", "plus": "+600", "space-around": " 600 ", "in-a-list": "600, 600", "hex": "0x10",
    "unit": "600s", "huge": "99999999999999999999", "leading-zeros": "00600",
}  # fmt: skip


_GRANTED = lines(SHARES, CONSENT, {ALLOW_METHODS: "PUT, DELETE", ALLOW_HEADERS: "x-a"})
_READ = answer(SHARES, CONSENT)
_PUT, _DELETE = page("PUT"), page("DELETE")


def _asked(request: Request, at: int, preflight: Lines, response: Response = _READ) -> Step:
    return step(request, response, preflight=preflight, at=at)


def ages() -> Iterator[Case]:
    """How long an answer to a preflight is kept."""
    clause = 'Fetch, "CORS-preflight fetch" steps 7.8 to 7.10'
    for name, value in _AGES.items():
        kept = (*_GRANTED, (MAX_AGE, value))
        steps = [_asked(_PUT, at, kept) for at in (0, 3, 5, 605, 8000)]
        about = f"{MAX_AGE} is {value!r}, asked at 0, 3, 5, 605 and 8000 seconds"
        yield case(f"preflight-cache/age/{name}", about, clause, *steps)
    for name, more in {
        "missing": (),
        "two-lines": ((MAX_AGE, "600"), (MAX_AGE, "600")),
        "two-hours": ((MAX_AGE, "7200"),),
        "a-day": ((MAX_AGE, "86400"),),
    }.items():
        kept = (*_GRANTED, *more)
        steps = [_asked(_PUT, at, kept) for at in (0, 4, 6, 7199, 7200, 7210, 86399, 86400)]
        yield case(f"preflight-cache/age/{name}", f"{MAX_AGE}: {name}", clause, *steps)


def kept_for() -> Iterator[Case]:
    """Which requests an answer that is kept for 600 seconds counts for."""
    with_cookies = attrs.evolve(_PUT, credentials="include")
    asking: dict[str, tuple[Request, ...]] = {
        "other-granted-method": (_PUT, _DELETE, _PUT),
        "ungranted-method": (_PUT, page("PATCH"), _PUT),
        "granted-header": (_PUT, page("PUT", {"X-A": "1"}), page(headers={"X-A": "1"})),
        "ungranted-header": (_PUT, page("PUT", {"X-B": "1"}), _PUT),
        "credentials-after-none": (_PUT, with_cookies, _PUT),
        "none-after-credentials": (with_cookies, _PUT, with_cookies),
        "other-url": (_PUT, page("PUT", url=API + "/?a=b"), _PUT),
        "other-page": (_PUT, page("PUT", origin=OTHER_PAGE), _PUT),
        "safelisted-method": (_PUT, page(), page("POST"), _PUT),
    }
    kept = (*_GRANTED, (MAX_AGE, "600"))
    for name, requests in asking.items():
        steps = [_asked(request, at, kept) for at, request in enumerate(requests)]
        about = f"kept for 600 seconds, then asked again: {name}"
        yield case(f"preflight-cache/{name}", about, PREFLIGHT_CACHE, *steps)
    more = (*lines(SHARES, CONSENT), (MAX_AGE, "600"))
    star = (*more, (ALLOW_METHODS, "PUT, *"))
    steps = [_asked(_PUT, 0, star), _asked(_DELETE, 1, star)]
    about = "a kept * counts for every method"
    yield case("preflight-cache/wildcard-method", about, PREFLIGHT_CACHE, *steps)
    steps = [_asked(with_cookies, 0, star), _asked(_DELETE, 1, star)]
    about = "a * kept with credentials was the name of a method, and counts for all without"
    yield case("preflight-cache/wildcard-with-credentials", about, PREFLIGHT_CACHE, *steps)
    anything = (*more, (ALLOW_HEADERS, "*"))
    steps = [
        _asked(page(headers={"X-B": "1"}), 0, anything),
        _asked(page(headers={"X-C": "1"}), 1, anything),
        _asked(page(headers={"Authorization": "t"}), 2, (*more, (ALLOW_HEADERS, "authorization"))),
    ]
    about = "a kept * counts for every header but Authorization"
    yield case("preflight-cache/wildcard-header", about, PREFLIGHT_CACHE, *steps)


def changed() -> Iterator[Case]:
    """Answer a second preflight: what becomes of the first answer."""
    more = (*lines(SHARES, CONSENT), (MAX_AGE, "600"))
    put, delete = ((*more, (ALLOW_METHODS, name)) for name in ("PUT", "DELETE"))
    about = "a second answer for another method is kept beside the first"
    steps = [_asked(_PUT, 0, put), _asked(_DELETE, 1, delete), _asked(_PUT, 2, ())]
    yield case("preflight-cache/second-answer", about, PREFLIGHT_CACHE, *steps)
    about = "a refused preflight clears what was kept for the URL"
    steps = [_asked(_PUT, 0, put), _asked(_DELETE, 1, ()), _asked(_PUT, 2, put)]
    yield case("preflight-cache/refusal-clears", about, PREFLIGHT_CACHE, *steps)
    about = "an answer that may not be read clears what its preflight granted"
    steps = [_asked(_PUT, 0, put, answer()), _asked(_PUT, 1, put), _asked(_PUT, 2, put)]
    yield case("preflight-cache/silent-answer-clears", about, PREFLIGHT_CACHE, *steps)
    first = (*lines(SHARES), (ALLOW_METHODS, "PUT"), (MAX_AGE, "10"))
    second = (*first, (ALLOW_HEADERS, "x-a"))
    with_header = page("PUT", {"X-A": "1"})
    about = "a new answer renews what is kept"
    steps = [_asked(_PUT, 0, first), _asked(with_header, 8, second), _asked(_PUT, 15, first)]
    yield case("preflight-cache/renewed", about, PREFLIGHT_CACHE, *steps)


# --- a shared HTTP cache

_VARY: dict[str, Optional[str]] = {
    "origin": "Origin",
    "in-capitals": "ORIGIN",
    "in-a-list": "Accept-Encoding, Origin",
    "missing": None,
    "other": "Accept-Encoding",
    "wildcard": "*",
    "wildcard-in-a-list": "Accept, *",
    "empty": "",
}


def http_cache() -> Iterator[Case]:
    """Put a cache between pages and server: what it hands from one request to the next."""
    both = (CACHES, VARY)
    fresh = {"Cache-Control": "max-age=3600"}
    shared = answer(SHARES, fresh)

    def stored(vary: Optional[str], *headers: Given) -> Response:
        return answer(fresh, *headers, {} if vary is None else {"Vary": vary})

    def then(*requests: Request, response: Response, later: Response = shared) -> Iterator[Step]:
        for at, request in enumerate(requests):
            yield step(request, later if at else response, at=at)

    other = page(origin=OTHER_PAGE)
    opaque = page(mode="no-cors")
    other_shared = answer({ALLOW_ORIGIN: OTHER_PAGE}, fresh)
    for name, vary in _VARY.items():
        about = f"an answer that names one page, Vary is {vary!r}, then another page asks"
        steps = then(page(), other, response=stored(vary, SHARES), later=other_shared)
        yield case(f"http-cache/{name}/other-page", about, both, *steps, cached=True)
        about = f"Vary is {vary!r}, and the same page asks again"
        steps = then(page(), page(), response=stored(vary, SHARES))
        yield case(f"http-cache/{name}/same-page", about, both, *steps, cached=True)
        about = f"a request without Origin is answered without headers, Vary is {vary!r}"
        steps = then(opaque, page(), response=stored(vary))
        yield case(f"http-cache/{name}/without-origin", about, both, *steps, cached=True)
        about = f"a refused page first, Vary is {vary!r}"
        steps = then(other, page(), response=stored(vary))
        yield case(f"http-cache/{name}/refused-first", about, both, *steps, cached=True)
    steps = then(page(), other, response=stored(None, {ALLOW_ORIGIN: "*"}))
    about = "* serves every page from the cache"
    yield case("http-cache/constant", about, both, *steps, cached=True)
    two = answer(fresh, SHARES, (("Vary", "Accept-Encoding"), ("Vary", "Origin")))
    steps = then(page(), other, response=two, later=other_shared)
    yield case("http-cache/two-lines", "two Vary lines are one", both, *steps, cached=True)
    never = answer(SHARES, {"Cache-Control": "private, no-store"})
    steps = then(page(), other, response=never, later=other_shared)
    yield case("http-cache/no-store", "no-store keeps nothing", both, *steps, cached=True)
    for name, first, second in (
        ("same", "text/html, text/plain", "text/html,text/plain"),
        ("other", "text/html", "text/plain"),
        ("absent", "text/html", None),
    ):
        asking = page(headers={"Accept": first})
        again = page(headers={} if second is None else {"Accept": second})
        steps = then(asking, again, response=stored("accept", SHARES))
        about = f"Vary names a header of the page: {name}"
        yield case(f"http-cache/header/{name}", about, VARY, *steps, cached=True)
    steps = then(page("POST"), page("POST"), response=stored(None, SHARES))
    yield case("http-cache/post", "a POST is not answered from it", VARY, *steps, cached=True)


_GROUPS = (
    every, origins, credentials, preflights, methods, request_headers, grants, exposed, modes,
    redirect_origins, redirect_requests, redirect_ends, ages, kept_for, changed, http_cache,
)  # fmt: skip


def cases() -> list[Case]:
    """Return all cases, in a stable order."""
    return [case for group in _GROUPS for case in group()]

"""Fetch, "Requests" and "Responses", and what goes over the wire for a page's request.

"Request class" and "Headers class" (what a page may ask for), "Main fetch" (what the CORS protocol
decides about), "CORS-preflight fetch" steps 1 to 5 and "`Origin` header" (what is sent).
"""

from __future__ import annotations

from typing import Literal, Optional, get_args

import attrs

from .dialect import STANDARD, Dialect
from .headers import (
    NO_CORS_REQUEST_HEADERS,
    NOT_IN_VALUE,
    Headers,
    as_pairs,
    is_forbidden_request_header,
    is_safelisted_request_header,
    unsafe_request_header_names,
    values_of,
)
from .infra import TOKEN, WHITESPACE, ascii_lower
from .methods import is_forbidden_method, is_safelisted_method, normalize_method
from .origins import same_origin
from .outcomes import Outcome, refused

Credentials = Literal["omit", "same-origin", "include"]
Mode = Literal["cors", "no-cors", "same-origin"]
Tainting = Literal["basic", "cors", "opaque", "error"]


@attrs.frozen(kw_only=True)
class Request:
    """Describe what a page asks its browser to fetch (Fetch, "Requests" and "Request class").

    `method` is as the page wrote it; `origin` is the page's serialized origin or "null"; `url` is
    absolute; `headers` are the page's own, forbidden ones included. `use_preflight` is the
    use-CORS-preflight flag, which upload listeners and streamed bodies set. `dialect` says how the
    page's browser departs from the standard.

    >>> Request(origin="https://app.example", url="https://api.example/", headers={"X-A": "1"})
    ... # doctest: +NORMALIZE_WHITESPACE
    Request(method='GET', origin='https://app.example', url='https://api.example/',
            headers=(('X-A', '1'),), credentials='same-origin', use_preflight=False, mode='cors')
    """

    method: str = "GET"
    origin: str
    url: str
    headers: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=as_pairs)
    credentials: Credentials = attrs.field(
        default="same-origin", validator=attrs.validators.in_(get_args(Credentials))
    )
    use_preflight: bool = False
    mode: Mode = attrs.field(default="cors", validator=attrs.validators.in_(get_args(Mode)))
    dialect: Dialect = attrs.field(default=STANDARD, repr=False)


@attrs.frozen(kw_only=True)
class Response:
    """Describe an answer as it came over the wire (Fetch, "Responses").

    `body` is as much of it as whoever asked has kept; nothing here reads it or compares it.

    >>> Response(status=204, headers={"Access-Control-Allow-Origin": "*"})
    Response(status=204, headers=(('Access-Control-Allow-Origin', '*'),))
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=as_pairs)
    body: bytes = attrs.field(default=b"", repr=False, eq=False)


def author_headers(request: Request) -> tuple[tuple[str, str], ...]:
    """Return the page's headers that the browser does send, their values trimmed.

    Forbidden ones are dropped; in mode "no-cors", all but the no-CORS-safelisted ones. Fetch,
    "Headers class", append and validate.

    >>> author_headers(Request(origin="null", url="https://a.example/",
    ...                        headers={"Cookie": "a=b", "X-A": " 1 "}))
    (('X-A', '1'),)
    """
    kept: list[tuple[str, str]] = []
    for name, raw in request.headers:
        value = raw.strip(WHITESPACE)
        if is_forbidden_request_header(name, value):
            continue
        if request.mode == "no-cors" and not _fits_no_cors(kept, name, value):
            continue
        kept.append((name, value))
    return _in_dialect(kept, request.dialect)


def _in_dialect(headers: list[tuple[str, str]], dialect: Dialect) -> tuple[tuple[str, str], ...]:
    if dialect.user_agent_is_forbidden:
        headers = [(name, value) for name, value in headers if ascii_lower(name) != "user-agent"]
    if dialect.lines_are_joined:
        names = {ascii_lower(name): None for name, _ in headers}
        return tuple((name, ", ".join(values_of(headers, name))) for name in names)
    return tuple(headers)


def unsafe_names(request: Request) -> tuple[str, ...]:
    """Return the names that need a preflight, of the headers that the browser does send."""
    return unsafe_request_header_names(author_headers(request), request.dialect)


def _fits_no_cors(kept: Headers, name: str, value: str) -> bool:
    # Fetch, "Headers class", append step 3: it is the combined value that must be safelisted.
    combined = ", ".join([*values_of(kept, name), value])
    safe = is_safelisted_request_header(name, combined)
    return ascii_lower(name) in NO_CORS_REQUEST_HEADERS and safe


def request_error(request: Request) -> Optional[Outcome]:
    """Return the refusal with which the browser throws before anything is sent, or None.

    A malformed or forbidden method, any but a safelisted one in mode "no-cors", a malformed header.
    Fetch, "Request class", new Request; "Headers class", validate.

    >>> request_error(Request(method="trace", origin="null", url="https://a.example/"))
    ... # doctest: +NORMALIZE_WHITESPACE
    Outcome(allowed=False, step='Request class',
            reason="a page may not use the method 'trace'")
    """
    method = request.method
    if not TOKEN.fullmatch(method) or is_forbidden_method(method):
        return refused("Request class", f"a page may not use the method {method!r}")
    if request.mode == "no-cors" and not is_safelisted_method(normalize_method(method)):
        return refused("Request class", f"mode no-cors does not allow the method {method!r}")
    for name, value in request.headers:
        if not TOKEN.fullmatch(name) or NOT_IN_VALUE.search(value.strip(WHITESPACE)):
            return refused("Headers class", f"the request header {name!r} is malformed")
    return None


def response_tainting(request: Request) -> Tainting:
    """Classify the fetch: "basic" is free, "cors" checked, "opaque" unreadable, "error" fails.

    Fetch, "Main fetch" step 12 and "Scheme fetch" step 3 (of other schemes, only `data:`).

    >>> response_tainting(Request(origin="https://a.example", url="https://b.example/"))
    'cors'
    """
    scheme = ascii_lower(request.url.partition(":")[0])
    if scheme == "data":
        return "basic"
    if scheme not in {"http", "https"}:
        return "error"
    if same_origin(request.origin, request.url):
        return "basic"
    by_mode: dict[Mode, Tainting] = {"same-origin": "error", "no-cors": "opaque", "cors": "cors"}
    return by_mode[request.mode]


def is_cors_request(request: Request) -> bool:
    """Tell whether the CORS protocol decides about this fetch: mode "cors", to another origin.

    Fetch, "Main fetch" step 12, its last two cases.

    >>> is_cors_request(Request(origin="http://a.example", url="http://a.example:80/"))
    False
    """
    return response_tainting(request) == "cors"


def needs_preflight(request: Request) -> bool:
    """Tell whether the browser asks first, given an empty preflight cache.

    Fetch, "Main fetch" step 12, its last but one case.

    >>> needs_preflight(Request(method="PUT", origin="null", url="https://a.example/"))
    True
    """
    return is_cors_request(request) and (
        method_needs_preflight(request) or bool(unsafe_names(request))
    )


def method_needs_preflight(request: Request) -> bool:
    """Tell whether the method, or the flag, needs a preflight, whatever the headers."""
    return request.use_preflight or not is_safelisted_method(normalize_method(request.method))


def preflight_request_headers(request: Request) -> tuple[tuple[str, str], ...]:
    """Return the headers of the OPTIONS request that a server can decide by.

    Fetch, "CORS-preflight fetch" steps 3 to 5 and "`Origin` header".

    >>> preflight_request_headers(Request(method="put", origin="null", url="https://a.example/",
    ...                                   headers={"X-B": "1", "X-A": "2"}))
    ... # doctest: +NORMALIZE_WHITESPACE
    (('Origin', 'null'), ('Access-Control-Request-Method', 'PUT'),
     ('Access-Control-Request-Headers', 'x-a,x-b'))
    """
    pairs = (
        ("Origin", request.origin),
        ("Access-Control-Request-Method", normalize_method(request.method)),
    )
    names = unsafe_names(request)
    return (*pairs, ("Access-Control-Request-Headers", ",".join(names))) if names else pairs


def actual_request_headers(request: Request) -> tuple[tuple[str, str], ...]:
    """Return the headers of the request itself: Origin where it is sent, then the page's own.

    The referrer policy is taken to be one that does not hide the origin. Fetch, "`Origin` header",
    append a request `Origin` header, steps 3 and 4.

    >>> actual_request_headers(Request(origin="https://a.example", url="https://b.example/"))
    (('Origin', 'https://a.example'),)
    """
    safe = normalize_method(request.method) in {"GET", "HEAD"}
    origin = () if safe and not is_cors_request(request) else (("Origin", request.origin),)
    return (*origin, *author_headers(request))

"""The browser's half of CORS, as pure functions over plain values.

The WHATWG Fetch standard (https://fetch.spec.whatwg.org/, read in its review draft of June 2026)
says what a browser sends and which answers it lets a page read. Each function here is one of its
algorithms and names the clause: the section title, then the step. It is the oracle of the property
tests and what explains a verdict to a user, so it follows the text; how a particular browser
departs from it is an option of the request, `dialect`.

What lives here: everything that decides whether a page may send a request and read the answer.
What must not: any server policy, any I/O, any clock. The current time is an argument.

Text is what the standard calls isomorphic decoded: one character is one byte. Case-insensitive
means byte-case-insensitive: only A to Z and a to z are equated. Headers go in as a mapping or as
pairs in wire order, where a name may come more than once. URLs are absolute and already in the form
that a URL parser serializes: IDNA, IPv4 and IPv6 spellings are not normalized here.

Not modelled: cookies, service workers, Content Security Policy, mixed content, blocked ports,
network partition keys, Cross-Origin-Resource-Policy, Private and Local Network Access.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, Optional, Union, cast, get_args

import attrs

from ._dialect import CHROMIUM, STANDARD, Dialect

__all__ = [
    "CHROMIUM",
    "FAILURE",
    "STANDARD",
    "CacheEntry",
    "Credentials",
    "Dialect",
    "Failure",
    "Headers",
    "Mode",
    "Outcome",
    "PreflightCache",
    "Request",
    "Response",
    "Tainting",
    "actual_check",
    "actual_request_headers",
    "author_headers",
    "cors_check",
    "extract_list",
    "fetch_outcome",
    "get",
    "is_cors_request",
    "is_forbidden_method",
    "is_forbidden_request_header",
    "is_safelisted_method",
    "is_safelisted_request_header",
    "max_age",
    "may_reuse",
    "needs_preflight",
    "normalize_method",
    "origin_after_redirect",
    "preflight_check",
    "preflight_request_headers",
    "readable_headers",
    "request_error",
    "response_tainting",
    "same_origin",
    "serialize_origin",
    "unsafe_request_header_names",
]

Headers = Union[Mapping[str, str], Iterable[tuple[str, str]]]
Credentials = Literal["omit", "same-origin", "include"]
Mode = Literal["cors", "no-cors", "same-origin"]
Tainting = Literal["basic", "cors", "opaque", "error"]


class Failure(enum.Enum):
    """Say that a header is present but breaks its grammar, which is not the same as absent."""

    FAILURE = "failure"


FAILURE: Final = Failure.FAILURE

_TO_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_TO_UPPER = {lower: upper for upper, lower in _TO_LOWER.items()}

# Infra, "HTTP tab or space"; "HTTP whitespace" adds the two newline bytes.
_TAB_OR_SPACE = "\t "
_WHITESPACE = "\t\n\r "

# RFC 9110 section 5.6.2: token = 1*tchar. Both `method` and `field-name` are a token.
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")

# RFC 9111 section 1.2.2: delta-seconds = 1*DIGIT, no sign; what is too large counts as 2^31.
_DELTA_SECONDS = re.compile(r"(-?)([0-9]+)")
_DELTA_SECONDS_LIMIT = 2**31

# Fetch, "Headers": header value; and what Web IDL lets through as a ByteString.
_NOT_IN_VALUE = re.compile(r"[\0\r\n]|[^\x00-\xff]")

# Fetch, "Headers": CORS-unsafe request-header byte, and the values of the safelisted headers.
_UNSAFE_BYTE = re.compile(r'[\x00-\x08\x0a-\x1f"():<>?@\[\\\]{}\x7f]')
_LANGUAGE_VALUE = re.compile(r"[0-9A-Za-z *,\-.;=]*")
_SINGLE_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)")

# Fetch, "Headers", get, decode, and split: up to the next comma outside a quoted string; a quoted
# string that is never closed runs to the end.
_MEMBER = re.compile(r',((?:[^",]|"(?:[^"\\]|\\.)*(?:"|\\?\Z))*)', re.DOTALL)

# URL, "Origin" and "URL serializing", for the special schemes, which alone have a tuple origin.
_DEFAULT_PORTS = {"http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21"}
_AUTHORITY = re.compile(
    r"""
    ([A-Za-z][A-Za-z0-9+.\-]*)  ://  # scheme
    (?:[^/?\#\\]*@)?               # user name and password
    (\[[0-9A-Fa-f:.]+\] | [^\x00-\x20/?\#\\:@\[\]<>^|%\x7f]+)  # host
    (?: : ([0-9]*) )?  # port
    (?: [/?\#\\] | \Z )
    """,
    re.VERBOSE,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NORMALIZED_METHODS = _words("DELETE GET HEAD OPTIONS POST PUT")
_FORBIDDEN_METHODS = _words("CONNECT TRACE TRACK")
_SAFELISTED_METHODS = _words("GET HEAD POST")
_SAFELISTED_TYPES = _words("application/x-www-form-urlencoded multipart/form-data text/plain")
_NO_CORS_REQUEST_HEADERS = _words("accept accept-language content-language content-type")
_NON_WILDCARD_REQUEST_HEADERS = _words("authorization")
_METHOD_OVERRIDES = _words("x-http-method x-http-method-override x-method-override")
_FORBIDDEN_REQUEST_HEADERS = _words(
    """
    accept-charset accept-encoding access-control-request-headers access-control-request-method
    connection content-length cookie cookie2 date dnt expect host keep-alive origin referer
    set-cookie te trailer transfer-encoding upgrade via
    """
)
_SAFELISTED_RESPONSE_HEADERS = _words(
    "cache-control content-language content-length content-type expires last-modified pragma"
)
_FORBIDDEN_RESPONSE_HEADERS = _words("set-cookie set-cookie2")
# Chromium, IsCorsSafelistedHeader: the client hints without a forbidden prefix, and their values.
_CLIENT_HINTS = {
    **dict.fromkeys(_words("device-memory downlink dpr"), re.compile(r"[0-9]+(?:\.[0-9]+)?")),
    **dict.fromkeys(_words("rtt viewport-width width"), re.compile(r"[0-9]+")),
    "ect": re.compile(r"slow-2g|[234]g"),
    "intervention": re.compile(r".*"),
    "save-data": re.compile(r"[Oo][Nn]"),
}
_SAFELISTED_VALUE_LIMIT = 128
_SAFELISTED_TOTAL_LIMIT = 1024
_DEFAULT_MAX_AGE = 5


def _lower(text: str) -> str:
    return text.translate(_TO_LOWER)


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    # A mapping is an iterable too, of its keys: only a cast says which of the two shapes it is.
    if isinstance(headers, Mapping):
        return tuple(cast("Mapping[str, str]", headers).items())
    return tuple(headers)


def _values(headers: Headers, name: str) -> list[str]:
    """List the header values of one name, a value each line, without the space around them."""
    wanted = _lower(name)
    return [value.strip(_TAB_OR_SPACE) for key, value in _pairs(headers) if _lower(key) == wanted]


def _members(value: str) -> list[str]:
    """Split at commas outside quoted strings (Fetch, "Headers", get, decode, and split)."""
    return [member.strip(_TAB_OR_SPACE) for member in _MEMBER.findall("," + value)]


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
    headers: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_pairs)
    credentials: Credentials = attrs.field(
        default="same-origin", validator=attrs.validators.in_(get_args(Credentials))
    )
    use_preflight: bool = False
    mode: Mode = attrs.field(default="cors", validator=attrs.validators.in_(get_args(Mode)))
    dialect: Dialect = attrs.field(default=STANDARD, repr=False)


@attrs.frozen(kw_only=True)
class Response:
    """Describe an answer as it came over the wire (Fetch, "Responses").

    >>> Response(status=204, headers={"Access-Control-Allow-Origin": "*"})
    Response(status=204, headers=(('Access-Control-Allow-Origin', '*'),))
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_pairs)


@attrs.frozen(kw_only=True)
class Outcome:
    """Say whether the browser lets the page go on, which clause decided it, and why in plain words.

    An outcome is true when it is allowed.

    >>> bool(Outcome(allowed=False, step="CORS check step 2", reason="no header"))
    False
    """

    allowed: bool
    step: str
    reason: str

    def __bool__(self) -> bool:
        return self.allowed


def _allowed(step: str, reason: str) -> Outcome:
    return Outcome(allowed=True, step=step, reason=reason)


def _refused(step: str, reason: str) -> Outcome:
    return Outcome(allowed=False, step=step, reason=reason)


def get(headers: Headers, name: str) -> Optional[str]:
    """Combine all values of a header with ", ", or return None if there are none.

    Fetch, "Headers", get, step 2.

    >>> get([("Vary", "Origin"), ("vary", "Accept")], "VARY")
    'Origin, Accept'
    """
    values = _values(headers, name)
    return ", ".join(values) if values else None


def extract_list(headers: Headers, name: str) -> Union[list[str], Failure, None]:
    """Parse a header whose grammar is `#field-name` or `#method`: a list of tokens.

    None is absent and `FAILURE` is malformed. Empty members are skipped, as RFC 9110 section 5.6.1
    asks of a recipient. Fetch, "Headers", extract header list values; "HTTP new-header syntax".

    >>> extract_list({"Access-Control-Allow-Methods": "PUT,, Egg"}, "Access-Control-Allow-Methods")
    ['PUT', 'Egg']
    >>> extract_list({"Access-Control-Allow-Methods": "P U T"}, "Access-Control-Allow-Methods")
    <Failure.FAILURE: 'failure'>
    """
    value = get(headers, name)
    if value is None:
        return None
    members = [member.strip(_TAB_OR_SPACE) for member in value.split(",")]
    tokens = [member for member in members if member]
    return tokens if all(map(_TOKEN.fullmatch, tokens)) else FAILURE


def _listed(headers: Headers, name: str) -> list[str]:
    """Read a list header where failure and absence both mean that nothing is named."""
    tokens = extract_list(headers, name)
    return tokens if isinstance(tokens, list) else []


def max_age(headers: Headers, dialect: Dialect = STANDARD) -> int:
    """Return for how many seconds a preflight response may be cached.

    Absent, malformed (a sign, a fraction) and repeated all mean 5. Fetch, "CORS-preflight fetch"
    steps 7.8 to 7.10, the last of which lets a browser impose a limit.

    >>> max_age({"Access-Control-Max-Age": "86400"}, CHROMIUM), max_age({})
    (7200, 5)
    """
    values = _values(headers, "Access-Control-Max-Age")
    seconds = _delta_seconds(values[0], dialect) if len(values) == 1 else _DEFAULT_MAX_AGE
    return seconds if dialect.max_age_cap is None else min(seconds, dialect.max_age_cap)


def _delta_seconds(value: str, dialect: Dialect) -> int:
    found = _DELTA_SECONDS.fullmatch(value)
    if found is None or (found[1] and not dialect.negative_max_age_is_zero):
        return _DEFAULT_MAX_AGE
    # Eleven digits are over the limit already, and int() refuses thousands of them.
    digits = "0" if found[1] else found[2].lstrip("0")[:11] or "0"
    return min(int(digits), _DELTA_SECONDS_LIMIT)


def serialize_origin(url: str) -> str:
    """Serialize the origin of an absolute URL; what has none is "null".

    Scheme and host become lower case, the scheme's default port goes. HTML, "Origin", serialization
    of an origin; URL, "Origin".

    >>> serialize_origin("HTTPS://user@API.example:443/path"), serialize_origin("data:,x")
    ('https://api.example', 'null')
    """
    found = _AUTHORITY.match(url)
    if found is None:
        return "null"
    scheme, host, port = _lower(found[1]), _lower(found[2]), found[3]
    if scheme not in _DEFAULT_PORTS:
        return "null"
    if not port:
        return f"{scheme}://{host}"
    number = port.lstrip("0") or "0"
    if len(number) > 5 or int(number) > 65535:
        return "null"
    return f"{scheme}://{host}" + ("" if number == _DEFAULT_PORTS[scheme] else f":{number}")


def same_origin(first: str, second: str) -> bool:
    """Tell whether two URLs or serialized origins are same origin; "null" is not, even with itself.

    HTML, "Origin", same origin: scheme, host and port are equal, or it is the same opaque origin.

    >>> same_origin("https://a.example", "https://a.example:443/b"), same_origin("null", "null")
    (True, False)
    """
    origin = serialize_origin(first)
    return origin != "null" and origin == serialize_origin(second)


def origin_after_redirect(origin: str, from_url: str, to_url: str) -> str:
    """Return what the page's origin serializes to once `from_url` has redirected to `to_url`.

    It becomes "null" where one foreign origin sends the browser on to another, and stays so.
    Fetch, "Requests", redirect-taint step 4 and serializing a request origin step 2.

    >>> origin_after_redirect("https://app.example", "https://a.example/", "https://b.example/")
    'null'
    >>> origin_after_redirect("https://app.example", "https://app.example/", "https://b.example/")
    'https://app.example'
    """
    tainted = not same_origin(to_url, from_url) and not same_origin(origin, from_url)
    return "null" if tainted else origin


def normalize_method(method: str) -> str:
    """Write the six methods that browsers normalize in upper case, and leave any other alone.

    Fetch, "Methods", normalize.

    >>> normalize_method("put"), normalize_method("patch")
    ('PUT', 'patch')
    """
    upper = method.translate(_TO_UPPER)
    return upper if upper in _NORMALIZED_METHODS else method


def is_forbidden_method(method: str) -> bool:
    """Tell whether no page may use this method, in any case.

    Fetch, "Methods", forbidden method.

    >>> is_forbidden_method("Trace"), is_forbidden_method("PATCH")
    (True, False)
    """
    return method.translate(_TO_UPPER) in _FORBIDDEN_METHODS


def is_safelisted_method(method: str) -> bool:
    """Tell whether a normalized method never needs a preflight by itself.

    Fetch, "Methods", CORS-safelisted method.

    >>> is_safelisted_method("POST"), is_safelisted_method("PUT")
    (True, False)
    """
    return method in _SAFELISTED_METHODS


def is_forbidden_request_header(name: str, value: str = "") -> bool:
    """Tell whether the browser silently drops this header when a page sets it.

    The value counts only for the method overrides. Fetch, "Headers", forbidden request-header.

    >>> is_forbidden_request_header("Sec-Fetch-Mode"), is_forbidden_request_header("X-Origin")
    (True, False)
    >>> is_forbidden_request_header("X-HTTP-Method-Override", "put, Trace")
    True
    """
    lower = _lower(name)
    if lower in _FORBIDDEN_REQUEST_HEADERS or lower.startswith(("proxy-", "sec-")):
        return True
    return lower in _METHOD_OVERRIDES and any(map(is_forbidden_method, _members(value)))


def _is_safelisted_type(value: str) -> bool:
    # MIME Sniffing, "Parsing a MIME type": only steps 1 to 9 can fail, and parameters come later.
    type_, _, rest = value.strip(_WHITESPACE).partition("/")
    subtype = rest.partition(";")[0].rstrip(_WHITESPACE)
    return not _UNSAFE_BYTE.search(value) and _lower(f"{type_}/{subtype}") in _SAFELISTED_TYPES


def _is_safelisted_range(value: str) -> bool:
    # Fetch, "Headers", parse a single range header value, with allowWhitespace false.
    found = _SINGLE_RANGE.fullmatch(value)
    if found is None or not found[1]:
        return False
    return not found[2] or int(found[1]) <= int(found[2])


def is_safelisted_request_header(name: str, value: str, dialect: Dialect = STANDARD) -> bool:
    """Tell whether this one header, with this value, needs no preflight.

    The limits on all headers together are in `unsafe_request_header_names`. Fetch, "Headers",
    CORS-safelisted request-header.

    >>> is_safelisted_request_header("Content-Type", "Text/Plain;charset=utf-8")
    True
    >>> is_safelisted_request_header("Content-Type", "application/json")
    False
    """
    lower = _lower(name)
    if len(value) > _SAFELISTED_VALUE_LIMIT:
        return False
    if lower == "accept":
        return not _UNSAFE_BYTE.search(value)
    if lower in {"accept-language", "content-language"}:
        return _LANGUAGE_VALUE.fullmatch(value) is not None
    if lower == "content-type":
        return _is_safelisted_type(value)
    if dialect.client_hints_are_safelisted and lower in _CLIENT_HINTS:
        return _CLIENT_HINTS[lower].fullmatch(value) is not None
    return lower == "range" and _is_safelisted_range(value)


def unsafe_request_header_names(headers: Headers, dialect: Dialect = STANDARD) -> tuple[str, ...]:
    """Return the names that need a preflight: lower case, sorted, each once.

    Safelisted headers count as unsafe too when their values exceed 1,024 bytes together. Fetch,
    "Headers", CORS-unsafe request-header names.

    >>> unsafe_request_header_names({"X-B": "1", "Authorization": "t", "Accept": "text/html"})
    ('authorization', 'x-b')
    """
    pairs = _pairs(headers)
    safe = [is_safelisted_request_header(*pair, dialect) for pair in pairs]
    size = sum(len(value) for (_, value), is_safe in zip(pairs, safe) if is_safe)
    everything = size > _SAFELISTED_TOTAL_LIMIT
    names = {_lower(name) for (name, _), is_safe in zip(pairs, safe) if everything or not is_safe}
    return tuple(sorted(names))


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
        value = raw.strip(_WHITESPACE)
        if is_forbidden_request_header(name, value):
            continue
        if request.mode == "no-cors" and not _fits_no_cors(kept, name, value):
            continue
        kept.append((name, value))
    return _in_dialect(kept, request.dialect)


def _in_dialect(headers: list[tuple[str, str]], dialect: Dialect) -> tuple[tuple[str, str], ...]:
    if dialect.user_agent_is_forbidden:
        headers = [(name, value) for name, value in headers if _lower(name) != "user-agent"]
    if dialect.lines_are_joined:
        names = {_lower(name): None for name, _ in headers}
        return tuple((name, ", ".join(_values(headers, name))) for name in names)
    return tuple(headers)


def _unsafe_names(request: Request) -> tuple[str, ...]:
    return unsafe_request_header_names(author_headers(request), request.dialect)


def _fits_no_cors(kept: Headers, name: str, value: str) -> bool:
    # Fetch, "Headers class", append step 3: it is the combined value that must be safelisted.
    combined = ", ".join([*_values(kept, name), value])
    safe = is_safelisted_request_header(name, combined)
    return _lower(name) in _NO_CORS_REQUEST_HEADERS and safe


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
    if not _TOKEN.fullmatch(method) or is_forbidden_method(method):
        return _refused("Request class", f"a page may not use the method {method!r}")
    if request.mode == "no-cors" and not is_safelisted_method(normalize_method(method)):
        return _refused("Request class", f"mode no-cors does not allow the method {method!r}")
    for name, value in request.headers:
        if not _TOKEN.fullmatch(name) or _NOT_IN_VALUE.search(value.strip(_WHITESPACE)):
            return _refused("Headers class", f"the request header {name!r} is malformed")
    return None


def response_tainting(request: Request) -> Tainting:
    """Classify the fetch: "basic" is free, "cors" checked, "opaque" unreadable, "error" fails.

    Fetch, "Main fetch" step 12 and "Scheme fetch" step 3 (of other schemes, only `data:`).

    >>> response_tainting(Request(origin="https://a.example", url="https://b.example/"))
    'cors'
    """
    scheme = _lower(request.url.partition(":")[0])
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
        _method_needs_preflight(request) or bool(_unsafe_names(request))
    )


def _method_needs_preflight(request: Request) -> bool:
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
    names = _unsafe_names(request)
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


def cors_check(request_origin: str, credentials: Credentials, response_headers: Headers) -> Outcome:
    """Decide whether the response may be shared with the origin.

    Fetch, "CORS check".

    >>> cors_check("https://a.example", "omit", {"Access-Control-Allow-Origin": "*"}).allowed
    True
    >>> cors_check("https://a.example", "include", {"Access-Control-Allow-Origin": "*"}).reason
    'Access-Control-Allow-Origin is *, which does not count when credentials are included'
    """
    pairs = _pairs(response_headers)
    origin = get(pairs, "Access-Control-Allow-Origin")
    if origin is None:
        return _refused("CORS check step 2", "Access-Control-Allow-Origin is missing")
    if credentials != "include" and origin == "*":
        return _allowed("CORS check step 3", "Access-Control-Allow-Origin is *")
    if origin != request_origin:
        return _refused("CORS check step 4", _origin_problem(origin, request_origin))
    if credentials != "include":
        return _allowed("CORS check step 5", "Access-Control-Allow-Origin names the origin")
    return _credentials_check(get(pairs, "Access-Control-Allow-Credentials"))


def _origin_problem(origin: str, request_origin: str) -> str:
    if origin == "*":
        return (
            "Access-Control-Allow-Origin is *, which does not count when credentials are included"
        )
    if "," in origin:
        return f"Access-Control-Allow-Origin has more than one value: {origin!r}"
    return f"Access-Control-Allow-Origin is {origin!r}, not {request_origin!r}"


def _credentials_check(credentials: Optional[str]) -> Outcome:
    if credentials == "true":
        return _allowed(
            "CORS check step 7", "the origin is named and Access-Control-Allow-Credentials is true"
        )
    problem = "is missing" if credentials is None else f"is {credentials!r}, not 'true'"
    return _refused("CORS check step 8", f"Access-Control-Allow-Credentials {problem}")


def preflight_check(request: Request, response: Response) -> Outcome:
    """Decide whether the answer to the preflight lets the request be sent.

    Fetch, "CORS-preflight fetch" steps 7 and 8.

    >>> preflight_check(
    ...     Request(method="PUT", origin="https://a.example", url="https://b.example/"),
    ...     Response(headers={"Access-Control-Allow-Origin": "*"}),
    ... ).reason
    "preflight: the method 'PUT' is not in Access-Control-Allow-Methods"
    """
    found = next(_preflight_problems(request, response), None)
    if found is not None:
        return _refused(f"CORS-preflight fetch step {found[0]}", f"preflight: {found[1]}")
    return _allowed("CORS-preflight fetch step 7", "preflight: the response allows the request")


def _preflight_problems(request: Request, response: Response) -> Iterator[tuple[str, str]]:
    """Yield (step, what is wrong) in the order of the standard, whose first one decides."""
    shared = cors_check(request.origin, request.credentials, response.headers)
    if not shared:
        yield f"7, {shared.step}", shared.reason
    if not 200 <= response.status <= 299:
        yield "7", _status_problem(response.status)
    methods = _allowed_methods(request, response)
    names = extract_list(response.headers, "Access-Control-Allow-Headers")
    if methods is FAILURE:
        yield "7.3", "Access-Control-Allow-Methods is not a list of methods"
    elif names is FAILURE:
        yield "7.3", "Access-Control-Allow-Headers is not a list of header names"
    else:
        yield from _method_problems(request, methods)
        yield from _header_problems(request, [_lower(name) for name in names or ()])


def _status_problem(status: int) -> str:
    if 300 <= status <= 399:
        return f"the response is a redirect ({status}), which a preflight does not follow"
    return f"the status is {status}, not one of 200 to 299"


def _allowed_methods(request: Request, response: Response) -> Union[list[str], Failure]:
    # Steps 7.1 and 7.4: a preflight made for the flag alone grants the method by its silence.
    methods = extract_list(response.headers, "Access-Control-Allow-Methods")
    if methods is None:
        return [normalize_method(request.method)] if request.use_preflight else []
    return methods


def _covered(member: str, listed: list[str], request: Request) -> bool:
    return member in listed or ("*" in listed and request.credentials != "include")


def _ignored_wildcard(listed: list[str]) -> str:
    return "; its * does not count when credentials are included" if "*" in listed else ""


def _method_problems(request: Request, methods: list[str]) -> Iterator[tuple[str, str]]:
    method = normalize_method(request.method)
    if not is_safelisted_method(method) and not _covered(method, methods, request):
        note = _ignored_wildcard(methods)
        yield "7.5", f"the method {method!r} is not in Access-Control-Allow-Methods{note}"


def _header_problems(request: Request, listed: list[str]) -> Iterator[tuple[str, str]]:
    where = "is not in Access-Control-Allow-Headers"
    unsafe = _unsafe_names(request)
    for name in unsafe if not request.dialect.wildcard_covers_authorization else ():
        if name in _NON_WILDCARD_REQUEST_HEADERS and name not in listed:
            note = ", and * does not cover it" if "*" in listed else ""
            yield "7.6", f"the request header {name!r} {where}{note}"
    for name in unsafe:
        if not _covered(name, listed, request):
            yield "7.7", f"the request header {name!r} {where}{_ignored_wildcard(listed)}"


def actual_check(request: Request, response: Response) -> Outcome:
    """Decide whether the page may read this response; of a redirect, whether it is followed.

    An opaque response (mode "no-cors") is not an error, but there is nothing in it to read. After a
    304 it is the stored response that counts. Fetch, "Main fetch" step 12, "HTTP fetch" step 4.4.

    >>> actual_check(Request(origin="https://a.example", url="https://b.example/"), Response())
    ... # doctest: +NORMALIZE_WHITESPACE
    Outcome(allowed=False, step='CORS check step 2',
            reason='Access-Control-Allow-Origin is missing')
    """
    tainting = response_tainting(request)
    if tainting == "cors":
        return cors_check(request.origin, request.credentials, response.headers)
    if tainting == "basic":
        return _allowed("Main fetch step 12", "the request is same-origin")
    if tainting == "opaque":
        return _refused("Main fetch step 12", "the response is opaque: the mode is no-cors")
    return _refused("Main fetch step 12", "the mode or the URL's scheme does not allow the request")


def fetch_outcome(
    request: Request, preflight_response: Optional[Response], response: Response
) -> Outcome:
    """Decide the whole fetch: the page's request, the preflight if one is needed, the response.

    `preflight_response` is looked at only when `needs_preflight(request)`; it must then be given,
    else ValueError. Fetch, "Main fetch" step 12 and "HTTP fetch" step 4.

    >>> fetch_outcome(
    ...     Request(origin="https://a.example", url="https://b.example/"),
    ...     None,
    ...     Response(headers={"Access-Control-Allow-Origin": "https://a.example"}),
    ... ).allowed
    True
    """
    error = request_error(request)
    if error is not None:
        return error
    if needs_preflight(request):
        if preflight_response is None:
            raise ValueError("the request needs a preflight: give the response to it")
        preflight = preflight_check(request, preflight_response)
        if not preflight:
            return preflight
    return actual_check(request, response)


def readable_headers(request: Request, response: Response) -> frozenset[str]:
    """Return the names, in lower case, of the response headers that the page can read.

    Empty when it cannot read the response at all. Fetch, "Main fetch" step 14.1; "Headers",
    CORS-safelisted response-header name; "Responses", filtered response.

    >>> sorted(readable_headers(
    ...     Request(origin="https://a.example", url="https://b.example/"),
    ...     Response(headers={"Access-Control-Allow-Origin": "*", "ETag": "1", "X-A": "2",
    ...                       "Access-Control-Expose-Headers": "etag"}),
    ... ))
    ['etag']
    """
    if not actual_check(request, response):
        return frozenset()
    names = {_lower(name) for name, _ in response.headers} - _FORBIDDEN_RESPONSE_HEADERS
    if not is_cors_request(request):
        return frozenset(names)
    exposed = _listed(response.headers, "Access-Control-Expose-Headers")
    if "*" in exposed and request.credentials != "include":
        return frozenset(names)
    return frozenset(names & (_SAFELISTED_RESPONSE_HEADERS | set(map(_lower, exposed))))


@attrs.frozen(kw_only=True)
class CacheEntry:
    """Remember one method or one header name (in lower case) that a preflight response granted.

    The one that the entry is not for is empty. `expires` is in seconds, on the caller's clock.
    Fetch, "CORS-preflight cache", cache entry.

    >>> CacheEntry(origin="https://a.example", url="https://b.example/", credentials=False,
    ...            method="PUT", expires=5.0).grants_method("PUT")
    True
    """

    origin: str
    url: str
    credentials: bool
    method: str = ""
    header_name: str = ""
    expires: float

    def matches(self, request: Request, now: float) -> bool:
        """Tell whether the entry is about this request at all (Fetch, cache entry match)."""
        return (
            now < self.expires
            and (self.origin, self.url) == (request.origin, request.url)
            and (self.credentials or request.credentials != "include")
        )

    def grants_method(self, method: str) -> bool:
        """Tell whether the entry is for this method (Fetch, method cache entry match)."""
        return self.method in {method, "*"}

    def grants_header(self, name: str) -> bool:
        """Tell whether the entry is for this header name (Fetch, header-name cache entry match)."""
        lower = _lower(name)
        wildcard = self.header_name == "*" and lower not in _NON_WILDCARD_REQUEST_HEADERS
        return wildcard or self.header_name == lower


@attrs.frozen
class PreflightCache:
    """Hold what preflight responses have granted; every change returns a new cache.

    To the letter of the standard a `*` that was stored with credentials matches any method or
    header. Fetch, "CORS-preflight cache".

    >>> request = Request(method="PUT", origin="https://a.example", url="https://b.example/")
    >>> response = Response(headers={"Access-Control-Allow-Origin": "*",
    ...                              "Access-Control-Allow-Methods": "PUT",
    ...                              "Access-Control-Max-Age": "10"})
    >>> cache = PreflightCache().with_response(request, response, now=100.0)
    >>> cache.matches(request, now=109.0), cache.matches(request, now=110.0)
    (True, False)
    """

    entries: tuple[CacheEntry, ...] = ()

    def matches(self, request: Request, now: float) -> bool:
        """Tell whether the request may go without a preflight, thanks to the cache or anyway.

        Fetch, "HTTP fetch" step 4.1.
        """
        known = [entry for entry in self.entries if entry.matches(request, now)]
        method = normalize_method(request.method)
        if not is_cors_request(request):
            return True
        if _method_needs_preflight(request) and not any(e.grants_method(method) for e in known):
            return False
        names = _unsafe_names(request)
        return all(any(entry.grants_header(name) for entry in known) for name in names)

    def with_response(self, request: Request, response: Response, now: float) -> PreflightCache:
        """Return the cache after this answer to the request's preflight; a refusal clears.

        Fetch, "CORS-preflight fetch" steps 7.8 to 7.15; "Main fetch" step 12.
        """
        if not preflight_check(request, response):
            return self.without(request)
        expires = now + max_age(response.headers, request.dialect)
        kept = self.without(request) if request.dialect.one_preflight_is_kept else self
        entries = kept.entries
        for method in _granted_methods(request, response):
            entries = _stored(entries, _entry(request, expires, method=method), request, now)
        for name in _granted_names(request, response):
            entries = _stored(entries, _entry(request, expires, name=name), request, now)
        return PreflightCache(tuple(entry for entry in entries if now < entry.expires))

    def after_failure(self, request: Request) -> PreflightCache:
        """Return the cache after a preflighted request's own answer turned out to be refused.

        Fetch, "Main fetch" step 12, its last but one case.
        """
        return self if request.dialect.failures_keep_preflights else self.without(request)

    def without(self, request: Request) -> PreflightCache:
        """Return the cache without what it holds for the request's origin and URL.

        Fetch, "CORS-preflight cache", clear cache entries.
        """
        key = (request.origin, request.url)
        return PreflightCache(tuple(e for e in self.entries if (e.origin, e.url) != key))


def _granted_methods(request: Request, response: Response) -> list[str]:
    methods = _allowed_methods(request, response)
    return _kept(request, methods if isinstance(methods, list) else [])


def _granted_names(request: Request, response: Response) -> list[str]:
    names = _listed(response.headers, "Access-Control-Allow-Headers")
    return _kept(request, list(map(_lower, names)))


def _kept(request: Request, granted: list[str]) -> list[str]:
    """Leave out the wildcards that count for nothing in this dialect."""
    strict = request.dialect.kept_wildcards_need_no_credentials
    drop = {"*"} if strict and request.credentials == "include" else set[str]()
    return [member for member in granted if member not in drop]


def _entry(request: Request, expires: float, *, method: str = "", name: str = "") -> CacheEntry:
    return CacheEntry(
        origin=request.origin,
        url=request.url,
        credentials=request.credentials == "include",
        method=method,
        header_name=name,
        expires=expires,
    )


def _stored(
    entries: tuple[CacheEntry, ...], new: CacheEntry, request: Request, now: float
) -> tuple[CacheEntry, ...]:
    """Renew the entries that already grant what `new` does, or add it."""

    def grants(entry: CacheEntry) -> bool:
        if not entry.matches(request, now):
            return False
        if new.method:
            return entry.grants_method(new.method)
        return entry.grants_header(new.header_name)

    if not any(map(grants, entries)):
        return (*entries, new)
    return tuple(attrs.evolve(e, expires=new.expires) if grants(e) else e for e in entries)


def may_reuse(
    stored_request_headers: Headers,
    stored_response: Response,
    request_headers: Headers,
    method: str = "GET",
    *,
    ignore_method: bool = False,
) -> bool:
    """Tell whether an HTTP cache may answer a request with a response stored for another one.

    Both are for the same URL and `method`. Each header that `Vary` names must be equal in both
    requests, or absent from both. Never reused: what has `Vary: *`, what has
    `Cache-Control: no-store`, what answers another method than GET and HEAD. `ignore_method` asks
    about `Vary` alone, also of responses that no cache stores (RFC 9110 section 9.3.7 on OPTIONS).
    Freshness is taken for granted. RFC 9111 sections 3 and 4.1.

    >>> varying = Response(headers={"Vary": "Origin"})
    >>> may_reuse({"Origin": "https://a.example"}, varying, {"Origin": "https://b.example"})
    False
    """
    storable = "no-store" not in _directives(stored_response, "Cache-Control")
    if not ignore_method and not (storable and method in {"GET", "HEAD"}):
        return False
    varying = _directives(stored_response, "Vary")
    stored, new = _pairs(stored_request_headers), _pairs(request_headers)
    return "*" not in varying and all(
        _comparable(stored, name) == _comparable(new, name) for name in varying
    )


def _directives(response: Response, name: str) -> list[str]:
    return [_lower(member) for member in _members(get(response.headers, name) or "") if member]


def _comparable(headers: Headers, name: str) -> Optional[str]:
    # RFC 9111 section 4.1: lines are combined, and white space where it is optional is no matter.
    value = get(headers, name)
    return None if value is None else re.sub(r"[\t ]*,[\t ]*", ",", value)

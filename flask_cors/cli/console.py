"""What browsers write into their consoles when they refuse: one table, and who says what when.

The texts of Chromium, Firefox and WebKit, which is Safari's, are compared with what these show in
`tests/browser`.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Optional
from urllib.parse import urlsplit

import attrs

from corecors import browser
from corecors.browser import Request, Response

from .page import Exchange, Fetch, Kind, location_url


class Message(NamedTuple):
    """What each browser says to one refusal."""

    chromium: str
    firefox: str
    safari: str


_SAFARI_ORIGIN = (
    "Origin {origin} is not allowed by Access-Control-Allow-Origin. Status code: {status}"
)
_SAFARI_REDIRECT = (
    "Cross-origin redirection to {url} denied by Cross-Origin Resource Sharing policy: "
)
_SAFARI_STATUS = "Preflight response is not successful. Status code: {status}"
_CREDENTIALS_MODE = "when the request's credentials mode is 'include'."

MESSAGES = {
    "missing": Message(
        "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
        "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: {status}.",
        _SAFARI_ORIGIN,
    ),
    "mismatch": Message(
        "The 'Access-Control-Allow-Origin' header has a value '{value}' that is not equal to the "
        "supplied origin. Have the server send the header with a valid value.",
        "CORS header ‘Access-Control-Allow-Origin’ does not match ‘{value}’).",
        _SAFARI_ORIGIN,
    ),
    "invalid": Message(
        "The 'Access-Control-Allow-Origin' header contains the invalid value '{value}'. Have the "
        "server send the header with a valid value.",
        "CORS header ‘Access-Control-Allow-Origin’ does not match ‘{value}’).",
        _SAFARI_ORIGIN,
    ),
    "multiple": Message(
        "The 'Access-Control-Allow-Origin' header contains multiple values '{value}', but only "
        "one is allowed. Have the server send the header with a valid value.",
        "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed).",
        "Access-Control-Allow-Origin cannot contain more than one origin.",
    ),
    "wildcard": Message(
        "The value of the 'Access-Control-Allow-Origin' header in the response must not be the "
        f"wildcard '*' {_CREDENTIALS_MODE}",
        "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’).",
        "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.",
    ),
    "credentials": Message(
        "The value of the 'Access-Control-Allow-Credentials' header in the response is '{value}' "
        f"which must be 'true' {_CREDENTIALS_MODE}",
        "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’).",
        'Credentials flag is true, but Access-Control-Allow-Credentials is not "true".',
    ),
    "redirect": Message(
        "Redirect is not allowed for a preflight request.",
        "CORS request external redirect not allowed).",
        _SAFARI_STATUS,
    ),
    "status": Message(
        "It does not have HTTP ok status.",
        "CORS preflight response did not succeed). Status code: {status}.",
        _SAFARI_STATUS,
    ),
    "methods": Message(
        "Cannot parse Access-Control-Allow-Methods response header field in preflight response.",
        "invalid token ‘{value}’ in CORS header ‘Access-Control-Allow-Methods’).",
        "Header Access-Control-Allow-Methods has an invalid value: {value}",
    ),
    "headers": Message(
        "Cannot parse Access-Control-Allow-Headers response header field in preflight response.",
        "invalid token ‘{value}’ in CORS header ‘Access-Control-Allow-Headers’).",
        "Header Access-Control-Allow-Headers has an invalid value: {value}",
    ),
    "password": Message(
        "Redirect location '' contains a username and password, which is disallowed for "
        "cross-origin requests.",
        "",
        "redirection URL {value} has credentials",
    ),
    "ftp": Message(
        # It lists those of its version.
        "Cross origin requests are only supported for protocol schemes: http, https, and some of "
        "Chromium's own.",
        "",
        "",
    ),
    "method": Message(
        "Method {value} is not allowed by Access-Control-Allow-Methods in preflight response.",
        "Did not find method in CORS header ‘Access-Control-Allow-Methods’).",
        "Method {value} is not allowed by Access-Control-Allow-Methods.",
    ),
    "header": Message(
        "Request header field {value} is not allowed by Access-Control-Allow-Headers in preflight "
        "response.",
        "header ‘{value}’ is not allowed according to header ‘Access-Control-Allow-Headers’ from "
        "CORS preflight response).",
        "Request header field {value} is not allowed by Access-Control-Allow-Headers.",
    ),
}
"""What follows the address in Chromium, and `(Reason: ` in Firefox; all of it in Safari. An empty
text is one that is not known, or none of CORS."""

_OF_THE_LIST = frozenset({"methods", "headers", "method", "header"})

_CHROMIUM = "Access to fetch at {at} from origin '{page}' has been blocked by CORS policy: {text}"
_PREFLIGHT = "Response to preflight request doesn't pass access control check: "
_FIREFOX = (
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource "
    "at {url}. (Reason: {text}"
)

# What Chromium takes for the address of an origin, well enough to tell why it says what.
_IS_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/*[^\s/?#\\*'<>^|]+.*").fullmatch


class Refusal(NamedTuple):
    """Which of the messages it is, and what is filled in."""

    kind: str
    value: str = ""


@attrs.frozen
class Messages:
    """What the three consoles show."""

    chromium: str
    firefox: str
    safari: str


def messages(fetch: Fetch, page: str, first_url: str) -> Optional[Messages]:
    """Give what the consoles of a page show; None where it is no refusal of CORS.

    >>> from .page import Answered, fetch
    >>> asked = Request(origin="https://a.example", url="https://b.example/")
    >>> played = fetch(asked, lambda *_: Answered(status=200))
    >>> messages(played, "https://a.example", asked.url).safari
    'Origin https://a.example is not allowed by Access-Control-Allow-Origin. Status code: 200'
    """
    if fetch.outcome or not fetch.exchanges:
        return None
    exchange = fetch.exchanges[-1]
    if not exchange.answered.status or not _is_of_cors(fetch, exchange):
        return None
    standard = refusal(fetch.request, exchange)
    if standard is None:
        return None
    return Messages(
        chromium=_chromium(_redirect_first(standard, exchange), exchange, page, first_url),
        firefox=_firefox(_one_line_first(standard, exchange), exchange, fetch.request, page),
        safari=_safari(_status_first(standard, exchange), exchange, fetch.request),
    )


def _is_of_cors(fetch: Fetch, exchange: Exchange) -> bool:
    """Say whether CORS refuses it, or what follows from an answer that it allows."""
    return bool(exchange.outcome) or browser.is_cors_request(fetch.request)


def refusal(request: Request, exchange: Exchange) -> Optional[Refusal]:
    """Tell which refusal of the standard an answer meets with; None for one that has no text."""
    response = Response(status=exchange.answered.status, headers=exchange.answered.headers)
    if exchange.outcome:
        location = browser.get(response.headers, "Location") or ""
        if location_url(exchange.url, location) is None:
            return None
        crosses = any(map(browser.is_cors_request, (request, attrs.evolve(request, url=location))))
        return _of_redirect(location) if crosses else None
    shared = browser.cors_check(request.origin, request.credentials, response.headers)
    if not shared:
        return _of_cors_check(request, response)
    if not 200 <= response.status <= 299:
        return Refusal("redirect" if _is_redirected(exchange) else "status")
    for kind, name in (
        ("methods", "Access-Control-Allow-Methods"),
        ("headers", "Access-Control-Allow-Headers"),
    ):
        if browser.extract_list(response.headers, name) is browser.FAILURE:
            return Refusal(kind, browser.get(response.headers, name) or "")
    without_headers = attrs.evolve(request, headers=())
    if not browser.preflight_check(without_headers, response):
        return Refusal("method", browser.normalize_method(request.method))
    return Refusal("header", _refused_name(request, response))


def _of_redirect(location: str) -> Optional[Refusal]:
    """Of the schemes that no page is redirected to, Chromium calls one a matter of CORS."""
    if urlsplit(location).scheme == "ftp":
        return Refusal("ftp", location)
    return Refusal("password", location) if "@" in location else None


def _of_cors_check(request: Request, response: Response) -> Refusal:
    value = browser.get(response.headers, "Access-Control-Allow-Origin")
    if value is None:
        return Refusal("missing")
    if value == request.origin:
        credentials = browser.get(response.headers, "Access-Control-Allow-Credentials")
        return Refusal("credentials", credentials or "")
    if value == "*":
        return Refusal("wildcard")
    if "," in value or " " in value:
        return Refusal("multiple", value)
    return Refusal("mismatch" if value == "null" or _IS_URL(value) else "invalid", value)


def _refused_name(request: Request, response: Response) -> str:
    """Give the first header name that the answer does not allow."""
    names = browser.unsafe_request_header_names(browser.author_headers(request), request.dialect)
    for name in names:
        values = [pair for pair in request.headers if pair[0].lower() == name]
        alone = attrs.evolve(request, method="GET", use_preflight=False, headers=values)
        if not browser.preflight_check(alone, response):
            return name
    return names[0]


def _redirect_first(refused: Refusal, exchange: Exchange) -> Refusal:
    """Chromium looks at nothing else of a preflight that is redirected."""
    return Refusal("redirect") if _is_redirected(exchange) else refused


def _is_redirected(exchange: Exchange, kind: Kind = "preflight") -> bool:
    return exchange.kind == kind and exchange.answered.status in browser.REDIRECT_STATUSES


def _status_first(refused: Refusal, exchange: Exchange) -> Refusal:
    """Safari looks at the status of a preflight before anything else."""
    ok = 200 <= exchange.answered.status <= 299
    return refused if ok or exchange.kind == "request" else Refusal("status")


def _chromium(refused: Refusal, exchange: Exchange, page: str, first_url: str) -> str:
    url = refused.value if refused.kind == "ftp" else exchange.url
    at = f"'{url}'"
    if url != first_url:
        at += f" (redirected from '{first_url}')"
    text = _filled("chromium", refused, exchange, page)
    if exchange.kind == "preflight" and refused.kind not in _OF_THE_LIST:
        text = _PREFLIGHT + text
    return _CHROMIUM.format(at=at, page=page, text=text)


def _one_line_first(refused: Refusal, exchange: Exchange) -> Refusal:
    """Firefox takes several values in one line for one value."""
    names = [name.lower() for name, _ in exchange.answered.headers]
    alone = names.count("access-control-allow-origin") == 1
    return Refusal("mismatch", refused.value) if refused.kind == "multiple" and alone else refused


def _firefox(refused: Refusal, exchange: Exchange, asked: Request, page: str) -> str:
    if _is_in_wildcard(refused, asked, exchange):
        return ""
    text = _filled("firefox", refused, exchange, page)
    url = f"‘{exchange.url}’" if refused.kind == "wildcard" else exchange.url
    return _FIREFOX.format(url=url, text=text) if text else ""


def _safari(refused: Refusal, exchange: Exchange, asked: Request) -> str:
    if _is_in_wildcard(refused, asked, exchange):
        return ""
    kind, value = refused
    if kind == "multiple" and "," not in value:
        kind = "mismatch"
    elif kind == "header":  # as the page has written it
        value = next(name for name, _ in asked.headers if name.lower() == value)
    text = _filled("safari", Refusal(kind, value), exchange, asked.origin)
    location = browser.get(exchange.answered.headers, "Location")
    url = None if location is None else location_url(exchange.url, location)
    if not text or not _is_redirected(exchange, "request") or url is None:
        return text
    target = urlsplit(url)
    shown = target._replace(netloc=target.netloc.rpartition("@")[2]).geturl()
    return _SAFARI_REDIRECT.format(url=shown) + text


def _is_in_wildcard(refused: Refusal, asked: Request, exchange: Exchange) -> bool:
    """Firefox and Safari take `*` for every name; the standard, for all but this one."""
    if refused != Refusal("header", "authorization") or asked.credentials == "include":
        return False
    names = browser.extract_list(exchange.answered.headers, "Access-Control-Allow-Headers")
    return names is not browser.FAILURE and "*" in (names or ())


def _filled(name: str, refused: Refusal, exchange: Exchange, origin: str) -> str:
    template: str = getattr(MESSAGES[refused.kind], name)
    return template.format(value=refused.value, status=exchange.answered.status, origin=origin)

"""Fetch, "CORS check" and "CORS-preflight fetch" step 7: which answers let the page continue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional, Union

from .headers import (
    FAILURE,
    FORBIDDEN_RESPONSE_HEADERS,
    NON_WILDCARD_REQUEST_HEADERS,
    SAFELISTED_RESPONSE_HEADERS,
    Failure,
    Headers,
    as_pairs,
    extract_list,
    get,
    names_in,
)
from .infra import ascii_lower
from .methods import is_safelisted_method, normalize_method
from .outcomes import Outcome, allowed, refused
from .requests import (
    Credentials,
    Request,
    Response,
    is_cors_request,
    needs_preflight,
    request_error,
    response_tainting,
    unsafe_names,
)


def cors_check(request_origin: str, credentials: Credentials, response_headers: Headers) -> Outcome:
    """Decide whether the response may be shared with the origin.

    Fetch, "CORS check".

    >>> cors_check("https://a.example", "omit", {"Access-Control-Allow-Origin": "*"}).allowed
    True
    >>> cors_check("https://a.example", "include", {"Access-Control-Allow-Origin": "*"}).reason
    'Access-Control-Allow-Origin is *, which does not count when credentials are included'
    """
    pairs = as_pairs(response_headers)
    origin = get(pairs, "Access-Control-Allow-Origin")
    if origin is None:
        return refused("CORS check step 2", "Access-Control-Allow-Origin is missing")
    if credentials != "include" and origin == "*":
        return allowed("CORS check step 3", "Access-Control-Allow-Origin is *")
    if origin != request_origin:
        return refused("CORS check step 4", _origin_problem(origin, request_origin))
    if credentials != "include":
        return allowed("CORS check step 5", "Access-Control-Allow-Origin names the origin")
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
        return allowed(
            "CORS check step 7", "the origin is named and Access-Control-Allow-Credentials is true"
        )
    problem = "is missing" if credentials is None else f"is {credentials!r}, not 'true'"
    return refused("CORS check step 8", f"Access-Control-Allow-Credentials {problem}")


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
        return refused(f"CORS-preflight fetch step {found[0]}", f"preflight: {found[1]}")
    return allowed("CORS-preflight fetch step 7", "preflight: the response allows the request")


def _preflight_problems(request: Request, response: Response) -> Iterator[tuple[str, str]]:
    """Yield (step, what is wrong) in the order of the standard, whose first one decides."""
    shared = cors_check(request.origin, request.credentials, response.headers)
    if not shared:
        yield f"7, {shared.step}", shared.reason
    if not 200 <= response.status <= 299:
        yield "7", _status_problem(response.status)
    methods = allowed_methods(request, response)
    names = extract_list(response.headers, "Access-Control-Allow-Headers")
    if methods is FAILURE:
        yield "7.3", "Access-Control-Allow-Methods is not a list of methods"
    elif names is FAILURE:
        yield "7.3", "Access-Control-Allow-Headers is not a list of header names"
    else:
        yield from _method_problems(request, methods)
        yield from _header_problems(request, [ascii_lower(name) for name in names or ()])


def _status_problem(status: int) -> str:
    if 300 <= status <= 399:
        return f"the response is a redirect ({status}), which a preflight does not follow"
    return f"the status is {status}, not one of 200 to 299"


def allowed_methods(request: Request, response: Response) -> Union[list[str], Failure]:
    """Return the methods that a preflight response names.

    A preflight made for the flag alone grants the method by its silence. Fetch, "CORS-preflight
    fetch" steps 7.1 and 7.4.
    """
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
    unsafe = unsafe_names(request)
    for name in unsafe if not request.dialect.wildcard_covers_authorization else ():
        if name in NON_WILDCARD_REQUEST_HEADERS and name not in listed:
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
        return allowed("Main fetch step 12", "the request is same-origin")
    if tainting == "opaque":
        return refused("Main fetch step 12", "the response is opaque: the mode is no-cors")
    return refused("Main fetch step 12", "the mode or the URL's scheme does not allow the request")


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
    names = {ascii_lower(name) for name, _ in response.headers} - FORBIDDEN_RESPONSE_HEADERS
    if not is_cors_request(request):
        return frozenset(names)
    exposed = names_in(response.headers, "Access-Control-Expose-Headers")
    if "*" in exposed and request.credentials != "include":
        return frozenset(names)
    return frozenset(names & (SAFELISTED_RESPONSE_HEADERS | set(map(ascii_lower, exposed))))

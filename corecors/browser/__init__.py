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

from .checks import actual_check, cors_check, fetch_outcome, preflight_check, readable_headers
from .dialect import CHROMIUM, STANDARD, Dialect
from .headers import (
    FAILURE,
    Failure,
    Headers,
    extract_list,
    get,
    is_forbidden_request_header,
    is_safelisted_request_header,
    unsafe_request_header_names,
)
from .http_cache import may_reuse
from .methods import is_forbidden_method, is_safelisted_method, normalize_method
from .origins import origin_after_redirect, same_origin, serialize_origin
from .outcomes import Outcome
from .preflight_cache import CacheEntry, PreflightCache, max_age
from .redirects import REDIRECT_STATUSES, redirected
from .requests import (
    Credentials,
    Mode,
    Request,
    Response,
    Tainting,
    actual_request_headers,
    author_headers,
    is_cors_request,
    needs_preflight,
    preflight_request_headers,
    request_error,
    response_tainting,
)

__all__ = [
    "CHROMIUM",
    "FAILURE",
    "REDIRECT_STATUSES",
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
    "redirected",
    "request_error",
    "response_tainting",
    "same_origin",
    "serialize_origin",
    "unsafe_request_header_names",
]

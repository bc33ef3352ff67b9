"""Fetch, "CORS-preflight cache", and "CORS-preflight fetch" steps 7.8 to 7.15, which fill it."""

from __future__ import annotations

import re

import attrs

from .checks import allowed_methods, preflight_check
from .dialect import STANDARD, Dialect
from .headers import NON_WILDCARD_REQUEST_HEADERS, Headers, names_in, values_of
from .infra import ascii_lower
from .methods import normalize_method
from .requests import Request, Response, is_cors_request, method_needs_preflight, unsafe_names

# RFC 9111 section 1.2.2: delta-seconds = 1*DIGIT, no sign; what is too large counts as 2^31.
_DELTA_SECONDS = re.compile(r"(-?)([0-9]+)")
_DELTA_SECONDS_LIMIT = 2**31
_DEFAULT_MAX_AGE = 5


def max_age(headers: Headers, dialect: Dialect = STANDARD) -> int:
    """Return for how many seconds a preflight response may be cached.

    Absent, malformed (a sign, a fraction) and repeated all mean 5. Fetch, "CORS-preflight fetch"
    steps 7.8 to 7.10, the last of which lets a browser impose a limit.

    >>> from corecors.browser import CHROMIUM
    >>> max_age({"Access-Control-Max-Age": "86400"}, CHROMIUM), max_age({})
    (7200, 5)
    """
    values = values_of(headers, "Access-Control-Max-Age")
    seconds = _delta_seconds(values[0], dialect) if len(values) == 1 else _DEFAULT_MAX_AGE
    return seconds if dialect.max_age_cap is None else min(seconds, dialect.max_age_cap)


def _delta_seconds(value: str, dialect: Dialect) -> int:
    found = _DELTA_SECONDS.fullmatch(value)
    if found is None or (found[1] and not dialect.negative_max_age_is_zero):
        return _DEFAULT_MAX_AGE
    # Eleven digits are over the limit already, and int() refuses thousands of them.
    digits = "0" if found[1] else found[2].lstrip("0")[:11] or "0"
    return min(int(digits), _DELTA_SECONDS_LIMIT)


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
        lower = ascii_lower(name)
        wildcard = self.header_name == "*" and lower not in NON_WILDCARD_REQUEST_HEADERS
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
        if method_needs_preflight(request) and not any(e.grants_method(method) for e in known):
            return False
        names = unsafe_names(request)
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
    methods = allowed_methods(request, response)
    return _kept(request, methods if isinstance(methods, list) else [])


def _granted_names(request: Request, response: Response) -> list[str]:
    names = names_in(response.headers, "Access-Control-Allow-Headers")
    return _kept(request, list(map(ascii_lower, names)))


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

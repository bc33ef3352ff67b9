"""Wrong browser halves: each is the right one with one function or table changed."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Mapping
from typing import Any, Callable

import attrs
import pytest

from corecors import browser
from corecors.conformance.vectors import _playing

ALLOW_ORIGIN = "access-control-allow-origin"
MODULES = [
    importlib.import_module(f"corecors.browser.{module.name}")
    for module in pkgutil.iter_modules(browser.__path__)
]


def spoil(monkeypatch: pytest.MonkeyPatch, changes: Mapping[str, Callable[[Any], Any]]) -> None:
    """Put something else in the place of a name, wherever it was imported."""
    for name, change in changes.items():
        places = [module for module in [_playing, browser, *MODULES] if name in vars(module)]
        changed = change(getattr(places[-1], name))
        for module in places:
            monkeypatch.setattr(module, name, changed)


def headers_first(rewrite: Callable[[str, str], str]) -> Callable[[Any], Any]:
    """Change the values of the answer's headers before the check sees them."""

    def change(check: Any) -> Any:
        def checked(origin: str, credentials: Any, headers: Any) -> Any:
            pairs = [(name, rewrite(name.lower(), value)) for name, value in headers]
            return check(origin, credentials, pairs)

        return checked

    return change


def origin_first(rewrite: Callable[[str], str]) -> dict[str, Callable[[Any], Any]]:
    """Change the value of Access-Control-Allow-Origin before the check sees it."""
    change = headers_first(lambda name, value: rewrite(value) if name == ALLOW_ORIGIN else value)
    return {"cors_check": change}


def ignoring_case(check: Any) -> Any:
    def checked(origin: str, credentials: Any, headers: Any) -> Any:
        pairs = [
            (name, value.lower() if name.lower() == ALLOW_ORIGIN else value)
            for name, value in headers
        ]
        return check(origin.lower(), credentials, pairs)

    return checked


def with_status(status: Callable[[int], int]) -> Callable[[Any], Any]:
    def change(check: Any) -> Any:
        return lambda request, response: check(
            request, attrs.evolve(response, status=status(response.status))
        )

    return change


def exposing(read: Any) -> Any:
    """Take the wildcard for one, whatever the credentials."""

    def reading(request: Any, response: Any) -> Any:
        if not browser.actual_check(request, response):
            return frozenset()
        return read(attrs.evolve(request, credentials="omit"), response)

    return reading


def matching(**same: Any) -> Callable[[Any], Any]:
    """Keep preflights for more requests than they were answered for."""

    def change(entry: Any) -> Any:
        class Wrong(entry):
            def matches(self, request: Any, now: float) -> bool:
                meant = {
                    name: getattr(self, name) if value is None else value
                    for name, value in same.items()
                }
                return super().matches(attrs.evolve(request, **meant), now)

        return Wrong

    return change


def never_clearing(cache: Any) -> Any:
    class Wrong(cache):
        def without(self, request: Any) -> Any:
            return self

    return Wrong


def without_vary(reuse: Any) -> Any:
    return lambda asked, response, headers, method: reuse((), response, (), method)


def constant(value: Any) -> Callable[[Any], Any]:
    return lambda _: value


def any_method(check: Any) -> Any:
    return lambda request, methods: iter(())


HALVES: dict[str, Mapping[str, Callable[[Any], Any]]] = {
    # what REFEREE found that the vectors of before let through
    "origins without case": {"cors_check": ignoring_case},
    "a preflight may be redirected": {
        "preflight_check": with_status(lambda status: 204 if 300 <= status < 400 else status)
    },
    "a preflight's status is no matter": {"preflight_check": with_status(lambda _: 204)},
    "only 200 and 204 for a preflight": {
        "preflight_check": with_status(lambda status: status if status in (200, 204) else 404)
    },
    "* exposes with credentials": {"readable_headers": exposing},
    "null lets every page in": {
        "cors_check": lambda check: (
            lambda origin, credentials, headers: check(
                "null" if browser.get(headers, ALLOW_ORIGIN) == "null" else origin,
                credentials,
                headers,
            )
        )
    },
    "null is never let in": {
        "cors_check": lambda check: (
            lambda origin, credentials, headers: check(
                "no origin" if origin == "null" else origin, credentials, headers
            )
        )
    },
    "HEAD needs a preflight": {"_SAFELISTED_METHODS": lambda names: names - {"HEAD"}},
    "HEAD is not written in capitals": {"_NORMALIZED_METHODS": lambda names: names - {"HEAD"}},
    "any Accept-Language is safe": {"_LANGUAGE_VALUE": constant(re.compile(r".*", re.DOTALL))},
    "Accept-Language is as free as Accept": {
        "_LANGUAGE_VALUE": constant(re.compile(r'[^\x00-\x08\x0a-\x1f"():<>?@\[\\\]{}\x7f]*'))
    },
    "any Accept is safe": {"_UNSAFE_BYTE": constant(re.compile(r"(?!)"))},
    "white space is kept": {"TAB_OR_SPACE": constant("\0"), "WHITESPACE": constant("\0")},
    "more than space and tab is trimmed": origin_first(
        lambda value: value.strip("\t\n\x0c\r \xa0")
    ),
    "values may be long": {"_SAFELISTED_VALUE_LIMIT": constant(1024)},
    "values may have 127 bytes": {"_SAFELISTED_VALUE_LIMIT": constant(127)},
    "all values together may be long": {"_SAFELISTED_TOTAL_LIMIT": constant(10_000)},
    "all values together under 1024": {"_SAFELISTED_TOTAL_LIMIT": constant(1023)},
    # and more
    "* counts with credentials": {
        "cors_check": lambda check: (
            lambda origin, credentials, headers: check(
                origin,
                "omit" if browser.get(headers, ALLOW_ORIGIN) == "*" else credentials,
                headers,
            )
        )
    },
    "a slash at the end": origin_first(lambda value: value.rstrip("/")),
    "a default port": origin_first(lambda value: value.removesuffix(":443")),
    "a list of origins": origin_first(lambda value: value.split(", ")[-1]),
    "True is true": {"cors_check": headers_first(lambda _, value: value.replace("True", "true"))},
    "methods without case": {
        "allowed_methods": lambda methods: (
            lambda request, response: (
                [name.upper() for name in found] + [name.lower() for name in found]
                if isinstance(found := methods(request, response), list)
                else found
            )
        )
    },
    "patch is written in capitals": {"_NORMALIZED_METHODS": lambda names: names | {"PATCH"}},
    "methods are never asked about": {"_method_problems": any_method},
    "* covers Authorization": {"NON_WILDCARD_REQUEST_HEADERS": constant(frozenset())},
    "TRACE is a method like others": {"_FORBIDDEN_METHODS": constant(frozenset())},
    "JSON is safelisted": {"_SAFELISTED_TYPES": lambda types: types | {"application/json"}},
    "Content-Type without parameters": {
        "_is_safelisted_type": lambda safe: lambda value: ";" not in value and safe(value)
    },
    "Range needs a preflight": {"_SINGLE_RANGE": constant(re.compile(r"(?!)"))},
    "Range of the end": {
        "_is_safelisted_range": lambda safe: lambda value: safe(value.replace("=-", "=0-"))
    },
    "Cookie may be set": {"_FORBIDDEN_REQUEST_HEADERS": lambda names: names - {"cookie"}},
    "an override is a header like others": {"_METHOD_OVERRIDES": constant(frozenset())},
    "Set-Cookie can be read": {"FORBIDDEN_RESPONSE_HEADERS": constant(frozenset())},
    "Expires cannot be read": {"SAFELISTED_RESPONSE_HEADERS": lambda names: names - {"expires"}},
    "names are asked for unsorted": {
        "unsafe_request_header_names": lambda names: lambda *given: names(*given)[::-1]
    },
    "the origin stays in a redirect": {
        "origin_after_redirect": constant(lambda origin, before, after: origin)
    },
    "preflights are kept for all pages": {"CacheEntry": matching(origin=None)},
    "preflights are kept for all URLs": {"CacheEntry": matching(url=None)},
    "preflights are kept for credentials too": {"CacheEntry": matching(credentials="omit")},
    "preflights are never cleared": {"PreflightCache": never_clearing},
    "preflights are kept for a day": {"_DEFAULT_MAX_AGE": constant(86400)},
    "a wrong age is none": {"_DEFAULT_MAX_AGE": constant(0)},
    "Vary is not read": {"may_reuse": without_vary},
    "Vary: * is a name": {
        "may_reuse": lambda reuse: (
            lambda asked, response, headers, method: reuse(
                asked,
                attrs.evolve(
                    response,
                    headers=[(n, v.replace("*", "x-star")) for n, v in response.headers],
                ),
                headers,
                method,
            )
        )
    },
    "no-store is not read": {
        "may_reuse": lambda reuse: (
            lambda asked, response, headers, method: reuse(
                asked,
                attrs.evolve(
                    response,
                    headers=[line for line in response.headers if line[0] != "Cache-Control"],
                ),
                headers,
                method,
            )
        )
    },
}

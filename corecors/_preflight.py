"""The half of the decision that a CORS-preflight request adds: its method, then its headers.

Fetch, "CORS-preflight fetch", step 7.
"""

from __future__ import annotations

from collections.abc import Callable

from ._decision import (
    HEADERS_REFUSED,
    METHOD_REFUSED,
    PREFLIGHT_ALLOWED,
    PREFLIGHT_SAFELISTED,
    Field,
)
from ._fields import HeaderMatcher, MethodTable, requested_names
from .headers import ALLOW_HEADERS, ALLOW_METHODS, SAFELISTED_METHODS

PreflightAnswer = tuple[int, tuple[Field, ...]]
"""The position of the outcome in a `Grant`, and the fields that name methods and headers."""

Preflight = Callable[[str, str], PreflightAnswer]
"""A function of the requested method and the requested header names."""


def preflight_of(methods: MethodTable, allow_headers: HeaderMatcher) -> Preflight:
    """Make the function that answers the preflights of one policy."""

    def answer(requested_method: str, requested_headers: str) -> PreflightAnswer:
        value = methods.answer(requested_method)
        if value is None:
            if requested_method in SAFELISTED_METHODS and requested_names(requested_headers) == {}:
                return PREFLIGHT_SAFELISTED, ()
            return METHOD_REFUSED, ()
        fields: tuple[Field, ...] = ((ALLOW_METHODS, value),)
        if not requested_headers:
            return PREFLIGHT_ALLOWED, fields
        names, complete = allow_headers.select(requested_headers)
        if names:
            fields = ((ALLOW_HEADERS, names), *fields)
        return (PREFLIGHT_ALLOWED if complete else HEADERS_REFUSED), fields

    return answer

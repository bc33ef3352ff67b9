"""Fetch, "Methods": which are normalized, forbidden, safelisted."""

from __future__ import annotations

from .infra import ascii_upper, words

_NORMALIZED_METHODS = words("DELETE GET HEAD OPTIONS POST PUT")
_FORBIDDEN_METHODS = words("CONNECT TRACE TRACK")
_SAFELISTED_METHODS = words("GET HEAD POST")


def normalize_method(method: str) -> str:
    """Write the six methods that browsers normalize in upper case, and leave any other alone.

    Fetch, "Methods", normalize.

    >>> normalize_method("put"), normalize_method("patch")
    ('PUT', 'patch')
    """
    upper = ascii_upper(method)
    return upper if upper in _NORMALIZED_METHODS else method


def is_forbidden_method(method: str) -> bool:
    """Tell whether no page may use this method, in any case.

    Fetch, "Methods", forbidden method.

    >>> is_forbidden_method("Trace"), is_forbidden_method("PATCH")
    (True, False)
    """
    return ascii_upper(method) in _FORBIDDEN_METHODS


def is_safelisted_method(method: str) -> bool:
    """Tell whether a normalized method never needs a preflight by itself.

    Fetch, "Methods", CORS-safelisted method.

    >>> is_safelisted_method("POST"), is_safelisted_method("PUT")
    (True, False)
    """
    return method in _SAFELISTED_METHODS

from __future__ import annotations

import pytest

from corecors._decision import (
    HEADERS_REFUSED,
    METHOD_REFUSED,
    PREFLIGHT_ALLOWED,
    PREFLIGHT_SAFELISTED,
    Field,
)
from corecors._fields import compile_headers, compile_methods
from corecors._preflight import preflight_of

METHODS = ("Access-Control-Allow-Methods", "GET, PUT")
X_A = ("Access-Control-Allow-Headers", "x-a")


@pytest.mark.parametrize(
    ("method", "headers", "position", "fields"),
    [
        ("PUT", "", PREFLIGHT_ALLOWED, (METHODS,)),
        ("PUT", ",", PREFLIGHT_ALLOWED, (METHODS,)),
        ("PUT", "x-a", PREFLIGHT_ALLOWED, (X_A, METHODS)),
        ("PUT", "x-a,x-b", HEADERS_REFUSED, (X_A, METHODS)),
        ("PUT", "x-b", HEADERS_REFUSED, (METHODS,)),
        ("PUT", "x-a," * 257, HEADERS_REFUSED, (METHODS,)),
        ("put", "x-a", METHOD_REFUSED, ()),
        ("DELETE", "", METHOD_REFUSED, ()),
        ("POST", "", PREFLIGHT_SAFELISTED, ()),
        ("HEAD", " ,\t", PREFLIGHT_SAFELISTED, ()),
        ("POST", "x-a", METHOD_REFUSED, ()),
        ("POST", "," * 8_193, METHOD_REFUSED, ()),
        ("post", "", METHOD_REFUSED, ()),
    ],
)
def test_the_method_is_answered_then_the_names_of_the_headers(
    method: str, headers: str, position: int, fields: tuple[Field, ...]
) -> None:
    """Fetch, "CORS-preflight fetch", step 7."""
    answer = preflight_of(compile_methods(("GET", "PUT")), compile_headers(("X-A",)))
    assert answer(method, headers) == (position, fields)

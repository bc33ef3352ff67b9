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
    """Fetch, "CORS-preflight fetch", step 7; the second answer is the first one, kept or not."""
    answer = preflight_of(compile_methods(("GET", "PUT")), compile_headers(("X-A",)))
    assert answer(method, headers) == (position, fields)
    assert answer(method, headers) == (position, fields)


def test_each_policy_keeps_answers_of_its_own() -> None:
    """What one has answered is no answer of another."""
    first = preflight_of(compile_methods(("PUT",)), compile_headers(("X-A",)))
    second = preflight_of(compile_methods(("GET",)), compile_headers(("X-B",)))
    assert first("PUT", "x-a")[0] == PREFLIGHT_ALLOWED
    assert second("PUT", "x-a")[0] == METHOD_REFUSED


@pytest.mark.parametrize(
    ("headers", "answers"), [("x-a", True), ("x" * 509, True), ("x" * 510, False)]
)
def test_only_short_answers_are_kept(headers: str, answers: bool) -> None:
    """A hostile request cannot make a policy remember much: 512 bytes each at most."""
    answer = preflight_of(compile_methods(("PUT",)), compile_headers(("*",)))
    assert (answer("PUT", headers) is answer("PUT", headers)) is answers


def test_few_answers_are_kept() -> None:
    """Nor many: the oldest goes."""
    answer = preflight_of(compile_methods(("PUT",)), compile_headers(("*",)))
    first = answer("PUT", "x-a")
    for number in range(256):
        answer("PUT", f"x-{number}")
    assert answer("PUT", "x-a") == first
    assert answer("PUT", "x-a") is not first

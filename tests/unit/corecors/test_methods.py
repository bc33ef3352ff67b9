from __future__ import annotations

import pytest

from corecors._methods import MethodTable


@pytest.mark.parametrize(
    ("methods", "requested", "expected"),
    [
        (("GET", "PUT"), "PUT", "GET, PUT"),
        (("get",), "GET", "GET"),
        (("get",), "get", "GET, get"),
        (("Egg",), "Egg", "EGG, Egg"),
        (("Egg",), "EGG", "EGG"),
        (("Egg",), "egg", None),
        (("PATCH",), "patch", None),
        (("MGET",), "GET", None),
        (("POSTPONE",), "POST", None),
        (("GET", "HEAD"), "GET, HEAD", None),
        (("GET", "HEAD"), "E", None),
        (("GET", "HEAD"), ",", None),
        (("GET", "HEAD"), "", None),
        (("GET",), "GET ", None),
        (("GET",), "GET\n", None),
        ((), "GET", None),
        (("PUT", "put"), "put", "PUT, put"),
        (("*",), "Anything", "Anything"),
        (("*",), "*", "*"),
        (("*",), "not a token", None),
        (("*",), "a\r\nb", None),
        (("*",), "", None),
        (("*", "GET"), "GET", "GET"),
        (("*", "GET"), "PUT", "PUT"),
        (("GET",), "*", None),
        (("GET PUT",), "GET PUT", None),
        (("GET PUT", "PUT"), "PUT", "PUT"),
    ],
)
def test_a_method_is_allowed_as_written_and_in_upper_case(
    methods: tuple[str, ...], requested: str, expected: str | None
) -> None:
    """D7: membership, exact in case; `*` allows any token, echoed."""
    assert MethodTable(methods).listing(requested) == expected

"""Fetch, "HTTP-redirect fetch": what becomes of a request that is redirected."""

from __future__ import annotations

import pytest

from corecors import browser
from corecors.browser import Request

PAGE, API, OTHER = "https://page.example", "https://api.example", "https://other.example"


@pytest.mark.parametrize(
    ("method", "status", "following"),
    [
        ("GET", 301, "GET"),
        ("HEAD", 303, "HEAD"),
        ("post", 301, "GET"),
        ("POST", 302, "GET"),
        ("POST", 303, "GET"),
        ("POST", 307, "POST"),
        ("POST", 308, "POST"),
        ("PUT", 301, "PUT"),
        ("PUT", 303, "GET"),
    ],
)
def test_a_method_that_becomes_get_loses_what_was_said_of_its_body(
    method: str, status: int, following: str
) -> None:
    body = (("Content-Type", "text/plain"), ("content-language", "en"))
    sent = Request(method=method, origin=PAGE, url=f"{API}/a", headers=(("X-A", "1"), *body))
    redirected = browser.redirected(sent, status, f"{API}/b")
    kept = () if following != browser.normalize_method(method) else body
    assert (redirected.method, redirected.headers) == (
        "GET" if not kept else method,
        (("X-A", "1"), *kept),
    )
    assert (redirected.url, redirected.origin) == (f"{API}/b", PAGE)


@pytest.mark.parametrize(
    ("target", "names", "origin"),
    [
        (f"{API}/b", ["Authorization", "X-A"], PAGE),
        (f"{OTHER}/b", ["X-A"], "null"),
        (f"{PAGE}/b", ["X-A"], "null"),
    ],
)
def test_authorization_and_the_origin_stay_with_one_origin(
    target: str, names: list[str], origin: str
) -> None:
    headers = (("Authorization", "secret"), ("X-A", "1"))
    sent = Request(origin=PAGE, url=f"{API}/a", headers=headers)
    redirected = browser.redirected(sent, 307, target)
    assert ([name for name, _ in redirected.headers], redirected.origin) == (names, origin)

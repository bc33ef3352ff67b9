"""What the consoles of three browsers show; Chromium itself is asked in `tests/browser`."""

from __future__ import annotations

from typing import Any

import pytest

from corecors.browser import Request
from flask_cors.cli.console import MESSAGES, Messages, messages
from flask_cors.cli.page import Answered, fetch

A, URL = "https://a.example", "https://b.example/"
ALLOW = ("Access-Control-Allow-Origin", A)
CREDENTIALS = ("Access-Control-Allow-Credentials", "true")


def shown(*answers: Answered, **options: Any) -> Messages:
    left = list(answers)
    asked = Request(origin=A, url=URL, **options)
    found = messages(fetch(asked, lambda *_: left.pop(0), unsafe=True), A, URL)
    assert found is not None
    return found


def answered(*headers: tuple[str, str], status: int = 200) -> Answered:
    return Answered(status=status, headers=headers)


def origin(value: str) -> Answered:
    return answered(("Access-Control-Allow-Origin", value))


@pytest.mark.parametrize(
    ("answer", "options", "chromium", "firefox", "safari"),
    [
        (answered(), {}, "No 'Access", "missing). Status code: 200.", f"Origin {A} is not allowed"),
        (
            origin("*"),
            {"credentials": "include"},
            "must not be the wildcard",
            "‘*’).",
            "Cannot use",
        ),
        (origin(f"{A}, *"), {}, f"multiple values '{A}, *'", f"match ‘{A}, *’", "more than one"),
        (answered(ALLOW, ALLOW), {}, f"multiple values '{A}, {A}'", "Multiple CORS", "more than"),
        (origin("https://c.example"), {}, "not equal", "match ‘https://c.example’", "Origin"),
        (origin("null"), {}, "'null' that is not equal", "match ‘null’", "Origin"),
        (origin("c"), {}, "the invalid value 'c'", "match ‘c’", "Origin"),
        (answered(ALLOW), {"credentials": "include"}, "is '' which", "expected ‘true’", "flag is"),
        (answered(ALLOW, status=404), {"method": "PUT"}, "ok status", "code: 404", "code: 404"),
        (answered(status=401), {"method": "PUT"}, "check: No", "missing)", "not successful"),
        (answered(status=308), {"method": "PUT"}, "Redirect is", "missing)", "not successful"),
        (
            answered(ALLOW, status=302),
            {"method": "PUT"},
            "Redirect is",
            "external redirect",
            "code: 302",
        ),
        (
            answered(ALLOW, ("Access-Control-Allow-Methods", "P T")),
            {"method": "PUT"},
            "Cannot parse Access-Control-Allow-Methods",
            "invalid token ‘P T’",
            "Methods has an invalid value: P T",
        ),
        (
            answered(ALLOW, ("Access-Control-Allow-Headers", "a b")),
            {"method": "PUT"},
            "Cannot parse Access-Control-Allow-Headers",
            "invalid token ‘a b’",
            "Headers has an invalid value: a b",
        ),
        (answered(ALLOW), {"method": "put"}, "Method PUT is", "Did not find", "Method PUT is"),
        (
            answered(ALLOW, ("Access-Control-Allow-Headers", "x-a")),
            {"headers": {"X-A": "1", "X-B": "1"}},
            "field x-b is",
            "‘x-b’ is not",
            "field X-B is",
        ),
    ],
)
def test_each_refusal(
    answer: Answered, options: Any, chromium: str, firefox: str, safari: str
) -> None:
    found = shown(answer, **options)
    assert chromium in found.chromium
    assert firefox in found.firefox
    assert safari in found.safari


def test_after_a_redirect_both_addresses_are_named() -> None:
    found = shown(answered(ALLOW, ("Location", "/next"), status=302), answered())
    assert f"at '{URL}next' (redirected from '{URL}')" in found.chromium
    assert f"at {URL}next." in found.firefox


def test_a_password_in_a_redirect() -> None:
    found = shown(answered(ALLOW, ("Location", "https://u:p@b.example/"), status=302))
    assert "contains a username and password" in found.chromium
    assert found.firefox == ""
    assert found.safari == (
        "Cross-origin redirection to https://b.example/ denied by Cross-Origin Resource Sharing "
        "policy: redirection URL https://u:p@b.example/ has credentials"
    )


@pytest.mark.parametrize(
    ("answer", "options"),
    [
        (answered(ALLOW), {}),
        (answered(), {"mode": "no-cors"}),
        (answered(), {"method": "TRACE"}),
        (Answered(error=OSError()), {}),
        (answered(ALLOW, ("Location", "data:,x"), status=302), {}),
        (answered(ALLOW, ("Location", "http://["), status=302), {}),
    ],
)
def test_nothing_where_cors_refuses_nothing(answer: Answered, options: Any) -> None:
    asked = Request(origin=A, url=URL, **options)
    assert messages(fetch(asked, lambda *_: answer), A, URL) is None


def test_a_password_in_a_redirect_of_the_page_s_own_server_is_not_of_cors() -> None:
    there = answered(("Location", "https://u:p@a.example/"), status=302)
    asked = Request(origin=A, url=f"{A}/")
    assert messages(fetch(asked, lambda *_: there), A, asked.url) is None


@pytest.mark.parametrize(
    ("names", "credentials", "says"),
    [("*", "omit", False), ("*", "include", True), ("x-a", "omit", True), ("a b, *", "omit", True)],
)
def test_two_browsers_take_a_wildcard_for_authorization(
    names: str, credentials: str, says: bool
) -> None:
    """Against the standard, which wants this name to be listed; with credentials `*` is a name."""
    lines = ALLOW, ("Access-Control-Allow-Headers", names), CREDENTIALS
    found = shown(answered(*lines), headers={"Authorization": "x"}, credentials=credentials)
    assert "Access-Control-Allow-Headers" in found.chromium
    assert (bool(found.firefox), bool(found.safari)) == (says, says)


def test_chromium_alone_calls_a_redirect_to_ftp_a_matter_of_cors() -> None:
    found = shown(answered(ALLOW, ("Location", "ftp://b.example/"), status=302))
    assert "only supported for protocol schemes: http, https, " in found.chromium
    assert f"at 'ftp://b.example/' (redirected from '{URL}')" in found.chromium
    assert (found.firefox, found.safari) == ("", "")


def test_safari_says_of_a_redirect_that_is_refused_where_it_leads() -> None:
    found = shown(answered(("Location", "/next"), status=302))
    assert found.safari == (
        f"Cross-origin redirection to {URL}next denied by Cross-Origin Resource Sharing policy: "
        f"Origin {A} is not allowed by Access-Control-Allow-Origin. Status code: 302"
    )


def test_a_location_that_is_no_address_is_no_more_than_a_refusal() -> None:
    """A server may send anything."""
    found = shown(answered(("Location", "http://["), status=302))
    assert found.safari == (
        f"Origin {A} is not allowed by Access-Control-Allow-Origin. Status code: 302"
    )


def test_safari_tells_several_values_by_the_comma() -> None:
    assert shown(origin(f"{A} *")).safari.startswith(f"Origin {A} is not allowed")


def test_firefox_quotes_one_address() -> None:
    """As its own text does, that of the wildcard alone."""
    assert f"resource at ‘{URL}’. (" in shown(origin("*"), credentials="include").firefox


def test_headers_that_need_a_preflight_together_are_named_by_the_first() -> None:
    """More than 1,024 bytes of safelisted headers: none of them is refused alone."""
    headers = [("Accept-Language", "a" * 120), ("Accept", "a" * 120)] * 5
    assert "field accept is not allowed" in shown(answered(ALLOW), headers=headers).chromium


def test_each_text_has_only_what_is_filled_in() -> None:
    for message in MESSAGES.values():
        for text in message:
            assert "{" not in text.format(value="v", status=1, origin="o")

"""A page's fetch, hop by hop."""

from __future__ import annotations

import pytest

from corecors.browser import Request
from flask_cors.cli.page import Answered, Pairs, fetch

A, B, C = "https://a.example", "https://b.example", "https://c.example"
ANY = ("Access-Control-Allow-Origin", "*")


def redirecting(location: str, status: int = 302) -> Answered:
    return Answered(status=status, headers=(ANY, ("Location", location)))


class Server:
    """Give one answer after the other, and write down what is asked."""

    def __init__(self, *answers: Answered) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, Pairs]] = []

    def __call__(self, method: str, url: str, headers: Pairs) -> Answered:
        self.asked.append((method, url, headers))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def test_a_redirect_between_foreign_origins_makes_the_page_null() -> None:
    """Fetch, "Requests": the redirect-taint."""
    server = Server(redirecting(f"{C}/"), Answered(status=200, headers=(ANY,)))
    played = fetch(Request(origin=A, url=f"{B}/"), server)
    assert played.outcome
    assert [headers[0] for _, _, headers in server.asked] == [("Origin", A), ("Origin", "null")]


def test_authorization_does_not_follow_to_another_origin() -> None:
    """Fetch, "HTTP-redirect fetch": the header is for the first server alone."""
    both = (ANY, ("Access-Control-Allow-Headers", "authorization"))
    server = Server(
        Answered(status=200, headers=both),
        Answered(status=302, headers=(*both, ("Location", f"{C}/"))),
        Answered(status=200, headers=both),
    )
    asked = Request(origin=A, url=f"{B}/", headers={"Authorization": "t"})
    assert fetch(asked, server).outcome
    assert [method for method, _, _ in server.asked] == ["OPTIONS", "GET", "GET"]


@pytest.mark.parametrize(
    ("status", "method", "then"),
    [(302, "POST", "GET"), (303, "PUT", "GET"), (307, "POST", "POST"), (302, "GET", "GET")],
)
def test_what_becomes_of_the_method(status: int, method: str, then: str) -> None:
    """Fetch, "HTTP-redirect fetch": POST becomes GET after 301 and 302, everything after 303."""
    headers = (ANY, ("Access-Control-Allow-Methods", "PUT"))
    server = Server(
        *[Answered(status=200, headers=headers)] * (method == "PUT"),
        Answered(status=status, headers=(*headers, ("Location", "/next"))),
        Answered(status=200, headers=headers),
    )
    fetch(Request(origin=A, url=f"{B}/", method=method), server, unsafe=True)
    assert server.asked[-1][:2] == (then, f"{B}/next")


@pytest.mark.parametrize(
    ("location", "step"),
    [("ftp://b.example/", "step 6"), ("https://user@b.example/", "step 8"), ("/", "step 7")],
)
def test_redirects_that_are_not_followed(location: str, step: str) -> None:
    played = fetch(Request(origin=A, url=f"{B}/"), Server(redirecting(location)))
    assert not played.outcome
    assert played.outcome.step == f"HTTP-redirect fetch {step}"


def test_a_redirect_without_a_location_is_an_answer() -> None:
    assert fetch(
        Request(origin=A, url=f"{B}/"), Server(Answered(status=302, headers=(ANY,)))
    ).outcome


def test_a_scheme_that_is_not_fetched_is_not_asked() -> None:
    server = Server(Answered(status=200))
    assert not fetch(Request(origin=A, url="ftp://b.example/"), server).outcome
    assert server.asked == []

"""The look-alikes of an origin, and which of them are put to an implementation."""

import pytest

from corecors.conformance import Expectation, near
from tests.unit.conformance.support import A

LOOK_ALIKES = [
    ("a name after it", "https://a.example.evil.example:81"),
    ("a name after it and a hyphen", "https://a.example-evil.example:81"),
    ("a name after it and an underscore", "https://a.example_.evil.example:81"),
    ("letters after it", "https://a.examplex:81"),
    ("letters before it", "https://evila.example:81"),
    ("a hyphen before it", "https://evil-a.example:81"),
    ("letters around it", "https://evila.examplex:81"),
    ("a subdomain of it", "https://evil.a.example:81"),
    ("two labels before it", "https://evil.evil.a.example:81"),
    ("its parent domain", "https://example:81"),
    ("letters before its parent domain", "https://evilexample:81"),
    ("another host beside it", "https://evil.example:81"),
    ("letters after its first label", "https://aevil.example:81"),
    ("its first label alone", "https://a:81"),
    ("another last label", "https://a.evil:81"),
    ("its last letter missing", "https://a.exampl:81"),
    ("its first letter missing", "https://.example:81"),
    ("a dot at its end", "https://a.example.:81"),
    ("a letter for a dot", "https://axexample:81"),
    ("a hyphen for a dot", "https://a-example:81"),
    ("a dot missing", "https://aexample:81"),
    ("another scheme", "http://a.example:81"),
    ("another scheme", "https://a.example:81"),
    ("another port", "https://a.example:8444"),
    ("no port", "https://a.example"),
    ("digits after its port", "https://a.example:810"),
    ("its port without the last digit", "https://a.example:8"),
]


def test_each_kind_is_made_of_an_origin():
    assert list(near.near_origins("https://a.example:81")) == LOOK_ALIKES


def test_each_dot_is_replaced_alone():
    found = [o for kind, o in near.near_origins("http://a.b.c") if kind == "a letter for a dot"]
    assert found == ["http://axb.c", "http://a.bxc"]


def test_what_is_no_origin_with_a_host_has_no_look_alikes():
    assert list(near.near_origins("null")) == []


def kinds(*origins):
    return dict(map(reversed, near.refused_origins(Expectation(origins=origins))))


def test_what_resembles_nothing_comes_first_and_each_origin_once():
    found = near.refused_origins(Expectation(origins=[A, "https://b.example"]))
    assert found[: len(near.FAR)] == list(near.FAR)
    assert len(dict(map(reversed, found))) == len(found)


def test_every_expected_origin_has_its_own():
    many = [f"https://{letter}.example.org" for letter in "abcdefghijklmnop"]
    found = kinds(*many)
    for origin in many:
        assert found[f"{origin}.evil.example"] == "a name after it"
        assert found[f"{origin}."] == "a dot at its end"


@pytest.mark.parametrize(
    "origin",
    [A, "https://example", "http://localhost:5173", "https://api.invalid", "https://A.example"],
)
def test_what_is_allowed_or_cannot_be_sent_is_not_refused(origin):
    assert origin not in kinds(A, "https://example", "http://localhost:5173", "https://x.invalid")


def test_the_host_that_is_tested_is_never_a_page_of_another_origin():
    assert "https://api.invalid" not in kinds("http://api.invalid", "https://evil.invalid")


def test_a_pattern_has_the_look_alikes_of_an_origin_that_it_admits():
    found = kinds("https://*.a.example")
    assert found["https://a.example"] == "its parent domain"
    assert found["https://evila.example"] == "letters before its parent domain"
    assert "https://evil.a.a.example" not in found


def test_an_address_has_only_look_alikes_that_are_written_as_addresses():
    """URL, "ends in a number checker"."""
    found = kinds("http://192.168.0.1")
    assert "http://192.168.0.1.evil.example" in found
    assert "http://192.168.0.1." not in found
    assert "http://evil.192.168.0.1" not in found


def test_where_every_origin_is_allowed_none_is_refused():
    assert kinds("*") == {}

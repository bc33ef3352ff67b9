from __future__ import annotations

import string

import pytest

from corecors import headers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GET", True),
        ("M-SEARCH", True),
        ("!#$%&'*+-.^_`|~09AZaz", True),
        ("", False),
        ("GET ", False),
        ("GET,PUT", False),
        ("GET\n", False),
        ("a:b", False),
        ('"a"', False),
        ("é", False),
    ],
)
def test_a_token_is_one_or_more_token_characters(text: str, expected: bool) -> None:
    """RFC 9110, 5.6.2: no separator, no control and no character beyond ASCII."""
    assert bool(headers.is_token(text)) is expected


def test_the_token_characters_are_the_ones_that_are_tokens_by_themselves() -> None:
    """The constant and the grammar name the same characters."""
    alone = {chr(code) for code in range(0x250) if headers.is_token(chr(code))}
    assert alone == set(headers.TOKEN_CHARACTERS)
    assert len(headers.TOKEN_CHARACTERS) == len(alone)


def test_what_may_be_reflected_is_visible_ascii_without_quotes_and_comma() -> None:
    """D6: no space, comma, quote, control or non-ASCII character."""
    alone = {chr(code) for code in range(0x250) if headers.is_reflectable(chr(code))}
    visible = set(string.ascii_letters + string.digits + string.punctuation)
    assert alone == visible - set("\"',")


@pytest.mark.parametrize(("size", "expected"), [(0, False), (1, True), (2048, True), (2049, False)])
def test_what_may_be_reflected_has_2048_bytes_at_most(size: int, expected: bool) -> None:
    """D6: an `Origin` over 2,048 bytes is refused under `*`."""
    assert bool(headers.is_reflectable("a" * size)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("a b\tc", True),
        ("\x80\xff", True),
        ("\x1f", False),
        ("\x7f", False),
        ("a\n", False),
        ("\u0100", False),
    ],
)
def test_field_text_is_what_wsgi_can_send(text: str, expected: bool) -> None:
    """Latin-1 without controls, but for the tab."""
    assert bool(headers.is_field_text(text)) is expected


@pytest.mark.parametrize(
    ("text", "lower"),
    [
        ("", ""),
        ("HTTPS://A.Example:80", "https://a.example:80"),
        ("ÀÉ\u212a\u0130ß", "ÀÉ\u212a\u0130ß"),
        ("AÀZ", "aÀz"),
        ("[@`{", "[@`{"),
    ],
)
def test_only_a_to_z_are_lowered(text: str, lower: str) -> None:
    """Infra, "ASCII lowercase": no Unicode case folding."""
    assert headers.ascii_lower(text) == lower


@pytest.mark.parametrize("character", "*\\]?$^[()")
def test_one_character_of_a_regex_makes_a_text_look_like_one(character: str) -> None:
    """The characters by which 6.0.2 takes a string for a regex."""
    assert headers.looks_like_regex(f"a{character}b")


@pytest.mark.parametrize("text", ["", "https://a.example:80/", "X-A", "a+b|c{2}"])
def test_a_text_without_such_a_character_does_not_look_like_a_regex(text: str) -> None:
    """Dots, pluses, bars and braces do not make a regex."""
    assert not headers.looks_like_regex(text)


def test_names_are_joined_by_a_comma_and_a_space() -> None:
    """As 6.0.2 writes every list."""
    assert [headers.join(names) for names in ([], ["A"], ["A", "B"])] == ["", "A", "A, B"]


def test_the_members_of_a_list_are_read_without_the_empty_ones() -> None:
    """RFC 9110, 5.6.1: white space around a member is none of it."""
    assert headers.split(" A,\tB\t,, \x0bC") == ["A", "B", "\x0bC"]

from __future__ import annotations

import re
from typing import Any

import pytest

from corecors._regexes import compile_text, compiled, is_regex, joined, joined_items


def test_the_string_form_of_a_regex_has_no_case() -> None:
    """As Flask-CORS compiles it."""
    assert compile_text("a.*") == re.compile("a.*", re.IGNORECASE)
    assert compiled("a.*") == re.compile("a.*", re.IGNORECASE)


@pytest.mark.parametrize("text", ["(", "[", "*a", "a{99999999999}", "(?P<a>b)(?P<a>c)", "\\"])
def test_what_is_not_a_regex_compiles_to_none(text: str) -> None:
    """No error of the regex compiler goes past."""
    assert compile_text(text) is None


def test_a_compiled_pattern_is_taken_as_it_is() -> None:
    """Its flags are the user's."""
    pattern = re.compile("a")
    assert compiled(pattern) is pattern


@pytest.mark.parametrize(
    ("item", "expected"),
    [(re.compile("a"), True), ("a.*", True), ("https://a.example", False), (None, False)],
)
def test_a_regex_is_compiled_or_looks_like_one(item: Any, expected: bool) -> None:
    """The one meaning of "is this a regex" for what is no origin."""
    assert is_regex(item) is expected


def test_regexes_of_the_same_flags_are_joined() -> None:
    """However many there are, one match is tried for each set of flags."""
    patterns = [re.compile("a"), re.compile("b|c"), re.compile("d", re.IGNORECASE)]
    assert joined(patterns) == (re.compile("(?:a)|(?:b|c)"), re.compile("d", re.IGNORECASE))
    assert joined([]) == ()


@pytest.mark.parametrize(
    ("text", "uncaptured"),
    [
        ("(a|b)", "(?:a|b)"),
        ("((a)b)+", "(?:(?:a)b)+"),
        ("(?:a)(?=b)(?<!c)", "(?:a)(?=b)(?<!c)"),
        (r"\(a\)", r"\(a\)"),
        (r"\\(a)", r"\\(?:a)"),
        ("[(](a)", "[(](?:a)"),
        ("[](](a)", "[](](?:a)"),
        ("[^](](a)", "[^](](?:a)"),
        (r"[\](](a)", r"[\](](?:a)"),
        ("\\\n(a)", "\\\n(?:a)"),
    ],
)
def test_joined_regexes_capture_nothing(text: str, uncaptured: str) -> None:
    """A bracket that is escaped or in a character class opens no group."""
    assert joined([re.compile(text), re.compile("x")]) == (re.compile(f"(?:{uncaptured})|(?:x)"),)


@pytest.mark.parametrize(
    "pattern",
    [
        re.compile(r"(a)\1"),
        re.compile("(?P<name>a)"),
        re.compile("(a)?(?(1)b|c)"),
        re.compile("(?i)a"),
        re.compile("(?s)a"),
        re.compile("(?x)a # b"),
        re.compile("a # b", re.VERBOSE),
    ],
)
def test_a_regex_that_joining_would_change_stands_alone(pattern: re.Pattern[str]) -> None:
    """References, names, flags for the whole, and comments to the end of the line."""
    others = [re.compile("x"), re.compile("y")]
    assert joined([others[0], pattern, others[1]]) == (pattern, re.compile("(?:x)|(?:y)"))


def test_a_regex_is_not_printed_again_when_it_is_joined(capsys: pytest.CaptureFixture[str]) -> None:
    """`re.DEBUG` prints where the user compiles, and nowhere else."""
    pattern = re.compile("a", re.DEBUG)
    capsys.readouterr()
    assert joined([pattern, re.compile("b")]) == (pattern, re.compile("b"))
    assert capsys.readouterr().out == ""


def test_joined_items_are_told_apart_by_the_group_that_matched() -> None:
    """Whatever groups the regexes have of their own, and however far one went before it failed."""
    texts = ["(a)(b)?x", "(a)(b)?", "ab+", "b", "(?:b)(c)"]
    ((regex, items),) = joined_items([(text, re.compile(text)) for text in texts])
    assert items == tuple(texts)
    for string, text in [("abx", texts[0]), ("ab", texts[1]), ("abb", texts[2]), ("bc", texts[4])]:
        found = regex.fullmatch(string)
        assert found is not None
        assert found.lastindex == texts.index(text) + 1


def test_items_that_stand_alone_keep_their_regex() -> None:
    """And come first, as in `joined`."""
    alone, other = re.compile(r"(a)\1"), re.compile("b", re.IGNORECASE)
    assert joined_items([("x", other), (alone, alone)]) == ((alone, (alone,)), (other, ("x",)))

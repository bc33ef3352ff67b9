"""A regex of Python's, read: it matches what `re` says that it matches."""

from __future__ import annotations

import re
import sys
from itertools import product
from unittest import mock

import pytest

from corecors.audit import _reading
from corecors.audit._budget import Budget, UndecidedError
from corecors.audit._items import read_item
from corecors.audit._machine import Machine
from corecors.audit._nodes import Node
from corecors.audit._reading import read

pytest.importorskip("interegular")

TEXTS = ["".join(letters) for size in range(5) for letters in product("aA.-", repeat=size)]


def texts_of(node: Node) -> list[str]:
    machine = Machine(node, Budget(10**9))
    return [text for text in TEXTS if machine.matches(text)]


@pytest.mark.parametrize(
    "pattern",
    [
        "a",
        r"a\.A",
        "a.*",
        "[^.]+",
        r"[\w.-]+",
        r"[]a]+|[^]a]",
        r"[\D\W]",
        "a{2}|A{1,}|-{,2}|(?:aA){0,1}",
        "a??.+?",
        "(?P<name>a|A)(?:-)(.)",
        "(?i)a+",
        "(?i:a)a",
        "(?i:a(?-i:a))a",
        "^a$",
        "^$|a^",
        r"\Aa\Z",
        r"a\b.\b",
        r"a\B.\B",
        "(?!a)..",
        "(?=.*A).*",
        "(?=a)*A",
        "(?=a){1,2}.",
        "a(?#a remark).",
        "(?<=a).|.(?<!a)",
        ".(?<=a).",
        r"\x61\055|\141",
        "",
        "a||A",
        "(?:.)+",
    ],
)
@pytest.mark.parametrize("flags", [0, re.IGNORECASE])
def test_a_regex_is_read_as_re_reads_it(pattern: str, flags: int) -> None:
    """Every text of a few characters is matched by both or by neither."""
    regex = re.compile(pattern, flags)
    assert texts_of(read(regex).node) == [text for text in TEXTS if regex.fullmatch(text)]


def test_verbose_regexes_have_blanks_and_remarks() -> None:
    """Which are no part of them, but in a class."""
    regex = re.compile(
        r"""
        a [ -]{2}  # a remark (with "|")
        \ ? A""",
        re.VERBOSE,
    )
    assert texts_of(read(regex).node) == ["a--A"]


@pytest.mark.parametrize(
    ("pattern", "escaped", "meant"),
    [
        ("a.A", r"a\.A", ["a.A"]),
        (r"a\.A", r"a\.A", ["a.A"]),
        ("a.?", "a.?", ["a", "aa", "aA", "a.", "a-"]),
        ("(.)a.", r"(.)a\.", ["aa.", "Aa.", ".a.", "-a."]),
        ("[.]a", "[.]a", [".a"]),
        (r"(?:a\..){1}", r"(?:a\.\.){1}", ["a.."]),
    ],
)
def test_a_lone_dot_is_probably_meant_as_one(pattern: str, escaped: str, meant: list[str]) -> None:
    """One that is not repeated, and no group of its own."""
    reading = read(re.compile(pattern))
    assert (reading.escaped, texts_of(reading.meant)) == (escaped, meant)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"(a)\1", r"interegular cannot read '\\1'"),
        ("(?P<x>a)(?P=x)", "interegular cannot read '(?'"),
        ("(a)?(?(1)a|b)", "interegular cannot read '(?'"),
        ("(?x: a)", "interegular cannot read '(?'"),
        pytest.param(
            "(?>a)*a",
            "interegular cannot read '(?'",
            marks=pytest.mark.skipif(sys.version_info < (3, 11), reason="no such group in `re`"),
        ),
        ("a" * 7_000, "it is too long"),
    ],
)
def test_what_cannot_be_read_is_said(pattern: str, why: str) -> None:
    """And is probed then."""
    with pytest.raises(UndecidedError) as raised:
        read(re.compile(pattern))
    assert str(raised.value) == why


def test_a_pattern_that_is_too_deep_is_not_read() -> None:
    """Python's own parser stops earlier on some versions; ours must not fail."""
    with (
        pytest.raises(UndecidedError, match="it is too deep"),
        mock.patch.object(_reading, "_node", side_effect=RecursionError),
    ):
        read_item("https://(a)")


def test_what_the_parser_refuses_is_not_read() -> None:
    """Whatever it raises."""
    with (
        pytest.raises(UndecidedError) as raised,
        mock.patch("interegular.parse_pattern", side_effect=ValueError),
    ):
        read(re.compile("a"))
    assert str(raised.value) == "interegular cannot read it"


def test_without_the_extra_no_regex_is_read() -> None:
    """The text names the extra."""
    with (
        pytest.raises(UndecidedError) as raised,
        mock.patch.object(_reading, "find_spec", return_value=None),
    ):
        read(re.compile("a"))
    assert str(raised.value) == "interegular is not installed (the extra `audit`)"

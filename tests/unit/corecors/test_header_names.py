from __future__ import annotations

import re
from typing import Any

import pytest

from corecors._header_names import (
    HeaderMatcher,
    check_allow_headers,
    check_names,
    convert_names,
    requested_names,
)

PATTERN = re.compile("X-.*")


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (None, ()),
        ("", ()),
        ("*", ("*",)),
        (".*", ("*",)),
        ("X-B, X-A,X-B", ("X-A", "X-B")),
        (["b", "B", "a"], ("B", "a", "b")),
        (PATTERN, (PATTERN,)),
        ([PATTERN, "X-A", PATTERN], ("X-A", PATTERN)),
        ([5, "a"], ("a", 5)),
    ],
)
def test_names_become_a_sorted_tuple_without_duplicates(value: Any, names: tuple[Any, ...]) -> None:
    """Strings first; `.*` is `*`; a comma-separated string is a list (D18)."""
    assert convert_names(value) == names
    assert convert_names(names) == names


@pytest.mark.parametrize("option", ["methods", "expose_headers"])
@pytest.mark.parametrize("name", ["GET", "*", "Not A Token", "X-\xe4"])
def test_a_name_that_can_be_sent_has_no_problem(option: str, name: str) -> None:
    """A name that is no token is useless, but 6.0.2 accepts it, too."""
    assert list(check_names(option, (name,))) == []


@pytest.mark.parametrize(
    ("option", "name", "code", "advice"),
    [
        ("methods", 5, "methods-type", 'write a name such as "GET"'),
        ("methods", None, "methods-type", 'write a name such as "GET"'),
        ("methods", PATTERN, "methods-type", 'write a name such as "GET"'),
        ("methods", "GET\r\nX", "methods-characters", 'write a name such as "GET"'),
        ("expose_headers", b"X-A", "expose-headers-type", 'write a name such as "X-Example"'),
        ("expose_headers", "X\0", "expose-headers-characters", 'write a name such as "X-Example"'),
        (
            "expose_headers",
            "X\u0100",
            "expose-headers-characters",
            'write a name such as "X-Example"',
        ),
    ],
)
def test_what_cannot_be_sent_is_refused_with_advice(
    option: str, name: Any, code: str, advice: str
) -> None:
    """A wrong type, or a character that would end or break the header (I7)."""
    (problem,) = check_names(option, (name,))
    assert (problem.option, problem.given, problem.code) == (option, name, code)
    assert problem.advice == advice


def test_a_name_that_no_header_can_carry_is_reported_in_words() -> None:
    """The message names the option, the value and what to write instead."""
    (problem,) = check_names("methods", ("GET\n",))
    assert str(problem) == (
        "methods='GET\\n' has characters no header can carry; write a name such as \"GET\""
    )


def test_an_unhashable_name_is_reported_as_written() -> None:
    """A list in a list is an item of a wrong type, not a crash."""
    (problem,) = check_names("methods", convert_names([["GET"]]))
    assert str(problem) == "methods=['GET'] is not a string; write a name such as \"GET\""


@pytest.mark.parametrize(
    ("pattern", "codes"),
    [
        ("*", []),
        ("X-A", []),
        ("X-.*", []),
        (PATTERN, []),
        ("X-(", ["allow-headers-regex"]),
        ("*-x", ["allow-headers-regex"]),
        (re.compile(b"X"), ["allow-headers-type"]),
        (len, ["allow-headers-type"]),
        ("X\n", ["allow-headers-characters"]),
    ],
)
def test_header_patterns_that_can_never_match_are_refused(pattern: Any, codes: list[str]) -> None:
    """D3, for `allow_headers`."""
    assert [problem.code for problem in check_allow_headers((pattern,))] == codes


def test_a_broken_header_regex_is_refused_with_advice() -> None:
    """The message names the option, the value and what to write instead."""
    (problem,) = check_allow_headers(("X-(",))
    assert str(problem) == (
        "allow_headers='X-(' is not a valid regular expression; "
        'write header names such as "X-Example", or a regex such as "X-.*"'
    )


# --- request headers

LIMIT = 8_192


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", {}),
        (", \t,", {}),
        ("x-a,x-b", {"x-a": "x-a", "x-b": "x-b"}),
        (" X-A ,\tx-b", {"x-a": "X-A", "x-b": "x-b"}),
        ("x-a,\tx-b", {"x-a": "x-a", "x-b": "x-b"}),
        (" \x0bx-a\xa0", {"\x0bx-a\xa0": "\x0bx-a\xa0"}),
        ("x-a,X-A", {"x-a": "X-A"}),
        ("x a,é", {"x a": "x a", "é": "é"}),
        ("x" * LIMIT, {"x" * LIMIT: "x" * LIMIT}),
        ("x" * (LIMIT + 1), None),
        ("," * LIMIT, {}),
        ("," * (LIMIT + 1), None),
        ("a," * 256, {"a": "a"}),
        ("a," * 257, None),
    ],
)
def test_requested_names_are_read_up_to_the_limits(text: str, names: dict[str, str] | None) -> None:
    """D8: 8,192 bytes and 256 names; one more is refused before any matching."""
    assert requested_names(text) == names


@pytest.mark.parametrize(
    ("patterns", "requested", "value", "complete"),
    [
        (("*",), "x-b,x-a", "x-a, x-b", True),
        (("*",), "Authorization, X-A", "Authorization, X-A", True),
        (("*",), "x-a,X-A,x-a", "x-a", True),
        (("*",), "*", "*", True),
        (("*",), "x-a,,x-b,", "x-a, x-b", True),
        (("*",), "x-a,bad header", "x-a", False),
        (("*",), 'x-a,"q"', "x-a", False),
        (("*",), "x-a,x\r\ny", "x-a", False),
        (("*",), "x-a,\xe4", "x-a", False),
        (("*",), "x" * (LIMIT + 1), "", False),
        (("*",), "a," * 257, "", False),
        (("X-A",), "x-a", "x-a", True),
        (("X-A",), "X-a", "X-a", True),
        (("X-A",), "x-a, x-b", "x-a", False),
        (("X-A",), "x-ab", "", False),
        (("X-A",), "", "", True),
        (("X A",), "x a", "", False),
        ((), "x-a", "", False),
        # Regexes match whole names, without regard to case.
        (("X-Co-[0-9]",), "x-co-1", "x-co-1", True),
        (("X-Co-[0-9]",), "x-co-1-evil", "", False),
        (("X-Co-[0-9]",), "ax-co-1", "", False),
        ((re.compile("^X-Company-.*$"),), "x-company-foo", "x-company-foo", True),
        ((re.compile("X-Co"),), "X-CO,x-co-1", "X-CO", False),
        (("X-A", "X-Co-.*", re.compile("Y")), "y,x-co-1,x-a,z", "x-a, x-co-1, y", False),
        ((re.compile("x -\\ a # b", re.VERBOSE),), "x-a", "", False),
        ((re.compile("x-k"),), "x-\u212a", "", False),
        # The name `*` would stand for all others.
        (("[^y].*",), "*,x-a", "x-a", False),
        ((re.compile("(?!x-secret).*"),), "*,x-secret", "", False),
    ],
)
def test_the_allowed_names_are_listed_sorted_in_the_spelling_of_the_client(
    patterns: tuple[Any, ...], requested: str, value: str, complete: bool
) -> None:
    """D8: only tokens, each once; and whether that is all that was asked for."""
    assert HeaderMatcher(patterns).select(requested) == (value, complete)


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [((), False), (("*",), True), (("X-A",), True), (("X-.*",), True), ((PATTERN,), True)],
)
def test_the_answer_depends_on_the_requested_names_where_one_could_be_allowed(
    patterns: tuple[Any, ...], expected: bool
) -> None:
    """D11: otherwise there is nothing to vary by."""
    assert HeaderMatcher(patterns).depends_on_request is expected


def test_header_patterns_are_compiled_to_a_set_and_few_regexes() -> None:
    """One look-up for all literals, one match for the regexes that can be joined."""
    assert vars(HeaderMatcher(("X-A", "x-b", "X-C.*", "X-D.*", PATTERN))) == {
        "any": False,
        "literals": frozenset({"x-a", "x-b"}),
        "regexes": (re.compile("(?:X-C.*)|(?:X-D.*)|(?:X-.*)", re.IGNORECASE),),
    }


NAMES = [f"x-{number}" for number in range(257)]


@pytest.mark.parametrize("between", [",", ",,", ",,,,", ", ,", ",\t,", ",\t ,"])
@pytest.mark.parametrize("around", ["", ",", " , ", "\t,"])
def test_only_names_count_towards_the_limit(between: str, around: str) -> None:
    """D8: 256 names, whatever stands between and around them, and no more."""
    allowed, refused = (around + between.join(names) + around for names in (NAMES[1:], NAMES))
    assert requested_names(allowed) == {name: name for name in NAMES[1:]}
    assert requested_names(refused) is None

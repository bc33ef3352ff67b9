from __future__ import annotations

import re
from typing import Any

import pytest

from corecors._origins import (
    check_origins,
    compile_origins,
    convert_origins,
    is_literal,
    is_regex_origin,
    is_serialized_origin,
    is_wildcard,
    matched_by,
    prefix_only,
)

# --- what a text is


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example",
        "http://localhost:3000",
        "HTTP://A.Example:80",
        "http://127.0.0.1",
        "http://[::1]",
        "http://[::1]:3000",
        "http://[2001:DB8::1]:65535",
        "http://[::ffff:127.0.0.1]",
        "chrome-extension://abcdef",
        "https://my_host-1.example",
    ],
)
def test_a_serialized_origin_is_a_literal(text: str) -> None:
    """D2: scheme, host and port, an IPv6 host included, whose brackets make no regex."""
    assert is_serialized_origin(text)
    assert is_literal(text)
    assert not is_wildcard(text)
    assert not is_regex_origin(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "https://a.example/",
        "https://a.example:",
        "https://a.example:123456",
        "https://a.example:80a",
        "https://a..example",
        "https://.a.example",
        "https://a.example.",
        "https://u@a.example",
        "https://é.example",
        "a.example",
        "://a.example",
        "1http://a.example",
        "http://::1",
        "http://[1]",
        "http://[::1",
        "http://[::g]",
        "https://a.example\n",
    ],
)
def test_anything_else_is_not_a_serialized_origin(text: str) -> None:
    """No other spelling counts, not even with a line feed behind it."""
    assert not is_serialized_origin(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://*.a.example",
        "https://*.A.Example:8443",
        "http://localhost:*",
        "http://[::1]:*",
        "https://*.a.example:*",
        "https://*.example",
    ],
)
def test_a_wildcard_pattern_is_no_regex(text: str) -> None:
    """D2: `scheme://*.host`, `scheme://host:*`, and both together."""
    assert is_wildcard(text)
    assert not is_literal(text)
    assert not is_regex_origin(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://*",
        "*://a.example",
        "https://a.*",
        "https://a.*.example",
        "https://*a.example",
        "https://*.*.example",
        "https://*.a.example/",
        "https://a.example:80*",
        r"https://.*\.example",
    ],
)
def test_a_star_elsewhere_makes_a_regex(text: str) -> None:
    """Only the first label and the port can be a wildcard."""
    assert not is_wildcard(text)
    assert is_regex_origin(text)


@pytest.mark.parametrize(
    ("item", "literal", "regex"),
    [
        ("*", False, False),
        ("null", True, False),
        ("a.example", True, False),
        ("https://a.example/", True, False),
        ("https?://a.example", False, True),
        (re.compile("a"), False, True),
        (len, False, False),
        (None, False, False),
    ],
)
def test_each_item_is_of_one_kind(item: Any, literal: bool, regex: bool) -> None:
    """A literal, a regex, or neither."""
    assert (is_literal(item), is_regex_origin(item)) == (literal, regex)


# --- conversion


def admit(origin: str) -> bool:
    return True


def refuse(origin: str) -> bool:
    return False


PATTERN = re.compile("https://b")


@pytest.mark.parametrize(
    ("value", "items"),
    [
        ("*", ("*",)),
        (".*", ("*",)),
        ([".*", "*"], ("*",)),
        ("https://b, https://a", ("https://a", "https://b")),
        (["https://b", "https://a", "https://b"], ("https://a", "https://b")),
        (PATTERN, (PATTERN,)),
        ([PATTERN, "https://a", PATTERN], ("https://a", PATTERN)),
        (admit, (admit,)),
        ([admit, "https://a"], ("https://a", admit)),
        ("", ()),
        ([], ()),
        (None, (None,)),
    ],
)
def test_origins_become_a_sorted_tuple_without_duplicates(
    value: Any, items: tuple[Any, ...]
) -> None:
    """Strings first; `.*` is `*`; a comma-separated string is a list (D18)."""
    assert convert_origins(value) == items
    assert convert_origins(items) == items


class Allowed:
    """Both callable and iterable."""

    def __call__(self, origin: str) -> bool:
        return True

    def __iter__(self) -> Any:
        return iter(["https://a"])


def test_what_can_be_iterated_is_taken_for_its_items() -> None:
    """A callable that is iterable is a collection."""
    assert convert_origins(Allowed()) == ("https://a",)


# --- checks


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "+a",
        "https://a",
        "http://[::1]:80",
        "https://*.a",
        "https?://a",
        PATTERN,
        admit,
    ],
)
def test_a_usable_origin_has_no_problem(origin: Any) -> None:
    """Every kind of pattern passes."""
    assert list(check_origins((origin,))) == []


WHAT = {
    "origin-without-scheme": "has no scheme",
    "origin-regex": "is not a valid regular expression",
    "origin-characters": "has characters that no header can carry",
    "origin-bytes": "is a pattern of bytes",
    "origin-type": "is neither a string, a compiled regex nor a callable",
    "origin-async": "is a coroutine function",
}


async def ask_elsewhere(origin: str) -> bool:
    return True


@pytest.mark.parametrize(
    ("origin", "code", "advice"),
    [
        ("*.a.example", "origin-without-scheme", 'write "https://*.a.example" for'),
        ("*a.example", "origin-without-scheme", 'write "https://*.a.example" for'),
        ("*X.example", "origin-without-scheme", 'write "https://*.X.example" for'),
        ("https://(a", "origin-regex", "escape it, or write"),
        ("https://[a", "origin-regex", "escape it, or write"),
        ("https://a\r\nb", "origin-characters", "write an ASCII origin"),
        ("https://\u0430.example", "origin-characters", "write an ASCII origin"),
        ("https://a\x7f", "origin-characters", "write an ASCII origin"),
        (re.compile(b"a"), "origin-bytes", "compile the pattern from a str"),
        (b"https://a", "origin-type", "write an origin such as"),
        (5, "origin-type", "write an origin such as"),
        (None, "origin-type", "write an origin such as"),
        (ask_elsewhere, "origin-async", "give a function that returns a bool"),
    ],
)
def test_what_can_never_match_is_refused_with_advice(origin: Any, code: str, advice: str) -> None:
    """D3: each names the option, the value and what to write instead."""
    (problem,) = check_origins((origin,))
    assert (problem.option, problem.given, problem.code) == ("origins", origin, code)
    assert problem.what == WHAT[code]
    assert problem.advice.startswith(advice)


def test_each_origin_is_checked() -> None:
    """One that is usable does not end the check."""
    problems = check_origins(("https://a.example", None, "*", 5))
    assert [problem.given for problem in problems] == [None, 5]


def test_an_unhashable_origin_is_reported_as_written() -> None:
    """A list in a list is an item of a wrong type, not a crash."""
    (problem,) = check_origins(convert_origins([["https://a"]]))
    assert problem.code == "origin-type"
    assert str(problem).startswith("origins=['https://a'] is neither")


# --- matching

INSENSITIVE = re.compile("https?://a", re.IGNORECASE)
LONG = "https://" + "a" * 2_032 + ".example"


def match(origins: Any, origin: str) -> object:
    matcher = compile_origins(convert_origins(origins))
    return matched_by(matcher, matcher.match(origin), origin)


@pytest.mark.parametrize(
    ("origins", "origin", "expected"),
    [
        # Literals: ASCII case is no matter (D6), everything else is.
        ("https://a.example", "https://a.example", "https://a.example"),
        ("https://A.example", "https://a.example", "https://A.example"),
        ("https://a.example", "HTTPS://A.EXAMPLE", "https://a.example"),
        (["HTTPS://A.example", "Https://A.example"], "https://a.example", "HTTPS://A.example"),
        ("https://a.example", "https://a.example/", None),
        ("https://a.example", "https://a.example.", None),
        ("https://a.example", "https://a.example:443", None),
        ("https://a.example", "http://a.example", None),
        ("https://a.example", "https://a.example.evil.io", None),
        ("https://a.example", "https://xa.example", None),
        ("https://a.example", " https://a.example", None),
        ("https://a.example", "https://a.example\n", None),
        ("https://kiss.example", "https://\u212aiss.example", None),
        ("http://fooss.example", "http://foo\xdf.example", None),
        ("https://\xe4.example", "https://\xe4.example", None),
        ("https://\xe4.example", "https://\xc4.example", None),
        # An IPv6 host is a literal (D2).
        ("http://[::1]:3000", "http://[::1]:3000", "http://[::1]:3000"),
        ("http://[2001:DB8::1]", "http://[2001:db8::1]", "http://[2001:DB8::1]"),
        ("http://[::1]:3000", "http://1:3000", None),
        ("http://[::1]:3000", "http://::3000.evil.io", None),
        # null, byte for byte (D6).
        ("null", "null", "null"),
        ("null", "NULL", None),
        ("NULL", "null", None),
        ("NULL", "NULL", "NULL"),
        (["NULL", "null"], "null", "null"),
        # Any origin.
        ("*", "https://a.example", "*"),
        ("*", "null", "*"),
        ("*", "not-an-origin", "*"),
        ("*", "http://[::1]", "*"),
        (["*", "https://a.example"], "https://a.example", "https://a.example"),
        ("*", "https://a.example, https://b.example", None),
        ("*", "https://a b", None),
        ("*", "https://a'b", None),
        ("*", 'https://a"b', None),
        ("*", "https://\xe4", None),
        ("*", "https://a\x7f", None),
        ("*", LONG, "*"),
        ("*", LONG + "x", None),
        # scheme://*.host: one or more labels, not the apex (D2).
        ("https://*.a.example", "https://b.a.example", "https://*.a.example"),
        ("https://*.a.example", "https://c.b.a.example", "https://*.a.example"),
        ("https://*.A.example", "https://b.a.EXAMPLE", "https://*.A.example"),
        ("https://*.a.example", "https://a.example", None),
        ("https://*.a.example", "https://xa.example", None),
        ("https://*.a.example", "https://.a.example", None),
        ("https://*.a.example", "https://b..a.example", None),
        ("https://*.a.example", "https://b.a.example.evil.io", None),
        ("https://*.a.example", "https://b.a.example:8443", None),
        ("https://*.a.example", "http://b.a.example", None),
        ("https://*.a.example", "https://evil.io/.a.example", None),
        ("https://*.a.example", "https://u@b.a.example", None),
        ("https://*.a.example", "https://b.a.example.", None),
        ("https://*.a.example", "https://*.a.example", None),
        ("https://*.a.example", "https://example", None),
        ("https://*.a.example:8443", "https://b.a.example:8443", "https://*.a.example:8443"),
        ("https://*.a.example:8443", "https://b.a.example", None),
        (
            ["https://*.example", "https://*.b.a.example"],
            "https://c.b.example",
            "https://*.example",
        ),
        # scheme://host:*: any port or none (D2).
        ("http://localhost:*", "http://localhost", "http://localhost:*"),
        ("http://localhost:*", "http://localhost:3000", "http://localhost:*"),
        ("http://[::1]:*", "http://[::1]:3000", "http://[::1]:*"),
        ("http://localhost:*", "http://localhost:", None),
        ("http://localhost:*", "http://localhost:123456", None),
        ("http://localhost:*", "http://localhost:80.evil.io", None),
        ("http://localhost:*", "http://localhost.evil.io", None),
        ("http://localhost:*", "http://b.localhost:80", None),
        ("http://localhost:*", "http://localhost:*", None),
        ("https://*.a.example", "https://*.b.a.example", None),
        # Both.
        ("https://*.a.example:*", "https://b.a.example", "https://*.a.example:*"),
        ("https://*.a.example:*", "https://b.a.example:1", "https://*.a.example:*"),
        ("https://*.a.example:*", "https://a.example:1", None),
        (
            ["https://*.a.example:*", "https://*.a.example:1"],
            "https://b.a.example:1",
            "https://*.a.example:1",
        ),
        # Regexes: the whole of the origin (D1).
        (r"https://.*\.a\.example", "https://b.a.example", r"https://.*\.a\.example"),
        (r"https://.*\.a\.example", "https://b.a.example.evil.io", None),
        (r"https://.*\.a\.example", "https://b.a.example\n", None),
        (r"https://.*\.a\.example$", "https://b.a.example\n", None),
        (r"https?://a\.example", "HTTP://A.EXAMPLE", r"https?://a\.example"),
        (re.compile(r"https?://a"), "HTTP://A", None),
        (INSENSITIVE, "HTTP://A", INSENSITIVE),
        (["https://(a|b)", "https://(c|d)"], "https://d", "https://(c|d)"),
        (["(?i)https://a", re.compile(r"(a)\1")], "aa", re.compile(r"(a)\1")),
        (".*a", "x" * 2_047 + "a", ".*a"),
        (".*a", "x" * 2_048 + "a", None),
        ("[^x]*", "a\r\nb", None),
        ("[^x]*", "a\0b", None),
        # Callables.
        (admit, "https://a.example", admit),
        (refuse, "https://a.example", None),
        ([admit, "https://a.example"], "https://a.example", "https://a.example"),
        (admit, "x" * 2_048, admit),
        (admit, "x" * 2_049, None),
        *(
            (pattern, "".join(("https://a", character, "b")), None)
            for pattern in (admit, "https://[^x]*", re.compile(".*"))
            for character in ("\n", "\x1b", " ", ",", '"', "'", "\x7f", "\xe4")
        ),
        ("a b", "a b", None),
        # Nobody.
        ([], "https://a.example", None),
    ],
)
def test_an_origin_is_admitted_by_the_pattern_that_names_it(
    origins: Any, origin: str, expected: object
) -> None:
    """Each kind of pattern admits what it says and nothing near it."""
    assert match(origins, origin) == expected


def test_callables_are_asked_last_and_only_until_one_admits() -> None:
    """D4: each is asked once at most."""
    asked: list[str] = []

    def first(origin: str) -> bool:
        asked.append("first")
        return False

    def second(origin: str) -> bool:
        asked.append("second")
        return True

    matcher = compile_origins((first, second, first))
    assert matcher.match("https://a.example") is second
    assert asked == ["first", "second"]


def breaks(origin: str) -> bool:
    raise LookupError(origin)


@pytest.mark.parametrize("origins", [(breaks, admit), (admit, breaks)])
def test_a_callable_that_raises_takes_nothing_from_the_others(origins: Any) -> None:
    """The order of the callables does not matter (I9)."""
    assert compile_origins(origins).match("https://a.example") is admit


def test_what_a_callable_raised_goes_on_if_nothing_admits() -> None:
    """D4: of several, the first one's."""
    with pytest.raises(LookupError, match=r"https://a\.example"):
        compile_origins((breaks, lambda origin: False, ask_elsewhere)).match("https://a.example")


@pytest.mark.parametrize("answer", [None, 0, 1, "yes", re.match("a", "a")])
def test_a_callable_must_answer_with_a_bool(answer: Any) -> None:
    """D4: what is not a bool is an error, not a permission."""
    with pytest.raises(TypeError, match=f"returned {type(answer).__name__}, not a bool"):
        compile_origins((lambda origin: answer,)).match("https://a.example")


def test_a_coroutine_is_closed_and_not_taken_for_an_answer() -> None:
    """A hidden `async def` neither admits nor leaves a warning behind."""
    with pytest.raises(TypeError, match="returned coroutine, not a bool"):
        compile_origins((ask_elsewhere,)).match("https://a.example")


@pytest.mark.parametrize(
    ("origins", "only_literal", "constant"),
    [
        ("https://a.example", "https://a.example", "https://a.example"),
        ("http://[::1]", "http://[::1]", "http://[::1]"),
        ("null", "null", "null"),
        ("NULL", "NULL", "NULL"),
        ("https://A.example", "https://A.example", None),
        (["https://a", "HTTPS://A"], "HTTPS://A", None),
        (["https://a", "https://b"], None, None),
        (["https://a", "https://*.b"], "https://a", None),
        (["https://a", re.compile("b")], "https://a", None),
        (["https://a", admit], "https://a", None),
        (["https://a", "*"], "https://a", None),
        (["null", "NULL"], None, None),
        ("*", None, None),
        (admit, None, None),
        ([], None, None),
    ],
)
def test_the_answer_is_constant_for_one_literal_alone(
    origins: Any, only_literal: str | None, constant: str | None
) -> None:
    """D5, D11: one literal as a browser writes it, and no other pattern beside it."""
    matcher = compile_origins(convert_origins(origins))
    assert (matcher.only_literal, matcher.constant) == (only_literal, constant)


@pytest.mark.parametrize(
    ("origins", "origin", "expected"),
    [
        (r"https://.*\.a\.example", "https://b.a.example.evil.io", r"https://.*\.a\.example"),
        (["https://(a|b)", "https://(c|d)"], "https://dx", "https://(c|d)"),
        (PATTERN, "https://b.evil.io", PATTERN),
        (r"https://.*\.a\.example", "https://evil.io", None),
        ("https://a.example", "https://a.example.evil.io", None),
        ("https://*.a.example", "https://b.a.example.evil.io", None),
        ("https?://a", "https://a" + "x" * 2_039, "https?://a"),
        ("https?://a", "https://a" + "x" * 2_040, None),
    ],
)
def test_a_regex_that_only_a_prefix_matches_is_named(
    origins: Any, origin: str, expected: object
) -> None:
    """D1: what 6.0.2 would have admitted, so that the shell can say so once."""
    assert prefix_only(compile_origins(convert_origins(origins)), origin) == expected

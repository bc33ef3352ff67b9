from __future__ import annotations

import re
from typing import Any

import pytest

from corecors._origins import OriginMatcher, prefix_only
from corecors._patterns import convert_origins, read_all

PATTERN = re.compile("https://b")


def admit(origin: str) -> bool:
    return True


def refuse(origin: str) -> bool:
    return False


async def ask_elsewhere(origin: str) -> bool:
    return True


def hidden(origin: str) -> Any:
    return ask_elsewhere(origin)


def matcher_of(origins: Any) -> OriginMatcher:
    return OriginMatcher(read_all(convert_origins(origins)))


# --- matching

INSENSITIVE = re.compile("https?://a", re.IGNORECASE)
LONG = "https://" + "a" * 2_032 + ".example"


def match(origins: Any, origin: str) -> object:
    matcher = matcher_of(origins)
    return matcher.match(origin)


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

    matcher = matcher_of((first, second, first))
    assert matcher.match("https://a.example") is second
    assert asked == ["first", "second"]


def breaks(origin: str) -> bool:
    raise LookupError(origin)


@pytest.mark.parametrize("origins", [(breaks, admit), (admit, breaks)])
def test_a_callable_that_raises_takes_nothing_from_the_others(origins: Any) -> None:
    """The order of the callables does not matter (I9)."""
    assert matcher_of(origins).match("https://a.example") is admit


def test_what_a_callable_raised_goes_on_if_nothing_admits() -> None:
    """D4: of several, the first one's."""
    with pytest.raises(LookupError, match=r"https://a\.example"):
        matcher_of((breaks, lambda origin: False, hidden)).match("https://a.example")


@pytest.mark.parametrize("answer", [None, 0, 1, "yes", re.match("a", "a")])
def test_a_callable_must_answer_with_a_bool(answer: Any) -> None:
    """D4: what is not a bool is an error, not a permission."""
    with pytest.raises(TypeError, match=f"returned {type(answer).__name__}, not a bool"):
        matcher_of((lambda origin: answer,)).match("https://a.example")


def test_a_coroutine_is_closed_and_not_taken_for_an_answer() -> None:
    """A hidden `async def` neither admits nor leaves a warning behind."""
    with pytest.raises(TypeError, match="returned coroutine, not a bool"):
        matcher_of((hidden,)).match("https://a.example")


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
    matcher = matcher_of(origins)
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
    assert prefix_only(matcher_of(origins), origin) == expected

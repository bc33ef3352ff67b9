from __future__ import annotations

import re
from typing import Any

import pytest

from corecors import Policy, PolicyError
from corecors._complaints import parts_of
from corecors._globs import parse_origin
from corecors._patterns import (
    ANY,
    BROKEN,
    CALLABLE,
    GLOB,
    LITERAL,
    REGEX,
    Pattern,
    convert_origins,
    read,
    read_all,
)

# --- serialized origins


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("https://a.example", ("https", "a.example", "")),
        ("http://localhost:3000", ("http", "localhost", ":3000")),
        ("HTTP://A.Example:80", ("http", "a.example", ":80")),
        ("http://127.0.0.1", ("http", "127.0.0.1", "")),
        ("http://[::1]", ("http", "[::1]", "")),
        ("http://[2001:DB8::1]:65535", ("http", "[2001:db8::1]", ":65535")),
        ("http://[::ffff:127.0.0.1]", ("http", "[::ffff:127.0.0.1]", "")),
        ("chrome-extension://abcdef", ("chrome-extension", "abcdef", "")),
        ("https://my_host-1.example", ("https", "my_host-1.example", "")),
    ],
)
def test_a_serialized_origin_is_taken_apart(text: str, parts: tuple[str, str, str]) -> None:
    """D2: scheme, host and port, an IPv6 host included, whose brackets make no regex."""
    assert parse_origin(text) == parts
    assert read(text) == Pattern(text, LITERAL)


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
        "https://*.a.example",
    ],
)
def test_anything_else_is_not_a_serialized_origin(text: str) -> None:
    """No other spelling counts, not even with a line feed behind it."""
    assert parse_origin(text) is None


# --- what an item is


def admit(origin: str) -> bool:
    return True


async def ask_elsewhere(origin: str) -> bool:
    return True


COMPILED = re.compile("https://b")


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        ("*", ANY),
        (".*", ANY),
        ("/*", ANY),
        # Literals: serialized origins, and whatever has no character of a regex.
        ("https://a.example", LITERAL),
        ("http://[::1]:3000", LITERAL),
        ("app://.", LITERAL),
        ("file://", LITERAL),
        ("null", LITERAL),
        ("+a", LITERAL),
        ("a.example", LITERAL),
        ("a b", LITERAL),
        ("localhost:3000", LITERAL),
        ("https://a.example/", LITERAL),
        ("https://a.example;", LITERAL),
        ("https://é.example", LITERAL),
        # Globs.
        ("https://*.a.example", GLOB),
        ("http://localhost:*", GLOB),
        ("http://localhost*", GLOB),
        ("https://app-*.vercel.app", GLOB),
        ("http://192.168.*.*:3000", GLOB),
        ("https://*", GLOB),
        ("chrome-extension://*", GLOB),
        ("https://example.*", GLOB),
        ("https://*.a.example/*", GLOB),
        # Regexes: the table of D2 leaves them, and what 6.0.2 matches as one.
        (r"https://a.*\.b", REGEX),
        ("http://localhost:.*", REGEX),
        ("https://.*.b.example", REGEX),
        ("https?://a.example", REGEX),
        ("http://localhost:3000/*", REGEX),
        ("http://localhost:3000*", REGEX),
        ("http*://a.example", REGEX),
        ("https*://a.example", REGEX),
        (r"https://a\.example|https://b\.example", REGEX),
        (r"https://(a|b)\.example", REGEX),
        ("https://(a |b)", REGEX),
        ("http.*", REGEX),
        ("https.*a.example", REGEX),
        ("app.*", REGEX),
        ("chrome-extension.*", REGEX),
        (r".*\.a\.example", REGEX),
        ("[a-z]+://a.exampl[e]", REGEX),
        ("[::1]:3000", REGEX),
        (COMPILED, REGEX),
        (admit, CALLABLE),
        (len, CALLABLE),
    ],
)
def test_each_item_is_of_one_kind(item: Any, kind: str) -> None:
    """D2: in the order in which a text is read; all of these are accepted."""
    pattern = read(item)
    assert (pattern.item, pattern.kind) == (item, kind)
    assert (pattern.glob is not None) == (kind == GLOB)
    assert (pattern.regex is not None) == (kind == REGEX)
    assert Policy(origins=[item]).plan.origins.patterns == read_all(convert_origins([item]))


@pytest.mark.parametrize(
    ("item", "code", "what"),
    [
        # A star, or a dot, without a scheme.
        ("*.a.example", "origin-without-scheme", "has no scheme"),
        ("*a.example", "origin-without-scheme", "has no scheme"),
        (".a.example", "origin-without-scheme", "has no scheme"),
        ("*:3000", "origin-without-scheme", "has no scheme"),
        ("localhost:*", "origin-without-scheme", "has no scheme"),
        ("app-*.vercel.app", "origin-without-scheme", "has no scheme"),
        ("a.example/*", "origin-without-scheme", "has no scheme"),
        ("example.*", "origin-without-scheme", "has no scheme"),
        ("localhost.*", "origin-without-scheme", "has no scheme"),
        ("http*", "origin-without-scheme", "has no scheme"),
        ("*//a.example", "origin-without-scheme", "has no scheme"),
        ("*://a.example", "origin-any-scheme", "has a * for its scheme"),
        ("*://*.a.example/*", "origin-any-scheme", "has a * for its scheme"),
        # Lists of a programming language.
        ('["https://a.example"]', "origin-json", "is in quotation marks or brackets, as JSON is"),
        ("['https://a', 'https://b']", "origin-json", None),
        ('"*"', "origin-json", None),
        ("'*'", "origin-json", None),
        ("'https://a.example", "origin-json", None),
        ('https://a.example"', "origin-json", None),
        ("[https://a.example]", "origin-json", None),
        ('"https://a.example', "origin-json", None),
        ("https://a.example'", "origin-json", None),
        ("[http://[::1]:3000]", "origin-json", None),
        ("[]", "origin-json", None),
        ("[*]", "origin-json", None),
        ('{"origins": "*"}', "origin-json", None),
        # Several in one text.
        ("https://a https://b", "origin-joined", "is several origins in one text"),
        ("a https://b", "origin-joined", None),
        ("localhost:3000 localhost:5173", "origin-joined", None),
        ("https://a.example;https://*.b.example", "origin-joined", None),
        ("https://a.example ; b.example", "origin-joined", None),
        ("https://a|https://b", "origin-joined", None),
        ("https://*.a|https://b|", "origin-joined", None),
        (r"https://a\.example | https://b\.example", "origin-joined", None),
        # Regexes, as `re` says.
        ("https://(a", "origin-regex", "is not a valid regular expression"),
        ("https://[a", "origin-regex", None),
        ("(?a)(?u)x", "origin-regex", None),
        ("https://a{99999999999}(b)", "origin-regex", None),
        # What no header can carry.
        ("https://a\r\nb", "origin-characters", "has characters that no header can carry"),
        ("https://\u0430.example", "origin-characters", None),
        ("https://a\x7f", "origin-characters", None),
        # What is no text.
        (re.compile(b"a"), "origin-bytes", "is a pattern of bytes"),
        (b"https://a", "origin-type", "is neither a string, a compiled regex nor a callable"),
        (5, "origin-type", None),
        (None, "origin-type", None),
        (ask_elsewhere, "origin-async", "is a coroutine function"),
    ],
)
def test_what_can_never_work_is_refused(item: Any, code: str, what: str | None) -> None:
    """D3: with a code, and in plain words."""
    pattern = read(item)
    assert (pattern.kind, pattern.complaint[0]) == (BROKEN, code)
    assert what is None or pattern.complaint[1] == what
    with pytest.raises(PolicyError) as raised:
        Policy(origins=[item])
    (problem,) = raised.value.problems
    assert (problem.option, problem.given, problem.code) == ("origins", item, code)
    assert problem.what == pattern.complaint[1]


def test_each_item_is_checked() -> None:
    """One that is usable does not end the check."""
    with pytest.raises(PolicyError) as raised:
        Policy(origins=["https://a.example", None, "*", 5])
    assert [problem.given for problem in raised.value.problems] == [None, 5]


def test_an_unhashable_item_is_reported_as_written() -> None:
    """A list in a list is an item of a wrong type, not a crash."""
    (pattern,) = read_all(convert_origins([["https://a"]])).others
    assert (pattern.kind, repr(pattern.item)) == (BROKEN, "['https://a']")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("https://a", ["https://a"]),
        ("https://a ", ["https://a "]),
        ("a b", ["a b"]),
        ("a b.example", ["a", "b.example"]),
        ("a.example\tlocalhost", ["a.example", "localhost"]),
        ("https://a;; https://b;", ["https://a", "https://b"]),
        ("null|https://a", ["null|https://a"]),
        ("https://(a |b)", ["https://(a |b)"]),
    ],
)
def test_several_items_in_one_text_are_told_apart(text: str, parts: list[str]) -> None:
    """Only where each part looks like an item, and one of them has a host."""
    assert parts_of(text) == parts


# --- all of them


def test_plain_origins_are_not_taken_apart() -> None:
    """There may be very many of them."""
    items = convert_origins(["https://a.example", "https://*.a.example", "null", admit, "*"])
    patterns = read_all(items)
    assert patterns.plain == {"https://a.example": "https://a.example"}
    assert [pattern.item for pattern in patterns.others] == [
        "*",
        "https://*.a.example",
        "null",
        admit,
    ]
    assert patterns.of_kind(LITERAL) == [Pattern("null", LITERAL)]


@pytest.mark.parametrize(
    ("value", "items"),
    [
        ("*", ("*",)),
        (".*", ("*",)),
        ([".*", "*"], ("*",)),
        ("/*", ("/*",)),
        ("https://b, https://a", ("https://a", "https://b")),
        (["https://b", "https://a", "https://b"], ("https://a", "https://b")),
        (COMPILED, (COMPILED,)),
        ([COMPILED, "https://a", COMPILED], ("https://a", COMPILED)),
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


# --- any origin


@pytest.mark.parametrize("text", ["*", ".*", "/*"])
def test_a_pattern_for_all_paths_is_any_origin(text: str) -> None:
    """D2: `/*` is read as `*` everywhere."""
    policy = Policy(origins=text, send_wildcard=True)
    assert policy.answer("GET", "https://a.example") == Policy(
        origins="*", send_wildcard=True
    ).answer("GET", "https://a.example")
    assert Policy(origins=text).answer("GET", "null").matched == "*"
    with pytest.raises(PolicyError, match="refused by every browser"):
        Policy(origins=text, send_wildcard=True, supports_credentials=True)

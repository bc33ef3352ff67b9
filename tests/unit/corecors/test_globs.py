"""The grammar of globs, and what each admits (D2)."""

from __future__ import annotations

import re

import pytest

from corecors import Policy
from corecors._globs import Glob, parse


@pytest.mark.parametrize(
    ("text", "glob"),
    [
        ("https://*.a.example", Glob("https", "*.a.example", "")),
        ("https://*.A.Example:8443", Glob("https", "*.a.example", ":8443")),
        ("http://localhost:*", Glob("http", "localhost", ":*")),
        ("http://[::1]:*", Glob("http", "[::1]", ":*")),
        ("https://*.a.example:*", Glob("https", "*.a.example", ":*")),
        ("https://app-*.a_b.example", Glob("https", "app-*.a_b.example", "")),
        ("https://a.*.example", Glob("https", "a.*.example", "")),
        ("http://192.168.*.*:3000", Glob("http", "192.168.*.*", ":3000")),
        ("https://*", Glob("https", "*", ":*")),
        ("http://*:3000", Glob("http", "*", ":3000")),
        ("chrome-extension://*", Glob("chrome-extension", "*", ":*")),
        ("https://a.*", Glob("https", "a.*", "")),
        ("https://**.a.example", Glob("https", "*.a.example", "")),
        # The end of a host is never open: what stands there is the port.
        ("http://localhost*", Glob("http", "localhost", ":*")),
        ("http://localhost*:3000", Glob("http", "localhost", ":3000")),
        ("https://*.a.exam*", Glob("https", "*.a.exam", ":*")),
        ("https://a-*b**", Glob("https", "a-*b", ":*")),
        # No origin has a path.
        ("https://*.a.example/", Glob("https", "*.a.example", "", "/")),
        ("https://*.a.example/*", Glob("https", "*.a.example", "", "/*")),
        ("http://localhost:*/a/b.c", Glob("http", "localhost", ":*", "/a/b.c")),
    ],
)
def test_a_glob_is_taken_apart(text: str, glob: Glob) -> None:
    """Scheme, host and port in lower case, as in an origin (D2)."""
    assert parse(text) == glob


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "https://a.example",
        "*.a.example",
        "*://a.example",
        "http*://a.example",
        "localhost:*",
        r"https://a.*\.b",
        "http://localhost:.*",
        "http://localhost:3000/*",
        "http://localhost:3000*",
        "https://.*.b.example",
        "https://*..b.example",
        "https://*.b.example.",
        "https://*.b.example/?",
        "https://(*.b.example)",
        "https://[*::1]",
        "https://*.b.example:123456",
        "https://u@*.b.example",
        "https://*.é.example",
        "https://*.b.example\n",
    ],
)
def test_anything_else_is_no_glob(text: str) -> None:
    """A backslash, an empty label, `:.*`, or a star nowhere but in the path."""
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "below", "address", "open_end", "any_host", "tail"),
    [
        ("https://*.a.example", True, False, False, False, "a.example"),
        ("https://*.example", True, False, False, False, "example"),
        ("https://a-*.b.example", False, False, False, False, "b.example"),
        ("https://a.*.b.example", False, False, False, False, "b.example"),
        ("https://*.a.*.example", False, False, False, False, "example"),
        ("https://*.x*y.example", False, False, False, False, "example"),
        ("https://example.*", False, False, True, False, ""),
        ("https://*.*", False, False, True, False, ""),
        ("https://*", False, False, False, True, ""),
        ("http://192.168.*.*", False, True, False, False, ""),
        ("http://*.*.1.1", False, True, False, False, "1.1"),
        ("http://*.168.1.1", True, False, False, False, "168.1.1"),
        ("http://192.168.*.1", False, True, False, False, "1"),
        ("http://localhost*", False, False, False, False, ""),
    ],
)
def test_a_glob_says_what_is_open(
    text: str, below: bool, address: bool, open_end: bool, any_host: bool, tail: str
) -> None:
    """By this the matcher files it, and set-up warns of it."""
    glob = parse(text)
    assert glob is not None
    found = (glob.is_below, glob.is_address, glob.open_end, glob.any_host, glob.tail)
    assert found == (below, address, open_end, any_host, tail)


# The table of D2, row by row: what a glob admits, and what near to it is refused.
TABLE: list[tuple[str, str, str]] = [
    (
        "https://*.host.example",
        "https://a.host.example https://a-1.b_2.host.example HTTPS://A.HOST.EXAMPLE",
        (
            "https://host.example https://xhost.example https://.host.example "
            "https://a..host.example http://a.host.example https://a.host.example:8443 "
            "https://a.host.example.evil.example "
            "https://a.host.example/ https://u@a.host.example https://evil.example/.host.example"
        ),
    ),
    (
        "http://host:*",
        "http://host http://host:1 http://host:65535",
        (
            "http://host: http://host:123456 http://host.evil.example http://a.host https://host "
            "http://host:80.evil.example http://host:80@evil.example"
        ),
    ),
    ("http://[::1]:*", "http://[::1] http://[::1]:3000", "http://[::2] http://[::1]:3000x"),
    (
        "https://app-*.host.example",
        "https://app-1.host.example https://app-git-fix-a.host.example https://APP-X.host.example",
        (
            "https://app-.host.example https://app-a.b.host.example https://app-a_b.host.example "
            "https://xapp-1.host.example https://app-1.host.example.evil.example "
            "https://app-1.evil.example https://app-1.xhost.example https://app-1.host.example:1"
        ),
    ),
    (
        "https://*-app.host.example:*",
        "https://a-app.host.example https://a-b-app.host.example:3000",
        "https://-app.host.example https://a.b-app.host.example https://a-app.host.example:",
    ),
    (
        "https://a.*.host.example",
        "https://a.b.host.example https://a.b_c-d.host.example",
        (
            "https://a.host.example https://a.b.c.host.example https://a..host.example "
            "https://x.b.host.example"
        ),
    ),
    (
        "https://*.a.*.host.example",
        "https://x.a.y.host.example https://w.x.a.y.host.example",
        "https://a.y.host.example https://x.a.y.z.host.example",
    ),
    (
        "http://192.168.*.*:3000",
        "http://192.168.0.1:3000 http://192.168.255.99:3000",
        (
            "http://192.168.256.1:3000 http://192.168.1.1 http://192.168.1:3000 "
            "http://192.168.evil.example:3000 http://192.168.01.1:3000 http://192.168.1.1.1:3000 "
            "http://192x168.1.1:3000"
        ),
    ),
    ("http://*.*.1.1", "http://192.168.1.1", "http://a.168.1.1 http://1.192.168.1.1"),
    (
        "https://*",
        "https://a.example https://a.example:1 https://[::1]:80 https://a.example. https://localhost",
        (
            "http://a.example https:// https://a.example/ https://a.example@b https://a:123456 "
            "null xhttps://a.example"
        ),
    ),
    ("http://*", "http://127.0.0.1:5500 http://localhost", "https://localhost ws://localhost"),
    (
        "chrome-extension://*",
        "chrome-extension://abcdef chrome-extension://",
        "moz-extension://abcdef https://abcdef chrome-extension://abc/x chrome-extension://:1",
    ),
    ("app://*", "app://. app://- app://localhost", "xapp://. app"),
    ("file://*", "file://", "null file:///"),
    (
        "http://*:3000",
        "http://a.example:3000 http://localhost:3000 http://[::1]:3000 http://10.0.0.1:3000",
        "http://a.example http://a.example:3001 https://a.example:3000 http://a.example:30000",
    ),
    ("app://*:1", "app://a:1", "app://:1 app:// app://a"),
    ("https://*:*", "https://a.example https://a.example:1", "http://a.example"),
    (
        "http://localhost*",
        "http://localhost http://localhost:3000",
        (
            "http://localhost.evil.example http://localhostx http://localhost-evil.example "
            "https://localhost"
        ),
    ),
    (
        "https://www.host.exam*",
        "https://www.host.exam https://www.host.exam:1",
        "https://www.host.example https://www.host.exam.evil.example",
    ),
    (
        "https://example.*",
        "https://example.com https://example.x-1",
        (
            "https://example.co.uk https://example https://a.example.com https://example.com:1 "
            "https://example."
        ),
    ),
    ("https://*.a.example/", "", "https://b.a.example https://b.a.example/ https://xa.example"),
    ("https://*.a.example/*", "", "https://b.a.example https://xa.example https://a.example"),
]


@pytest.mark.parametrize(("glob", "admitted", "refused"), TABLE)
def test_each_row_of_the_table_admits_what_it_says(glob: str, admitted: str, refused: str) -> None:
    """D2; alone, and among others of every kind."""
    others = ("https://*.other.example", "https://o-*.host.example", r"x://(a|b)", "y://*", "z://z")
    for policy in (Policy(origins=glob), Policy(origins=[glob, *others])):
        for origin in admitted.split():
            assert policy.answer("GET", origin).matched == glob, origin
        for origin in refused.split():
            assert not policy.answer("GET", origin).fields, origin


@pytest.mark.parametrize(("glob", "admitted", "refused"), TABLE)
def test_the_regex_of_a_glob_says_the_same(glob: str, admitted: str, refused: str) -> None:
    """Whether a table or a regex decides is no matter."""
    parsed = parse(glob)
    assert parsed is not None
    for origin in admitted.lower().split():
        assert re.fullmatch(parsed.regex, origin), origin
    for origin in refused.lower().split():
        assert parsed.path or not re.fullmatch(parsed.regex, origin), origin

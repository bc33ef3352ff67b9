"""What is advised for a text in `origins` (D3, FAULTS 13 to 15)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from corecors import Policy, PolicyError, audit
from corecors._advice import is_odd, meant, written
from corecors._patterns import read

ACCEPTED = [
    "*",
    "null",
    "https://a.example",
    "HTTPS://A.example",
    "https://a.example.",
    "https://a.example:80",
    "http://a.example:443",
    "http://[::1]:3000",
    "http://[::ffff:7f00:1]",
    "app://.",
    "app://-",
    "file://",
    "capacitor://localhost",
    "chrome-extension://abcdef",
    "https://*.a.example",
    "https://app-*.vercel.app",
    "http://192.168.*.*:3000",
    "http://*:3000",
    "http://localhost*",
    "http://localhost:*",
    "https://*",
    "http://*",
    "chrome-extension://*",
    "http://localhost:3000/*",
    "https?://.*",
    r"https://.*\.a\.example",
    r"https://.*\.a\.example/?",
    r"https://.*\.a\.example(/.*)?",
    r"(https://a\.example|https://b\.example/)",
    "http.*",
    ".*/",
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_nothing_is_said_of_what_works(text: str) -> None:
    """It means what it says, whatever else could be written."""
    assert not is_odd(text)
    assert meant(text) in ((text,), (text.lower(),))
    assert audit(Policy(origins=text), quick=True) == ()


@pytest.mark.parametrize(
    ("text", "items"),
    [
        # No scheme: the local host and addresses are asked without encryption.
        ("a.example", ("https://a.example",)),
        ("www.a.example/path", ("https://www.a.example",)),
        ("localhost", ("http://localhost",)),
        ("localhost:3000", ("http://localhost:3000",)),
        ("localhost:5173", ("http://localhost:5173",)),
        ("127.0.0.1:5500", ("http://127.0.0.1:5500",)),
        ("10.0.0.1", ("http://10.0.0.1",)),
        ("[::1]:3000", ("http://[::1]:3000",)),
        ("::1", ("http://[::1]",)),
        ("http://::1:3000", ("http://[::1]:3000",)),
        ("http://fe80::1:3000", ("http://[fe80::1:3000]",)),
        ("[::1]/", ("http://[::1]",)),
        ("http:/[::1]", ("http://[::1]",)),
        ("http://u:p@[::1]:80", ("http://[::1]",)),
        ("http://[::1]/(x", ("http://[::1]",)),
        ("http://[::1]:3000/path?", ("http://[::1]:3000",)),
        ("a/b?", ("a/b?",)),
        ("frontend:3000", ("http://frontend:3000",)),
        ("app.localhost:3000", ("http://app.localhost:3000",)),
        ("a.example:3000", ("https://a.example:3000",)),
        ("//a.example", ("https://a.example",)),
        ("3000", ("http://localhost:3000",)),
        (":3000", ("http://localhost:3000",)),
        # A scheme that is written wrongly, or that pages do not have.
        ("https//x.example", ("https://x.example",)),
        ("https:/x.example", ("https://x.example",)),
        ("https:x.example", ("https://x.example",)),
        ("https:///x.example", ("https://x.example",)),
        ("https://https://x.example", ("https://x.example",)),
        ("htps://x.example", ("https://x.example",)),
        ("wss://x.example", ("https://x.example",)),
        ("ws://localhost:3000", ("http://localhost:3000",)),
        # Globs without a scheme, or with any.
        ("*.example.com", ("https://*.example.com",)),
        ("*.X.example", ("https://*.x.example",)),
        ("*example.com", ("https://*.example.com",)),
        (".example.com", ("https://*.example.com",)),
        ("*.localhost:3000", ("http://*.localhost:3000",)),
        ("app-*.vercel.app", ("https://app-*.vercel.app",)),
        ("*:3000", ("http://*:3000",)),
        ("localhost:*", ("http://localhost:*",)),
        ("192.168.*.*:3000", ("http://192.168.*.*:3000",)),
        ("*://a.example", ("http://a.example", "https://a.example")),
        ("*://*.app.example/*", ("http://*.app.example", "https://*.app.example")),
        ("*://*/*", ("*",)),
        ("http*", ("http://*", "https://*")),
        ("a.example/*", ("https://a.example",)),
        # A slash, a path, and more behind the host.
        ("https://a.example/", ("https://a.example",)),
        ("https://A.example/path", ("https://a.example",)),
        ("https://a.example/http://b.example", ("https://a.example",)),
        ("https://a.example#x", ("https://a.example",)),
        ("https://*.app.example/", ("https://*.app.example",)),
        ("https://*.app.example/*", ("https://*.app.example",)),
        (r"https://.*\.a\.example/", (r"https://.*\.a\.example",)),
        (r"^https:\/\/.*\.a\.example\/$", (r"^https:\/\/.*\.a\.example$",)),
        (r"https://.*\.a\.example/.*", (r"https://.*\.a\.example",)),
        ("https://user@a.example", ("https://a.example",)),
        ("https://a.example/path?query", ("https://a.example",)),
        ("https://a.example/(x)", ("https://a.example",)),
        ("https://*.a.example/$", ("https://*.a.example",)),
        ("https://a.example/?x", ("https://a.example/?x",)),
        ("https://a.example/x|https://b.exampl[e]", ("https://a.example/x|https://b.exampl[e]",)),
        ("file:///", ("file://",)),
        # Ports.
        ("https://a.example:443", ("https://a.example",)),
        ("http://a.example:80/", ("http://a.example",)),
        ("http://a.example:080", ("http://a.example",)),
        ("https://*.a.example:443", ("https://*.a.example",)),
        ("https://a.example:", ("https://a.example",)),
        ("http://localhost:3000-3010", ("http://localhost:*",)),
        ("http://localhost:70000", None),
        # Hosts that browsers write in another way.
        ("müller.example", ("https://xn--mller-kva.example",)),
        ("https://MÜLLER.example", ("https://xn--mller-kva.example",)),
        ("https://straße.example", ("https://xn--strae-oqa.example",)),
        ("https://*.müller.example", ("https://*.xn--mller-kva.example",)),
        ("https://а.example", ("https://xn--80a.example",)),
        ("https://例え.テスト", ("https://xn--r8jz45g.xn--zckzah",)),
        ("https://(ä|b).example", ("https://(ä|b).example",)),
        ("http://[0:0:0:0:0:0:0:1]:3000", ("http://[::1]:3000",)),
        ("https://a.example:65535/", ("https://a.example:65535",)),
        ("https://a.example:65536/", None),
        ("https://u@a.example/b/c@d", ("https://a.example",)),
        ("http://[::ffff:127.0.0.1]", ("http://[::ffff:7f00:1]",)),
        ("http://[1::2::3]", None),
        ("https://a..example", ("https://a.example",)),
        ("http://192.168.*", ("http://192.168.*.*",)),
        ("NULL", ("null",)),
        # Words.
        ("all", ("*",)),
        ("Any", ("*",)),
        ("none", ()),
        ("self", ()),
        ("/*", ("*",)),
        # Lists in one text.
        ('["https://app.example"]', ("https://app.example",)),
        ("['https://a.example', 'localhost:3000']", ("https://a.example", "http://localhost:3000")),
        ('"*"', ("*",)),
        ("'*'", ("*",)),
        ("[]", ()),
        ('"https://a.example', ("https://a.example",)),
        ("[http://[::1]:3000]", ("http://[::1]:3000",)),
        ("https://a.example;", ("https://a.example",)),
        ("a https://b", ("https://a", "https://b")),
        ("https://a; https://*.b.example", ("https://a", "https://*.b.example")),
        ("https://a|https://a", ("https://a",)),
        (
            r"https://a\.x | https://(b|c)\.x/",
            (r"https://a\.x", r"https://(b|c)\.x"),
        ),
        ("https://a\r\nhttps://b", ("https://a", "https://b")),
        # What may mean anything.
        ("true", None),
        ("a b", None),
        ("a_b?c", ("a_b?c",)),
        ("+a", None),
        ("https://", None),
        ("https://+a", None),
        ("https://(a", None),
        ("example.*", None),
        ("https://a\x7f", None),
        ('{"origins": "*"}', None),
    ],
)  # fmt: skip
def test_a_text_is_mended_as_it_is_plainly_meant(text: str, items: tuple[str, ...] | None) -> None:
    """D3: where nothing can be guessed, there is no guess."""
    assert meant(text) == items


@pytest.mark.parametrize(
    ("items", "text"),
    [
        (("https://a",), 'write "https://a"'),
        (("https://a", "https://b"), 'write ["https://a", "https://b"]'),
        ((), "write []"),
        (None, 'write an origin such as "https://app.example"'),
    ],
)
def test_items_are_advised_as_they_are_written(items: tuple[str, ...] | None, text: str) -> None:
    """One, several, none; or an example."""
    assert written(items) == text


async def ask_elsewhere(origin: str) -> bool:
    return True


EXAMPLE = 'write an origin such as "https://app.example"'


@pytest.mark.parametrize(
    ("item", "advice"),
    [
        ("*.a.example", 'write "https://*.a.example"'),
        ("example.*", 'write an origin such as "https://*.app.example"'),
        ("https://(a", 'escape it, or write an origin such as "https://*.app.example"'),
        ("https://a\x7f", EXAMPLE),
        (re.compile(b"a"), "compile the pattern from a str"),
        (b"https://a", EXAMPLE),
        (None, EXAMPLE),
        (ask_elsewhere, "give a function that returns a bool"),
    ],
)
def test_an_error_says_what_to_write(item: Any, advice: str) -> None:
    """D3: each problem has its advice."""
    with pytest.raises(PolicyError) as raised:
        Policy(origins=[item])
    assert [problem.advice for problem in raised.value.problems] == [advice]


def test_whatever_is_meant_is_meant_once_more() -> None:
    """To follow an advice leads to no other one."""
    for text in ("localhost:3000", "https//x.example", "NULL", "[::1]"):
        assert meant(*(meant(text) or ())) == meant(text)
        assert read(text).kind in {"literal", "regex"}

"""Each kind of finding as a whole: what is wrong, what to write instead, and who gets in."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest

from corecors import Policy, audit
from corecors.audit import KINDS, Finding, _reading

pytest.importorskip("interegular")
pytest.importorskip("publicsuffixlist")

A = "https://a.example"
LIST = "list the origins that may"
NULL = "admits null, which every site can send from a sandboxed frame"
SEPARATE = "separate the names by commas, or write a list"
BOTH = 'write "https://app.example" and "https://*.app.example"'


def anyone(origin: str) -> bool:
    return True


def of_origins(code: str, given: object, what: str, advice: str, **fields: Any) -> Finding:
    return Finding(code=code, option="origins", given=given, what=what, advice=advice, **fields)


FOUND: list[tuple[dict[str, Any], list[Finding]]] = [
    (
        {"origins": "*", "supports_credentials": True},
        [
            Finding(
                code="any-origin-with-credentials",
                option="supports_credentials",
                given=True,
                what="with origins='*' lets every site act with the cookies of your users",
                advice=LIST,
            )
        ],
    ),
    ({"origins": [A, "null"]}, [of_origins("null-origin", "null", NULL, LIST, witness="null")]),
    (
        {"origins": r"null|https://app\.example", "supports_credentials": True},
        [
            of_origins("null-origin", r"null|https://app\.example", NULL, LIST, witness="null"),
        ],
    ),
    (
        {"origins": f"{A}/"},
        [
            of_origins(
                "origin-never-sent",
                f"{A}/",
                "is not an origin as a browser writes it and matches none",
                f'write "{A}"',
            )
        ],
    ),
    (
        {"origins": "/*"},
        [
            of_origins(
                "origin-is-path", "/*", 'is a pattern for paths, and is read as "*"', 'write "*"'
            )
        ],
    ),
    (
        {"origins": A, "send_wildcard": True},
        [
            Finding(
                code="send-wildcard-without-effect",
                option="send_wildcard",
                given=True,
                what='has no effect beside origins other than "*"',
                advice="leave it out",
            )
        ],
    ),
    (
        {"methods": ["GET PUT"]},
        [
            Finding(
                code="method-not-a-token",
                option="methods",
                given="GET PUT",
                what="is not one method name and has no effect",
                advice=SEPARATE,
            )
        ],
    ),
    (
        {"allow_headers": ["X-*", "X A"]},
        [
            Finding(
                code="header-not-a-token",
                option="allow_headers",
                given="X A",
                what="is not one header name and has no effect",
                advice=SEPARATE,
            ),
            Finding(
                code="header-glob",
                option="allow_headers",
                given="X-*",
                what="is a regular expression that no such header name matches",
                advice='write "X-.*"',
            ),
        ],
    ),
    (
        {"origins": A, "supports_credentials": True, "expose_headers": "*"},
        [
            Finding(
                code="expose-any-with-credentials",
                option="expose_headers",
                given="*",
                what="exposes nothing to requests with credentials",
                advice="list the names of the response headers",
            )
        ],
    ),
    (
        {"origins": r"https://.*app\.example"},
        [
            of_origins(
                "missing-boundary",
                r"https://.*app\.example",
                "admits https://aapp.example too: the domain may begin in the middle of a longer "
                "name",
                BOTH,
                witness="https://aapp.example",
            )
        ],
    ),
    (
        {"origins": r"https://app\.example.*"},
        [
            of_origins(
                "open-end",
                r"https://app\.example.*",
                "admits https://app.example.example too: nothing says where the host ends",
                BOTH,
                witness="https://app.example.example",
            )
        ],
    ),
    (
        {"origins": r"https://www.app\.example"},
        [
            of_origins(
                "unescaped-dot",
                r"https://www.app\.example",
                "admits https://wwwaapp.example too: an unescaped dot is any character",
                r"write 'https://www\\.app\\.example'",
                witness="https://wwwaapp.example",
            )
        ],
    ),
    (
        {"origins": r"http://[a-z]+\.(co\.uk|github\.io)"},
        [
            of_origins(
                "public-suffix",
                r"http://[a-z]+\.(co\.uk|github\.io)",
                f"admits http://a.{domain} too: everybody can have a name under {domain}",
                f'write the names that are yours, such as "https://your-name.{domain}"',
                witness=f"http://a.{domain}",
            )
            for domain in ("co.uk", "github.io")
        ],
    ),
    (
        {"origins": [A, "http://a.example", "http://*.a.example"], "supports_credentials": True},
        [
            of_origins(
                "http-with-credentials",
                item,
                f"admits {witness}, which anybody on the way can be, to act with cookies",
                advice,
                witness=witness,
            )
            for item, witness, advice in (
                ("http://*.a.example", "http://a.a.example", "write https://"),
                ("http://a.example", "http://a.example", f'write "{A}"'),
            )
        ],
    ),
    (
        {"origins": r"https://a\.example/x"},
        [
            of_origins(
                "pattern-matches-nothing",
                r"https://a\.example/x",
                "matches no origin that a browser sends",
                'write an origin such as "https://app.example"',
            )
        ],
    ),
    (
        {"origins": "https?://.*"},
        [
            of_origins(
                "any-origin",
                "https?://.*",
                "admits every site, https://a-stranger.example too",
                'write "*", or list the origins that may',
                witness="https://a-stranger.example",
            )
        ],
    ),
    (
        {"origins": "http://app.example:*"},
        [
            of_origins(
                "any-port",
                "http://app.example:*",
                "admits http://app.example:1 too: whatever port is served on the host",
                "write the port that is used, or none",
                witness="http://app.example:1",
            )
        ],
    ),
    (
        {"origins": ["https://x.a.example", "https://*.a.example"]},
        [
            of_origins(
                "covered",
                "https://x.a.example",
                "admits nothing that 'https://*.a.example' does not",
                "leave it out",
            )
        ],
    ),
    (
        {"origins": ["*", A]},
        [of_origins("covered", A, "admits nothing that '*' does not", "leave it out")],
    ),
    (
        {"origins": anyone},
        [
            of_origins(
                "not-decided",
                anyone,
                "is a function: whom it admits cannot be told",
                "test it with the origins of strangers",
                decided=False,
            )
        ],
    ),
]


@pytest.mark.parametrize(("options", "expected"), FOUND, ids=[found[0].code for _, found in FOUND])
def test_what_is_found(options: dict[str, Any], expected: list[Finding]) -> None:
    """One policy for each kind."""
    assert list(audit(Policy(**options))) == expected


def test_each_kind_is_shown_here() -> None:
    """A new kind of finding needs its line."""
    assert {one.code for _, found in FOUND for one in found} == set(KINDS)


def test_what_is_found_by_trying() -> None:
    """Without the extra: each look-alike that gets in, and how many were tried."""
    item = r"https://.*app.example(:\d+)?|null"
    policy = Policy(origins=[A, item])
    shown = [
        (
            "missing-boundary",
            "https://evilapp.example",
            "the domain may begin in the middle of a longer name",
        ),
        ("unescaped-dot", "https://appxexample", "an unescaped dot is any character"),
        ("any-port", "https://app.example:1", "whatever port is served on the host"),
        ("null-origin", "null", "every site can send it from a sandboxed frame"),
    ]
    with mock.patch.object(_reading, "find_spec", return_value=None):
        found = list(audit(policy))
    assert found == [
        *(
            of_origins(
                code,
                item,
                f"admits {origin} too: {what}",
                'write what is meant without a regex, such as "https://*.app.example"',
                witness=origin,
                decided=False,
            )
            for code, origin, what in shown
        ),
        of_origins(
            "not-decided",
            item,
            "was probed with 11 look-alikes and not decided: interegular is not installed (the "
            "extra `audit`)",
            'write it without a regex, such as "https://*.app.example"',
            decided=False,
        ),
    ]

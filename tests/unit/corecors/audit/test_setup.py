from __future__ import annotations

import re
from typing import Any

import pytest

from corecors import Policy, audit
from corecors.audit import Finding


def findings(**options: Any) -> list[tuple[str, str, object, str]]:
    return [(f.code, f.option, f.given, f.advice) for f in _quickly(**options)]


def _quickly(**options: Any) -> tuple[Finding, ...]:
    return audit(Policy(**options), quick=True)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"origins": [], "methods": (), "allow_headers": ()},
        {"origins": ["https://a.example", "null", "http://[::1]:3000", "http://a.example:443"]},
        {"origins": "HTTPS://A.example"},
        {"origins": "https://*.a.example", "supports_credentials": True},
        {"origins": r"https://.*\.a\.example", "supports_credentials": True},
        {"origins": "https://a.example", "supports_credentials": True},
        {"origins": lambda origin: True, "supports_credentials": True},
        {"origins": re.compile(".*")},
        {"expose_headers": "*"},
        {"methods": "*"},
        {"allow_headers": ["X-A", "X-.*", re.compile("X-*")]},
    ],
)
def test_a_policy_that_does_what_it_says_has_no_findings(options: dict[str, Any]) -> None:
    """Only what is insecure or useless is reported."""
    assert findings(**options) == []


@pytest.mark.parametrize(
    ("pattern", "witness"),
    [
        ("*", "https://corecors-witness.example"),
        (re.compile(".*"), "https://corecors-witness.example"),
        ("https?://.*", "https://corecors-witness.example"),
        ("http://.*", "http://corecors-witness.example:8080"),
    ],
)
def test_credentials_for_everybody_are_found_with_a_witness(pattern: Any, witness: str) -> None:
    """A pattern that admits an origin which nobody can have meant admits any."""
    (finding,) = audit(Policy(origins=pattern, supports_credentials=True))
    assert finding.code == "any-origin-with-credentials"
    assert (finding.option, finding.given) == ("supports_credentials", True)
    assert repr(pattern) in finding.what
    assert f" {witness} " in finding.what
    assert finding.advice == "list the origins that may"


@pytest.mark.parametrize(
    ("origin", "advice"),
    [
        ("https://a.example/", 'write "https://a.example"'),
        ("https://A.example/path", 'write "https://a.example"'),
        ("https://a.example:443", 'write "https://a.example"'),
        ("http://a.example:80/", 'write "http://a.example"'),
        ("http://a.example:80", 'write "http://a.example"'),
        ("https://a.example/http://b.example", 'write "https://a.example"'),
        ("a.example", 'write "https://a.example"'),
        ("a.example/", 'write "https://a.example"'),
        ("localhost:3000", 'write "https://localhost:3000"'),
        ("https://a_b c", 'write an origin such as "https://app.example"'),
        ("file://", 'write an origin such as "https://app.example"'),
    ],
)
def test_a_literal_that_no_browser_sends_is_found(origin: str, advice: str) -> None:
    """With the origin that was probably meant."""
    assert findings(origins=origin) == [("origin-never-sent", "origins", origin, advice)]


def test_a_method_that_is_no_token_is_found() -> None:
    """It can never be asked for."""
    advice = "separate the names by commas, or write a list"
    assert findings(methods="GET PUT, POST") == [
        ("method-not-a-token", "methods", "GET PUT", advice)
    ]


@pytest.mark.parametrize("pattern", ["X-*", "X-Co_*"])
def test_a_glob_of_header_names_is_found(pattern: str) -> None:
    """It is read as a regex, which repeats the hyphen."""
    assert findings(allow_headers=pattern) == [
        ("header-glob", "allow_headers", pattern, f'write "{pattern[:-1]}.*"')
    ]


def test_exposing_any_header_to_credentials_is_found() -> None:
    """Fetch: `*` is then a name like any other."""
    assert findings(origins="https://a", expose_headers="*", supports_credentials=True) == [
        (
            "expose-any-with-credentials",
            "expose_headers",
            "*",
            "list the names of the response headers",
        )
    ]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (
            {"origins": "*"},
            (
                "supports_credentials=True with origins='*' lets every site, "
                "https://corecors-witness.example too, act with the cookies of your users; "
                "list the origins that may"
            ),
        ),
        (
            {"origins": "a.example"},
            (
                "origins='a.example' is not an origin as a browser writes it and matches none; "
                'write "https://a.example"'
            ),
        ),
        (
            {"origins": "null", "methods": "GET PUT"},
            (
                "methods='GET PUT' is not one method name and has no effect; "
                "separate the names by commas, or write a list"
            ),
        ),
        (
            {"origins": "null", "allow_headers": "X-*"},
            (
                "allow_headers='X-*' is a regular expression that no such header name matches; "
                'write "X-.*"'
            ),
        ),
        (
            {"origins": "null", "expose_headers": "*"},
            (
                "expose_headers='*' exposes nothing to requests with credentials; "
                "list the names of the response headers"
            ),
        ),
    ],
)
def test_a_finding_reads_as_option_value_complaint_and_advice(
    options: dict[str, Any], text: str
) -> None:
    """As a problem does, in one line."""
    assert [str(finding) for finding in _quickly(supports_credentials=True, **options)] == [text]

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
        {"origins": ["app://.", "file://", "http://localhost*", "https://app-*.a.example"]},
        {"origins": "chrome-extension://*", "supports_credentials": True},
        {"send_wildcard": True},
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
    "pattern",
    ["*", "/*", "https://*", "http://*:3000", re.compile(".*"), "https?://.*", "http://.*"],
)
def test_credentials_for_everybody_are_found(pattern: Any) -> None:
    """A pattern that admits an origin which nobody can have meant admits any (FAULTS 15)."""
    found = audit(Policy(origins=pattern, supports_credentials=True), quick=True)
    (finding,) = (one for one in found if one.code == "any-origin-with-credentials")
    assert str(finding) == (
        f"supports_credentials=True with origins={pattern!r} lets every site act with the cookies "
        "of your users; list the origins that may"
    )


def test_credentials_for_null_are_found() -> None:
    """Each site can send it; without credentials that is no more than any program can do."""
    policy = Policy(origins=["https://a.example", "null"], supports_credentials=True)
    (finding,) = audit(policy, quick=True)
    assert (finding.code, finding.severity, finding.witness) == ("null-origin", "error", "null")
    assert str(finding) == (
        "origins='null' admits null, which every site can send from a sandboxed frame, to act with "
        "the cookies of your users; list the origins that may"
    )


def test_a_pattern_for_all_paths_is_found() -> None:
    """D2: it is read as `*`, but not silently."""
    assert [str(finding) for finding in audit(Policy(origins="/*"), quick=True)] == [
        'origins=\'/*\' is a pattern for paths, and is read as "*"; write "*"'
    ]


@pytest.mark.parametrize(
    ("pattern", "advice"),
    [
        ("https://example.*", 'list the hosts, as in "https://example.com"'),
        ("https://a.b.*:3000", 'list the hosts, as in "https://a.b.com:3000"'),
        ("https://*.a.*", "list the hosts that may"),
        ("https://a.*b", "list the hosts that may"),
        ("https://*a", "list the hosts that may"),
    ],
)
def test_an_open_end_is_found(pattern: str, advice: str) -> None:
    """D2: anyone can register one."""
    assert findings(origins=["https://x.example", pattern]) == [
        ("open-end", "origins", pattern, advice)
    ]


@pytest.mark.parametrize(
    ("origins", "found"),
    [
        ("https://a.example", True),
        (["https://a.example", r"https?://b"], True),
        (lambda origin: True, True),
        ("*", False),
        ("/*", False),
        ([], False),
    ],
)
def test_send_wildcard_beside_named_origins_is_found(origins: Any, found: bool) -> None:
    """D19: it has an effect only where any origin is allowed."""
    codes = [code for code, *_ in findings(origins=origins, send_wildcard=True)]
    assert ("send-wildcard-without-effect" in codes) is found


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
        ("localhost:3000", 'write "http://localhost:3000"'),
        ("https://+a", 'write an origin such as "https://app.example"'),
        ("https://a.example:70000", 'write an origin such as "https://app.example"'),
        ("wss://a.example", 'write "https://a.example"'),
        ("NULL", 'write "null"'),
        ("[::1]:3000", 'write "http://[::1]:3000"'),
        ("https://*.a.example/", 'write "https://*.a.example"'),
        ("https://*.a.example:443", 'write "https://*.a.example"'),
        (r"https://.*\.a\.example/", r'write "https://.*\.a\.example"'),
        ("all", 'write "*"'),
        ("none", "write []"),
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


@pytest.mark.parametrize("name", ["X Token", "X-A;X-B", "X-\xe4", '"X-A"'])
def test_a_header_name_that_is_no_token_is_found(name: str) -> None:
    """It can never be asked for."""
    advice = "separate the names by commas, or write a list"
    assert findings(allow_headers=[name, "X-A"]) == [
        ("header-not-a-token", "allow_headers", name, advice)
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
                "supports_credentials=True with origins='*' lets every site act with the cookies "
                "of your users; list the origins that may"
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
            {"origins": "https://a", "methods": "GET PUT"},
            (
                "methods='GET PUT' is not one method name and has no effect; "
                "separate the names by commas, or write a list"
            ),
        ),
        (
            {"origins": "https://a", "allow_headers": "X-*"},
            (
                "allow_headers='X-*' is a regular expression that no such header name matches; "
                'write "X-.*"'
            ),
        ),
        (
            {"origins": "https://a", "expose_headers": "*"},
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

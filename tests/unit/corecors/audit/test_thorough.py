"""What the whole audit finds, with its witnesses."""

from __future__ import annotations

import ast
import re
from typing import Any
from unittest import mock

import pytest

from corecors import Policy, Rules, audit, evaluate
from corecors.audit import KINDS, _items, _reading

pytest.importorskip("interegular")
pytest.importorskip("publicsuffixlist")


def found(origins: Any, **options: Any) -> list[tuple[str, str | None]]:
    """Give the codes and witnesses; each witness is admitted."""
    policy = Policy(origins=origins, **options)
    findings = audit(policy)
    for finding in findings:
        assert finding.code in KINDS
        if finding.witness is not None:
            assert evaluate(policy, "GET", finding.witness).allowed
            assert finding.witness in finding.what
    return [(finding.code, finding.witness) for finding in findings]


@pytest.mark.parametrize(
    "origins",
    [
        "*",
        [],
        "https://app.example",
        "https://*.app.example",
        ["https://app.example", "https://*.app.example", r"https://[a-z]+\.other\.example"],
        r"https://(.*\.)?app\.example",
        r"^https://app-\d+\.app\.example:8443$",
        r"http://localhost:\d+",
        "http://localhost:*",
        "http://localhost*",
        "http://[::1]:*",
        "https://app-*.app.example",
        "https://a.*.app.example",
        "http://192.168.*.*:3000",
        "app://*",
        "chrome-extension://*",
        r"http://192\.168\.\d+\.\d+(:\d+)?",
        r"app://.*",
        re.compile(r"https://app\.example"),
    ],
)
def test_a_pattern_that_names_what_it_admits_has_no_findings(origins: Any) -> None:
    """Nor has any number of them."""
    assert found(origins) == []


@pytest.mark.parametrize(
    ("origins", "expected"),
    [
        # The domain goes on, before or after what is named.
        (r"https://.*app\.example", [("missing-boundary", "https://aapp.example")]),
        (r"https://[a-z]*app\.example", [("missing-boundary", "https://aapp.example")]),
        (r".*app\.example", [("missing-boundary", "https://aapp.example")]),
        (r"http://.*app\.example", [("missing-boundary", "http://aapp.example")]),
        ("https://*app.example", [("missing-boundary", "https://aapp.example")]),
        ("https://app-*.vercel.app", [("public-suffix", "https://app-a.vercel.app")]),
        ("https://example.*", [("open-end", "https://example.example")]),
        ("https://*", [("any-origin", "https://a-stranger.example")]),
        ("https://*.app.example/", [("origin-never-sent", None)]),
        (r"https://app\.example.*", [("open-end", "https://app.example.example")]),
        (r"https://app\..*", [("open-end", "https://app.example")]),
        (r"https?://app\.[a-z]+", [("open-end", "https://app.example")]),
        # A dot is any character.
        (r"https://(www.)?app\.example", [("unescaped-dot", "https://wwwaapp.example")]),
        (r"https://.*.app\.example", [("unescaped-dot", "https://aapp.example")]),
        (r"https://(a|b)\.app.example", [("unescaped-dot", "https://a.appaexample")]),
        (r"https://.\.app\.example", []),
        (r"https://(a|v1.b)\.app\.example", []),
        # Everybody can have a name.
        ("https://*.github.io", [("public-suffix", "https://a.github.io")]),
        ("http://*.github.io", [("public-suffix", "http://a.github.io")]),
        (r"https://[a-z]github\.io", [("missing-boundary", "https://agithub.io")]),
        (r"https://app-.*\.vercel\.app", [("public-suffix", "https://app-.vercel.app")]),
        (
            r"https://.*vercel\.app",
            [
                ("missing-boundary", "https://avercel.app"),
                ("public-suffix", "https://a.vercel.app"),
            ],
        ),
        (r"https://(.*\.com|app\.example)", [("public-suffix", "https://a.com")]),
        # Everybody.
        (re.compile(".*"), [("any-origin", "https://a-stranger.example")]),
        ("https://[^/]+", [("any-origin", "https://a-stranger.example")]),
        ("http://.*", [("any-origin", "http://a-stranger.example")]),
        (r"https://(a-stranger|b)\.example", []),
        # Ports, `null`, and what nobody sends.
        (r"https://app\.example:\d+", [("any-port", "https://app.example:1")]),
        ("https://app.example:*", [("any-port", "https://app.example:1")]),
        (r"(null|https://app\.example)", [("null-origin", "null")]),
        ("null", [("null-origin", "null")]),
        (r"https://app\.example/.*", [("origin-never-sent", None)]),
        (r"^app\.example$", [("pattern-matches-nothing", None)]),
        (re.compile(r"HTTPS://APP\.EXAMPLE"), [("pattern-matches-nothing", None)]),
    ],
)
def test_what_a_pattern_does_not_name_is_found(
    origins: Any, expected: list[tuple[str, str | None]]
) -> None:
    """With the shortest origin that shows it, under a name that a reader believes."""
    assert found(origins) == expected


@pytest.mark.parametrize(
    ("origins", "covered"),
    [
        (
            ["*", "https://app.example", r"https://[a-z]+\.example"],
            {
                "https://app.example": "*",
                r"https://[a-z]+\.example": "*",
            },
        ),
        (
            ["https://*.app.example", "https://A.app.example", "https://b.example"],
            {
                "https://A.app.example": "https://*.app.example",
            },
        ),
        (
            ["https://*.app.example", "https://*.b.app.example"],
            {
                "https://*.b.app.example": "https://*.app.example",
            },
        ),
        (
            [r"https://[a-z]+\.app\.example", "https://*.app.example"],
            {
                r"https://[a-z]+\.app\.example": "https://*.app.example",
            },
        ),
        (
            [r"https://[ab]\.app\.example", r"https://(a|b)\.app\.example"],
            {
                r"https://[ab]\.app\.example": r"https://(a|b)\.app\.example",
            },
        ),
        (
            ["https://*.app.example", "https://*.app.example:*"],
            {
                "https://*.app.example": "https://*.app.example:*",
            },
        ),
        ([r"https://(a|b)\.app\.example", r"https://(a|c)\.app\.example"], {}),
        ([r"app://.*", r"app://a"], {"app://a": "app://.*"}),
        ([r"app://.*", r"app://[a-z]"], {r"app://[a-z]": "app://.*"}),
    ],
)
def test_what_others_cover_is_found(origins: list[str], covered: dict[str, str]) -> None:
    """Of two that say the same, the second is one too many."""
    findings = [f for f in audit(Policy(origins=origins)) if f.code == "covered"]
    assert {f.given: f.what for f in findings} == {
        item: f"admits nothing that {other!r} does not" for item, other in covered.items()
    }


@pytest.mark.parametrize(
    ("origins", "witnesses"),
    [
        (["https://app.example", "http://app.example"], ["http://app.example"]),
        (["https://app.example", "http://app.example:8080"], ["http://app.example:8080"]),
        ([r"https?://app\.example"], ["http://app.example"]),
        (["https://*.app.example", r"http://.*\.app\.example"], ["http://a.app.example"]),
        (["http://app.example"], []),
        ([r"http://(a|b)\.app\.example"], []),
        (["https://app.example", "http://localhost:3000", "http://10.0.0.1", "http://[::1]"], []),
        (["https://app.example", r"http://localhost:\d+", "http://nas.lan"], []),
    ],
)
def test_http_beside_https_is_found_with_credentials(
    origins: list[str], witnesses: list[str]
) -> None:
    """But not on one's own machine and network, and not without credentials."""
    shown = [w for code, w in found(origins, supports_credentials=True) if w]
    assert shown == witnesses
    assert [w for code, w in found(origins) if code == "http-with-credentials"] == []


def test_a_pattern_that_cannot_be_read_is_probed() -> None:
    """And what was found, is; but that is all that is known."""
    findings = audit(Policy(origins=r"https://(\w)\1.*app.example"))
    assert [(f.code, f.witness, f.decided) for f in findings] == [("not-decided", None, False)]
    assert findings[0].what == (
        r"was probed with 11 look-alikes and not decided: interegular cannot read '\\1'"
    )


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"https?://.*app\.example", [("missing-boundary", "https://evilapp.example")]),
        (r"https?://(www.)?app.example", [("unescaped-dot", "https://appxexample")]),
        (
            r"https://app\.example.*",
            [
                ("open-end", "https://app.example.evil.example"),
                ("any-port", "https://app.example:1"),
            ],
        ),
        (r"http://.*\.github\.io", [("public-suffix", "http://a.github.io")]),
        (r"http://app\.example:\d+", [("any-port", "http://app.example:1")]),
        (r"null|https://a\.app\.example", [("null-origin", "null")]),
        ("https?://.*", [("any-origin", "https://a-stranger.example")]),
        (r"https://app\.example", []),
        (r"https://[^.]+", []),
    ],
)
def test_without_the_extra_look_alikes_are_tried(
    pattern: str, expected: list[tuple[str, str]]
) -> None:
    """None of it is decided, and the last finding says so."""
    policy = Policy(origins=pattern)
    with mock.patch.object(_reading, "find_spec", return_value=None):
        *findings, last = audit(policy)
    assert [(f.code, f.witness) for f in findings] == expected
    assert not any(f.decided for f in (*findings, last))
    assert last.code == "not-decided"
    assert last.what.endswith("not decided: interegular is not installed (the extra `audit`)")
    assert all(evaluate(policy, "GET", f.witness).allowed for f in findings)


def test_what_was_computed_before_the_steps_were_used_up_stays() -> None:
    """The rest is probed, and said once."""
    policy = Policy(origins=r"https://.*app\.example")
    findings = audit(policy, steps=9_000)
    assert [(f.code, f.decided) for f in findings] == [
        ("missing-boundary", True),
        ("not-decided", False),
    ]
    assert findings[1].what.endswith("not decided: it takes more than 9,000 steps")
    assert [f.decided for f in audit(policy, steps=100)] == [False, False]


def test_what_evaluate_does_not_say_is_not_said() -> None:
    """A pattern that would be read wrong is probed."""
    wrong = _reading.read(re.compile(r"https://.*app\.example"))
    with mock.patch.object(_items, "read", return_value=wrong):
        findings = audit(Policy(origins=r"https://(.*\.)?app\.example"))
    assert [f.what for f in findings] == [
        (
            "was probed with 11 look-alikes and not decided: "
            "what was computed is not what `evaluate` says"
        )
    ]


def test_coverage_that_takes_too_many_steps_is_not_said() -> None:
    """An item too many does no harm."""
    one, other = r"https://[ab]{1,9}\.app\.example", r"https://[ab]{1,10}\.app\.example"
    assert "covered" in dict(found([one, other]))
    assert [f.code for f in audit(Policy(origins=[one, other]), steps=3_000)] == []


def test_a_function_cannot_be_told() -> None:
    """It is not called."""
    function = mock.Mock()
    (finding,) = audit(Policy(origins=function))
    assert (finding.code, finding.decided) == ("not-decided", False)
    function.assert_not_called()


def test_everybody_with_credentials_is_said_once() -> None:
    """As set-up says it."""
    assert found(re.compile(".*"), supports_credentials=True) == [
        ("any-origin-with-credentials", None)
    ]


def test_rules_are_audited_one_by_one() -> None:
    """The source of a finding is the rule."""
    rules = Rules([("/api/*", Policy(origins="https://*.github.io")), ("/*", Policy(origins=[]))])
    (finding,) = audit(rules)
    assert str(finding) == (
        "origins='https://*.github.io' (from the rule '/api/*') admits https://a.github.io too: "
        "everybody can have a name under github.io; "
        'write the names that are yours, such as "https://your-name.github.io"'
    )
    assert audit(rules, quick=True) == ()


ADVISED = [
    (r"https://.*app\.example", ["https://app.example", "https://*.app.example"]),
    (r"http://app\.example.*", ["http://app.example", "http://*.app.example"]),
    (r"https://app.*", ["https://app.example", "https://*.app.example"]),
    (r"https?://localhost.*", ["http://localhost:*"]),
    (r"https?://(www.)?app.example", [r"https?://(www\.)?app\.example"]),
    (r"https://my-.*\.vercel\.app", ["https://your-name.vercel.app"]),
    (r"https?://.*", ["*"]),
]


@pytest.mark.parametrize(("origins", "advised"), ADVISED)
def test_the_advice_can_be_followed(origins: str, advised: list[str]) -> None:
    """What is written then is accepted, and nothing is remarked any more."""
    (finding,) = audit(Policy(origins=origins))
    written = re.findall(r"""("[^"]+"|'[^']+')""", finding.advice)
    assert [ast.literal_eval(text) for text in written] == advised
    assert audit(Policy(origins=advised)) == ()


def test_each_item_of_a_policy_is_looked_at() -> None:
    """Whatever the others are."""
    origins = ["https://*.github.io", r"https://.*app\.example", "https://b.example", len]
    assert [code for code, _ in found(origins)] == [
        "public-suffix",
        "missing-boundary",
        "not-decided",
    ]

"""Each row of D2's table, as an automaton: it admits what a regex says, and is audited."""

from __future__ import annotations

import pytest

from corecors import Policy, audit, compare

pytest.importorskip("interegular")
pytest.importorskip("publicsuffixlist")

IPV6 = r"\[[0-9a-f]*:[0-9a-f:.]*]"
OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"


@pytest.mark.parametrize(
    ("glob", "regex"),
    [
        ("https://*.host.example", r"https://([a-z0-9_-]+\.)+host\.example"),
        ("http://host.example:*", r"http://host\.example(:[0-9]{1,5})?"),
        ("http://[::1]:*", r"http://\[::1](:[0-9]{1,5})?"),
        ("https://app-*.host.example", r"https://app-[a-z0-9-]+\.host\.example"),
        ("https://a.*.host.example", r"https://a\.[a-z0-9_-]+\.host\.example"),
        ("http://192.168.*.*:3000", rf"http://192\.168\.{OCTET}\.{OCTET}:3000"),
        ("https://*", "https://.*"),
        ("chrome-extension://*", rf"chrome-extension://(([a-z0-9_.-]+|{IPV6})(:[0-9]{{1,5}})?)?"),
        ("http://*:3000", "http://.*:3000"),
        ("http://localhost*", r"http://localhost(:\d+)?"),
        ("https://example.*", r"https://example\.[a-z0-9_-]+"),
        ("https://*.host.example/*", r"https://host\.example/.*"),
    ],
)
def test_a_glob_is_equal_to_the_regex_that_says_the_same(glob: str, regex: str) -> None:
    """D2, over all origins that a browser can send."""
    comparison = compare(Policy(origins=glob), Policy(origins=regex))
    assert (comparison.relation, comparison.undecided) == ("equal", ())


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("https://*.host.example", []),
        ("http://localhost:*", []),
        ("http://localhost*", []),
        ("https://app-*.host.example", []),
        ("https://a.*.host.example", []),
        ("http://192.168.*.*:3000", []),
        ("chrome-extension://*", []),
        ("https://*.host.example:*", [("any-port", "https://a.host.example:1")]),
        ("https://*", [("any-origin", "https://a-stranger.example")]),
        ("http://*:3000", [("open-end", "http://a.example:3000")]),
        ("https://example.*", [("open-end", "https://example.example")]),
        ("https://app-*.vercel.app", [("public-suffix", "https://app-a.vercel.app")]),
        ("https://*.co.uk", [("public-suffix", "https://a.co.uk")]),
        ("https://*.host.example/*", [("origin-never-sent", None)]),
    ],
)
def test_a_glob_is_audited_without_a_regex(
    glob: str, expected: list[tuple[str, str | None]]
) -> None:
    """Of the rows of D2, only those are remarked that leave the end of the host open."""
    findings = audit(Policy(origins=glob))
    assert [(finding.code, finding.witness) for finding in findings] == expected
    assert all(finding.decided for finding in findings)

"""What a browser can send as `Origin`."""

from __future__ import annotations

import pytest

from corecors.audit._grammar import OtherOrigins, WebOrigins


@pytest.mark.parametrize(
    "origin",
    [
        "https://a",
        "http://a.example",
        "https://a-b.c_d.example:8443",
        "http://127.0.0.1:5000",
        "http://[::1]:3000",
        "https://[2001:db8::1]",
        "https://a.example:80",
        "http://a.example:443",
        "https://a.example:44",
        "https://a.example:4433",
        "https://a.example:0",
        "http://a.1b",
        "http://1.2.3.4.5.a",
    ],
)
def test_web_origins_are_serialized_tuples(origin: str) -> None:
    """Scheme, host, and a port that is not the default one."""
    assert WebOrigins().matches(origin)
    assert not OtherOrigins().matches(origin)


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "https",
        "https://",
        "https:/a",
        "ftp://a",
        "httpx://a",
        "https://A",
        "https://a/",
        "https://a.",
        "https://.a",
        "https://a..b",
        "https://a.example:",
        "https://a.example:443",
        "http://a.example:80",
        "https://a.example:01",
        "https://a.example:123456",
        "https://a:b",
        "http://1.2.3",
        "https://1a.2",
        "http://1.2.3.4.5",
        "http://1.2.3.4444",
        "http://1.2.3.4444:80",
        "http://1234.1.1.1",
        "http://[1]",
        "http://[::1",
        "http://[::g]",
        "http://[::1]a",
        "http://a[::1]",
    ],
)
def test_what_no_page_has_is_no_web_origin(origin: str) -> None:
    """Upper case, a path, a default port, a host that no URL has."""
    assert not WebOrigins().matches(origin)


def test_shells_and_sandboxed_frames_send_other_origins() -> None:
    """`null`, and a scheme that is not of the web."""
    grammar = OtherOrigins()
    right = ["null", "app://.", "file://", "chrome-extension://abc", "nulls://a", "h2.x-y://"]
    wrong = ["", "nul", "nulls", "http://a", "https://a", "1a://b", "app:", "app:/", "app", "://a"]
    assert [text for text in (*right, *wrong) if grammar.matches(text)] == right

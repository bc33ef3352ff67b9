"""HTML, "Origin": what an origin is, and what becomes of it on the way."""

from __future__ import annotations

import pytest

from corecors import browser

from .support import PAGE


class TestOrigins:
    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("https://api.example", "https://api.example"),
            ("https://api.example/", "https://api.example"),
            ("https://api.example?q", "https://api.example"),
            ("https://api.example#f", "https://api.example"),
            ("https://api.example\\p", "https://api.example"),
            ("HTTPS://API.Example:443/P", "https://api.example"),
            ("http://api.example:80", "http://api.example"),
            ("http://api.example:443", "http://api.example:443"),
            ("http://api.example:0080/", "http://api.example"),
            ("http://api.example:/", "http://api.example"),
            ("http://api.example:0/", "http://api.example:0"),
            ("http://api.example:65535", "http://api.example:65535"),
            ("http://api.example:65536", "null"),
            ("http://api.example:" + "9" * 5000, "null"),
            ("http://api.example:8o", "null"),
            ("https://user:pass@word@api.example/", "https://api.example"),
            ("http://[::1]:4001/", "http://[::1]:4001"),
            ("http://[::1/", "null"),
            ("ws://api.example:80", "ws://api.example"),
            ("wss://api.example:443", "wss://api.example"),
            ("ftp://api.example:21", "ftp://api.example"),
            ("chrome-extension://abc", "null"),
            ("https://api example/", "null"),
            ("https:///", "null"),
            ("data:text/plain,x", "null"),
            ("null", "null"),
            ("", "null"),
        ],
    )
    def test_serialize_origin(self, url, expected) -> None:
        """An origin is scheme, host, and the port where it is not the default; else "null"."""
        assert browser.serialize_origin(url) == expected

    @pytest.mark.parametrize(
        ("first", "second", "expected"),
        [
            ("https://a.example", "https://a.example:443/x", True),
            ("https://a.example", "http://a.example", False),
            ("https://a.example", "https://b.example", False),
            ("https://a.example", "https://a.example:8443", False),
            ("null", "null", False),
            ("null", "https://a.example", False),
        ],
    )
    def test_same_origin(self, first, second, expected) -> None:
        """Same origin is equal scheme, host and port; an opaque origin has no equal."""
        assert browser.same_origin(first, second) is expected

    @pytest.mark.parametrize(
        ("origin", "urls", "expected"),
        [
            (PAGE, [f"{PAGE}/a", f"{PAGE}/b"], PAGE),
            (PAGE, [f"{PAGE}/a", "https://b.example/"], PAGE),
            (PAGE, ["https://b.example/", "https://b.example/x"], PAGE),
            (PAGE, ["https://b.example/", "https://c.example/"], "null"),
            (PAGE, ["https://b.example/", f"{PAGE}/"], "null"),
            (PAGE, [f"{PAGE}/", "https://b.example/", "https://c.example/"], "null"),
            (PAGE, ["https://b.example/", "https://c.example/", "https://c.example/x"], "null"),
            ("null", ["https://b.example/", "https://c.example/"], "null"),
        ],
    )
    def test_origin_after_redirects(self, origin, urls, expected) -> None:
        """The origin is "null" once a foreign origin has redirected to another, and stays so."""
        for from_url, to_url in zip(urls, urls[1:]):
            origin = browser.origin_after_redirect(origin, from_url, to_url)
        assert origin == expected

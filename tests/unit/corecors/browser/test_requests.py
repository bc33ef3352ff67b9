"""Fetch, "Requests": what a page may ask for, and what goes over the wire."""

from __future__ import annotations

import pytest

from corecors import browser
from corecors.browser import Request, Response

from .support import API, PAGE, REQUEST, refused, request


class TestWhatIsSent:
    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({}, None),
            ({"method": "eGg", "headers": {"X-A": "\u00e9 ", "Cookie": "x"}}, None),
            ({"mode": "no-cors", "method": "post"}, None),
            ({"method": "Connect"}, ("Request class", "a page may not use the method 'Connect'")),
            ({"method": "A B"}, ("Request class", "a page may not use the method 'A B'")),
            ({"method": ""}, ("Request class", "a page may not use the method ''")),
            (
                {"mode": "no-cors", "method": "PUT"},
                ("Request class", "mode no-cors does not allow the method 'PUT'"),
            ),
            (
                {"headers": {"X A": "1"}},
                ("Headers class", "the request header 'X A' is malformed"),
            ),
            *[
                (
                    {"headers": {"X-A": f"1{byte}2"}},
                    ("Headers class", "the request header 'X-A' is malformed"),
                )
                for byte in "\0\r\n\u0100"
            ],
            # Only the white space of HTTP is taken off before.
            (
                {"headers": {"X-A": "\u20031"}},
                ("Headers class", "the request header 'X-A' is malformed"),
            ),
        ],
    )
    def test_request_error(self, changes, expected) -> None:
        """What the browser throws at the page is refused before anything is sent."""
        assert browser.request_error(request(**changes)) == (expected and refused(*expected))

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({}, "cors"),
            ({"mode": "no-cors"}, "opaque"),
            ({"mode": "same-origin"}, "error"),
            ({"url": f"{PAGE}:443/x"}, "basic"),
            ({"url": f"{PAGE}/x", "mode": "same-origin"}, "basic"),
            ({"url": f"{PAGE}/x", "mode": "no-cors"}, "basic"),
            ({"url": f"{PAGE}/x", "origin": "null"}, "cors"),
            ({"url": f"{PAGE}:8443/"}, "cors"),
            ({"url": "http://app.example/"}, "cors"),
            ({"origin": "chrome-extension://abc"}, "cors"),
            ({"url": "DATA:,x"}, "basic"),
            ({"url": "data:,x", "mode": "same-origin"}, "basic"),
            ({"url": "ftp://api.example/"}, "error"),
            ({"url": "file:///x", "mode": "no-cors"}, "error"),
        ],
    )
    def test_tainting(self, changes, expected) -> None:
        """Same origin is basic, another is what the mode says; only http and https go out."""
        made = request(**changes)
        assert (browser.response_tainting(made), browser.is_cors_request(made)) == (
            expected,
            expected == "cors",
        )

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({}, False),
            ({"method": "post"}, False),
            ({"headers": {"Content-Type": "text/plain"}}, False),
            ({"headers": {"Cookie": "a=b"}}, False),
            ({"headers": {"Accept": "  " + "x" * 128}}, False),
            ({"use_preflight": True}, True),
            ({"method": "PUT"}, True),
            ({"method": "eGg"}, True),
            ({"headers": {"X-A": "1"}}, True),
            ({"headers": {"Content-Type": "application/json"}}, True),
            ({"method": "PUT", "url": f"{PAGE}/x"}, False),
            ({"use_preflight": True, "url": f"{PAGE}/x"}, False),
            ({"headers": {"X-A": "1"}, "mode": "no-cors"}, False),
        ],
    )
    def test_needs_preflight(self, changes, expected) -> None:
        """A CORS request is asked about first if its method, a header or the flag demands it."""
        assert browser.needs_preflight(request(**changes)) is expected

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"method": "put"}, (("Access-Control-Request-Method", "PUT"),)),
            ({"method": "patch"}, (("Access-Control-Request-Method", "patch"),)),
            (
                {"headers": (("X-B", "1"), ("X-A", "2"), ("x-b", "3"), ("Cookie", "c"))},
                (
                    ("Access-Control-Request-Method", "GET"),
                    ("Access-Control-Request-Headers", "x-a,x-b"),
                ),
            ),
        ],
    )
    def test_preflight_headers(self, changes, expected) -> None:
        """The preflight names the normalized method, and the unsafe headers if there are any."""
        sent = browser.preflight_request_headers(request(**changes))
        assert sent == (("Origin", PAGE), *expected)

    @pytest.mark.parametrize(
        ("changes", "origin"),
        [
            ({}, True),
            ({"method": "PUT", "url": f"{PAGE}/x"}, True),
            ({"method": "post", "mode": "no-cors"}, True),
            ({"method": "head", "url": f"{PAGE}/x"}, False),
            ({"mode": "no-cors"}, False),
        ],
    )
    def test_actual_headers(self, changes, origin) -> None:
        """Origin goes with every CORS request and with every method but GET and HEAD."""
        headers = (("Accept", "a/b"), ("Host", "x"))
        sent = browser.actual_request_headers(request(headers=headers, **changes))
        assert sent == ((("Origin", PAGE),) if origin else ()) + (("Accept", "a/b"),)

    @pytest.mark.parametrize(
        ("mode", "expected"),
        [
            (
                "cors",
                (("X-A", "1"), ("Accept", "a/b"), ("Accept", "x" * 126), ("Range", "bytes=0-")),
            ),
            ("no-cors", (("Accept", "a/b"),)),
        ],
    )
    def test_author_headers(self, mode, expected) -> None:
        """Forbidden headers are dropped, values trimmed; no-cors keeps safe combined values."""
        given = (
            ("Cookie", "a=b"),
            ("X-A", "\r\n 1\t"),
            ("Accept", " a/b"),
            ("Accept", "x" * 126),
            ("X-Method-Override", " trace"),
            ("Range", "bytes=0-"),
        )
        assert browser.author_headers(request(headers=given, mode=mode)) == expected

    def test_only_the_white_space_of_http_is_trimmed(self) -> None:
        """A no-break space is part of the value."""
        sent = browser.author_headers(request(headers={"X-A": " \xa01\xa0\t"}))
        assert sent == (("X-A", "\xa01\xa0"),)

    @pytest.mark.parametrize(("length", "kept"), [(123, 2), (124, 1)])
    def test_no_cors_counts_the_combined_value(self, length, kept) -> None:
        """In mode no-cors a further line must fit into 128 bytes together with those before it."""
        given = (("Accept", "a/b"), ("Accept", "x" * length))
        assert browser.author_headers(request(headers=given, mode="no-cors")) == given[:kept]

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("Accept", True),
            ("Accept-Language", True),
            ("Content-Language", True),
            ("Content-Type", False),
            ("Range", False),
            ("X-A", False),
        ],
    )
    def test_no_cors_names(self, name, expected) -> None:
        """In mode no-cors four names are sent, and only with safelisted values."""
        for value, sent in (("en", expected), ("e\x7f", False)):
            made = request(headers={name: value}, mode="no-cors")
            assert browser.author_headers(made) == (((name, value),) if sent else ())

    def test_no_cors_sends_a_safelisted_content_type(self) -> None:
        """In mode no-cors a content type is sent if it is one of the three types."""
        headers = (("Content-Type", "text/plain"),)
        assert browser.author_headers(request(headers=headers, mode="no-cors")) == headers


class TestValues:
    @pytest.mark.parametrize(
        "make",
        [
            lambda: Request(origin=PAGE, url=API, credentials="always"),
            lambda: Request(origin=PAGE, url=API, mode="navigate"),
        ],
    )
    def test_unknown_modes_are_refused(self, make) -> None:
        """Credentials and mode are one of Fetch's own words."""
        with pytest.raises(ValueError, match="must be in"):
            make()

    def test_defaults(self) -> None:
        """A request is a GET with Fetch's own defaults; a response is an empty 200."""
        assert (REQUEST, Response()) == (
            Request(
                method="GET",
                origin=PAGE,
                url=API,
                headers=(),
                credentials="same-origin",
                use_preflight=False,
                mode="cors",
            ),
            Response(status=200, headers=()),
        )

    def test_headers_become_pairs(self) -> None:
        """A mapping and pairs with the same content make equal, hashable values."""
        made = {Request(origin=PAGE, url=API, headers=h) for h in ({"A": "1"}, [("A", "1")])}
        assert made == {Request(origin=PAGE, url=API, headers=(("A", "1"),))}

"""Fetch, "Headers": reading a list of headers, and which names and values count as safe."""

from __future__ import annotations

import pytest

from corecors import browser
from corecors.browser import FAILURE

from .support import METHODS


class TestHeaderLists:
    @pytest.mark.parametrize(
        ("headers", "name", "expected"),
        [
            ([], "Vary", None),
            ({"vary": "Origin"}, "Vary", "Origin"),
            ([("Vary", "Origin"), ("VARY", "Accept")], "vary", "Origin, Accept"),
            ([("A", "1"), ("Vary", ""), ("Vary", "Accept")], "Vary", ", Accept"),
            ([("Vary", " \tOrigin ")], "Vary", "Origin"),
            ([("Vary", "\xa0Origin")], "Vary", "\xa0Origin"),
            ([("\u212aey", "a Kelvin sign is no k")], "key", None),
            (iter([("Vary", "Origin")]), "Vary", "Origin"),
        ],
    )
    def test_get_combines_lines(self, headers, name, expected) -> None:
        """All lines of one name, in any ASCII case, are one value joined by comma and space."""
        assert browser.get(headers, name) == expected

    @pytest.mark.parametrize(
        ("lines", "expected"),
        [
            ([], None),
            ([""], []),
            ([" , ,"], []),
            (["PUT"], ["PUT"]),
            (["PUT, put,PUT"], ["PUT", "put", "PUT"]),
            (["PUT,,", "Egg"], ["PUT", "Egg"]),
            (["\tPUT\t,\tx!#$%&'*+-.^_`|~"], ["PUT", "x!#$%&'*+-.^_`|~"]),
            (["*"], ["*"]),
            (["P UT"], FAILURE),
            (["PUT;q=1"], FAILURE),
            (['"PUT"'], FAILURE),
            (["PUT\u00e9"], FAILURE),
            (["PUT,\u00a0HEAD"], FAILURE),
            (["PUT", "P UT"], FAILURE),
        ],
    )
    def test_extract_list_tells_malformed_from_absent(self, lines, expected) -> None:
        """A list header is absent (None), a list of tokens without empty ones, or FAILURE."""
        assert browser.extract_list([(METHODS, line) for line in lines], METHODS) == expected


LANGUAGE = "0123456789ABCXYZabcxyz *,-.;="
TYPE_128 = "text/plain;" + "x" * 117


class TestRequestHeaders:
    @pytest.mark.parametrize(
        ("name", "value", "expected"),
        [
            ("Accept", "", True),
            ("ACCEPT", "text/html,application/xml;q=0.9", True),
            ("accept", "a\tb", True),
            ("accept", "\u00e9", True),
            *[("accept", f"a{byte}b", False) for byte in '"():<>?@[\\]{}\x7f\x00\x08\n\x1f'],
            ("accept", "x" * 128, True),
            ("accept", "x" * 129, False),
            ("Accept-Language", LANGUAGE, True),
            ("Content-Language", LANGUAGE, True),
            *[("accept-language", f"en{byte}", False) for byte in '"_\t:\u00e9/'],
            ("content-language", "de_DE", False),
            ("content-language", "x" * 129, False),
            ("Content-Type", "text/plain", True),
            ("content-type", " \tTEXT/Plain \t;charset=utf-8", True),
            ("content-type", "multipart/form-data; boundary=x", True),
            ("content-type", "application/x-www-form-urlencoded", True),
            ("content-type", TYPE_128, True),
            ("content-type", TYPE_128 + "x", False),
            ("content-type", 'text/plain;charset="utf-8"', False),
            ("content-type", "text/plain;", True),
            ("content-type", "text/plain;a/b", True),
            ("content-type", "\xa0text/plain", False),
            ("content-type", "text/plain\xa0;", False),
            ("content-type", "text/plain, application/json", False),
            ("content-type", "application/json, text/plain", False),
            ("content-type", "application/json", False),
            ("content-type", "text /plain", False),
            ("content-type", "text/ plain", False),
            ("content-type", "text", False),
            ("content-type", "/", False),
            ("content-type", "", False),
            ("content-type", "text/plain\n", False),
            ("Range", "bytes=0-", True),
            ("range", "bytes=0-499", True),
            ("range", "bytes=5-5", True),
            ("range", "bytes=10-9", False),
            ("range", "bytes=-500", False),
            ("range", "bytes=-", False),
            ("range", "bytes = 0-", False),
            ("range", "Bytes=0-", False),
            ("range", "bytes=0-1,3-4", False),
            ("range", "bytes=\u0660-", False),
            ("range", "bytes=0-\n", False),
            ("range", "bytes=" + "1" * 123, False),
            ("X-A", "1", False),
            ("Authorization", "t", False),
            ("save-data", "on", False),
        ],
    )
    def test_safelisted_values(self, name, value, expected) -> None:
        """Five headers are safelisted, each only with values of its own kind, 128 bytes at most."""
        assert browser.is_safelisted_request_header(name, value) is expected

    @pytest.mark.parametrize(
        ("name", "value", "expected"),
        [
            ("Origin", "x", True),
            ("cookie", "x", True),
            ("HOST", "x", True),
            ("Access-Control-Request-Method", "x", True),
            ("Access-Control-Request-Headers", "x", True),
            ("Access-Control-Request-Private-Network", "x", False),
            ("Sec-", "", True),
            ("sec-fetch-site", "x", True),
            ("Proxy-Authorization", "x", True),
            ("Proxy", "x", False),
            ("X-Sec-A", "x", False),
            ("User-Agent", "x", False),
            ("X-HTTP-Method", "TRACE", True),
            ("X-HTTP-Method-Override", "put, track", True),
            ("X-Method-Override", "PUT,\tconnect\t", True),
            ("X-Method-Override", "PUT", False),
            ("X-Method-Override", "", False),
            ("X-Method-Override", "PUT,\xa0TRACE", False),
            ("X-Method-Override", '"TRACE"', False),
            ("X-Method-Override", '"a,TRACE",b', False),
            ("X-Method-Override", '"a\\",TRACE,', False),
            ("X-Method-Override", '"a\\",TRACE\\', False),
            ("X-Method-Override", '"a",TRACE', True),
            ("X-Override", "TRACE", False),
        ],
    )
    def test_forbidden_headers(self, name, value, expected) -> None:
        """Names in the list, `Sec-` and `Proxy-`, and overrides with a forbidden method."""
        assert browser.is_forbidden_request_header(name, value) is expected

    @pytest.mark.parametrize(
        "name",
        [
            "Accept-Charset",
            "Accept-Encoding",
            "Access-Control-Request-Headers",
            "Access-Control-Request-Method",
            "Connection",
            "Content-Length",
            "Cookie",
            "Cookie2",
            "Date",
            "DNT",
            "Expect",
            "Host",
            "Keep-Alive",
            "Origin",
            "Referer",
            "Set-Cookie",
            "TE",
            "Trailer",
            "Transfer-Encoding",
            "Upgrade",
            "Via",
        ],
    )
    def test_forbidden_whatever_the_value(self, name) -> None:
        """The names in the standard's list can be asked about by themselves."""
        assert browser.is_forbidden_request_header(name)

    @pytest.mark.parametrize(
        ("headers", "expected"),
        [
            ([], ()),
            ({"Accept": "text/html"}, ()),
            ([("X-B", "1"), ("x-a", "2"), ("X-b", "3")], ("x-a", "x-b")),
            ([("Content-Type", "application/json"), ("Accept", "*/*")], ("content-type",)),
            (
                [("Content-Type", "application/json"), ("Content-Type", "text/plain")],
                ("content-type",),
            ),
            ([("Accept", "x" * 128)] * 8, ()),
            (
                [("Accept", "x" * 128)] * 8 + [("Accept-Language", "e")],
                ("accept", "accept-language"),
            ),
            ([("Accept", "x" * 128)] * 8 + [("X-A", "1" * 999)], ("x-a",)),
        ],
    )
    def test_unsafe_names(self, headers, expected) -> None:
        """Unsafe names are lower case, sorted, unique; all are over 1,024 safelisted bytes."""
        assert browser.unsafe_request_header_names(headers) == expected

"""The browser's half of CORS, clause by clause (Fetch standard, review draft of June 2026)."""

from __future__ import annotations

import attrs
import pytest

from corecors import browser
from corecors.browser import (
    CHROMIUM,
    FAILURE,
    STANDARD,
    CacheEntry,
    Dialect,
    Outcome,
    PreflightCache,
    Request,
    Response,
)

PAGE = "https://app.example"
API = "https://api.example/users"
ORIGIN = "Access-Control-Allow-Origin"
CREDENTIALS = "Access-Control-Allow-Credentials"
METHODS = "Access-Control-Allow-Methods"
HEADERS = "Access-Control-Allow-Headers"
EXPOSE = "Access-Control-Expose-Headers"
MAX_AGE = "Access-Control-Max-Age"
REQUEST = Request(origin=PAGE, url=API)
SHARED = {ORIGIN: PAGE, CREDENTIALS: "true"}
IGNORED = "its * does not count when credentials are included"


def request(**changes: object) -> Request:
    """Build a cross-origin request that differs from a plain GET by what is given."""
    return attrs.evolve(REQUEST, **changes)


def refused(step: str, reason: str) -> Outcome:
    """Build the outcome that says no."""
    return Outcome(allowed=False, step=step, reason=reason)


def allowed(step: str, reason: str) -> Outcome:
    """Build the outcome that says yes."""
    return Outcome(allowed=True, step=step, reason=reason)


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

    @pytest.mark.parametrize(
        ("lines", "cap", "expected"),
        [
            ([], None, 5),
            ([], 2, 2),
            (["0"], None, 0),
            (["600"], None, 600),
            (["0600"], None, 600),
            (["86400"], 7200, 7200),
            (["60"], 7200, 60),
            (["-1"], None, 5),
            (["+1"], None, 5),
            (["1.5"], None, 5),
            (["abc"], None, 5),
            ([""], None, 5),
            (["\u0663"], None, 5),
            (["10", "10"], None, 5),
            (["2147483648"], None, 2**31),
            (["2147483649"], None, 2**31),
            (["9" * 5000], None, 2**31),
            (["0" * 5000], None, 0),
            (["0" * 5000 + "60"], None, 60),
        ],
    )
    def test_max_age(self, lines, cap, expected) -> None:
        """Max age is a run of digits in one line, 5 without one, at most 2^31 and the cap."""
        dialect = Dialect(max_age_cap=cap)
        assert browser.max_age([(MAX_AGE, line) for line in lines], dialect) == expected


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


class TestMethods:
    @pytest.mark.parametrize(
        ("method", "normalized", "forbidden", "safelisted"),
        [
            ("get", "GET", False, True),
            ("Head", "HEAD", False, True),
            ("pOST", "POST", False, True),
            ("put", "PUT", False, False),
            ("delete", "DELETE", False, False),
            ("options", "OPTIONS", False, False),
            ("patch", "patch", False, False),
            ("PATCH", "PATCH", False, False),
            ("eGg", "eGg", False, False),
            ("po\u017ft", "po\u017ft", False, False),
            ("connect", "connect", True, False),
            ("TRACE", "TRACE", True, False),
            ("Track", "Track", True, False),
        ],
    )
    def test_methods(self, method, normalized, forbidden, safelisted) -> None:
        """Six methods are normalized, three are forbidden, three need no preflight."""
        assert (
            browser.normalize_method(method),
            browser.is_forbidden_method(method),
            browser.is_safelisted_method(browser.normalize_method(method)),
        ) == (normalized, forbidden, safelisted)

    def test_a_method_is_safelisted_only_after_normalization(self) -> None:
        """A CORS-safelisted method is compared byte for byte."""
        assert not browser.is_safelisted_method("get")


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


MISSING = "Access-Control-Allow-Origin is missing"
STAR = "Access-Control-Allow-Origin is *, which does not count when credentials are included"


class TestCorsCheck:
    @pytest.mark.parametrize(
        ("credentials", "headers", "expected"),
        [
            ("omit", {}, refused("CORS check step 2", MISSING)),
            ("include", {}, refused("CORS check step 2", MISSING)),
            ("omit", {ORIGIN: "*"}, allowed("CORS check step 3", f"{ORIGIN} is *")),
            ("same-origin", {ORIGIN: "*"}, allowed("CORS check step 3", f"{ORIGIN} is *")),
            ("omit", {ORIGIN: " *\t"}, allowed("CORS check step 3", f"{ORIGIN} is *")),
            ("include", {ORIGIN: "*"}, refused("CORS check step 4", STAR)),
            ("include", {ORIGIN: "*", CREDENTIALS: "true"}, refused("CORS check step 4", STAR)),
            (
                "omit",
                {ORIGIN: f"{PAGE}/"},
                refused("CORS check step 4", f"{ORIGIN} is '{PAGE}/', not '{PAGE}'"),
            ),
            (
                "omit",
                {ORIGIN: "https://APP.example"},
                refused("CORS check step 4", f"{ORIGIN} is 'https://APP.example', not '{PAGE}'"),
            ),
            (
                "omit",
                {ORIGIN: "null"},
                refused("CORS check step 4", f"{ORIGIN} is 'null', not '{PAGE}'"),
            ),
            ("omit", {ORIGIN: ""}, refused("CORS check step 4", f"{ORIGIN} is '', not '{PAGE}'")),
            (
                "omit",
                [(ORIGIN, PAGE), (ORIGIN, PAGE)],
                refused("CORS check step 4", f"{ORIGIN} has more than one value: '{PAGE}, {PAGE}'"),
            ),
            (
                "omit",
                [(ORIGIN, "*"), (ORIGIN.lower(), "*")],
                refused("CORS check step 4", f"{ORIGIN} has more than one value: '*, *'"),
            ),
            ("omit", {ORIGIN: PAGE}, allowed("CORS check step 5", f"{ORIGIN} names the origin")),
            (
                "omit",
                {ORIGIN: PAGE, CREDENTIALS: "no"},
                allowed("CORS check step 5", f"{ORIGIN} names the origin"),
            ),
            (
                "include",
                SHARED,
                allowed("CORS check step 7", f"the origin is named and {CREDENTIALS} is true"),
            ),
            (
                "include",
                {ORIGIN: PAGE},
                refused("CORS check step 8", f"{CREDENTIALS} is missing"),
            ),
            (
                "include",
                {ORIGIN: PAGE, CREDENTIALS: "True"},
                refused("CORS check step 8", f"{CREDENTIALS} is 'True', not 'true'"),
            ),
            (
                "include",
                [*SHARED.items(), (CREDENTIALS, "true")],
                refused("CORS check step 8", f"{CREDENTIALS} is 'true, true', not 'true'"),
            ),
        ],
    )
    def test_cors_check(self, credentials, headers, expected) -> None:
        """One value: `*` or the bytes of the origin; with credentials never `*`, and `true`."""
        assert browser.cors_check(PAGE, credentials, headers) == expected

    def test_null_matches_null(self) -> None:
        """The origin "null" is shared with like any other."""
        assert browser.cors_check("null", "omit", iter([(ORIGIN, "null")]))

    @pytest.mark.parametrize(
        ("changes", "headers", "expected"),
        [
            ({}, {}, refused("CORS check step 2", MISSING)),
            ({}, {ORIGIN: PAGE}, allowed("CORS check step 5", f"{ORIGIN} names the origin")),
            ({"credentials": "include"}, {ORIGIN: "*"}, refused("CORS check step 4", STAR)),
            (
                {"url": f"{PAGE}/x"},
                {},
                allowed("Main fetch step 12", "the request is same-origin"),
            ),
            (
                {"mode": "no-cors"},
                {ORIGIN: "*"},
                refused("Main fetch step 12", "the response is opaque: the mode is no-cors"),
            ),
            (
                {"mode": "same-origin"},
                {ORIGIN: "*"},
                refused(
                    "Main fetch step 12", "the mode or the URL's scheme does not allow the request"
                ),
            ),
        ],
    )
    @pytest.mark.parametrize("status", [200, 301, 403, 500])
    def test_actual_check(self, changes, headers, expected, status) -> None:
        """A CORS request's response is checked, whatever its status; others are not."""
        response = Response(status=status, headers=headers)
        assert browser.actual_check(request(**changes), response) == expected


NOT_METHOD = f"is not in {METHODS}"
NOT_HEADER = f"is not in {HEADERS}"


class TestPreflightCheck:
    @pytest.mark.parametrize(
        ("changes", "headers"),
        [
            ({"method": "put"}, {METHODS: "PUT"}),
            ({"method": "eGg"}, {METHODS: "Egg, eGg"}),
            ({"method": "PUT"}, {METHODS: "*"}),
            ({"method": "*", "credentials": "include"}, {METHODS: "*"}),
            ({"method": "PUT", "credentials": "include"}, {METHODS: "PUT"}),
            ({"method": "POST", "use_preflight": True}, {}),
            ({"method": "PUT", "use_preflight": True}, {}),
            ({"headers": {"X-A": "1"}}, {HEADERS: "x-a"}),
            ({"headers": {"X-A": "1"}}, {HEADERS: "X-B, X-A"}),
            ({"headers": {"X-A": "1"}}, {HEADERS: "*"}),
            ({"headers": {"X-A": "1"}, "credentials": "include"}, {HEADERS: "x-a"}),
            ({"headers": {"Authorization": "t"}}, {HEADERS: "AUTHORIZATION"}),
            ({"headers": {"Authorization": "t", "X-A": "1"}}, {HEADERS: "*, authorization"}),
            ({"headers": {"X-A": "1"}, "method": "POST"}, {HEADERS: "x-a", METHODS: "PUT"}),
            ({"headers": {"Cookie": "c"}}, {}),
        ],
    )
    @pytest.mark.parametrize("status", [200, 204, 299])
    def test_allowed(self, changes, headers, status) -> None:
        """An ok status, and every method and header that needs it listed or covered by `*`."""
        response = Response(status=status, headers={**SHARED, **headers})
        assert browser.preflight_check(request(**changes), response) == allowed(
            "CORS-preflight fetch step 7", "preflight: the response allows the request"
        )

    @pytest.mark.parametrize(
        ("changes", "headers", "step", "reason"),
        [
            ({"method": "PUT"}, {}, "7.5", f"the method 'PUT' {NOT_METHOD}"),
            ({"method": "PUT"}, {METHODS: ""}, "7.5", f"the method 'PUT' {NOT_METHOD}"),
            ({"method": "PUT"}, {METHODS: "put"}, "7.5", f"the method 'PUT' {NOT_METHOD}"),
            ({"method": "patch"}, {METHODS: "PATCH"}, "7.5", f"the method 'patch' {NOT_METHOD}"),
            (
                {"method": "PUT", "credentials": "include"},
                {METHODS: "*"},
                "7.5",
                f"the method 'PUT' {NOT_METHOD}; {IGNORED}",
            ),
            (
                {"method": "PUT", "use_preflight": True},
                {METHODS: "GET"},
                "7.5",
                f"the method 'PUT' {NOT_METHOD}",
            ),
            (
                {"method": "PUT", "headers": {"X-A": "1"}},
                {HEADERS: "x-a"},
                "7.5",
                f"the method 'PUT' {NOT_METHOD}",
            ),
            (
                {},
                {METHODS: "P UT"},
                "7.3",
                "Access-Control-Allow-Methods is not a list of methods",
            ),
            (
                {},
                {HEADERS: "x-a; x-b"},
                "7.3",
                "Access-Control-Allow-Headers is not a list of header names",
            ),
            (
                {"headers": {"X-A": "1", "Authorization": "t"}},
                {},
                "7.6",
                f"the request header 'authorization' {NOT_HEADER}",
            ),
            (
                {"headers": {"Authorization": "t"}},
                {HEADERS: "*"},
                "7.6",
                f"the request header 'authorization' {NOT_HEADER}, and * does not cover it",
            ),
            (
                {"headers": {"X-A": "1", "X-B": "2"}},
                {HEADERS: "x-a"},
                "7.7",
                f"the request header 'x-b' {NOT_HEADER}",
            ),
            (
                {"headers": {"X-A": "1"}, "credentials": "include"},
                {HEADERS: "*"},
                "7.7",
                f"the request header 'x-a' {NOT_HEADER}; {IGNORED}",
            ),
            ({"origin": "null"}, {}, "7, CORS check step 4", f"{ORIGIN} is '{PAGE}', not 'null'"),
            ({"credentials": "include"}, {ORIGIN: "*"}, "7, CORS check step 4", STAR),
        ],
    )
    def test_refused(self, changes, headers, step, reason) -> None:
        """The first step that fails decides, and says what is missing."""
        response = Response(status=204, headers={**SHARED, **headers})
        assert browser.preflight_check(request(**changes), response) == refused(
            f"CORS-preflight fetch step {step}", f"preflight: {reason}"
        )

    @pytest.mark.parametrize(
        ("status", "reason"),
        [
            (199, "the status is 199, not one of 200 to 299"),
            (300, "the response is a redirect (300), which a preflight does not follow"),
            (308, "the response is a redirect (308), which a preflight does not follow"),
            (399, "the response is a redirect (399), which a preflight does not follow"),
            (400, "the status is 400, not one of 200 to 299"),
            (404, "the status is 404, not one of 200 to 299"),
        ],
    )
    def test_status(self, status, reason) -> None:
        """Only 200 to 299 will do, and no redirect is followed."""
        response = Response(status=status, headers={**SHARED, METHODS: "PUT"})
        assert browser.preflight_check(request(method="PUT"), response) == refused(
            "CORS-preflight fetch step 7", f"preflight: {reason}"
        )

    def test_sharing_is_checked_before_the_status(self) -> None:
        """A response that is neither shared nor ok is refused for not being shared."""
        assert browser.preflight_check(REQUEST, Response(status=404)) == refused(
            "CORS-preflight fetch step 7, CORS check step 2", f"preflight: {MISSING}"
        )


class TestFetchOutcome:
    GRANT = Response(status=204, headers={**SHARED, METHODS: "PUT"})

    @pytest.mark.parametrize(
        ("changes", "preflight", "response", "step"),
        [
            ({"method": "TRACE"}, None, Response(), "Request class"),
            ({}, None, Response(), "CORS check step 2"),
            ({}, None, Response(headers=SHARED), "CORS check step 5"),
            ({}, Response(status=404), Response(headers=SHARED), "CORS check step 5"),
            ({"method": "PUT"}, GRANT, Response(headers=SHARED), "CORS check step 5"),
            ({"method": "PUT"}, GRANT, Response(), "CORS check step 2"),
            (
                {"method": "DELETE"},
                GRANT,
                Response(headers=SHARED),
                "CORS-preflight fetch step 7.5",
            ),
            ({"method": "PUT", "url": f"{PAGE}/x"}, None, Response(), "Main fetch step 12"),
        ],
    )
    def test_what_decides(self, changes, preflight, response, step) -> None:
        """The page's own error decides first, then the preflight if needed, then the response."""
        assert browser.fetch_outcome(request(**changes), preflight, response).step == step

    def test_a_needed_preflight_must_be_given(self) -> None:
        """Nothing can be said about a request without the answer to its preflight."""
        with pytest.raises(ValueError, match=r"^the request needs a preflight: give the"):
            browser.fetch_outcome(request(method="PUT"), None, Response())


class TestReadableHeaders:
    ALL = (
        ("Cache-Control", "no-cache"),
        ("content-language", "en"),
        ("Content-Length", "1"),
        ("Content-Type", "text/plain"),
        ("Expires", "0"),
        ("Last-Modified", "0"),
        ("Pragma", "x"),
        ("ETag", "1"),
        ("X-A", "2"),
        ("Set-Cookie", "a=b"),
        ("Set-Cookie2", "a=b"),
        ("*", "x"),
    )
    SAFE = frozenset(name.lower() for name, _ in ALL[:7])

    @pytest.mark.parametrize(
        ("credentials", "expose", "expected"),
        [
            ("omit", [], SAFE),
            ("omit", ["etag, X-a, absent"], SAFE | {"etag", "x-a"}),
            ("omit", ["ETag", "x-a"], SAFE | {"etag", "x-a"}),
            ("omit", ["Set-Cookie, Set-Cookie2"], SAFE),
            ("omit", ["e tag"], SAFE),
            ("omit", ["etag", "x a"], SAFE),
            ("include", ["etag"], SAFE | {"etag"}),
            ("include", ["*"], SAFE | {"*"}),
        ],
    )
    def test_exposed(self, credentials, expose, expected) -> None:
        """Seven names, those listed, never cookies; `*` with credentials is just a name."""
        headers = (*self.ALL, *((EXPOSE, line) for line in expose), *SHARED.items())
        made = request(credentials=credentials)
        assert browser.readable_headers(made, Response(headers=headers)) == expected

    @pytest.mark.parametrize(
        ("changes", "headers"),
        [
            ({}, ((ORIGIN, "*"), (EXPOSE, "*"))),
            ({"url": f"{PAGE}/x"}, ((ORIGIN, "*"), (EXPOSE, ""))),
        ],
    )
    def test_all(self, changes, headers) -> None:
        """With `*` and no credentials, or on the same origin, all but the cookies are readable."""
        names = self.SAFE | {"etag", "x-a", "*", ORIGIN.lower(), EXPOSE.lower()}
        response = Response(headers=(*self.ALL, *headers))
        assert browser.readable_headers(request(**changes), response) == names

    @pytest.mark.parametrize("mode", ["cors", "no-cors"])
    def test_nothing(self, mode) -> None:
        """A response that the page cannot read shows no headers either."""
        response = Response(headers=self.ALL)
        assert browser.readable_headers(request(mode=mode), response) == frozenset()


PUT = request(method="PUT", headers={"X-A": "1", "Authorization": "t"})
GRANTED = Response(
    headers={**SHARED, METHODS: "PUT", HEADERS: "X-A, Authorization", MAX_AGE: "10"},
)


def entry(
    expires: float, *, method: str = "", header_name: str = "", **changes: bool
) -> CacheEntry:
    """Build an entry for the page and the API, without credentials unless told."""
    return CacheEntry(
        origin=PAGE,
        url=API,
        credentials=changes.get("credentials", False),
        method=method,
        header_name=header_name,
        expires=expires,
    )


def granted(**headers: str) -> Response:
    """Build a preflight response of named origin with the given -Allow-… headers."""
    return Response(headers={**SHARED, **{f"Access-Control-{k}": v for k, v in headers.items()}})


class TestPreflightCache:
    def test_a_grant_is_stored_by_method_and_by_header_name(self) -> None:
        """Each method and each header name of the answer is an entry with an expiry."""
        assert PreflightCache().with_response(PUT, GRANTED, 100.0) == PreflightCache(
            (
                entry(110.0, method="PUT"),
                entry(110.0, header_name="x-a"),
                entry(110.0, header_name="authorization"),
            )
        )

    @pytest.mark.parametrize(
        ("changes", "now", "expected"),
        [
            ({}, 100.0, True),
            ({}, 109.9, True),
            ({}, 110.0, False),
            ({"method": "DELETE"}, 100.0, False),
            ({"method": "GET"}, 100.0, True),
            ({"method": "GET", "use_preflight": True}, 100.0, False),
            ({"use_preflight": True}, 100.0, True),
            ({"headers": {"X-A": "1"}}, 100.0, True),
            ({"headers": {"X-B": "1"}}, 100.0, False),
            ({"headers": {}, "method": "GET"}, 200.0, True),
            ({"origin": "https://other.example"}, 100.0, False),
            ({"url": f"{API}?q"}, 100.0, False),
            ({"credentials": "include"}, 100.0, False),
            ({"credentials": "omit"}, 100.0, True),
            ({"url": f"{PAGE}/x"}, 200.0, True),
        ],
    )
    def test_what_a_grant_covers(self, changes, now, expected) -> None:
        """A request goes without a preflight where origin, URL, credentials and names match."""
        cache = PreflightCache().with_response(PUT, GRANTED, 100.0)
        assert cache.matches(attrs.evolve(PUT, **changes), now) is expected

    @pytest.mark.parametrize(
        ("stored", "changes", "expected"),
        [
            ({"method": "*"}, {"method": "eGg"}, True),
            ({"header_name": "*"}, {"headers": {"X-A": "1"}}, True),
            ({"header_name": "*"}, {"headers": {"Authorization": "t"}}, False),
            ({"header_name": "authorization"}, {"headers": {"Authorization": "t"}}, True),
            ({"header_name": "x-a"}, {"method": "PUT"}, False),
            ({"method": "PUT"}, {"headers": {"X-A": "1"}}, False),
            ({"method": "PUT", "credentials": True}, {"method": "PUT"}, True),
            (
                {"method": "PUT", "credentials": True},
                {"method": "PUT", "credentials": "include"},
                True,
            ),
        ],
    )
    def test_what_an_entry_covers(self, stored, changes, expected) -> None:
        """`*` covers any method and any header but Authorization; credentials cover both modes."""
        cache = PreflightCache((entry(10.0, **stored),))
        assert cache.matches(request(**changes), 0.0) is expected

    def test_header_names_are_compared_without_case(self) -> None:
        """An entry for a header name, kept in lower case, grants every spelling of it."""
        assert entry(1.0, header_name="x-a").grants_header("X-A")

    @pytest.mark.parametrize(
        ("headers", "cap", "expires"),
        [({}, None, 5.0), ({"Max-Age": "9000"}, 7200, 7200.0), ({"Max-Age": "9000"}, None, 9000.0)],
    )
    def test_lifetime(self, headers, cap, expires) -> None:
        """Five seconds without a max age, and never more than the cap."""
        made = request(method="PUT", dialect=Dialect(max_age_cap=cap))
        answer = granted(**headers, **{"Allow-Methods": "PUT"})
        cache = PreflightCache().with_response(made, answer, 0.0)
        assert cache == PreflightCache((entry(expires, method="PUT"),))

    def test_a_new_answer_renews_what_already_covers_it(self) -> None:
        """Matching entries get the new expiry, a `*` too; others are added or left alone."""
        cache = PreflightCache((entry(9.0, method="*"), entry(8.0, header_name="x-b")))
        answer = granted(**{"Allow-Methods": "PUT", "Allow-Headers": "X-A", "Max-Age": "20"})
        made = request(method="PUT", headers={"X-A": "1"})
        assert cache.with_response(made, answer, 1.0) == PreflightCache(
            (
                entry(21.0, method="*"),
                entry(8.0, header_name="x-b"),
                entry(21.0, header_name="x-a"),
            )
        )

    def test_max_age_zero_forgets(self) -> None:
        """An answer with max age 0 is not remembered and ends what it repeats."""
        cache = PreflightCache((entry(9.0, method="PUT"), entry(0.5, header_name="x-a")))
        answer = granted(**{"Allow-Methods": "PUT", "Max-Age": "0"})
        assert cache.with_response(request(method="PUT"), answer, 1.0) == PreflightCache()

    def test_an_expired_entry_is_not_renewed_but_replaced(self) -> None:
        """What has expired counts as absent."""
        cache = PreflightCache((entry(1.0, method="*"),))
        answer = granted(**{"Allow-Methods": "PUT"})
        renewed = cache.with_response(request(method="PUT"), answer, 1.0)
        assert renewed == PreflightCache((entry(6.0, method="PUT"),))

    def test_a_flag_alone_grants_its_own_method(self) -> None:
        """With the use-CORS-preflight flag and no list of methods, the request's own is stored."""
        made = request(method="POST", use_preflight=True)
        cache = PreflightCache().with_response(made, granted(), 0.0)
        assert cache == PreflightCache((entry(5.0, method="POST"),))

    def test_credentials_are_part_of_the_entry(self) -> None:
        """A grant to a request with credentials is stored as such."""
        made = request(method="PUT", credentials="include")
        cache = PreflightCache().with_response(made, granted(**{"Allow-Methods": "PUT"}), 0.0)
        assert cache == PreflightCache((entry(5.0, method="PUT", credentials=True),))

    def test_a_refusal_clears_the_origin_and_url(self) -> None:
        """A failed preflight removes what was stored for this origin and URL, and nothing else."""
        other = attrs.evolve(entry(10.0, method="PUT"), url="https://api.example/other")
        cache = PreflightCache((entry(10.0, method="PUT"), other))
        assert cache.with_response(PUT, Response(status=404), 0.0) == PreflightCache((other,))


class TestHttpCache:
    @pytest.mark.parametrize(
        ("vary", "stored", "new", "expected"),
        [
            ([], {"Origin": "a"}, {"Origin": "b"}, True),
            (["Origin"], {"Origin": "a"}, {"origin": "a"}, True),
            (["origin"], {"Origin": "a"}, {"Origin": "b"}, False),
            (["Origin"], {"Origin": "a"}, {"Origin": "A"}, False),
            (["Origin"], {}, {}, True),
            (["Origin"], {}, {"Origin": "a"}, False),
            (["Origin"], {"Origin": "a"}, {}, False),
            (["Origin"], {"Origin": ""}, {}, False),
            (["Accept", "Origin"], {"Origin": "a"}, {"Origin": "b"}, False),
            (["Accept, Origin"], {"Origin": "a"}, {"Origin": "b"}, False),
            (["Accept,, "], {"Origin": "a"}, {"Origin": "b"}, True),
            (["X"], {"X": "a, b"}, [("X", " a"), ("x", "b")], True),
            (["X"], {"X": "a,b"}, {"X": "a\t , b"}, True),
            (["X"], {"X": "a b"}, {"X": "a  b"}, False),
            (["*"], {}, {}, False),
            (["Origin, *"], {}, {}, False),
        ],
    )
    def test_vary(self, vary, stored, new, expected) -> None:
        """Each header in Vary is equal in both requests, white space aside, or absent from both."""
        response = Response(headers=[("Vary", line) for line in vary])
        assert browser.may_reuse(stored, response, new) is expected

    @pytest.mark.parametrize(
        ("method", "control", "expected"),
        [
            ("GET", "", (True, True)),
            ("HEAD", "max-age=60", (True, True)),
            ("GET", "private, No-Store", (False, True)),
            ("GET", 'private="no-store"', (True, True)),
            ("OPTIONS", "", (False, True)),
            ("POST", "max-age=60", (False, True)),
        ],
    )
    def test_method_and_storage(self, method, control, expected) -> None:
        """Only GET and HEAD without no-store are reused, unless it is Vary alone that is asked."""
        response = Response(headers={"Cache-Control": control})
        answers = tuple(
            browser.may_reuse({}, response, {}, method, ignore_method=alone)
            for alone in (False, True)
        )
        assert answers == expected

    def test_the_method_counts_unless_told_otherwise(self) -> None:
        """It is a whole cache that is asked about by default, and GET that was requested."""
        answers = [browser.may_reuse({}, Response(), {}, *method) for method in ((), ("POST",))]
        assert answers == [True, False]


class TestDialects:
    """Where a browser departs from the standard, the standard and the departure side by side."""

    @pytest.mark.parametrize(
        ("line", "standard", "departing"),
        [("-1", 5, 0), ("-0", 5, 0), ("--1", 5, 5), ("-", 5, 5), ("-1.5", 5, 5), ("7", 7, 7)],
    )
    def test_a_negative_max_age(self, line, standard, departing) -> None:
        """A sign is malformed; where negative is zero, it is so for whole numbers."""
        dialect = Dialect(negative_max_age_is_zero=True)
        assert browser.max_age({MAX_AGE: line}) == standard
        assert browser.max_age({MAX_AGE: line}, dialect) == departing

    @pytest.mark.parametrize(
        ("name", "value", "safelisted"),
        [
            ("Save-Data", "On", True),
            ("Save-Data", "off", False),
            ("DPR", "1", True),
            ("dpr", "1.25", True),
            ("DPR", "1.", False),
            ("DPR", ".5", False),
            ("Downlink", "0.4", True),
            ("Device-Memory", "8", True),
            ("Width", "10", True),
            ("Width", "1.5", False),
            ("Viewport-Width", "", False),
            ("RTT", "50", True),
            ("ECT", "slow-2g", True),
            ("ECT", "4g", True),
            ("ECT", "5g", False),
            ("Intervention", "any", True),
            ("Intervention", "a" * 129, False),
            ("Accept", "text/html", True),
            ("Range", "bytes=0-1", True),
            ("X-A", "1", False),
        ],
    )
    def test_client_hints(self, name, value, safelisted) -> None:
        """Client hints are unsafe to the standard; safelisted, their values still count."""
        dialect = Dialect(client_hints_are_safelisted=True)
        assert browser.is_safelisted_request_header(name, value, dialect) is safelisted
        made = request(headers={name: value}, dialect=dialect)
        assert browser.needs_preflight(made) is not safelisted
        standard = safelisted and name in {"Accept", "Range"}
        assert browser.is_safelisted_request_header(name, value) is standard

    def test_joined_lines(self) -> None:
        """Two lines of 100 bytes are safelisted each by itself, and not as one value."""
        headers = [("accept", "a" * 100), ("X-A", "1"), ("Accept", "b" * 100)]
        joined = request(headers=headers, dialect=Dialect(lines_are_joined=True))
        value = "a" * 100 + ", " + "b" * 100
        assert browser.author_headers(joined) == (("accept", value), ("x-a", "1"))
        assert browser.preflight_request_headers(joined)[2][1] == "accept,x-a"
        assert browser.preflight_request_headers(request(headers=headers))[2][1] == "x-a"

    def test_a_forbidden_user_agent(self) -> None:
        """A page may set User-Agent, with a preflight; where it may not, it is dropped."""
        headers = {"User-Agent": "mine", "X-A": "1"}
        dropped = request(headers=headers, dialect=Dialect(user_agent_is_forbidden=True))
        assert browser.author_headers(dropped) == (("X-A", "1"),)
        assert browser.author_headers(request(headers=headers)) == tuple(headers.items())

    @pytest.mark.parametrize("credentials", ["omit", "include"])
    def test_a_wildcard_and_authorization(self, credentials) -> None:
        """`*` never allows Authorization; where it does, it does so without credentials only."""
        made = request(headers={"Authorization": "t"}, credentials=credentials)
        departing = attrs.evolve(made, dialect=Dialect(wildcard_covers_authorization=True))
        answer = Response(headers={**SHARED, HEADERS: "*"})
        assert not browser.preflight_check(made, answer)
        outcome = browser.preflight_check(departing, answer)
        assert outcome.allowed is (credentials == "omit")
        assert outcome.step.endswith("7.7") is not outcome.allowed

    def test_one_kept_preflight(self) -> None:
        """Grants to one origin and URL add up; where one answer is kept, it is the last."""
        made = request(method="PUT", dialect=Dialect(one_preflight_is_kept=True))
        other = attrs.evolve(entry(10.0, method="GET"), url="https://api.example/other")
        cache = PreflightCache((entry(10.0, method="DELETE"), other))
        answer = granted(**{"Allow-Methods": "PUT"})
        kept = cache.with_response(made, answer, 0.0)
        assert kept.entries == (other, entry(5.0, method="PUT"))
        kept = cache.with_response(request(method="PUT"), answer, 0.0)
        assert kept.entries == (*cache.entries, entry(5.0, method="PUT"))

    @pytest.mark.parametrize(
        ("credentials", "strict", "kept"),
        [
            ("include", False, ("PUT", "*")),
            ("include", True, ("PUT",)),
            ("omit", True, ("PUT", "*")),
        ],
    )
    def test_kept_wildcards(self, credentials, strict, kept) -> None:
        """A `*` counts for nothing with credentials, but the standard keeps it as a wildcard."""
        dialect = Dialect(kept_wildcards_need_no_credentials=strict)
        headers = {"X-A": "1"}
        made = request(method="PUT", headers=headers, credentials=credentials, dialect=dialect)
        answer = granted(**{"Allow-Methods": "PUT, *", "Allow-Headers": "x-a, *"})
        entries = PreflightCache().with_response(made, answer, 0.0).entries
        assert tuple(entry.method for entry in entries if entry.method) == kept
        names = tuple(entry.header_name for entry in entries if entry.header_name)
        assert names == tuple("x-a" if member == "PUT" else member for member in kept)

    @pytest.mark.parametrize("keep", [False, True])
    def test_failures(self, keep) -> None:
        """A refused answer takes its preflight's grants along, or it does not."""
        made = request(method="PUT", dialect=Dialect(failures_keep_preflights=keep))
        cache = PreflightCache((entry(10.0, method="PUT"),))
        assert cache.after_failure(made) == (cache if keep else PreflightCache())

    def test_the_standard_is_the_default_and_chromium_departs_in_everything(self) -> None:
        """Every departure is one that Chromium makes."""
        assert REQUEST.dialect == STANDARD == Dialect()
        departures = attrs.asdict(CHROMIUM)
        assert departures.pop("max_age_cap") == 7200
        assert all(departures.values())


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

    def test_an_outcome_is_true_when_allowed(self) -> None:
        """An outcome can be used as a condition."""
        assert (bool(allowed("s", "r")), bool(refused("s", "r"))) == (True, False)

    def test_everything_public_is_listed(self) -> None:
        """`__all__` holds every public name that the module defines."""
        defined = {
            name
            for name, value in vars(browser).items()
            if not name.startswith("_") and getattr(value, "__module__", "") == browser.__name__
        }
        constants = {"Credentials", "FAILURE", "Headers", "Mode", "Tainting"}
        constants |= {"CHROMIUM", "Dialect", "STANDARD"}
        assert sorted(defined | constants) == sorted(browser.__all__)

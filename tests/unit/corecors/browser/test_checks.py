"""Fetch, "CORS check" and "CORS-preflight fetch": which answers let the page continue."""

from __future__ import annotations

import pytest

from corecors import browser
from corecors.browser import Response

from .support import (
    CREDENTIALS,
    EXPOSE,
    HEADERS,
    IGNORED,
    METHODS,
    ORIGIN,
    PAGE,
    REQUEST,
    SHARED,
    allowed,
    refused,
    request,
)

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


class TestOutcomes:
    def test_an_outcome_is_true_when_allowed(self) -> None:
        """An outcome can be used as a condition."""
        assert (bool(allowed("s", "r")), bool(refused("s", "r"))) == (True, False)

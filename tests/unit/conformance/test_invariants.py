"""What each check says of recorded exchanges, and of those that it has nothing to say about."""

import attrs
import pytest

from corecors.browser import Response
from corecors.conformance import INVARIANTS, Exchange, Expectation, Probe, invariants
from tests.unit.conformance.support import ORIGIN, A

EVIL = "https://evil.example"
CREDENTIALS = "Access-Control-Allow-Credentials"
METHODS = "Access-Control-Allow-Methods"
HEADERS = "Access-Control-Allow-Headers"
EXPOSED = "Access-Control-Expose-Headers"
MAX_AGE = "Access-Control-Max-Age"
SHARED = {ORIGIN: A, CREDENTIALS: "true"}
EXPECTED = Expectation(
    origins=(A, "https://*.example.org"), methods="PUT", exposed=("ETag", "X-B"), max_age=60
)


def problem(number, *exchanges, **changes):
    """What the invariant of this number says of these exchanges."""
    return INVARIANTS[number - 1].check(attrs.evolve(EXPECTED, **changes), exchanges)


def get(headers=(), *, origin=A, status=200, failure=""):
    """A page's GET, or without an origin someone else's, and the answer to it."""
    sent = () if origin is None else (("Origin", origin),)
    response = Response(status=status, headers=headers)
    return Exchange(probe=Probe(headers=sent), response=response, failure=failure)


def ask(headers=(), *, origin=A, method="PUT", status=204):
    """A preflight, and the answer to it."""
    sent = (("Origin", origin), ("Access-Control-Request-Method", method))
    probe = Probe(method="OPTIONS", headers=sent)
    return Exchange(probe=probe, response=Response(status=status, headers=headers))


@pytest.mark.parametrize(
    ("exchange", "said"),
    [
        (get(), None),
        (get({ORIGIN: "*"}), None),
        (get({ORIGIN: A}), None),
        (get({ORIGIN: EVIL}), None),
        (
            get([(ORIGIN, A), (ORIGIN.lower(), A)]),
            f"2 lines of {ORIGIN} with 2 values: '{A}, {A}'",
        ),
        (get({ORIGIN: f"{A}, null"}), f"{ORIGIN} with 2 values: '{A}, null'"),
        (get([(ORIGIN, f"{A},*"), (ORIGIN, "")]), f"2 lines of {ORIGIN} with 3 values: '{A}, *, '"),
    ],
)
def test_one_origin(exchange, said):
    assert problem(1, exchange) == said


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({}, None),
        ({ORIGIN: "*"}, None),
        (SHARED, None),
        ({ORIGIN: "*", CREDENTIALS: "True"}, f"{CREDENTIALS} is 'True', which counts as absent"),
        ({CREDENTIALS: ""}, f"{CREDENTIALS} is '', which counts as absent"),
        ({ORIGIN: "*", CREDENTIALS: "true"}, f"{CREDENTIALS} with {ORIGIN}: *"),
    ],
)
def test_credentials(headers, said):
    assert problem(2, get(headers)) == said
    # A page that is to send cookies and cannot is a violation of invariant 4, and said there.
    assert problem(2, get(headers), credentials=True) is None


@pytest.mark.parametrize(
    ("exchange", "said"),
    [
        (get({"Vary": "Origin"}, origin=EVIL), None),
        (get(SHARED), None),
        (ask(SHARED), None),
        (
            get([(MAX_AGE, "1"), (METHODS, "PUT"), (METHODS, "GET")], origin=EVIL),
            f"the origin is refused, yet there is {METHODS}, {MAX_AGE}",
        ),
        (get(SHARED, origin=EVIL), f"the origin is refused, yet there is {CREDENTIALS}, {ORIGIN}"),
    ],
)
def test_silence(exchange, said):
    assert problem(3, exchange) == said


@pytest.mark.parametrize(
    ("number", "exchange", "credentials", "said"),
    [
        (4, get({ORIGIN: A}), False, None),
        (4, get(), False, f"{ORIGIN} is missing (CORS check step 2)"),
        (4, get({ORIGIN: A}), True, f"{CREDENTIALS} is missing (CORS check step 8)"),
        (4, get(SHARED), True, None),
        (7, ask({ORIGIN: A, METHODS: "PUT"}), False, None),
        (
            7,
            ask({ORIGIN: A}),
            False,
            f"preflight: the method 'PUT' is not in {METHODS} (CORS-preflight fetch step 7.5)",
        ),
        (
            7,
            ask({ORIGIN: A, METHODS: "PUT"}, status=404),
            False,
            "preflight: the status is 404, not one of 200 to 299 (CORS-preflight fetch step 7)",
        ),
    ],
)
def test_who_is_let_in(number, exchange, credentials, said):
    assert problem(number, exchange, credentials=credentials) == said


@pytest.mark.parametrize("number", [5, 8, 10])
@pytest.mark.parametrize(
    ("exchange", "said"),
    [
        (get(), None),
        (get({ORIGIN: A}), "a page reads the answer (credentials: omit)"),
        (get(SHARED), "a page reads the answer (credentials: omit, include)"),
        (get(SHARED, failure="ValueError: no"), None),
        (ask(SHARED), None),
        (
            ask({**SHARED, METHODS: "PUT"}),
            "a page sends it (credentials: omit, include)",
        ),
        (ask({**SHARED, METHODS: "*"}), "a page sends it (credentials: omit)"),
    ],
)
def test_who_is_refused(number, exchange, said):
    assert problem(number, exchange) == said


@pytest.mark.parametrize("number", [4, 7, 17])
def test_what_fails_for_a_second_value_is_told_once(number):
    """Invariant 1 has it."""
    assert problem(number, get({ORIGIN: f"{A}, {A}"})) is None
    assert problem(1, get({ORIGIN: f"{A}, {A}"})) is not None


@pytest.mark.parametrize(
    ("exchange", "said"),
    [
        (get({ORIGIN: A}, status=499), None),
        (get({ORIGIN: A}, status=500), "the status is 500"),
        (get({ORIGIN: A}, failure="ValueError: no"), "there is no answer: ValueError: no"),
    ],
)
def test_a_page_that_may_read_an_error_does_not_work(exchange, said):
    assert problem(4, exchange) == said


def test_at_an_error_path_an_error_is_no_problem():
    asked = Probe(path="/missing", headers=(("Origin", A),))
    crashed = Exchange(probe=asked, response=Response(status=500, headers={ORIGIN: A}))
    for number in (4, 16):
        assert problem(number, crashed, error_paths="/missing") is None
    without = attrs.evolve(crashed, response=Response(status=500))
    said = f"{ORIGIN} is missing (CORS check step 2)"
    assert problem(4, without, error_paths="/missing") == said


def test_the_last_of_several_exchanges_is_what_a_check_is_about():
    check = invariants._last(invariants._one_origin)
    assert check(EXPECTED, (get([(ORIGIN, A)] * 2), get())) is None
    assert check(EXPECTED, (get(), get([(ORIGIN, A)] * 2))) is not None


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({ORIGIN: A}, None),
        (
            SHARED,
            f"the page may send cookies: the origin is named and {CREDENTIALS} is true",
        ),
    ],
)
def test_no_cookies(headers, said):
    assert problem(6, get(headers)) == said


@pytest.mark.parametrize(
    ("far", "near", "said"),
    [
        ({}, {}, None),
        ({METHODS: "PUT"}, {METHODS: "GET"}, None),
        ({}, {METHODS: "PUT"}, f"{METHODS} is sent for one of 'QQ' and 'PU', not for both"),
        ({METHODS: "PUT"}, {}, f"{METHODS} is sent for one of 'QQ' and 'PU', not for both"),
        # Where a browser lets one of them on it is invariant 8 that is violated, not this one.
        ({ORIGIN: A}, {ORIGIN: A, METHODS: "PU"}, None),
        ({ORIGIN: A, METHODS: "QQ"}, {ORIGIN: A}, None),
    ],
)
def test_whole_methods(far, near, said):
    assert problem(9, ask(far, method="QQ"), ask(near, method="PU")) == said


KEPT = {**SHARED, METHODS: "PUT"}


@pytest.mark.parametrize(
    ("headers", "longer", "shorter"),
    [
        ({**KEPT, MAX_AGE: "60"}, None, None),
        (
            {**KEPT, MAX_AGE: "61"},
            f"{MAX_AGE} is '61': the preflight is kept for 61 s, not 60 s",
            None,
        ),
        (
            {**KEPT, MAX_AGE: "59"},
            None,
            f"{MAX_AGE} is '59': the preflight is kept for 59 s, not 60 s",
        ),
        (KEPT, None, f"{MAX_AGE} is missing: the preflight is kept for 5 s, not 60 s"),
        # What is refused is not kept at all, and an invariant of its own.
        ({**SHARED, MAX_AGE: "61"}, None, None),
        ({**SHARED, MAX_AGE: "59"}, None, None),
    ],
)
def test_the_age_of_preflights(headers, longer, shorter):
    assert (problem(11, ask(headers)), problem(18, ask(headers))) == (longer, shorter)
    assert problem(11, ask(headers), max_age=None) is None


def test_a_preflight_that_is_not_to_be_kept_is_kept_for_5_s_by_default():
    said = f"{MAX_AGE} is missing: the preflight is kept for 5 s, not 0 s"
    assert problem(11, ask(KEPT), max_age=0) == said


@pytest.mark.parametrize(
    ("changes", "headers", "said"),
    [
        ({}, {EXPOSED: "etag, X-B"}, None),
        ({}, {}, "the page cannot read etag, x-b"),
        ({}, {EXPOSED: "X-B"}, "the page cannot read etag"),
        ({}, {EXPOSED: "etag, X-B, X-C, X-D"}, "the page can read x-c, x-d"),
        # These are always read, and this one never.
        ({}, {EXPOSED: "etag, X-B, Content-Type, Expires, Set-Cookie"}, None),
        ({"exposed": ("ETag", "Pragma")}, {EXPOSED: "ETag"}, None),
        ({}, {EXPOSED: "*"}, "the page can read any-header-at-all"),
        ({}, {EXPOSED: "*", ORIGIN: EVIL}, None),
        ({}, {EXPOSED: "a b"}, "the page cannot read etag, x-b"),
        ({"exposed": "*"}, {EXPOSED: "*"}, None),
        ({"exposed": "*"}, {}, "the page cannot read any-header-at-all"),
        ({"exposed": "*"}, {EXPOSED: "X-C"}, "the page cannot read any-header-at-all"),
        ({"exposed": ["*", "X-B"]}, {EXPOSED: "*"}, None),
        # With credentials the wildcard is no wildcard, neither sent nor expected.
        ({"exposed": "*", "credentials": True}, {EXPOSED: "*"}, None),
        (
            {"exposed": ["*", "X-B"], "credentials": True},
            {EXPOSED: "*"},
            "the page cannot read x-b",
        ),
        ({"credentials": True}, {EXPOSED: "etag, x-b"}, None),
        ({"credentials": True}, {EXPOSED: "etag, x-b, *"}, None),
        ({"exposed": None}, {}, None),
    ],
)
def test_exposed_headers(changes, headers, said):
    assert problem(12, get({**SHARED, **headers}), **changes) == said


def test_of_what_is_not_let_in_nothing_is_expected_to_be_read():
    assert problem(12, get({EXPOSED: "*"})) is None
    assert problem(12, get({EXPOSED: "*", ORIGIN: A}), credentials=True) is None


B = "https://b.example.org"
OF_B = f"{ORIGIN} is '{A}', not '{B}'"


@pytest.mark.parametrize(
    ("stored", "fresh", "said"),
    [
        (get({ORIGIN: "*"}), get({ORIGIN: "*"}, origin=B), None),
        (get({ORIGIN: A, "Vary": "Origin"}), get({ORIGIN: B}, origin=B), None),
        (
            get({ORIGIN: A}),
            get({ORIGIN: B}, origin=B),
            f"there is no Vary: the stored response is reused, and {OF_B}",
        ),
        (
            get({ORIGIN: A, "Vary": "Accept"}, origin=None),
            get({ORIGIN: B}, origin=B),
            f"Vary is 'Accept': the stored response is reused, and {OF_B}",
        ),
        (
            get({ORIGIN: "*"}),
            get({}, origin=EVIL),
            f"there is no Vary: the stored response is reused, and {ORIGIN} is *",
        ),
        (get({ORIGIN: A}), get({ORIGIN: A}, origin=B), None),
        (get({}, failure="ValueError: no", origin=None), get({ORIGIN: A}), None),
    ],
)
def test_caches(stored, fresh, said):
    assert problem(13, stored, fresh) == said


def test_caches_are_judged_with_the_credentials_that_are_expected():
    stored, fresh = get({ORIGIN: A}), get(SHARED)
    assert problem(13, stored, fresh) is None
    assert problem(13, stored, fresh, credentials=True) == (
        f"there is no Vary: the stored response is reused, and {CREDENTIALS} is missing"
    )


@pytest.mark.parametrize(
    ("status", "headers", "said"),
    [
        # RFC 9111 section 4.2.2: without a word on freshness only some statuses are kept.
        (200, {}, 13),
        (404, {}, 13),
        (401, {}, None),
        (500, {}, None),
        (401, {"Cache-Control": "max-age=60"}, 13),
        (401, {"Cache-Control": "s-maxage=60"}, 13),
        (401, {"Expires": "Thu, 01 Jan 2099 00:00:00 GMT"}, 13),
        # What is not stored, or not without asking again, is not reused.
        (200, {"Cache-Control": "no-store"}, None),
        (200, {"Cache-Control": "public, No-Cache"}, None),
        (200, {"Cache-Control": "max-age = 0"}, None),
        (200, {"Cache-Control": "s-maxage=0"}, None),
        (200, {"Cache-Control": "max-age=600"}, 13),
        # A browser's own cache is no one else's.
        (200, {"Cache-Control": "private, max-age=600"}, 19),
        (200, {"Cache-Control": "private, no-store"}, None),
    ],
)
def test_what_a_cache_reuses(status, headers, said):
    """13 is a violation, 19 advice."""
    pair = get(headers, origin=None, status=status), get({ORIGIN: A}, status=status)
    expected = f"there is no Vary: the stored response is reused, and {ORIGIN} is missing"
    found = {number: problem(number, *pair) for number in (13, 19)}
    assert found == {number: expected if number == said else None for number in (13, 19)}


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (get({ORIGIN: A}), get({ORIGIN: A}), None),
        (get(), get({ORIGIN: B}), None),
        (
            get({ORIGIN: A}),
            get(),
            f"at first it is allowed, later not: {ORIGIN} is missing (CORS check step 2)",
        ),
        (
            get(),
            get({ORIGIN: A}),
            f"at first it is refused, later allowed: {ORIGIN} is missing (CORS check step 2)",
        ),
    ],
)
def test_repetition(first, last, said):
    assert problem(20, get(origin=B), first, get(origin=EVIL), last) == said


@pytest.mark.parametrize(
    ("exchange", "said"),
    [
        (get({ORIGIN: A, EXPOSED: "ETag"}), None),
        (
            get({MAX_AGE: "1", METHODS: "", HEADERS: "X-A"}),
            f"{HEADERS}, {METHODS}, {MAX_AGE} on an ordinary answer",
        ),
        (ask({MAX_AGE: "1", METHODS: "", HEADERS: "X-A"}), None),
        (ask({EXPOSED: ""}), None),
    ],
)
def test_place(exchange, said):
    assert problem(14, exchange) == said


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({}, None),
        ({ORIGIN: A, METHODS: "PUT, GET", HEADERS: "*", EXPOSED: "", "X-A": "\xe9, \t"}, None),
        *(
            ([(f"X-A{c}", "")], f"a control character in the response header {f'X-A{c}'!r}")
            for c in "\0\r\n"
        ),
        ({"Vary": "Origin", "X-A": "a\nb"}, "a control character in the response header 'X-A'"),
        (
            {ORIGIN: "https://\xe4.example"},
            rf"{ORIGIN} is 'https://\xe4.example', which is no origin",
        ),
        ({ORIGIN: "https://a,b"}, f"{ORIGIN} is 'https://a,b', which is no origin"),
        ({METHODS: "G\xe9T"}, rf"{METHODS} is 'G\xe9T', which is no list of names"),
        ({HEADERS: "x a"}, f"{HEADERS} is 'x a', which is no list of names"),
        ({EXPOSED: "x/a"}, f"{EXPOSED} is 'x/a', which is no list of names"),
    ],
)
def test_grammar(headers, said):
    assert problem(15, get(headers)) == said


@pytest.mark.parametrize(
    ("exchange", "said"),
    [
        (get(status=499), None),
        (get(status=500), "the status is 500"),
        (get(status=501), None),  # "I do not do this" is an answer
        (get(status=200, failure="ValueError: no"), "there is no answer: ValueError: no"),
    ],
)
def test_answers(exchange, said):
    assert problem(16, exchange) == said

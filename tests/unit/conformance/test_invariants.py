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
        (get({ORIGIN: EVIL}, origin=EVIL), None),
        (get([(ORIGIN, A), (ORIGIN.lower(), A)]), f"2 lines of {ORIGIN}"),
        (get({ORIGIN: EVIL}), f"{ORIGIN} is '{EVIL}', and Origin was {A}"),
        (get({ORIGIN: A}, origin=EVIL), f"{ORIGIN} is '{A}', and Origin was {EVIL}"),
        (get({ORIGIN: "*"}, origin=None), None),
        (get({ORIGIN: A}, origin=None), None),
        (get({ORIGIN: EVIL}, origin=None), f"{ORIGIN} is '{EVIL}', and Origin was absent"),
    ],
)
def test_one_origin(exchange, said):
    assert problem(1, exchange) == said


@pytest.mark.parametrize(
    ("origins", "said"),
    [
        ([A, "https://b.example"], f"{ORIGIN} is '{A}', and Origin was absent"),
        (["https://*.example.org"], f"{ORIGIN} is '{A}', and Origin was absent"),
        ([A], None),
    ],
)
def test_only_a_lone_origin_is_sent_unasked(origins, said):
    assert problem(1, get({ORIGIN: A}, origin=None), origins=origins) == said


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({}, None),
        ({ORIGIN: "*"}, None),
        (SHARED, None),
        ({ORIGIN: "*", CREDENTIALS: "True"}, f"{CREDENTIALS} is 'True'"),
        ({CREDENTIALS: ""}, f"{CREDENTIALS} is ''"),
        ({ORIGIN: "*", CREDENTIALS: "true"}, f"{CREDENTIALS} with {ORIGIN}: *"),
    ],
)
def test_credentials(headers, said):
    assert problem(2, get(headers)) == said


@pytest.mark.parametrize(
    ("exchange", "said"),
    [
        (get({"Vary": "Origin"}, origin=EVIL), None),
        (get(SHARED), None),
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
        (get({ORIGIN: A}), "the browser lets the page on (credentials: omit)"),
        (get(SHARED), "the browser lets the page on (credentials: omit, include)"),
        (ask(SHARED), None),
        (
            ask({**SHARED, METHODS: "PUT"}),
            "the browser lets the page on (credentials: omit, include)",
        ),
        (ask({**SHARED, METHODS: "*"}), "the browser lets the page on (credentials: omit)"),
    ],
)
def test_who_is_refused(number, exchange, said):
    assert problem(number, exchange) == said


def test_the_first_problem_counts():
    first, second = get({ORIGIN: EVIL}), get([(ORIGIN, A)] * 2)
    check = invariants._each(invariants._one_origin)
    assert check(EXPECTED, (get(), first, second)) == f"{ORIGIN} is '{EVIL}', and Origin was {A}"
    assert check(EXPECTED, (get(), second, first)) == f"2 lines of {ORIGIN}"
    assert check(EXPECTED, (get(), get())) is None


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
    ],
)
def test_whole_methods(far, near, said):
    assert problem(9, ask(far, method="QQ"), ask(near, method="PU")) == said


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({**SHARED, METHODS: "PUT", MAX_AGE: "60"}, None),
        (
            {**SHARED, METHODS: "PUT", MAX_AGE: "61"},
            f"{MAX_AGE} is '61': kept for 61 s, not 60 s",
        ),
        ({**SHARED, METHODS: "PUT"}, f"{MAX_AGE} is None: kept for 5 s, not 60 s"),
        # What is refused is not kept at all, and an invariant of its own.
        ({**SHARED, MAX_AGE: "61"}, None),
    ],
)
def test_maximum_age(headers, said):
    assert problem(11, ask(headers)) == said


@pytest.mark.parametrize(
    ("changes", "headers", "said"),
    [
        ({}, {EXPOSED: "etag, X-B"}, None),
        ({}, {}, "the page cannot read ['etag', 'x-b']"),
        ({}, {EXPOSED: "X-B"}, "the page cannot read ['etag']"),
        ({}, {EXPOSED: "*"}, "the page can read ['x-conformance-not-exposed']"),
        ({}, {EXPOSED: "*", ORIGIN: EVIL}, None),
        ({"exposed": "*"}, {EXPOSED: "*"}, None),
        ({"exposed": "*"}, {}, "the page cannot read ['x-conformance-not-exposed']"),
        ({"exposed": ["*", "X-B"]}, {EXPOSED: "*"}, None),
        # With credentials the wildcard is no wildcard, neither sent nor expected.
        ({"exposed": "*", "credentials": True}, {EXPOSED: "*"}, None),
        (
            {"exposed": ["*", "X-B"], "credentials": True},
            {EXPOSED: "*"},
            "the page cannot read ['x-b']",
        ),
        ({"credentials": True}, {EXPOSED: "etag, x-b"}, None),
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
            f"Vary is None: the stored response is reused, and {OF_B}",
        ),
        (
            get({ORIGIN: A, "Vary": "Accept"}, origin=None),
            get({ORIGIN: B}, origin=B),
            f"Vary is 'Accept': the stored response is reused, and {OF_B}",
        ),
        (
            get({ORIGIN: "*"}),
            get({}, origin=EVIL),
            f"Vary is None: the stored response is reused, and {ORIGIN} is *",
        ),
        (get({ORIGIN: A}), get({ORIGIN: A}, origin=B), None),
    ],
)
def test_caches(stored, fresh, said):
    assert problem(13, stored, fresh) == said


def test_caches_are_judged_with_the_credentials_that_are_expected():
    stored, fresh = get({ORIGIN: A}), get(SHARED)
    assert problem(13, stored, fresh) is None
    assert problem(13, stored, fresh, credentials=True) == (
        f"Vary is None: the stored response is reused, and {CREDENTIALS} is missing"
    )


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
        (get(status=200, failure="ValueError: no"), "the application raises ValueError: no"),
    ],
)
def test_answers(exchange, said):
    assert problem(16, exchange) == said

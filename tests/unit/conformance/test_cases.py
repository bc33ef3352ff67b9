"""Which requests are tried in full, in which order, and when there are none."""

import attrs
import pytest

from corecors.conformance import Expectation, Probe, cases, near
from corecors.conformance.cases import Case
from tests.unit.conformance.support import A

WILD = Expectation(origins="*")
EXPECTED = Expectation(path="/api", origins=A, methods=("HEAD", "GET", "PUT"), headers=("X-A", "b"))
B = "https://b.example"
TWO = attrs.evolve(EXPECTED, origins=(A, B))


def probe(method="GET", **headers):
    """A request to the expected path; a `_` in a name stands for Access-Control-Request-."""
    named = {name.replace("_", "Access-Control-Request-"): v for name, v in headers.items()}
    return Probe(method=method, path="/api", headers=tuple(named.items()))


def asked(method, headers=None, origin=A):
    """A preflight."""
    listed = {} if headers is None else {"_Headers": headers}
    return probe("OPTIONS", Origin=origin, _Method=method, **listed)


def probes(found):
    return [case.probes for case in found]


def singles(*given):
    return [(one,) for one in given]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (cases.actual(EXPECTED, None), probe()),
        (cases.actual(EXPECTED, A), probe(Origin=A)),
        (cases.preflight(EXPECTED, A, "PUT"), asked("PUT")),
        (cases.preflight(EXPECTED, A, "PUT", "X-B", "x-a", "x-b"), asked("PUT", "x-a,x-b")),
    ],
)
def test_a_request_is_made_as_a_browser_makes_it(made, expected):
    assert made == expected


def test_actual_requests_are_of_witnesses():
    found = cases.actual_requests(attrs.evolve(EXPECTED, origins="https://*.a.example"))
    first, second = "https://a.a.example", "https://b.c.a.example"
    assert found == [
        Case((probe(Origin=first),), first),
        Case((probe(Origin=second),), second),
    ]


MORE = attrs.evolve(EXPECTED, send=("PUT", "HEAD"), error_paths="/missing")


def others(origin):
    missing = Probe(path="/missing", headers=(("Origin", origin),))
    return [
        Case((probe("PUT", Origin=origin),), f"PUT /api from {origin}", "answers to PUT"),
        Case((probe("HEAD", Origin=origin),), f"HEAD /api from {origin}", "answers to HEAD"),
        Case((missing,), f"GET /missing from {origin}", "answers at /missing"),
    ]


def test_other_methods_and_errors_are_asked_for_where_that_is_allowed():
    """Once for a page that is let in, once for one that is refused."""
    assert cases.actual_requests(MORE) == [*cases.page_requests(MORE), *others(A)]
    usual = cases.refused_requests(EXPECTED)
    assert cases.refused_requests(MORE) == [*usual, *others("https://unrelated.invalid")]


ALL = ["PUT", "PATCH", "DELETE", "OPTIONS"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"headers": None}, [("PUT", None)]),
        # Nobody has said what a preflight could be for.
        ({"methods": None, "headers": None}, []),
        ({"methods": ("GET", "HEAD", "POST"), "headers": None}, []),
        ({"methods": "*", "headers": None}, [(name, None) for name in ALL]),
        ({"methods": "put"}, [("PUT", None), ("PUT", "x-a"), ("PUT", "b"), ("PUT", "b,x-a")]),
        ({"methods": None, "headers": "X-A"}, [("GET", "x-a"), ("GET", "x-a")]),
        # For these no browser asks, or sends them.
        ({"methods": None, "headers": ("Accept", "Cookie")}, []),
        (
            {"methods": None, "headers": "*"},
            [
                ("GET", "x-requested-with"),
                ("GET", "authorization"),
                ("GET", "content-type"),
                ("GET", "authorization,content-type,x-requested-with"),
            ],
        ),
    ],
)
def test_allowed_preflights_are_those_that_a_page_causes(changes, expected):
    found = cases.allowed_preflights(attrs.evolve(EXPECTED, **changes))
    assert probes(found) == singles(*(asked(*pair) for pair in expected))


def test_every_other_origin_asks_once():
    found = cases.allowed_preflights(TWO)
    assert found[-1] == Case((asked("PUT", "x-a", B),), B)
    assert len(found) == len(cases.allowed_preflights(EXPECTED)) + 1
    assert found[1].subject == f"the request header X-A from {A}"


def test_upload_listeners_ask_for_what_needs_no_preflight():
    assert cases.upload_preflights(EXPECTED) == [
        Case((asked("HEAD"),), "HEAD", "HEAD"),
        Case((asked("GET"),), "GET", "GET"),
    ]
    assert cases.upload_preflights(attrs.evolve(EXPECTED, methods=None)) == []


def test_refused_requests_are_an_ordinary_one_and_a_preflight_of_each_origin():
    found = cases.refused_requests(EXPECTED)
    refused = near.refused_origins(EXPECTED)
    assert len(found) == 2 * len(refused)
    far = "https://unrelated.invalid"
    assert found[:2] == [
        Case((probe(Origin=far),), f"{far} ({near.ANY})", near.ANY, implies_the_rest=True),
        Case((asked("PUT", "x-a", far),), f"{far} ({near.ANY})", near.ANY, implies_the_rest=True),
    ]
    assert found[2] == Case(
        (probe(Origin="null"),), "null (the origin null)", "the origin null", implies_the_rest=False
    )
    assert {case.hole for case in found} == {kind for kind, _ in refused}
    assert cases.refused_requests(WILD) == []


def test_a_cache_is_put_between_all_pages_and_requests_without_origin():
    far = "https://unrelated.invalid"
    pages = (A, far, "null")
    found = cases.pairs_of_requests(EXPECTED)
    assert found[0] == Case((probe(), probe(Origin=A)), A, "without Origin, then a page")
    assert probes(found) == [
        *((probe(), probe(Origin=page)) for page in pages),
        *((probe(Origin=a), probe(Origin=b)) for a in pages for b in pages if a != b),
    ]
    assert found[3] == Case(
        (probe(Origin=A), probe(Origin=far)), f"{far} after {A}", "one page, then another"
    )


def test_a_page_asks_again_after_others():
    others = (B, "https://unrelated.invalid")
    first = probe(Origin=A)
    assert probes(cases.repeated_requests(TWO)) == [
        *((first, first, probe(Origin=other), first) for other in others),
        (first, first, probe(), first),
    ]
    assert cases.repeated_requests(TWO)[-1].subject == f"{A} after a request without Origin"


KNOWN = ["PATCH", "DELETE"]
OTHERS = [*KNOWN, "patch"]
END = ["LOCK", "PROPFIND"]


@pytest.mark.parametrize(
    ("methods", "expected"),
    [
        ("GET", ["PUT", *OTHERS, "G", "ET", "GE", "GETS", "XGET", *END]),
        # A word is what letters make; what is normalized to an allowed method is one.
        ("PUT", [*OTHERS, "P", "UT", "PU", "PUTS", "XPUT", *END]),
        (
            ("LINK", "X-1"),
            [
                *("PUT", "PATCH", "DELETE", "patch", "link", "Link", "x-1"),
                *("L", "INK", "LIN", "LINKS", "XLINK", "X", "XS", "XX"),
                *END,
            ],
        ),
        ((), ["PUT", *OTHERS, *END]),
    ],
)
def test_methods_that_are_not_allowed(methods, expected):
    limited = attrs.evolve(EXPECTED, methods=methods)
    assert cases.unexpected_methods(limited) == [
        Case((asked(name),), name, name) for name in expected
    ]
    assert cases.look_alike_methods(limited) == [
        Case((asked("QQ"), asked(name)), name, "parts of a method") for name in expected
    ]


def test_every_other_origin_asks_for_the_known_methods():
    found = cases.unexpected_methods(TWO)[len(cases.unexpected_methods(EXPECTED)) :]
    assert found == [Case((asked(name, origin=B),), f"{name} from {B}", name) for name in KNOWN]


USUAL = ["x-requested-with", "authorization", "content-type", "x-api-key", "x-csrf-token"]
USUAL += ["x-forwarded-for", "x-http-method-override"]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("X-A", ["x-evil", *USUAL, "x-a-evil", "x-x-a", "x-", "-a", "x-ax", "x_a"]),
        # Nothing is left of a name of one letter; no page needs leave for these.
        ("b", ["x-evil", *USUAL, "b-evil", "x-b", "bx"]),
        ("accepts", ["x-evil", *USUAL, "accepts-evil", "x-accepts", "ccepts", "acceptsx"]),
        ((), ["x-evil", *USUAL]),
    ],
)
def test_headers_that_are_not_allowed(headers, expected):
    found = cases.unexpected_headers(attrs.evolve(EXPECTED, headers=headers))
    assert found == [Case((asked("HEAD", name),), name, name) for name in expected]


def test_every_other_origin_asks_for_one_header():
    found = cases.unexpected_headers(attrs.evolve(TWO, methods=None))
    assert found[0] == Case((asked("GET", "x-evil"),), "x-evil", "x-evil")
    assert found[-1] == Case((asked("GET", "x-evil", B),), f"x-evil from {B}", "x-evil")


@pytest.mark.parametrize("said", [None, ("*",), ("PUT", "*")])
def test_where_nothing_is_ruled_out_nothing_is_unexpected(said):
    expected = attrs.evolve(EXPECTED, methods=said, headers=said)
    assert cases.unexpected_methods(expected) == []
    assert cases.look_alike_methods(expected) == []
    assert cases.unexpected_headers(expected) == []


def test_hostile_text_is_in_each_of_four_places():
    assert cases.hostile_probes(EXPECTED, "(?") == [
        probe(Origin="(?"),
        asked("PUT", "x-a", "(?"),
        asked("(?"),
        asked("PUT", "(?"),
    ]


def test_an_origin_in_capitals_is_text_that_no_browser_sends():
    found = cases.hostile_requests(EXPECTED)
    assert len(found) == 4 * (len(cases.HOSTILE) + 1)
    assert found[-4] == Case((probe(Origin=A.upper()),), f"'{A.upper()}'", "text in Origin")


def test_all_requests_begin_with_the_one_without_origin():
    found = cases.all_requests(EXPECTED)
    makers = [cases.actual_requests, cases.allowed_preflights, cases.refused_requests]
    makers += [cases.unexpected_methods, cases.unexpected_headers]
    first = Case((probe(),), "a request without Origin")
    others = [case for make in makers for case in make(EXPECTED)]
    plain = [attrs.evolve(case, hole="", implies_the_rest=False) for case in others]
    assert found == [first, *plain]

"""What each strategy draws, and when there is nothing to draw."""

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from corecors.conformance import Expectation, Probe, strategies
from tests.unit.conformance.support import A

WILD = Expectation(origins="*")
EXPECTED = Expectation(path="/api", origins=A, methods=("HEAD", "GET", "PUT"), headers=("X-A", "b"))
NEAR = {
    "https://a.example.evil.example",
    "https://a.examplex",
    "https://evila.example",
    "https://evil.a.example",
    "https://example",
    "https://a.example:8444",
    "http://a.example",
    "https://a.exampl",
    "https://axexample",
}
FAR = {"https://evil.example", "http://localhost:3000", "http://[::1]:8080", "null"}


def drawn(strategy, examples=200):
    """Return what a bounded run draws, the same in every run."""
    found = []

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(strategy)
    def collect(value):
        found.append(value)

    collect()
    return set(found)


def probe(method="GET", **headers):
    """A request to the expected path; a `_` in a name stands for Access-Control-Request-."""
    named = {name.replace("_", "Access-Control-Request-"): v for name, v in headers.items()}
    return Probe(method=method, path="/api", headers=tuple(named.items()))


def asked(method, headers=None, origin=A):
    """A preflight."""
    listed = {} if headers is None else {"_Headers": headers}
    return probe("OPTIONS", Origin=origin, _Method=method, **listed)


def singles(*probes):
    return {(one,) for one in probes}


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (strategies.actual(EXPECTED, None), probe()),
        (strategies.actual(EXPECTED, A), probe(Origin=A)),
        (strategies.preflight(EXPECTED, A, "PUT"), asked("PUT")),
        (strategies.preflight(EXPECTED, A, "PUT", "X-B", "x-a", "x-b"), asked("PUT", "x-a,x-b")),
    ],
)
def test_a_request_is_made_as_a_browser_makes_it(made, expected):
    assert made == expected


def origins_drawn(monkeypatch, expected, label):
    """The refused origins, where the text that is drawn is this one."""
    monkeypatch.setattr(strategies, "_LABELS", st.just(label))
    return drawn(strategies.refused_origins(expected))


def test_refused_origins_are_near_and_far_and_with_another_end(monkeypatch):
    """What is left as it was by a change, or what no browser sends, is not among them."""
    found = origins_drawn(monkeypatch, EXPECTED, "xyz")
    assert found == {*NEAR, *FAR, "https://a.example.xyz"}


def test_the_server_itself_is_no_refused_origin(monkeypatch):
    """A page of the very host that is tested makes no cross-origin request."""
    expected = Expectation(origins="https://api.invalid:8444")
    assert origins_drawn(monkeypatch, expected, "xyz") == {
        *FAR,
        "https://evilapi.invalid:8444",
        "https://evil.api.invalid:8444",
        "https://invalid:8444",
        "http://api.invalid:8444",
        "https://api.invalid:844",
        "https://apixinvalid:8444",
    }


def test_an_origin_that_cannot_be_sent_or_is_admitted_gives_way(monkeypatch):
    """There is another one for `null.xyz`, and for what an expectation happens to admit."""
    found = origins_drawn(monkeypatch, Expectation(origins="null"), "xyz")
    assert found == FAR - {"null"}
    expected = Expectation(origins=[A, f"{A}.org"])
    found = origins_drawn(monkeypatch, expected, "org")
    assert found >= {*NEAR, *FAR, f"{A}.org.org"}
    assert not any(map(expected.admits, found))


def test_where_every_origin_is_allowed_none_is_refused():
    assert strategies.refused_origins(WILD) is None
    assert strategies.refused_requests(WILD) is None


def test_actual_requests_are_of_witnesses():
    found = drawn(strategies.actual_requests(attrs.evolve(EXPECTED, origins="https://*.a.example")))
    assert found == singles(
        probe(Origin="https://a.a.example"), probe(Origin="https://b.c.a.example")
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"headers": None}, {("GET", None), ("PUT", None)}),
        ({"methods": None, "headers": None}, {("GET", None)}),
        ({"methods": "HEAD", "headers": None}, {("GET", None)}),
        (
            {"methods": "*", "headers": None},
            {(name, None) for name in strategies.METHODS},
        ),
        (
            {"methods": "PUT"},
            {("PUT", None), ("PUT", "x-a"), ("PUT", "b"), ("PUT", "b,x-a")},
        ),
        (
            {"methods": "PUT", "headers": ["*", "X-A"]},
            {
                ("PUT", ",".join(sorted(names)) or None)
                for a in ("", "x-a")
                for b in ("", "authorization")
                for c in ("", "content-type")
                for d in ("", "x-requested-with")
                for names in [[name for name in (a, b, c, d) if name]]
                if len(names) < 4
            },
        ),
    ],
)
def test_allowed_preflights_are_for_allowed_methods_and_some_allowed_headers(changes, expected):
    found = drawn(strategies.allowed_preflights(attrs.evolve(EXPECTED, **changes)))
    assert found == singles(*(asked(*pair) for pair in expected))


@pytest.fixture
def one_refused(monkeypatch):
    """`null` is the only refused origin, so that a short run draws everything."""
    monkeypatch.setattr(strategies, "refused_origins", lambda expected: st.just("null"))


def both(origin):
    """An ordinary request, and a preflight for the last method and the first header."""
    return {probe(Origin=origin), asked("PUT", "x-a", origin)}


@pytest.mark.usefixtures("one_refused")
def test_refused_requests_are_ordinary_ones_and_preflights():
    assert drawn(strategies.refused_requests(EXPECTED)) == singles(*both("null"))


@pytest.mark.usefixtures("one_refused")
def test_any_requests_are_one_or_two_with_and_without_an_origin():
    found = drawn(strategies.any_requests(EXPECTED))
    each = {probe(), *both(A), *both("null")}
    assert {one for one in found if len(one) == 1} == singles(*each)
    pairs = found - singles(*each)
    assert {len(pair) for pair in pairs} == {2}
    assert {one for one, _ in pairs} == {one for _, one in pairs} == each


@pytest.mark.usefixtures("one_refused")
def test_pairs_are_for_one_url_and_the_second_has_an_origin():
    assert drawn(strategies.pairs_of_requests(EXPECTED)) == {
        (probe(**first), probe(Origin=second))
        for first in ({}, {"Origin": A}, {"Origin": "null"})
        for second in (A, "null")
    }


def test_without_refused_origins_there_are_the_others():
    witnesses = set(WILD.witnesses)
    found = drawn(strategies.any_requests(WILD))
    assert {one.origin for probes in found for one in probes} == {None, *witnesses}
    found = drawn(strategies.pairs_of_requests(WILD))
    origins = {(first.origin, second.origin) for first, second in found}
    assert origins == {(a, b) for a in (None, *witnesses) for b in witnesses}


OTHERS = {"PATCH", "DELETE", "OPTIONS", "LOCK"}


@pytest.mark.parametrize(
    ("methods", "expected"),
    [
        (("GET",), {"G", "ET", "GE", "GETS", "PUT", *OTHERS}),
        (("M", "Put"), {"MS", "P", "ut", "Pu", "PutS", *OTHERS, "PUT"}),
        # A word is what letters make; what is normalized to an allowed method is one.
        (("PUT", "X-1"), {"P", "UT", "PU", "PUTS", "X", "XS", *OTHERS}),
        (("PUTS",), {"P", "UTS", "PUTSS", *OTHERS, "PUT"}),
        ((), {*OTHERS, "PUT"}),
    ],
)
def test_methods_that_are_not_allowed(methods, expected):
    limited = attrs.evolve(EXPECTED, methods=methods)
    assert drawn(strategies.unexpected_methods(limited)) == singles(*map(asked, expected))
    pairs = {(asked("QQ"), asked(name)) for name in expected}
    assert drawn(strategies.look_alike_methods(limited)) == pairs


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            ("X-A",),
            {"x-a-evil", "x-x-a", "x-", "-a", "x-evil", *strategies._SOME_HEADERS},
        ),
        # Nothing is left of a name of one letter.
        (
            ("b", "Authorization"),
            {
                *("b-evil", "x-b", "authorization-evil", "x-authorization", "authorizatio"),
                *("uthorization", "x-evil", "content-type", "x-requested-with"),
            },
        ),
        ((), {"x-evil", *strategies._SOME_HEADERS}),
    ],
)
def test_headers_that_are_not_allowed(headers, expected):
    found = drawn(strategies.unexpected_headers(attrs.evolve(EXPECTED, headers=headers)))
    assert found == singles(*(asked("GET", name) for name in expected))


@pytest.mark.parametrize("said", [None, ("*",), ("PUT", "*")])
def test_where_nothing_is_ruled_out_nothing_is_unexpected(said):
    expected = attrs.evolve(EXPECTED, methods=said, headers=said)
    assert strategies.unexpected_methods(expected) is None
    assert strategies.look_alike_methods(expected) is None
    assert strategies.unexpected_headers(expected) is None


def test_hostile_text_is_in_each_of_four_places(monkeypatch):
    monkeypatch.setattr(strategies, "_HOSTILE", st.just("(?"))
    assert drawn(strategies.hostile_requests(EXPECTED)) == singles(
        probe(Origin="(?"), asked("PUT", "x-a", "(?"), asked("(?"), asked("PUT", "(?")
    )

"""What is drawn at random, and when there is nothing to draw from."""

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from corecors.conformance import Expectation, cases, strategies
from corecors.conformance.patterns import is_sent
from tests.unit.conformance.support import A

WILD = Expectation(origins="*")
EXPECTED = Expectation(path="/api", origins=A, methods=("GET", "PATCH"), headers=("X-A", "b"))


def drawn(strategy, examples=200):
    """Return what a bounded run draws, the same in every run."""
    found = []

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(strategy)
    def collect(value):
        found.append(value)

    collect()
    return found


def test_refused_origins_can_be_sent_and_are_not_expected():
    """What cannot, or is admitted after all, gives way to one that is known."""
    origins = {one.origin for (one,) in drawn(strategies.refused_requests(EXPECTED))}
    assert all(is_sent(origin) and not EXPECTED.admits(origin) for origin in origins)
    assert any(origin.startswith(f"{A}.") for origin in origins)
    assert "https://unrelated.invalid" in origins
    assert len(origins) > 50


def test_methods_are_none_that_is_allowed_or_asks_for_nothing():
    found = {one.requested_method for (one,) in drawn(strategies.unexpected_methods(EXPECTED))}
    assert not found & {"", "GET", "HEAD", "POST", "OPTIONS", "PATCH", "TRACE"}
    assert any(len(name) > 4 for name in found)


def test_headers_are_none_that_is_allowed_or_needs_no_leave():
    found = {one.requested_headers for (one,) in drawn(strategies.unexpected_headers(EXPECTED))}
    names = {name for (name,) in found}
    assert all(map(cases.needs_leave, names))
    assert not names & {"x-a", "b"}
    assert len(names) > 20


def test_hostile_text_is_in_each_of_four_places():
    found = drawn(strategies.hostile_requests(EXPECTED))
    places = {
        (one.is_preflight, one.origin == A, one.requested_headers == ("x-a",)) for (one,) in found
    }
    assert places == {
        (False, False, False),
        (True, False, True),
        (True, True, False),
    }


@pytest.mark.parametrize("said", [None, "*"])
def test_where_nothing_is_ruled_out_nothing_is_drawn(said):
    limited = attrs.evolve(EXPECTED, origins="*", methods=said, headers=said)
    assert strategies.refused_requests(limited) is None
    assert strategies.unexpected_methods(limited) is None
    assert strategies.unexpected_headers(limited) is None

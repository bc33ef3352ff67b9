"""The right ones of the catalogue are clean, the wrong ones are found, whatever hides them."""

import attrs
import pytest

from corecors.browser import Response
from corecors.conformance import INVARIANTS, Expectation, near, run
from tests.unit.conformance import catalogue
from tests.unit.conformance.catalogue import ADVISED, EXPECTED, ORIGIN, RIGHT, WRONG


def violated(report):
    return sorted({finding.invariant.number for finding in report.violations})


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_server_has_no_violation(name):
    expected, server = RIGHT[name]
    report = run(server, expected)
    assert (violated(report), report.inconclusive) == ([], ())
    assert report.coverage.requests <= 600


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_server_is_found(name):
    """With as many requests as by default."""
    number, server = WRONG[name]
    (rule,) = (rule for rule in INVARIANTS if rule.number == number)
    assert violated(run(server, EXPECTED, invariants=[rule])) == [number]


@pytest.mark.parametrize("name", ADVISED)
def test_what_could_be_better_is_advice_and_no_violation(name):
    number, server = ADVISED[name]
    report = run(server, EXPECTED)
    assert violated(report) == []
    assert number in {finding.invariant.number for finding in report.advice}


def test_there_is_a_wrong_server_for_each_violation_and_each_advice():
    found = {number for number, _ in (*WRONG.values(), *ADVISED.values())}
    assert found == {rule.number for rule in INVARIANTS}


MANY = tuple(f"https://www.{name}.example:81" for name in "abcdefghijklmnop")
MANY_EXPECTED = Expectation(path="/api", origins=MANY)
KINDS = list(dict.fromkeys(kind for kind, _ in near.near_origins(MANY[0])))
(REFUSED_ORIGINS,) = (rule for rule in INVARIANTS if rule.name == "refused origins")


def with_holes(*origins):
    """A server that lets in some more origins than the many that are expected."""
    allowed = {*MANY, *origins}

    def client(probe):
        shared = {ORIGIN: probe.origin} if probe.origin in allowed else {}
        return Response(headers={"Vary": "Origin", **shared})

    return client


def look_alike(origin, kind):
    """The first origin of this kind that a browser can send."""
    return next(
        o
        for k, o in near.near_origins(origin)
        if k == kind and near.is_sent(o) and not MANY_EXPECTED.admits(o)
    )


@pytest.mark.parametrize(("at", "kind"), list(enumerate(KINDS)))
def test_one_hole_in_one_of_many_origins_is_found(at, kind):
    """Of each kind, in an origin that is another one for each."""
    hole = look_alike(MANY[at * 7 % len(MANY)], kind)
    report = run(with_holes(hole), MANY_EXPECTED, invariants=[REFUSED_ORIGINS], examples=0)
    (finding,) = report.findings
    assert finding.exchanges[-1].probe.origin == hole


def test_each_of_several_holes_is_told_and_every_origin_that_has_it():
    holes = [look_alike(origin, KINDS[0]) for origin in MANY]
    holes += [look_alike(MANY[3], kind) for kind in KINDS[1:6]]
    report = run(with_holes(*holes), MANY_EXPECTED, invariants=[REFUSED_ORIGINS], examples=0)
    assert [finding.hole for finding in report.findings] == KINDS[:6]
    assert len(report.findings[0].others) == len(MANY) - 1


def test_a_hole_that_nobody_has_listed_is_found_at_random():
    """Any host that begins with an expected one and has a digit after it."""

    def client(probe):
        hole = (probe.origin or "").startswith(catalogue.A + ".") and probe.origin[-1].isdigit()
        let_in = probe.origin == catalogue.A or hole
        return Response(headers={"Vary": "Origin", **({ORIGIN: probe.origin} if let_in else {})})

    report = run(client, Expectation(origins=catalogue.A), examples=100)
    assert [finding.hole for finding in report.findings] == ["found at random"]


def test_a_plain_server_is_asked_six_hundred_times_at_most():
    for expected in (
        EXPECTED,
        attrs.evolve(
            EXPECTED, origins=[*catalogue.ORIGINS, "https://c.example.org", "https://*.d.example"]
        ),
    ):
        server = catalogue.server(admits=expected.admits)
        assert run(server, expected).coverage.requests <= 600

"""How invariants are checked, one by one, and what is reported of them."""

import attrs
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.database import InMemoryExampleDatabase

from corecors.browser import Response
from corecors.conformance import (
    ClientError,
    Exchange,
    Expectation,
    Finding,
    Invariant,
    Probe,
    run,
    runner,
    searching,
)
from corecors.conformance.cases import Case
from tests.unit.conformance.support import ORIGIN, A

EXPECTED = Expectation(path="/api", origins=A)
FIRST, SECOND = Probe(headers=(("Origin", A),)), Probe(method="OPTIONS")
ANY_PROBE = st.integers(0, 9_999).map(lambda n: (Probe(path=f"/{n}"),))


def answer(probe):
    return Response(status=200, headers={ORIGIN: A})


def invariant(number, cases=(), problem=None, **changes):
    """An invariant that all exchanges violate, or none."""

    def check(expected, exchanges):
        return problem and f"{problem} at {expected.path}: {len(exchanges)}"

    return Invariant(
        number=number,
        name="order",
        clause="RFC 0",
        quote="be well",
        sentence="All is well.",
        effect="Nothing works.",
        cases=lambda expected: cases if expected == EXPECTED else [],
        check=check,
        **changes,
    )


def exchange(probe):
    return Exchange(probe=probe, response=answer(probe))


class Recorder:
    """A client that remembers what it was asked, and answers as told."""

    def __init__(self, answer=answer):
        self.asked = []
        self.answer = answer

    def __call__(self, probe):
        self.asked.append(probe)
        return self.answer(probe)

    @property
    def at_random(self):
        return [probe for probe in self.asked if probe.path[1:].isdigit()]


def test_a_report_tells_what_was_found_checked_and_skipped():
    """Violations first, then advice, each in the order of the numbers."""
    both = Case((FIRST, SECOND), "both")
    kept = invariant(1, [both])
    advice = invariant(2, [both], "too late", kind="advice")
    silent = invariant(3, [], "never asked")
    broken = invariant(4, [Case((SECOND,), "one")], "too early")
    report = run(answer, EXPECTED, invariants=(kept, advice, silent, broken))
    one, two = map(exchange, (FIRST, SECOND))
    found = Finding(
        invariant=broken, problem="too early at /api: 1", exchanges=(two,), subject="one"
    )
    advised = Finding(
        invariant=advice, problem="too late at /api: 2", exchanges=(one, two), subject="both"
    )
    assert report.findings == (found, advised)
    assert (report.violations, report.advice) == ((found,), (advised,))
    assert (report.checked, report.skipped) == ((kept, advice, broken), (silent,))
    assert not report.conformant


def test_advice_alone_is_conformant():
    advice = invariant(2, [Case((FIRST,), "")], "too late", kind="advice")
    assert run(answer, EXPECTED, invariants=[advice]).conformant


def test_each_hole_is_reported_once_with_what_else_shows_it():
    """What has no name of its own is told by what it says."""
    cases = [
        Case((FIRST,), "a", "one hole"),
        Case((SECOND,), "b", "another"),
        Case((SECOND,), "c", "one hole"),
        Case((SECOND,), "c", "one hole"),
        Case((FIRST,), "a", "one hole"),
        Case((FIRST,), "d"),
        Case((SECOND,), "e"),
    ]
    found = run(answer, EXPECTED, invariants=[invariant(1, cases, "no")]).findings
    assert [(f.subject, f.others, f.key) for f in found] == [
        ("a", ("c",), "1 one hole"),
        ("b", (), "1 another"),
        ("d", ("e",), "1 no at /api: 1"),
    ]


def test_a_hole_that_implies_the_rest_ends_the_search():
    cases = [Case((FIRST,), "any", "any", implies_the_rest=True), Case((SECOND,), "b", "another")]
    (finding,) = run(answer, EXPECTED, invariants=[invariant(1, cases, "no")]).findings
    assert finding.hole == "any"
    client = Recorder()
    run(client, EXPECTED, invariants=[invariant(1, cases)])
    assert SECOND in client.asked


def test_the_same_request_is_sent_once_unless_it_is_about_repetition():
    cases = [Case((SECOND, SECOND), ""), Case((SECOND,), "")]
    client = Recorder()
    run(client, EXPECTED, invariants=[invariant(1, cases), invariant(2, cases)])
    assert client.asked.count(SECOND) == 1
    run(client, EXPECTED, invariants=[invariant(1, cases, repeats=True)])
    assert client.asked.count(SECOND) == 1 + 3


def test_so_many_are_drawn_at_random_where_nothing_is_found_in_full():
    drawn = invariant(1, [Case((SECOND,), "")], draws=lambda expected: ANY_PROBE)
    for options, sent in (({"examples": 0}, 0), ({"examples": 7}, 7), ({}, 25)):
        client = Recorder()
        run(client, EXPECTED, invariants=[drawn], **options)
        assert len(client.at_random) == sent
    client = Recorder()
    found = attrs.evolve(drawn, check=lambda expected, exchanges: "no")
    run(client, EXPECTED, invariants=[found])
    assert client.at_random == []


def test_a_seed_draws_others():
    drawn = invariant(1, [Case((SECOND,), "")], draws=lambda expected: ANY_PROBE)
    asked = []
    for seed in (None, None, 1, 1, 2):
        client = Recorder()
        run(client, EXPECTED, invariants=[drawn], seed=seed)
        asked.append(tuple(client.asked))
    assert asked[0] == asked[1]
    assert asked[2] == asked[3]
    assert len(set(asked)) == 3


def fails_when(path):
    """An invariant of requests at random that a path violates."""
    return attrs.evolve(
        invariant(1, [Case((FIRST,), "")], draws=lambda expected: ANY_PROBE),
        check=lambda expected, exchanges: "no" if path(exchanges[0].probe.path) else None,
    )


def test_of_what_is_found_at_random_the_smallest_is_shown():
    broken = fails_when(lambda path: path[1:].isdigit() and int(path[1:]) >= 10)
    (finding,) = run(answer, EXPECTED, invariants=[broken], examples=100).findings
    assert finding.exchanges[0].probe == Probe(path="/10")
    assert (finding.hole, finding.key) == ("found at random", "1 found at random")
    assert finding.subject == "", "it has no header"


def test_what_is_found_at_random_is_named_by_the_last_header():
    """Of which nothing is shown raw, or at length."""
    value = "\u2028" + "x" * 80
    probe = Probe(path="/", headers=(("Origin", "null"), ("X-Last", value)))
    broken = attrs.evolve(
        invariant(1, [Case((FIRST,), "")], draws=lambda expected: st.just((probe,))),
        check=lambda expected, exchanges: "no" if exchanges[0].probe == probe else None,
    )
    (finding,) = run(answer, EXPECTED, invariants=[broken], examples=1).findings
    assert finding.subject == "\\u2028" + "x" * 74


def test_the_size_is_the_number_of_texts_and_then_their_length():
    sizes = [("a", "bcdefg"), ("a", "b", "c", "d"), ("", "b", "c", "d"), ("ab", "cd")]
    probes = [(FIRST, Probe(headers=tuple(zip(texts[::2], texts[1::2])))) for texts in sizes]
    found = [
        Finding(invariant=invariant(1), problem="no", exchanges=tuple(map(exchange, pair)))
        for pair in probes
    ]
    own = len("Origin" + A)
    assert list(map(runner._size, found)) == [
        (4, own + 7),
        (6, own + 4),
        (6, own + 3),
        (4, own + 4),
    ]


def test_what_does_not_happen_a_second_time_has_happened_all_the_same():
    problems = iter([None, "once"])
    seldom = attrs.evolve(
        invariant(1, [Case((FIRST,), "")], draws=lambda expected: ANY_PROBE),
        check=lambda expected, exchanges: next(problems, None),
    )
    (finding,) = run(answer, EXPECTED, invariants=[seldom]).findings
    assert finding.problem == "once"


def test_a_late_answer_at_random_is_no_finding():
    def client(probe):
        return Response(status=429) if probe.path[1:].isdigit() else answer(probe)

    broken = fails_when(lambda path: path[1:].isdigit())
    assert run(client, EXPECTED, invariants=[broken], examples=5).findings == ()


@pytest.fixture
def others_settings():
    """The settings of a test-suite that wants quite other ones of Hypothesis."""
    settings.register_profile(
        "others",
        max_examples=1,
        database=InMemoryExampleDatabase(),
        deadline=1,
        derandomize=False,
        phases=[Phase.explicit],
    )
    before = settings.default
    settings.load_profile("others")
    yield
    settings.register_profile("before", before)
    settings.load_profile("before")


@pytest.mark.usefixtures("others_settings")
def test_the_settings_of_others_do_not_matter():
    """However slow the server is, and whatever was found before, each run is the same."""
    made = searching.settings_for(7)
    assert (made.max_examples, made.database, made.deadline, made.derandomize, made.phases) == (
        7,
        None,
        None,
        True,
        (Phase.generate, Phase.shrink),
    )


def test_all_exchanges_of_a_finding_are_shown_with_the_commands_that_show_it():
    exchanges = tuple(Exchange(probe=p, response=Response()) for p in (FIRST, SECOND))
    finding = Finding(
        invariant=invariant(7),
        problem="too late",
        exchanges=exchanges,
        subject="it",
        others=tuple("abcdefghij"),
    )
    assert str(finding) == (
        "7. order: All is well.\n"
        "  it: too late\n"
        "    GET /\n"
        f"    Origin: {A}\n"
        "    -> 200\n"
        "    OPTIONS /\n"
        "    -> 200\n"
        "  The same with a, b, c, d, e, f, g, h and 2 more\n"
        f"  curl -si \"$URL/\" -H 'Origin: {A}'\n"
        '  curl -si -X OPTIONS "$URL/"\n'
        "  What a user sees: Nothing works.\n"
        "  RFC 0: “be well”"
    )
    plain = attrs.evolve(finding, subject="", others=("a",), base="http://127.0.0.1:80")
    assert plain.said == "too late"
    assert "  The same with a\n  curl -si http://127.0.0.1:80/ -H" in str(plain)


def test_headers_that_were_sent_besides_are_named_and_no_more():
    broken = invariant(1, [Case((SECOND,), "")], "no")
    (finding,) = run(answer, EXPECTED, invariants=[broken], sent=["Cookie"]).findings
    assert finding.commands == ("curl -si -X OPTIONS \"$URL/\" -H 'Cookie: …'",)


def test_the_base_is_where_the_commands_ask():
    broken = invariant(1, [Case((FIRST,), "")], "no")
    (finding,) = run(answer, EXPECTED, invariants=[broken], base="http://h").findings
    assert finding.base == "http://h"


def test_a_server_that_stops_answering_is_asked_no_more_and_nothing_is_lost():
    def stop(probe):
        if len(client.asked) > 6:
            raise ClientError("no answer within 1 s")
        return answer(probe)

    client = Recorder(stop)
    others = [Case((Probe(path=f"/{n}"),), "") for n in range(9)]
    given = [invariant(1, [Case((FIRST,), "")], "no"), invariant(2, others), invariant(3, others)]
    report = run(client, EXPECTED, invariants=given)
    assert [finding.invariant.number for finding in report.findings] == [1]
    assert [(rule.number, reason) for rule, reason in report.inconclusive] == [
        (2, "no answer within 1 s"),
        (3, "no answer within 1 s"),
    ]
    assert len(client.asked) == 6 + 3


def test_every_request_is_told():
    told = []
    run(answer, EXPECTED, invariants=[invariant(1, [Case((FIRST,), "")])], on_request=told.append)
    assert exchange(FIRST) in told


def test_where_nothing_is_to_be_checked_nothing_is_judged():
    report = run(answer, EXPECTED, invariants=())
    assert (report.checked, report.inconclusive, report.conformant) == ((), (), True)

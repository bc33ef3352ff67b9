"""How invariants are checked, one by one, and what is reported of them."""

import attrs
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.database import InMemoryExampleDatabase

from corecors.browser import Response
from corecors.conformance import (
    ClientError,
    CrashError,
    Exchange,
    Expectation,
    Finding,
    Invariant,
    Probe,
    Report,
    run,
    runner,
)
from tests.unit.conformance.support import A

EXPECTED = Expectation(path="/api", origins=A)
FIRST, SECOND = Probe(headers=(("Origin", A),)), Probe(method="OPTIONS")
ANY_PROBE = st.integers(0, 9_999).map(lambda n: (Probe(path=f"/{n}"),))


def answer(probe):
    return Response(status=200)


def invariant(number, probes, problem=None):
    """An invariant that all exchanges violate, or none."""

    def check(expected, exchanges):
        return problem and f"{problem} at {expected.path}: {len(exchanges)}"

    return Invariant(
        number=number,
        name="order",
        clause="RFC 0",
        sentence="All is well.",
        effect="Nothing works.",
        draws=lambda expected: probes if expected == EXPECTED else st.nothing(),
        check=check,
    )


class Recorder:
    """A client that remembers what it was asked, and answers as told."""

    def __init__(self, answer=answer):
        self.asked = []
        self.answer = answer

    def __call__(self, probe):
        self.asked.append(probe)
        return self.answer(probe)


def test_a_report_tells_what_was_found_checked_and_skipped():
    both = st.just((FIRST, SECOND))
    kept = invariant(1, both)
    broken = invariant(2, both, "too late")
    silent = invariant(3, None, "never asked")
    also_broken = invariant(4, st.just((SECOND,)), "too early")
    given = (kept, broken, silent, also_broken)
    told = []
    one, two = (Exchange(probe=probe, response=Response()) for probe in (FIRST, SECOND))
    assert run(answer, EXPECTED, invariants=given, on_checked=told.append) == Report(
        expectation=EXPECTED,
        findings=(
            Finding(invariant=broken, problem="too late at /api: 2", exchanges=(one, two)),
            Finding(invariant=also_broken, problem="too early at /api: 1", exchanges=(two,)),
        ),
        checked=(kept, broken, also_broken),
        skipped=(silent,),
    )
    assert told == list(given)


def test_as_many_requests_are_sent_as_there_are_examples():
    client = Recorder()
    run(client, EXPECTED, examples=7, invariants=[invariant(1, ANY_PROBE)])
    assert client.asked[0] == Probe(path="/api")
    assert len(client.asked) == 1 + 7


def test_a_hundred_examples_are_the_default():
    client = Recorder()
    run(client, EXPECTED, invariants=[invariant(1, ANY_PROBE)])
    assert len(client.asked) == 1 + 100


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
    made = runner._settings(7)
    assert (made.max_examples, made.database, made.deadline, made.derandomize, made.phases) == (
        7,
        None,
        None,
        True,
        (Phase.generate, Phase.shrink),
    )


def test_the_smallest_of_what_was_found_is_shown():
    """Fewest headers first, then the shortest text."""
    sizes = [("a", "bcdefg"), ("a", "b", "c", "d"), ("", "b", "c", "d"), ("ab", "cd")]
    probes = [(FIRST, Probe(headers=tuple(zip(texts[::2], texts[1::2])))) for texts in sizes]
    exchanges = [tuple(Exchange(probe=p, response=Response()) for p in pair) for pair in probes]
    broken = invariant(1, st.nothing(), "no")
    found = [Finding(invariant=broken, problem="no", exchanges=pair) for pair in exchanges]
    own = len("Origin" + A)
    assert list(map(runner._size, found)) == [
        (4, own + 7),
        (6, own + 4),
        (6, own + 3),
        (4, own + 4),
    ]
    drawn = st.integers(0, 9_999).map(lambda n: (Probe(headers=(("X-A", str(n)),)),))
    broken = attrs.evolve(broken, draws=lambda expected: drawn)
    (finding,) = run(answer, EXPECTED, invariants=[broken]).findings
    assert finding.exchanges[0].probe == Probe(headers=(("X-A", "0"),))


def test_what_does_not_happen_a_second_time_has_happened_all_the_same():
    problems = iter(["once"])
    seldom = attrs.evolve(
        invariant(1, ANY_PROBE), check=lambda expected, exchanges: next(problems, None)
    )
    (finding,) = run(answer, EXPECTED, invariants=[seldom]).findings
    assert finding.problem == "once"


def test_all_exchanges_of_a_finding_are_shown():
    exchanges = tuple(Exchange(probe=p, response=Response()) for p in (FIRST, SECOND))
    finding = Finding(invariant=invariant(7, None), problem="too late", exchanges=exchanges)
    assert str(finding) == (
        "7. order: All is well.\n"
        "  too late\n"
        "    GET /\n"
        f"    Origin: {A}\n"
        "    -> 200\n"
        "    OPTIONS /\n"
        "    -> 200\n"
        "  What a user sees: Nothing works.\n"
        "  RFC 0"
    )


def test_an_application_that_raises_fails_with_status_500():
    def crash(probe):
        raise CrashError("ValueError: no")

    assert runner.exchange(crash, FIRST) == Exchange(
        probe=FIRST, response=Response(status=500), failure="ValueError: no"
    )
    assert runner.exchange(answer, FIRST) == Exchange(probe=FIRST, response=Response(status=200))


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_path_that_does_not_answer_is_no_test(status):
    said = f"^an ordinary GET /api is answered with status {status}$"
    with pytest.raises(ClientError, match=said):
        run(lambda probe: Response(status=status), EXPECTED, invariants=())


@pytest.mark.parametrize("status", [200, 401, 403, 405, 499])
def test_a_path_that_refuses_is_a_test(status):
    report = run(lambda probe: Response(status=status), EXPECTED, invariants=())
    assert report == Report(expectation=EXPECTED, findings=(), checked=(), skipped=())


def test_an_application_that_always_raises_is_no_test():
    crash = CrashError("ValueError: broken")

    def client(probe):
        raise crash

    with pytest.raises(ClientError, match=r"^an ordinary GET /api fails: ValueError: broken$") as e:
        run(client, EXPECTED, invariants=())
    assert e.value.__cause__ is crash


def test_a_server_that_stops_answering_is_asked_no_more():
    silence = ClientError("no answer within 1 s")

    def stop(probe):
        if len(client.asked) > 3:
            raise silence
        return Response()

    client = Recorder(stop)
    with pytest.raises(ClientError) as caught:
        run(client, EXPECTED, invariants=[invariant(1, ANY_PROBE)] * 2)
    assert caught.value is silence
    assert caught.value.__suppress_context__
    assert len(client.asked) == 4

"""The strategies reach what the properties are about, so that no property is true of nothing."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from corecors import Policy, Rules, Verdict, browser, evaluate
from tests.property import strategies
from tests.property.strategies import ATTACKS, FLAGS, KINDS, Ask, Kind, Pattern, Setup

# The same examples each time, however many the profile asks for.
bounded = settings(
    max_examples=600,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.mark.parametrize("kind", Kind)
def test_every_pattern_admits_its_witnesses(kind: Kind) -> None:
    """A pattern is drawn with origins that it admits (a callable: that it is asked about)."""

    @given(KINDS[kind])
    def holds(pattern: Pattern) -> None:
        policy = Policy(origins=[pattern.value])
        for witness in pattern.witnesses:
            decision = evaluate(policy, "GET", witness)
            if kind is Kind.CALLABLE:
                assert decision.error or pattern.value(witness) == decision.allowed
            else:
                assert decision.verdict is Verdict.ALLOWED

    holds()


def test_every_verdict_pattern_kind_and_flag_combination_occurs() -> None:
    """A bounded run meets each verdict, each kind as the one that matched, each set of flags."""
    verdicts: Counter[Verdict] = Counter()
    kinds: Counter[Kind] = Counter()
    flags: Counter[tuple[bool, ...]] = Counter()

    @bounded
    @given(strategies.exchanges())
    def run(exchange: tuple[Setup, Ask]) -> None:
        setup, ask = exchange
        decision = ask.of(setup.policy)
        event(decision.verdict.name)
        verdicts[decision.verdict] += 1
        flags[tuple(getattr(setup.policy, flag) for flag in FLAGS)] += 1
        kinds.update(p.kind for p in setup.patterns if _is_behind(p, decision.pattern))

    run()
    assert set(verdicts) == set(Verdict) - {Verdict.NO_RULE}
    assert set(kinds) == set(Kind)
    assert set(flags) == set(itertools.product([True, False], repeat=len(FLAGS)))
    # None is there by one lucky draw.
    assert min(verdicts.values()) >= 3, verdicts
    assert min(kinds.values()) >= 3, kinds


def _is_behind(pattern: Pattern, matched: object) -> bool:
    return (matched == "*") if pattern.kind is Kind.ANY else matched == pattern.value


def test_rules_cover_some_paths_and_not_others() -> None:
    """A bounded run meets a first, a later, and no covering rule."""
    found: Counter[str] = Counter()

    @bounded
    @given(strategies.rules_of([Policy()]), strategies.paths)
    def run(rules: Rules, path: str) -> None:
        rule = rules.find(path)
        position = None if rule is None else [e.pattern for e in rules.entries].index(rule.pattern)
        found["none" if position is None else "later" if position else "first"] += 1
        if evaluate(rules, "GET", None, path=path).verdict is Verdict.NO_RULE:
            found["NO_RULE"] += 1

    run()
    assert set(found) == {"none", "later", "first", "NO_RULE"}
    assert min(found.values()) >= 30, found


@pytest.mark.parametrize("name", ATTACKS)
def test_every_attack_makes_another_origin(name: str) -> None:
    """No attack leaves every origin as it was."""
    origins = ["https://kiss.app.example:3000", "https://k.example", "null"]
    assert any(ATTACKS[name](origin) != origin for origin in origins)


def test_most_attacks_are_refused() -> None:
    """A literal of the plainest kind admits only the attacks on the case of A to Z."""
    origin = "https://kiss.app.example:3000"
    policy = Policy(origins=origin)
    admitted = {
        name for name, attack in ATTACKS.items() if evaluate(policy, "GET", attack(origin)).allowed
    }
    assert admitted == {"upper case", "swapped case"}


@given(st.data())
def test_browser_origins_are_serialized_as_a_browser_does(data: Any) -> None:
    """Every browser origin is `null` or its own serialization."""
    setup = data.draw(strategies.setups())
    origin = data.draw(strategies.browser_origins(setup.patterns))
    assert origin == "null" or browser.serialize_origin(origin) == origin


def test_page_requests_are_sent_and_meet_each_verdict() -> None:
    """A bounded run of page requests meets each verdict that a preflight can have."""
    verdicts: Counter[Verdict] = Counter()

    @bounded
    @given(st.data())
    def run(data: Any) -> None:
        setup = data.draw(strategies.setups())
        request = data.draw(strategies.page_requests(setup))
        assert browser.request_error(request) is None
        headers = dict(browser.preflight_request_headers(request))
        verdicts[evaluate(setup.policy, "OPTIONS", request.origin, headers).verdict] += 1

    run()
    assert set(verdicts) == {
        Verdict.PREFLIGHT_ALLOWED,
        Verdict.PREFLIGHT_SAFELISTED,
        Verdict.ORIGIN_REFUSED,
        Verdict.METHOD_REFUSED,
        Verdict.HEADERS_REFUSED,
    }
    assert min(verdicts.values()) >= 3, verdicts

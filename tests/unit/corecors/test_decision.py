from __future__ import annotations

import attrs
import pytest

from corecors import Decision, Policy, Verdict
from corecors._decision import answer_of, outcome


@pytest.mark.parametrize(
    ("verdict", "allowed", "refused", "preflight"),
    [
        (Verdict.NO_RULE, False, False, False),
        (Verdict.NO_ORIGIN, False, False, False),
        (Verdict.ALLOWED, True, False, False),
        (Verdict.PREFLIGHT_ALLOWED, True, False, True),
        (Verdict.PREFLIGHT_SAFELISTED, True, False, True),
        (Verdict.ORIGIN_REFUSED, False, True, False),
        (Verdict.METHOD_REFUSED, False, True, True),
        (Verdict.HEADERS_REFUSED, False, True, True),
    ],
)
def test_a_verdict_says_what_the_browser_does(
    verdict: Verdict, allowed: bool, refused: bool, preflight: bool
) -> None:
    """Allowed, refused, or neither, where the browser has nothing to check."""
    assert (verdict.allowed, verdict.refused, verdict.preflight) == (allowed, refused, preflight)


def test_each_verdict_has_a_reason_of_its_own() -> None:
    """The value of a verdict is the reason in plain words."""
    assert len({verdict.value for verdict in Verdict}) == len(Verdict) == 8


DECISION = Decision(
    verdict=Verdict.ALLOWED,
    fields=(("Access-Control-Allow-Origin", "https://a.example"),),
    vary=("Origin", "Access-Control-Request-Method"),
    reason="because",
    policy=Policy(),
)


def test_a_decision_unpacks_to_headers_and_verdict() -> None:
    """The headers are a plain dict of all there is to set, `Vary` included."""
    headers, verdict = DECISION
    assert headers == {
        "Access-Control-Allow-Origin": "https://a.example",
        "Vary": "Origin, Access-Control-Request-Method",
    }
    assert verdict is Verdict.ALLOWED
    assert DECISION.allowed


def test_nothing_to_vary_by_is_no_vary() -> None:
    """An empty `Vary` is not sent."""
    assert attrs.evolve(DECISION, vary=()).headers == {
        "Access-Control-Allow-Origin": "https://a.example"
    }


def test_the_headers_of_a_decision_are_a_copy() -> None:
    """Who changes the dict changes nothing else."""
    DECISION.headers["X"] = "y"
    assert "X" not in DECISION.headers


def test_decisions_are_values() -> None:
    """Equal and hashable by value, but for the exception, of which each has its own."""
    first = attrs.evolve(DECISION, error=LookupError("a"))
    second = attrs.evolve(DECISION, error=LookupError("a"))
    assert first == second
    assert hash(first) == hash(second)
    assert attrs.evolve(DECISION, verdict=Verdict.NO_ORIGIN) != DECISION
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        first.reason = "x"  # type: ignore[misc]


def test_the_repr_of_a_decision_leaves_out_the_policy() -> None:
    """A decision is read in logs."""
    assert "policy" not in repr(DECISION)


def test_an_outcome_has_its_vary_ready_as_a_field() -> None:
    """The value is joined once, when the policy is made."""
    assert outcome(Verdict.ALLOWED).lines == ()
    assert outcome(Verdict.ALLOWED, vary=("A", "B")).lines == (("Vary", "A, B"),)


def test_an_answer_has_its_lines_ready() -> None:
    """The origin first, then what this request adds; without an origin, nothing is added."""
    made = outcome(Verdict.ALLOWED, (("A", "b"),), ("Origin",))
    added = (("C", "d"),)
    lines = (("Access-Control-Allow-Origin", "https://a"), *added, ("A", "b"), ("Vary", "Origin"))
    assert answer_of(made, "https://a", added, "*") == (made, "https://a", added, "*", lines)
    assert answer_of(made, None, (), None) == (made, None, (), None, made.lines)

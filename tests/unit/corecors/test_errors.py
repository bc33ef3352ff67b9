from __future__ import annotations

import pickle

import attrs
import pytest

from corecors import Policy, PolicyError, Problem

PROBLEM = Problem(code="max-age", option="max_age", given="soon", what="is no number", advice="no")


def test_a_problem_reads_as_option_value_complaint_and_advice() -> None:
    """One line says what is wrong and what to write instead."""
    assert str(PROBLEM) == "max_age='soon' is no number; no"


def test_a_problem_says_where_the_value_came_from_if_it_is_known() -> None:
    """The source stands beside the value."""
    problem = attrs.evolve(PROBLEM, source='app.config["CORS_MAX_AGE"]')
    assert str(problem) == ("max_age='soon' (from app.config[\"CORS_MAX_AGE\"]) is no number; no")


def test_a_long_value_is_shortened() -> None:
    """No message grows with the value it is about."""
    problem = attrs.evolve(PROBLEM, given="x" * 10_000)
    assert len(str(problem)) < 200


def test_problems_are_values() -> None:
    """Equal by value, and immutable."""
    assert attrs.evolve(PROBLEM) == PROBLEM
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        PROBLEM.code = "x"  # type: ignore[misc]


def test_an_error_of_one_problem_reads_as_that_problem() -> None:
    """One problem needs no list."""
    assert str(PolicyError([PROBLEM])) == str(PROBLEM)


def test_an_error_of_several_problems_lists_them_all() -> None:
    """Each problem is a line of its own."""
    assert str(PolicyError(iter([PROBLEM, PROBLEM]))) == (
        "2 problems:\n  - max_age='soon' is no number; no\n  - max_age='soon' is no number; no"
    )


def test_an_error_is_a_value_error_and_survives_pickle() -> None:
    """Whoever catches `ValueError`, as for 6.0.2, catches it; another process can read it."""
    error = PolicyError([PROBLEM])
    same = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own)
    assert issubclass(PolicyError, ValueError)
    assert type(same) is PolicyError
    assert (same.problems, str(same)) == (error.problems, str(error))


def test_all_problems_of_a_policy_are_reported_at_once() -> None:
    """Nobody has to correct a configuration one error at a time."""
    with pytest.raises(PolicyError) as caught:
        Policy(
            origins=["*.a.example", "https://("],
            methods=5,
            allow_headers="[",
            expose_headers=[b"X-A"],
            max_age=1.5,
            vary_header="no",
        )
    assert [(problem.option, problem.code) for problem in caught.value.problems] == [
        ("origins", "origin-without-scheme"),
        ("origins", "origin-regex"),
        ("methods", "methods-type"),
        ("allow_headers", "allow-headers-regex"),
        ("expose_headers", "expose-headers-type"),
        ("max_age", "max-age"),
        ("vary_header", "flag"),
    ]

"""Model and browser agree on every case: what was sent, and what the page could read."""

from __future__ import annotations

import attrs
import pytest

from corecors.browser import CHROMIUM, STANDARD

from .cases import CASES, PAGES
from .predicting import DisagreementError, predict

# That Chromium forgets a preflight after two hours is more than a test can wait for.
SHOWN = [field.name for field in attrs.fields(type(CHROMIUM)) if field.name != "max_age_cap"]


def test_the_model_says_what_the_browser_does(run, numbered):
    number, case = numbered
    if number not in run.seen:
        pytest.skip(f"this machine has no {', '.join(case.origins - set(run.at))}")
    exchanges = run.record[number]
    assert predict(case, number, run.at, exchanges) == run.seen[number]
    if case.cookie is not None:
        sent = any(name.lower() == "cookie" for name, _ in exchanges[-1].request_headers)
        assert sent is case.cookie


@pytest.mark.parametrize("name", SHOWN)
def test_the_browser_departs_from_the_standard_where_the_model_says_so(run, name):
    dialect = attrs.evolve(CHROMIUM, **{name: getattr(STANDARD, name)})
    assert not all(agrees(run, number, dialect) for number in run.seen)


def agrees(run, number, dialect):
    try:
        predicted = predict(CASES[int(number)], number, run.at, run.record[number], dialect)
    except DisagreementError:
        return False
    return predicted == run.seen[number]


def test_each_case_has_a_name_of_its_own():
    assert len({case.name for case in CASES}) == len(CASES) > 150


def test_each_kind_of_page_takes_part():
    assert {page for case in CASES for page, _ in case.turns} == set(PAGES)

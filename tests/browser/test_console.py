"""What `flask cors check` says of a console is what Chromium's console shows."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import attrs
import pytest

from corecors.browser import CHROMIUM
from flask_cors.cli.asking import Application
from flask_cors.cli.console import MESSAGES, messages
from flask_cors.cli.page import fetch

from .api import create_app
from .cases import CASES, Call, Case
from .predicting import asked_by

# A console of a sandboxed frame is not handed out; of many refused names Chromium tells any; a
# scheme that Flask cannot redirect to by itself has a text that lists Chromium's own.
NOT_COMPARED = ("300 names", "ftp:")


def _single(case: Case) -> tuple[str, Call] | None:
    """Give the page and the call of a case of one call by fetch."""
    (page, calls), *more = case.turns
    comparable = len(calls) == 1 and not more and page != "null" and not calls[0].upload
    named = any(text in case.name for text in NOT_COMPARED)
    return (page, calls[0]) if comparable and not named and calls[0].redirect == "follow" else None


COMPARED = {str(number): single for number, case in enumerate(CASES) if (single := _single(case))}


@pytest.fixture(autouse=True)
def nothing_logged() -> Iterator[None]:
    """A callable in `origins` that raises is wanted here."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def application(run):
    return Application(create_app(run.at))


@pytest.mark.parametrize("number", COMPARED, ids=lambda number: CASES[int(number)].name)
def test_the_console_shows_what_the_command_says(run, application, number):
    if number not in run.seen:
        pytest.skip("this machine lacks an origin of it")
    page, call = COMPARED[number]
    asked = attrs.evolve(asked_by(call, page, run.at, number), dialect=CHROMIUM)
    played = fetch(asked, application, unsafe=True)
    found = messages(played, run.at[page], asked.url)
    shown = [text for text in run.console.get(number, []) if "blocked by CORS policy" in text]
    assert shown == ([found.chromium] if found else [])


def test_each_text_is_shown_by_some_case(run):
    texts = "\n".join(text for number in COMPARED for text in run.console.get(number, []))
    for message in MESSAGES.values():
        beginning, *_ = message.chromium.split("{")
        assert beginning in texts


def test_nearly_all_cases_of_one_call_are_compared():
    assert len(COMPARED) > 700

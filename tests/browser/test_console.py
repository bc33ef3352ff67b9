"""What `flask cors check` says of a console is what Chromium's console shows."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import attrs
import pytest

from corecors import browser
from corecors.browser import CHROMIUM, Response
from flask_cors.cli.asking import Application
from flask_cors.cli.console import MESSAGES, messages
from flask_cors.cli.page import Answered, Pairs, Send, fetch

from .api import create_app
from .cases import CASES, Case
from .predicting import Answer, asked_by, freshened, is_reusable


@pytest.fixture(autouse=True)
def nothing_logged() -> Iterator[None]:
    """A callable in `origins` that raises is wanted here."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def application(run):
    return Application(create_app(run.at))


@attrs.define
class Storing:
    """Ask the application as a browser that keeps what it may: the command itself keeps nothing."""

    send: Send
    stored: dict[str, Answer] = attrs.field(factory=dict)

    def __call__(self, method: str, url: str, headers: Pairs) -> Answered:
        stored = self.stored.get(url)
        if stored and is_reusable(stored, headers, method):
            return _answered(stored.response)
        tag = browser.get(stored.response.headers, "ETag") if stored else None
        validating = (("If-None-Match", tag),) if tag and method == "GET" else ()
        answered = self.send(method, url, (*headers, *validating))
        answer = Answer(Response(status=answered.status, headers=answered.headers), b"", headers)
        if answered.status == 304 and validating and stored:
            answer = freshened(stored, answer)
        is_kept = browser.get(answer.response.headers, "Access-Control-Allow-Origin") is not None
        if method == "GET" and is_kept:  # Chromium keeps nothing that the page may not read
            self.stored[url] = answer
        return attrs.evolve(_answered(answer.response), error=answered.error)


def _answered(response: Response) -> Answered:
    return Answered(status=response.status, headers=tuple(response.headers))


def said(case: Case, id_: str, run, application) -> list[str]:
    """Give what the command says of each call of a case that Chromium refuses."""
    send = Storing(application)
    texts = []
    for page, calls in case.turns:
        for call in calls:
            asked = attrs.evolve(asked_by(call, page, run.at, id_), dialect=CHROMIUM)
            found = messages(fetch(asked, send, unsafe=True), run.at.get(page, "null"), asked.url)
            if found:
                texts.append(found.chromium)
    return texts


def as_of_a_fetch(text: str) -> str:
    """Write what the console shows of another way to ask, or of very many names, as of a fetch."""
    text = text.replace("Access to XMLHttpRequest at", "Access to fetch at")
    text, *_ = text.split(" The credentials mode of requests initiated by the XMLHttpRequest")
    # The schemes are those of its version.
    text = re.sub(r"(?<=protocol schemes: ).*", "http, https, and some of Chromium's own.", text)
    # Of very many names that are refused, Chromium tells any.
    return re.sub(r"(?<=Request header field )x-\d+", "x-0", text)


@pytest.mark.parametrize(
    "number",
    [str(number) for number in range(len(CASES))],
    ids=lambda number: CASES[int(number)].name,
)
def test_the_console_shows_what_the_command_says(run, application, number):
    if number not in run.seen:
        pytest.skip("this machine lacks an origin of it")
    shown = [text for text in run.console.get(number, []) if "blocked by CORS policy" in text]
    expected = said(CASES[int(number)], number, run, application)
    assert [as_of_a_fetch(text) for text in shown] == expected


def test_each_text_is_shown_by_some_case(run):
    texts = "\n".join(as_of_a_fetch(text) for shown in run.console.values() for text in shown)
    for message in MESSAGES.values():
        beginning, *_ = message.chromium.split("{")
        assert beginning in texts

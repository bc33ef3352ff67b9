"""What `flask cors check` says of Firefox's console is what Firefox's console shows."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator

import attrs
import pytest

from flask_cors.cli.asking import Application
from flask_cors.cli.console import messages
from flask_cors.cli.page import fetch

from .api import create_app
from .cases import CASES, Call, Case
from .conftest import ASKED, HOSTS, origins
from .driving import _jobs
from .firefox import firefox, missing
from .predicting import asked_by
from .serving import listening, serving

# What Firefox says besides, of each preflight that it refuses.
BESIDES = "(Reason: CORS request did not succeed). Status code: (null)."
# It decodes header values as UTF-8, and looks at the parameters of a media type.
NOT_COMPARED = ("PÜT", "x-á", "with a bad parameter")


def _single(case: Case) -> Call | None:
    """Give the call of a case of one call by fetch, from a page that is no frame."""
    (page, calls), *more = case.turns
    comparable = len(calls) == 1 and not more and page != "null" and not calls[0].upload
    return calls[0] if comparable and calls[0].redirect == "follow" else None


COMPARED = {
    str(number): call
    for number, case in enumerate(CASES)
    if not any(text in case.name for text in NOT_COMPARED) and (call := _single(case))
}


@attrs.frozen
class Run:
    at: dict[str, str]
    console: dict[str, list[str]]


@pytest.fixture(scope="module")
def run_in_firefox(tmp_path_factory) -> Iterator[Run]:
    if not os.environ.get(ASKED):
        pytest.skip("a browser's own judgement: `make test-browser`")
    if missing():
        pytest.skip(f"Firefox's own judgement needs {missing()}, which is not installed")
    logging.disable()  # a callable in `origins` that raises is wanted here
    with listening(HOSTS) as sockets, firefox(tmp_path_factory.mktemp("firefox")) as session:
        at = origins({name: bound.getsockname()[1] for name, bound in sockets.items()})
        cases = {number: CASES[int(number)] for number in COMPARED}
        known = {number: case for number, case in cases.items() if case.origins <= set(at)}
        with serving(sockets.values(), create_app(at)):
            for page, jobs in _jobs(known, at, 0).items():
                session.run(session.open(f"{at[page]}/page"), f"run({json.dumps(jobs)})")
            yield Run(at, session.console())
    logging.disable(logging.NOTSET)


def test_the_console_shows_what_the_command_says(run_in_firefox) -> None:
    """Compared at once: Firefox runs for one worker only."""
    at, console = run_in_firefox.at, run_in_firefox.console
    application = Application(create_app(at))
    shown, expected = {}, {}
    for number, call in COMPARED.items():
        case = CASES[int(number)]
        if not case.origins <= set(at):
            continue
        page, _ = case.turns[0]
        asked = asked_by(call, page, at, number)
        found = messages(fetch(asked, application, unsafe=True), at[page], asked.url)
        texts = [text for text in console.get(number, []) if "Cross-Origin Request" in text]
        # Of a preflight that is redirected it says two things, first what it is.
        shown[case.name] = [text for text in texts if BESIDES not in text][:1]
        expected[case.name] = [found.firefox] if found and found.firefox else []
    assert shown == expected
    assert len(shown) > 700

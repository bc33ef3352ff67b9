"""What `flask cors check` says of the consoles of Firefox and Safari is what these show."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import attrs
import pytest
from flask import Flask

from flask_cors.cli.asking import Application
from flask_cors.cli.console import messages
from flask_cors.cli.page import fetch

from . import firefox, webkit
from .api import create_app
from .cases import CASES, Call, Case
from .conftest import ASKED, HOSTS, origins
from .driving import jobs_of
from .predicting import asked_by
from .serving import listening, serving

# What Firefox says besides, of each preflight that it refuses.
BESIDES = "(Reason: CORS request did not succeed). Status code: (null)."

# Where a browser is not as the standard has it, so that it refuses something else than the command
# says, or where it speaks of something that is not CORS.
NOT_COMPARED = {
    "firefox": (
        "PÜT", "x-á",  # it decodes values as UTF-8
        "with a bad parameter",  # of a media type
    ),
    "safari": (
        "PÜT", "x-á",
        "Range in capitals",
        "Accept twice",
        "'data:,x'", "'ftp:", "'about:blank'",  # what it does not redirect to
        "from p1 to api, same-origin",
    ),
}  # fmt: skip


def _single(case: Case) -> Call | None:
    """Give the call of a case of one call by fetch, from a page that is no frame."""
    (page, calls), *more = case.turns
    comparable = len(calls) == 1 and not more and page != "null" and not calls[0].upload
    return calls[0] if comparable and calls[0].redirect == "follow" else None


COMPARED = {str(n): call for n, case in enumerate(CASES) if (call := _single(case))}


@attrs.frozen
class Servers:
    at: dict[str, str]
    app: Flask
    cases: dict[str, Case]


@contextmanager
def served() -> Iterator[Servers]:
    """Serve all origins that this machine has."""
    logging.disable()  # a callable in `origins` that raises is wanted here
    with listening(HOSTS) as sockets:
        at = origins({name: bound.getsockname()[1] for name, bound in sockets.items()})
        cases = {number: CASES[int(number)] for number in COMPARED}
        known = {number: case for number, case in cases.items() if case.origins <= set(at)}
        app = create_app(at)
        pages = {page: _in_turn(jobs) for page, jobs in jobs_of(known, at, 0).items()}
        app.add_url_rule("/in-turn/<page>", view_func=lambda page: pages[page], endpoint="in-turn")
        with serving(sockets.values(), app):
            yield Servers(at, app, known)
    logging.disable(logging.NOTSET)


def _in_turn(jobs: list[dict[str, object]]) -> str:
    """Make the page that asks one thing after the other, and tells its end."""
    text = json.dumps(jobs).replace("</", r"<\/")
    asks = f"for (const job of {text}) {{ await seeAll(job.calls); await pause(); }}"
    pause = "const pause = () => new Promise(done => setTimeout(done));"
    script = f"{pause} (async () => {{ {asks} console.log({webkit.END!r}); }})();"
    return f'<meta charset="utf-8"><script src="/runner.js"></script><script>{script}</script>'


def in_firefox(servers: Servers, profile) -> dict[str, list[str]]:
    with firefox.firefox(profile) as session:
        for page, jobs in jobs_of(servers.cases, servers.at, 0).items():
            tab = session.open(f"{servers.at[page]}/page")
            session.run(tab, f"run({json.dumps(jobs)})")
            # The console is written by another process: what is refused last is shown last.
            last = f"{servers.at['api']}/nowhere/echo?last={page}"
            session.run(tab, f"fetch({last!r}).catch(String)")
            session.wait_for(last)
        shown = session.console()
    texts = {n: [text for text in of if BESIDES not in text] for n, of in shown.items()}
    # Of a preflight that is redirected it says two things, first what it is.
    return {number: of[:1] for number, of in texts.items() if "Cross-Origin Request" in "".join(of)}


def in_webkit(servers: Servers, profile) -> dict[str, list[str]]:
    shown: dict[str, list[str]] = {}
    for page in jobs_of(servers.cases, servers.at, 0):
        shown.update(webkit.console(f"{servers.at[page]}/in-turn/{page}"))
    return shown


def said(servers: Servers, browser: str) -> dict[str, list[str]]:
    """Give what the command says of each case that a browser refuses."""
    application = Application(servers.app)
    texts: dict[str, list[str]] = {}
    for number, case in servers.cases.items():
        page, _ = case.turns[0]
        asked = asked_by(COMPARED[number], page, servers.at, number)
        found = messages(fetch(asked, application, unsafe=True), servers.at[page], asked.url)
        texts[number] = [getattr(found, browser)] if found and getattr(found, browser) else []
    return texts


@pytest.mark.parametrize(
    ("browser", "lacking", "ask"),
    [("firefox", firefox.missing, in_firefox), ("safari", webkit.missing, in_webkit)],
)
def test_the_console_shows_what_the_command_says(browser, lacking, ask, tmp_path) -> None:
    """All cases at once: each browser is started for one worker only."""
    if not os.environ.get(ASKED):
        pytest.skip("a browser's own judgement: `make test-browser`")
    if lacking():
        pytest.skip(f"the judgement of {browser} needs {lacking()}, which is not installed")
    with served() as servers:
        shown, expected = ask(servers, tmp_path), said(servers, browser)
    numbers = [n for n in expected if not _is_left_out(CASES[int(n)].name, browser)]
    assert _named(shown, numbers) == _named(expected, numbers)
    assert len(numbers) > 700


def _is_left_out(name: str, browser: str) -> bool:
    return any(text in name for text in NOT_COMPARED[browser])


def _named(texts: Mapping[str, list[str]], numbers: list[str]) -> dict[str, list[str]]:
    return {CASES[int(number)].name: texts.get(number, []) for number in numbers}

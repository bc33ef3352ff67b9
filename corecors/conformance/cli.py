"""The command `python -m corecors.conformance`."""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any, Optional

import attrs
from rich.console import Console
from rich.progress import Progress, TaskID, TextColumn

from . import report as reports
from . import targets
from .baseline import Known, read_baseline, with_known
from .clients import TIMEOUT, ASGIClient, Client, ClientError, URLClient, WSGIClient
from .exchange import Exchange
from .expectation import Expectation
from .invariants import INVARIANTS, Invariant
from .policies import read_expectations
from .runner import EXAMPLES, Report, run

__all__ = ["GRACE", "end_after", "main"]

CONFORMANT, VIOLATED, BAD_INPUT, INCONCLUSIVE, INTERRUPTED = 0, 1, 2, 3, 130
LONGEST_TIMEOUT = 86_400  # a day; what waits has a limit of its own, and no good message
GRACE = 1.0  # seconds that an application's threads and exit handlers have when all is reported

_DESCRIPTION = """\
Put requests to an implementation of CORS and report each violation: what a browser or a cache does
that the policy did not mean, with the request that shows it. What nobody notices is advice. Exit
status: 0 where nothing is violated, 1 where something is, 2 where there is nothing to test, 3 where
something could not be judged.
"""
_REPEATED = "https://app.example, null, *, a glob (https://*.example.org) or a regex; repeatable"
_LIMIT = "seconds for each request, and for the import"
_LISTED = "a name or *, repeatable"
_WHICH = "numbers or names of invariants, with commas"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m corecors.conformance", description=_DESCRIPTION)
    version = f"corecors.conformance {reports.version()}"
    parser.add_argument("--version", action="version", version=version)
    target = parser.add_mutually_exclusive_group(required=True)
    add = target.add_argument
    add("--wsgi", metavar="MODULE:APP", help="a WSGI application, or a factory, to import")
    add("--asgi", metavar="MODULE:APP", help="an ASGI application, or a factory, to import")
    add("--url", help="a server that runs, such as http://127.0.0.1:8000/api")
    _add_expectations(parser)
    _add_requests(parser)
    _add_reports(parser)
    return parser


def _add_expectations(parser: argparse.ArgumentParser) -> None:
    expected = parser.add_argument_group(
        "what is expected", "what is not given is not checked, but for origins and credentials"
    )
    origins = expected.add_mutually_exclusive_group(required=True)
    add = origins.add_argument
    add("--allow-origin", action="append", metavar="ORIGIN", help=_REPEATED)
    add("--expect", type=Path, metavar="FILE", help="expectations for several paths, as TOML")
    add = expected.add_argument
    add("--path", help="a path that answers GET (default: /)")
    add("--allow-method", action="append", metavar="METHOD", help=_LISTED)
    add("--allow-header", action="append", metavar="NAME", help=_LISTED)
    add("--expose-header", action="append", metavar="NAME", help=_LISTED)
    add("--credentials", action="store_true", help="pages may send cookies")
    add("--max-age", type=int, metavar="SECONDS", help="how long a preflight is kept")
    add("--send", metavar="METHODS", help="requests with these are safe to send: PUT,DELETE,HEAD")
    add("--error-path", action="append", metavar="PATH", help="a path whose answer is an error")


def _add_requests(parser: argparse.ArgumentParser) -> None:
    asked = parser.add_argument_group("how it is asked")
    add = asked.add_argument
    add("--header", action="append", default=[], metavar="LINE", help="'Authorization: Bearer x'")
    add("--rate", type=float, metavar="NUMBER", help="requests in a second, at most")
    add("--timeout", type=float, default=TIMEOUT, metavar="SECONDS", help=_LIMIT)
    add("--cacert", metavar="FILE", help="a certificate that is trusted, as PEM")
    add("--insecure", action="store_true", help="trust every certificate")
    add("--examples", type=int, default=EXAMPLES, help="requests at random, for each invariant")
    add("--seed", type=int, metavar="NUMBER", help="other requests at random than usual")
    add("--only", action="append", default=[], metavar="WHICH", help=_WHICH)
    add("--ignore", action="append", default=[], metavar="WHICH", help=_WHICH)


def _add_reports(parser: argparse.ArgumentParser) -> None:
    told = parser.add_argument_group("what is reported")
    add = told.add_argument
    add("--strict", action="store_true", help="advice counts as a violation")
    add("--baseline", type=Path, metavar="FILE", help="a report as JSON: what it has is known")
    add("--json", action="store_true", help="print the report as JSON")
    add("--junit", type=Path, metavar="FILE", help="write a JUnit report too")
    add("--show-output", action="store_true", help="let the application print and log")


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the command and return its exit status."""
    given = _parser().parse_args(arguments)
    try:
        found = _checked(given)
        if given.junit is not None:
            given.junit.write_text(reports.as_junit(found, strict=given.strict), "utf-8")
    except (ClientError, OSError, ValueError) as problem:
        _complain(problem)
        return BAD_INPUT
    except KeyboardInterrupt:
        _complain("interrupted")
        return INTERRUPTED
    target = given.url or (f"wsgi {given.wsgi}" if given.wsgi else f"asgi {given.asgi}")
    text = reports.as_json(found, target) if given.json else reports.as_texts(found)
    sys.stdout.write(text + "\n")
    if any(report.violations or (given.strict and report.advice) for report in found):
        return VIOLATED
    return INCONCLUSIVE if any(report.inconclusive for report in found) else CONFORMANT


def _complain(problem: object) -> None:
    sys.stderr.write(f"corecors.conformance: {' '.join(str(problem).split())}\n")


def end_after(seconds: float, status: int, problem: str = "") -> threading.Timer:
    """End the process when the time is over, whatever its threads do, unless this is cancelled."""

    def end() -> None:
        try:
            if problem:
                _complain(problem)
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(status)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    return timer


def _checked(given: argparse.Namespace) -> list[Report]:
    rate = given.rate is None or given.rate > 0
    if given.examples < 0 or not rate or not 0 < given.timeout <= LONGEST_TIMEOUT:
        raise ValueError(
            "--examples, --rate and --timeout must be positive, "
            f"--timeout {LONGEST_TIMEOUT} at most"
        )
    base, prefix = targets.split_url(given.url) if given.url else ("$URL", "")
    expectations = _expectations(given, prefix)
    invariants = _chosen(given.only, given.ignore)
    known = read_baseline(given.baseline) if given.baseline else Known()
    headers = [targets.header(line) for line in given.header]
    client = _asking(given, _client(given, base), headers)
    with _progress() as progress, _silence(given.show_output):
        found: list[Report] = []
        for expectation in expectations:
            task = progress.add_task(f"{expectation.path} requests", total=None)
            report = run(
                client,
                expectation,
                examples=given.examples,
                invariants=invariants,
                seed=given.seed,
                base=base,
                sent=[name for name, _ in headers],
                on_request=partial(_advance, progress, task),
            )
            found.append(with_known(report, known))
    return found


def _advance(progress: Progress, task: TaskID, _: Exchange) -> None:
    progress.advance(task)


def _progress() -> Progress:
    console = Console(file=sys.stderr)
    # Where no terminal shows it, it would leave an empty line before what is wrong.
    hidden = not console.is_terminal
    columns = (TextColumn("{task.description}"), TextColumn("{task.completed}"))
    return Progress(*columns, console=console, transient=True, disable=hidden)


@contextmanager
def _silence(show: bool) -> Generator[None]:
    """Keep what the application logs and prints out of the report, tracebacks above all."""
    if show:
        yield
        return
    before = logging.root.manager.disable
    logging.disable()
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            yield
    finally:
        logging.disable(before)


_SAID = (
    "path", "allow_method", "allow_header", "expose_header", "credentials", "max_age", "send",
    "error_path",
)  # fmt: skip


def _expectations(given: argparse.Namespace, prefix: str) -> list[Expectation]:
    if given.expect is not None:
        said = [name for name in _SAID if getattr(given, name)]
        if said:
            raise ValueError(f"--{said[0].replace('_', '-')} stands in the file of --expect")
        found = read_expectations(given.expect)
        return [_beneath(prefix.rstrip("/"), expectation) for expectation in found]
    path = prefix.rstrip("/") + given.path if given.path and prefix else given.path or prefix
    return [
        Expectation(
            path=path or "/",
            origins=given.allow_origin,
            methods=given.allow_method,
            headers=given.allow_header,
            exposed=given.expose_header,
            credentials=given.credentials,
            max_age=given.max_age,
            send=_split([given.send or ""]),
            error_paths=given.error_path or (),
        )
    ]


def _beneath(prefix: str, expectation: Expectation) -> Expectation:
    return attrs.evolve(
        expectation,
        path=prefix + expectation.path,
        error_paths=[prefix + path for path in expectation.error_paths],
    )


def _split(lists: Sequence[str]) -> list[str]:
    return [text.strip() for texts in lists for text in texts.split(",") if text.strip()]


def _chosen(only: Sequence[str], ignore: Sequence[str]) -> list[Invariant]:
    """Return the invariants that are to be checked, of which each may be named or numbered."""
    wanted, unwanted = (set(map(_number, _split(lists))) for lists in (only, ignore))
    return [
        rule
        for rule in INVARIANTS
        if (not wanted or rule.number in wanted) and rule.number not in unwanted
    ]


def _number(text: str) -> int:
    for rule in INVARIANTS:
        if text in {str(rule.number), rule.name}:
            return rule.number
    names = ", ".join(f"{rule.number} {rule.name}" for rule in INVARIANTS)
    raise ValueError(f"{text!r} is no invariant; there are {names}")


def _client(given: argparse.Namespace, base: str) -> Client:
    if given.wsgi is not None:
        return WSGIClient(_application(given.wsgi, 2, given.timeout), given.timeout)
    if given.asgi is not None:
        return ASGIClient(_application(given.asgi, 3, given.timeout), given.timeout)
    trusted = targets.trust(given.cacert, insecure=given.insecure)
    return URLClient(base, given.timeout, trusted)


def _asking(given: argparse.Namespace, client: Client, headers: list[tuple[str, str]]) -> Client:
    """Dress the requests, and pace them, as the command line says."""
    agent = ("User-Agent", f"corecors-conformance/{reports.version()}")
    named = any(name.lower() == "user-agent" for name, _ in headers)
    dressed = targets.Dressed(client, headers if named else [agent, *headers])
    return dressed if given.rate is None else targets.Paced(dressed, given.rate)


def _application(name: str, takes: int, seconds: float) -> Any:
    """Import an application within its time.

    In the main thread, as a server does: signals can be handled, and on Python 3.9 locks of asyncio
    be made, nowhere else. There an import that does not return can be ended with the process only.
    """
    late = f"cannot import {name!r}: it takes longer than {seconds:g} s (--timeout)"
    limit = end_after(seconds, BAD_INPUT, late)
    try:
        return targets.application(name, takes)
    finally:
        limit.cancel()

"""The command `python -m corecors.conformance`."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Optional

from rich.console import Console
from rich.progress import Progress, TextColumn

from . import report as reports
from .clients import TIMEOUT, ASGIClient, Client, ClientError, URLClient, WSGIClient, described
from .expectation import Expectation
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m corecors.conformance", description=_DESCRIPTION)
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--wsgi", metavar="MODULE:APP", help="a WSGI application to import")
    target.add_argument("--asgi", metavar="MODULE:APP", help="an ASGI application to import")
    target.add_argument("--url", help="a server that runs, such as http://127.0.0.1:8000")
    expected = parser.add_argument_group(
        "what is expected", "what is not given is not checked, but for origins and credentials"
    )
    expected.add_argument("--path", default="/", help="a path that answers GET (default: /)")
    add = expected.add_argument
    add("--allow-origin", action="append", required=True, metavar="ORIGIN", help=_REPEATED)
    add("--allow-method", action="append", metavar="METHOD", help="a name or *, repeatable")
    add("--allow-header", action="append", metavar="NAME", help="a name or *, repeatable")
    add("--expose-header", action="append", metavar="NAME", help="a name or *, repeatable")
    add("--credentials", action="store_true", help="pages may send cookies")
    add("--max-age", type=int, metavar="SECONDS", help="how long a preflight is kept")
    parser.add_argument("--examples", type=int, default=EXAMPLES, help="requests per invariant")
    parser.add_argument("--timeout", type=float, default=TIMEOUT, help=_LIMIT)
    parser.add_argument("--strict", action="store_true", help="advice counts as a violation")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit report too")
    return parser


_REPEATED = "https://app.example, https://*.example.org, null or *; repeatable"
_LIMIT = "seconds for each request, and for the import"


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the command and return its exit status."""
    given = _parser().parse_args(arguments)
    try:
        report = _checked(given)
        if given.junit is not None:
            given.junit.write_text(reports.as_junit([report], strict=given.strict), "utf-8")
    except (ClientError, OSError, ValueError) as problem:
        _complain(problem)
        return BAD_INPUT
    except KeyboardInterrupt:
        _complain("interrupted")
        return INTERRUPTED
    text = reports.as_json([report]) if given.json else reports.as_text(report)
    sys.stdout.write(text + "\n")
    if report.violations or (given.strict and report.advice):
        return VIOLATED
    return INCONCLUSIVE if report.inconclusive else CONFORMANT


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


def _checked(given: argparse.Namespace) -> Report:
    if given.examples < 1 or not 0 < given.timeout <= LONGEST_TIMEOUT:
        raise ValueError(
            f"--examples and --timeout must be positive, --timeout {LONGEST_TIMEOUT} at most"
        )
    expectation = Expectation(
        path=given.path,
        origins=given.allow_origin,
        methods=given.allow_method,
        headers=given.allow_header,
        exposed=given.expose_header,
        credentials=given.credentials,
        max_age=given.max_age,
    )
    client = _client(given)
    columns = (TextColumn("{task.description}"), TextColumn("{task.completed}"))
    console = Console(stderr=True)
    # Where no terminal shows it, it would leave an empty line before what is wrong.
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as progress:
        task = progress.add_task("requests", total=None)
        return run(
            client,
            expectation,
            examples=given.examples,
            on_request=lambda exchange: progress.advance(task),
        )


def _client(given: argparse.Namespace) -> Client:
    if given.wsgi is not None:
        return WSGIClient(_application(given.wsgi, given.timeout), given.timeout)
    if given.asgi is not None:
        return ASGIClient(_application(given.asgi, given.timeout), given.timeout)
    return URLClient(given.url, given.timeout)


def _application(name: str, seconds: float) -> Any:
    """Import `module:attribute`, from the present directory too.

    In the main thread, as a server does: signals can be handled, and on Python 3.9 locks of asyncio
    be made, nowhere else. There an import that does not return can be ended with the process only.
    """
    module, colon, path = name.partition(":")
    if not module or not colon or not path:
        raise ValueError(f"{name!r} is not of the form module:application")
    if "" not in sys.path:
        sys.path.insert(0, "")
    late = f"cannot import {name!r}: it takes longer than {seconds:g} s (--timeout)"
    limit = end_after(seconds, BAD_INPUT, late)
    try:
        found: Any = import_module(module)
        for attribute in path.split("."):
            found = getattr(found, attribute)
    except (Exception, SystemExit) as error:
        raise ValueError(f"cannot import {name!r}: {described(error)}") from error
    finally:
        limit.cancel()
    if not callable(found):
        raise ValueError(f"{name!r} is not an application: it cannot be called")
    return found

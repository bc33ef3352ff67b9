"""Hold any implementation of CORS to the Fetch standard (extra `conformance`).

On the command line: `python -m corecors.conformance --help`. As a library: say what the
implementation is expected to allow (`Expectation`), how to reach it (`WSGIClient`, `ASGIClient`,
`URLClient`), and ask with `assert_conformant` or, for one request, `assert_browser_allows`.
"""

from . import _extra  # noqa: F401  # pyright: ignore[reportUnusedImport]  # says what is missing
from .assertions import assert_browser_allows, assert_browser_refuses, assert_conformant
from .clients import ASGIClient, Client, ClientError, CrashError, URLClient, WSGIClient
from .coverage import Coverage
from .exchange import Exchange, Probe
from .expectation import Expectation
from .invariants import INVARIANTS, Invariant
from .runner import Finding, Report, run

__all__ = [
    "INVARIANTS",
    "ASGIClient",
    "Client",
    "ClientError",
    "Coverage",
    "CrashError",
    "Exchange",
    "Expectation",
    "Finding",
    "Invariant",
    "Probe",
    "Report",
    "URLClient",
    "WSGIClient",
    "assert_browser_allows",
    "assert_browser_refuses",
    "assert_conformant",
    "run",
]

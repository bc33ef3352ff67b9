"""A fixture for pytest: `pytest_plugins = ["corecors.conformance.pytest_plugin"]` in conftest.py.

def test_cors(cors_conformance):
    cors_conformance(wsgi=app, path="/api", origins="https://app.example")
"""

from __future__ import annotations

from typing import Any, Optional, Protocol

import pytest

from .assertions import assert_conformant
from .clients import ASGIClient, Client, URLClient, WSGIClient
from .expectation import Expectation
from .runner import EXAMPLES

__all__ = ["Check", "cors_conformance"]


class Check(Protocol):
    """Put one target to the suite; it fails with the smallest request that shows what is wrong."""

    def __call__(
        self,
        *,
        wsgi: Any = None,
        asgi: Any = None,
        url: Optional[str] = None,
        client: Optional[Client] = None,
        examples: int = EXAMPLES,
        strict: bool = False,
        **expected: Any,
    ) -> None:
        """Check one target, of which `expected` are the arguments of `Expectation`."""


@pytest.fixture(scope="session")
def cors_conformance() -> Check:
    """Return what puts a WSGI or ASGI application, a URL or a client to the suite."""
    return _check


def _check(
    *,
    wsgi: Any = None,
    asgi: Any = None,
    url: Optional[str] = None,
    client: Optional[Client] = None,
    examples: int = EXAMPLES,
    strict: bool = False,
    **expected: Any,
) -> None:
    __tracebackhide__ = True
    given: list[Client] = [] if client is None else [client]
    given += [WSGIClient(wsgi)] if wsgi is not None else []
    given += [ASGIClient(asgi)] if asgi is not None else []
    given += [URLClient(url)] if url is not None else []
    if len(given) != 1:
        raise TypeError("give one of wsgi, asgi, url and client")
    assert_conformant(given[0], Expectation(**expected), examples=examples, strict=strict)

"""Sanic, with the CORS of its own extensions and with the core."""

from __future__ import annotations

import itertools
from typing import Any

from sanic import HTTPResponse, Sanic, text

from corecors import Policy
from examples.sanic_middleware import add_cors

from ..scenarios import Scenario
from .asgi import AsgiServer

_NUMBERS = itertools.count()  # no two applications of Sanic have one name


def make(scenario: Scenario, kind: str, lines: Any) -> AsgiServer:
    """Make an application."""
    import sanic_ext  # noqa: PLC0415 (the adapter does without)

    options = scenario.options()
    app = _application()
    if kind == "cors":
        app.config.CORS_ORIGINS = ",".join(options["origins"])
        app.config.CORS_ALLOW_HEADERS = options["allow_headers"]
        app.config.OAS = False
        sanic_ext.Extend(app)
    return _started(app, scenario)


def adapt(scenario: Scenario, kind: str, lines: Any) -> AsgiServer:
    """Make an application with the middleware of `examples/`."""
    app = _application()
    if kind == "cors":
        add_cors(app, Policy(**scenario.options()))
    return _started(app, scenario)


def _application() -> Sanic[Any, Any]:
    app: Sanic[Any, Any] = Sanic(f"benchmark{next(_NUMBERS)}", configure_logging=False)
    app.config.TOUCHUP = False  # it rewrites Sanic's own code, for one start in each process
    app.config.AUTO_EXTEND = False
    app.add_route(_view, "/", methods=["GET", "PUT"])
    return app


def _started(app: Any, scenario: Scenario) -> AsgiServer:
    server = AsgiServer(app, scenario.request)
    server.start()
    return server


async def _view(_: Any) -> HTTPResponse:
    return text("Hello")

"""Quart, with quart-cors and with the core."""

from __future__ import annotations

from typing import Any

from quart import Quart
from quart_cors import cors

from corecors import Policy
from examples.quart_middleware import add_cors

from ..scenarios import Scenario
from .asgi import AsgiServer


def make(scenario: Scenario, kind: str, lines: Any) -> AsgiServer:
    """Make an application."""
    options = scenario.options()
    app = _application()
    if kind == "cors":
        cors(app, allow_origin=options["origins"], allow_headers=options["allow_headers"])
    return AsgiServer(app, scenario.request)


def adapt(scenario: Scenario, kind: str, lines: Any) -> AsgiServer:
    """Make an application with the middleware of `examples/`."""
    app = _application()
    if kind == "cors":
        add_cors(app, Policy(**scenario.options()))
    return AsgiServer(app, scenario.request)


def _application() -> Quart:
    app = Quart("benchmark")
    app.add_url_rule("/", "view", _view, methods=["GET", "PUT"])
    return app


async def _view() -> str:
    return "Hello"

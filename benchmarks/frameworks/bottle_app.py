"""Bottle, which brings nothing of its own, with the core."""

from __future__ import annotations

from typing import Any

from bottle import Bottle

from corecors import Policy
from examples.bottle_middleware import add_cors

from ..scenarios import Scenario
from .wsgi import WsgiServer


def adapt(scenario: Scenario, kind: str, lines: Any) -> WsgiServer:
    """Make an application with the middleware of `examples/`."""
    app = Bottle()
    app.route("/", ["GET", "PUT"], lambda: "Hello")
    if kind == "cors":
        add_cors(app, Policy(**scenario.options()))
    return WsgiServer(app, scenario.request)

"""Falcon, with its CORSMiddleware and with ours."""

from __future__ import annotations

from typing import Any

import falcon

from corecors import Policy
from examples.falcon_middleware import CorsMiddleware

from ..scenarios import Scenario
from .wsgi import WsgiServer


class _Resource:
    def on_get(self, _: falcon.Request, response: falcon.Response) -> None:
        response.text = "Hello"

    def on_put(self, _: falcon.Request, response: falcon.Response) -> None:
        response.text = "Hello"


def make(scenario: Scenario, kind: str, lines: Any) -> WsgiServer:
    """Make an application. Header names cannot be limited: those that are asked for come back."""
    cors = falcon.CORSMiddleware(allow_origins=scenario.options()["origins"])
    return _server(scenario, kind, cors)


def adapt(scenario: Scenario, kind: str, lines: Any) -> WsgiServer:
    """Make an application with the middleware of `examples/`."""
    return _server(scenario, kind, CorsMiddleware(Policy(**scenario.options())))


def _server(scenario: Scenario, kind: str, cors: Any) -> WsgiServer:
    app = falcon.App(middleware=[cors] if kind == "cors" else [])
    app.add_route("/", _Resource())
    return WsgiServer(app, scenario.request)

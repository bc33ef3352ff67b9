"""Falcon and its CORSMiddleware."""

from __future__ import annotations

from typing import Any

import falcon

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
    app = falcon.App(middleware=[cors] if kind == "cors" else [])
    app.add_route("/", _Resource())
    return WsgiServer(app, scenario.request)

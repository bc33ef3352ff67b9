"""Quart and quart-cors."""

from __future__ import annotations

from typing import Any

from quart import Quart
from quart_cors import cors

from ..scenarios import Scenario
from .asgi import AsgiServer


def make(scenario: Scenario, kind: str, lines: Any) -> AsgiServer:
    """Make an application."""
    options = scenario.options()
    app = Quart("benchmark")
    app.add_url_rule("/", "view", _view, methods=["GET", "PUT"])
    if kind == "cors":
        cors(app, allow_origin=options["origins"], allow_headers=options["allow_headers"])
    return AsgiServer(app, scenario.request)


async def _view() -> str:
    return "Hello"

"""Litestar, with its CORSConfig and with the core."""

from __future__ import annotations

from typing import Any

from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.enums import MediaType
from litestar.handlers import HTTPRouteHandler

from corecors import Policy
from examples.litestar_middleware import add_cors

from ..scenarios import Scenario
from .asgi import AsgiServer


def make(scenario: Scenario, kind: str, lines: Any) -> AsgiServer:
    """Make an application."""
    options = scenario.options()
    cors = CORSConfig(allow_origins=options["origins"], allow_headers=options["allow_headers"])
    return AsgiServer(_application(cors if kind == "cors" else None), scenario.request)


def adapt(scenario: Scenario, kind: str, lines: Any) -> AsgiServer:
    """Make an application with the middleware of `examples/`."""
    app = _application()
    if kind == "cors":
        add_cors(app, Policy(**scenario.options()))
    return AsgiServer(app, scenario.request)


def _application(cors: Any = None) -> Litestar:
    handler = HTTPRouteHandler("/", http_method=["GET", "PUT"], media_type=MediaType.TEXT)
    return Litestar([handler(_view)], cors_config=cors, logging_config=None, openapi_config=None)


async def _view() -> str:
    return "Hello"

"""Starlette, with its CORSMiddleware and with the core."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from corecors import Policy
from examples.starlette_middleware import add_cors

from ..scenarios import Scenario
from .asgi import AsgiServer


def make(scenario: Scenario, kind: str, lines: Any) -> AsgiServer:
    """Make an application."""
    options = scenario.options()
    cors = Middleware(
        CORSMiddleware,
        allow_origins=options["origins"],
        allow_methods=["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
        allow_headers=options["allow_headers"],
    )
    return AsgiServer(_application(cors if kind == "cors" else None), scenario.request)


def adapt(scenario: Scenario, kind: str, lines: Any) -> AsgiServer:
    """Make an application with the middleware of `examples/`."""
    app = _application()
    if kind == "cors":
        add_cors(app, Policy(**scenario.options()))
    return AsgiServer(app, scenario.request)


def _application(*middleware: Any) -> Starlette:
    routes = [Route("/", _view, methods=["GET", "PUT"])]
    return Starlette(routes=routes, middleware=list(filter(None, middleware)))


async def _view(_: Request) -> Response:
    return PlainTextResponse("Hello")

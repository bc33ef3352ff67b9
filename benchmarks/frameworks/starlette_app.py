"""Starlette and its CORSMiddleware."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

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
    routes = [Route("/", _view, methods=["GET", "PUT"])]
    app = Starlette(routes=routes, middleware=[cors] if kind == "cors" else [])
    return AsgiServer(app, scenario.request)


async def _view(_: Request) -> Response:
    return PlainTextResponse("Hello")

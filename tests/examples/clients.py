"""The same small application in each framework, and a way to ask it.

`/hello` says so and varies by `Accept-Encoding`; `/own` sets Access-Control-Allow-Origin itself;
`/star` varies by everything; `/crash` fails. Whatever runs is noted in `ran`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from wsgiref.validate import validator

import attrs
import pytest

OWN = {"Access-Control-Allow-Origin": "https://own.example"}
HEADERS = {
    "/hello": {"Vary": "Accept-Encoding"},
    "/own": OWN,
    "/star": {"Vary": "*"},
    "/origin": {"Vary": "origin"},
}


@attrs.frozen
class Answer:
    """What came back; header names are in lower case, lines of one name apart."""

    status: int
    lines: list[tuple[str, str]]

    def get(self, name: str) -> list[str]:
        return [value for key, value in self.lines if key == name]

    @property
    def cors(self) -> dict[str, str]:
        return {name: value for name, value in self.lines if name.startswith("access-control-")}

    @property
    def vary(self) -> list[str]:
        return [word.strip() for line in self.get("vary") for word in line.split(",")]


def _answer(status: int, headers: Any) -> Answer:
    return Answer(status, [(name.lower(), value) for name, value in headers])


Ask = Callable[..., Answer]


def wsgi(policy: Any, ran: list[str]) -> Ask:
    """Flask without its extension, as any WSGI application; the validator holds us to PEP 3333."""
    flask = pytest.importorskip("flask")
    test = pytest.importorskip("werkzeug.test")
    from examples.wsgi_middleware import Cors  # noqa: PLC0415

    app = flask.Flask("example")
    app.logger.disabled = True

    @app.route("/<name>", methods=["GET", "PUT", "OPTIONS"])
    def view(name: str) -> Any:
        ran.append(name)
        return "hello", int(name == "crash" and 1 // 0) or 200, HEADERS.get(f"/{name}", {})

    client = test.Client(validator(Cors(validator(app.wsgi_app), policy)))

    def ask(method: str, path: str, headers: Any) -> Answer:
        response = client.open(path, method=method, headers=headers, buffered=True)
        return _answer(response.status_code, response.headers)

    return ask


def starlette(policy: Any, ran: list[str]) -> Ask:
    pytest.importorskip("starlette")
    pytest.importorskip("httpx")
    from starlette.applications import Starlette  # noqa: PLC0415
    from starlette.requests import Request  # noqa: PLC0415
    from starlette.responses import PlainTextResponse  # noqa: PLC0415
    from starlette.routing import Route  # noqa: PLC0415

    from examples.starlette_middleware import CorsMiddleware  # noqa: PLC0415

    async def view(request: Request) -> PlainTextResponse:
        ran.append(request.path_params["name"])
        if ran[-1] == "crash":
            raise LookupError
        return PlainTextResponse("hello", headers=HEADERS.get(request.url.path, {}))

    route = Route("/{name}", view, methods=["GET", "PUT", "OPTIONS"])
    app = CorsMiddleware(Starlette(routes=[route]), policy)

    def ask(method: str, path: str, headers: Any) -> Answer:
        return asyncio.run(_ask_asgi(app, method, path, headers))

    return ask


async def _ask_asgi(app: Any, method: str, path: str, headers: Any) -> Answer:
    import httpx  # noqa: PLC0415

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://api.example") as client:
        response = await client.request(method, path, headers=headers)
        return _answer(response.status_code, response.headers.multi_items())


def falcon(policy: Any, ran: list[str]) -> Ask:
    module = pytest.importorskip("falcon")
    testing = pytest.importorskip("falcon.testing")
    from examples.falcon_middleware import CorsMiddleware  # noqa: PLC0415

    class Resource:
        def on_get(self, req: Any, resp: Any, name: str) -> None:
            ran.append(name)
            if name == "crash":
                raise LookupError
            resp.set_headers(HEADERS.get(req.path, {}))

        on_put = on_options = on_get

    app = module.App(middleware=[CorsMiddleware(policy)])
    app.add_route("/{name}", Resource())
    app.add_error_handler(LookupError, _internal_error)
    client = testing.TestClient(app)

    def ask(method: str, path: str, headers: Any) -> Answer:
        response = client.simulate_request(method, path, headers=headers)
        return _answer(response.status_code, response.headers.items())

    return ask


def _internal_error(req: Any, resp: Any, error: Exception, params: Any) -> None:
    resp.status = 500


def aiohttp(policy: Any, ran: list[str]) -> Ask:
    pytest.importorskip("aiohttp")
    from aiohttp import web  # noqa: PLC0415

    from examples.aiohttp_middleware import add_cors  # noqa: PLC0415

    async def view(request: web.Request) -> web.Response:
        ran.append(request.match_info["name"])
        if ran[-1] == "crash":
            raise web.HTTPInternalServerError
        return web.Response(text="hello", headers=HEADERS.get(request.path, {}))

    def application() -> web.Application:
        app = web.Application()
        for method in ("GET", "PUT", "OPTIONS"):
            app.router.add_route(method, "/{name}", view)
        add_cors(app, policy)
        return app

    def ask(method: str, path: str, headers: Any) -> Answer:
        return asyncio.run(_ask_aiohttp(application(), method, path, headers))

    return ask


async def _ask_aiohttp(app: Any, method: str, path: str, headers: Any) -> Answer:
    from aiohttp.test_utils import TestClient, TestServer  # noqa: PLC0415

    async with TestClient(TestServer(app)) as client:
        response = await client.request(method, path, headers=headers)
        return _answer(response.status, response.headers.items())


FRAMEWORKS = (wsgi, starlette, falcon, aiohttp)

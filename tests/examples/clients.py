"""The same small application in each framework, and a way to ask it.

`/hello` says so and varies by `Accept-Encoding`; `/own` sets Access-Control-Allow-Origin itself;
`/star` varies by everything; `/crash` raises what the framework does not know. Whatever runs is
noted in `ran`.
"""

from __future__ import annotations

import asyncio
import http.client
import io
import itertools
import logging
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Any
from wsgiref.validate import validator

import attrs
import pytest

from corecors.conformance import Probe, WSGIClient

METHODS = ["GET", "PUT", "OPTIONS"]
OWN = {"Access-Control-Allow-Origin": "https://own.example"}
HEADERS = {
    "hello": {"Vary": "Accept-Encoding"},
    "own": OWN,
    "star": {"Vary": "*"},
    "origin": {"Vary": "origin"},
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


def _answer(status: int, headers: Iterable[tuple[str, str]]) -> Answer:
    return Answer(status, [(name.lower(), value) for name, value in headers])


Pairs = Iterable[tuple[str, str]]
Ask = Callable[[str, str, Pairs], Answer]


@attrs.frozen
class Setting:
    """What an application is made with: the policy, and who looks after the rest."""

    policy: Any
    ran: list[str]
    stack: ExitStack
    loop: asyncio.AbstractEventLoop

    def view(self, name: str) -> dict[str, str]:
        """Do what a view does, and return its headers."""
        self.ran.append(name)
        if name == "crash":
            raise LookupError
        return HEADERS.get(name, {})

    def wsgi(self, app: Any) -> Ask:
        """Ask a WSGI application; the validator holds us to PEP 3333."""
        client = WSGIClient(validator(app))

        def ask(method: str, path: str, headers: Pairs) -> Answer:
            joined: dict[str, str] = {}  # as servers do it
            for name, value in headers:
                joined[name] = f"{joined[name]}, {value}" if name in joined else value
            response = client(Probe(method=method, path=path, headers=list(joined.items())))
            return _answer(response.status, response.headers)

        return ask

    def asgi(self, app: Any) -> Ask:
        """Ask an ASGI application; what it raises after its answer is for the server's log."""
        httpx = pytest.importorskip("httpx")
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://api.example")
        self.stack.callback(lambda: self.loop.run_until_complete(client.aclose()))

        def ask(method: str, path: str, headers: Pairs) -> Answer:
            lines = [(name.encode(), value.encode("latin-1")) for name, value in headers]
            asking = client.request(method, path, headers=lines)
            response = self.loop.run_until_complete(asking)
            return _answer(response.status_code, response.headers.multi_items())

        return ask


def wsgi(setting: Setting) -> Ask:
    """Flask without its extension, as any WSGI application."""
    flask = pytest.importorskip("flask")
    from examples.wsgi_middleware import Cors  # noqa: PLC0415

    app = flask.Flask("example")
    app.logger.disabled = True

    @app.route("/<name>", methods=METHODS)
    def view(name: str) -> Any:
        return "hello", setting.view(name)

    return setting.wsgi(Cors(validator(app.wsgi_app), setting.policy))


def bottle(setting: Setting) -> Ask:
    module = pytest.importorskip("bottle")
    from examples.bottle_middleware import add_cors  # noqa: PLC0415

    app = module.Bottle()

    @app.route("/<name>", method=METHODS)
    def view(name: str) -> str:
        module.response.headers.update(setting.view(name))
        return "hello"

    add_cors(app, setting.policy)
    return setting.wsgi(app)


def django(setting: Setting) -> Ask:
    handler = _django(setting, _django_view).WSGIHandler()
    return setting.wsgi(handler)


def django_async(setting: Setting) -> Ask:
    handler = _django(setting, _django_async_view).ASGIHandler()
    return setting.asgi(handler)


def _django_view(setting: Setting) -> Any:
    from django.http import HttpResponse  # noqa: PLC0415

    return lambda request, name: HttpResponse("hello", headers=setting.view(name))


def _django_async_view(setting: Setting) -> Any:
    from django.http import HttpResponse  # noqa: PLC0415

    async def view(request: Any, name: str) -> HttpResponse:
        return HttpResponse("hello", headers=setting.view(name))

    return view


def _django(setting: Setting, make_view: Any) -> Any:
    """Configure Django for as long as the test takes, and give its two handlers."""
    module = pytest.importorskip("django")
    from django.conf import settings  # noqa: PLC0415
    from django.core.handlers.asgi import ASGIHandler  # noqa: PLC0415
    from django.core.handlers.wsgi import WSGIHandler  # noqa: PLC0415
    from django.test.utils import override_settings  # noqa: PLC0415
    from django.urls import path  # noqa: PLC0415

    if not settings.configured:
        settings.configure(ALLOWED_HOSTS=["*"], LOGGING_CONFIG=None)
        module.setup()
    logging.getLogger("django.request").disabled = True
    overridden = override_settings(
        CORS_POLICY=setting.policy,
        MIDDLEWARE=["examples.django_middleware.cors"],
        ROOT_URLCONF=(path("<name>", make_view(setting)),),
    )
    setting.stack.enter_context(overridden)
    return type("Handlers", (), {"ASGIHandler": ASGIHandler, "WSGIHandler": WSGIHandler})


def falcon(setting: Setting) -> Ask:
    module = pytest.importorskip("falcon")
    from examples.falcon_middleware import CorsMiddleware  # noqa: PLC0415

    class Resource:
        def on_get(self, req: Any, resp: Any, name: str) -> None:
            resp.set_headers(setting.view(name))

        on_put = on_options = on_get

    app = module.App(middleware=[CorsMiddleware(setting.policy)])
    app.add_route("/{name}", Resource())
    return setting.wsgi(app)


def falcon_async(setting: Setting) -> Ask:
    module = pytest.importorskip("falcon.asgi")
    from examples.falcon_middleware import CorsMiddleware  # noqa: PLC0415

    class Resource:
        async def on_get(self, req: Any, resp: Any, name: str) -> None:
            resp.set_headers(setting.view(name))

        on_put = on_options = on_get

    app = module.App(middleware=[CorsMiddleware(setting.policy)])
    app.add_route("/{name}", Resource())
    logging.getLogger("falcon").disabled = True
    return setting.asgi(app)


def starlette(setting: Setting) -> Ask:
    pytest.importorskip("starlette")
    from starlette.applications import Starlette  # noqa: PLC0415
    from starlette.requests import Request  # noqa: PLC0415
    from starlette.responses import PlainTextResponse  # noqa: PLC0415

    from examples.starlette_middleware import add_cors  # noqa: PLC0415

    async def view(request: Request) -> PlainTextResponse:
        return PlainTextResponse("hello", headers=setting.view(request.path_params["name"]))

    app = Starlette()
    app.router.add_route("/{name}", view, methods=METHODS)
    add_cors(app, setting.policy)
    return setting.asgi(app)


def fastapi(setting: Setting) -> Ask:
    module = pytest.importorskip("fastapi")
    responses = pytest.importorskip("fastapi.responses")
    from examples.starlette_middleware import add_cors  # noqa: PLC0415

    app = module.FastAPI()

    async def view(name: str) -> Any:
        return responses.PlainTextResponse("hello", headers=setting.view(name))

    app.add_api_route("/{name}", view, methods=METHODS)
    add_cors(app, setting.policy)
    return setting.asgi(app)


def litestar(setting: Setting) -> Ask:
    module = pytest.importorskip("litestar")
    from litestar.handlers import HTTPRouteHandler  # noqa: PLC0415

    from examples.litestar_middleware import add_cors  # noqa: PLC0415

    async def view(request: Any) -> Any:
        return module.Response("hello", headers=setting.view(request.path_params["name"]))

    view.__annotations__ = {"request": module.Request, "return": module.Response}  # it asks them
    handler = HTTPRouteHandler("/{name:str}", http_method=METHODS)(view)
    app = module.Litestar([handler], logging_config=None, openapi_config=None)
    add_cors(app, setting.policy)
    return setting.asgi(app)


def quart(setting: Setting) -> Ask:
    module = pytest.importorskip("quart")
    from examples.quart_middleware import add_cors  # noqa: PLC0415

    app = module.Quart("example")
    app.logger.disabled = True

    @app.route("/<name>", methods=METHODS)
    async def view(name: str) -> Any:
        return "hello", setting.view(name)

    add_cors(app, setting.policy)
    return setting.asgi(app)


def sanic(setting: Setting) -> Ask:
    module = pytest.importorskip("sanic")
    from examples.sanic_middleware import add_cors  # noqa: PLC0415

    app = module.Sanic(f"example{next(_NUMBERS)}", configure_logging=False)

    async def view(request: Any, name: str) -> Any:
        return module.text("hello", headers=setting.view(name))

    app.add_route(view, "/<name>", methods=METHODS)
    app.config.TOUCHUP = False  # it rewrites Sanic's own code, for one start in each process
    add_cors(app, setting.policy)
    logging.getLogger("sanic.error").disabled = True
    setting.loop.run_until_complete(_start(app))
    return setting.asgi(app)


_NUMBERS = itertools.count()  # no two applications of Sanic have one name


async def _start(app: Any) -> None:
    """Have an ASGI application believe that a server starts; nothing is there to be shut down."""
    messages = [{"type": "lifespan.shutdown"}, {"type": "lifespan.startup"}]

    async def receive() -> dict[str, str]:
        return messages.pop()

    async def send(message: dict[str, Any]) -> None:
        assert message["type"].endswith(".complete"), message

    await app({"type": "lifespan"}, receive, send)


def aiohttp(setting: Setting) -> Ask:
    web = pytest.importorskip("aiohttp.web")
    utils = pytest.importorskip("aiohttp.test_utils")
    from examples.aiohttp_middleware import add_cors  # noqa: PLC0415

    async def view(request: Any) -> Any:
        return web.Response(text="hello", headers=setting.view(request.match_info["name"]))

    app = web.Application()
    for method in METHODS:
        app.router.add_route(method, "/{name}", view)
    add_cors(app, setting.policy)
    logging.getLogger("aiohttp.server").disabled = True

    run = setting.loop.run_until_complete
    server = utils.TestServer(app)
    run(server.start_server())
    setting.stack.callback(lambda: run(server.close()))

    def ask(method: str, path: str, headers: Pairs) -> Answer:
        lines = [("Host", "localhost"), ("Connection", "close"), *headers]
        head = "".join(f"{name}: {value}\r\n" for name, value in lines)
        request = f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1")
        status, _, rest = run(_exchange(server.port, request)).partition(b"\r\n")
        answered = http.client.parse_headers(io.BytesIO(rest))
        return _answer(int(status.split()[1]), answered.items())

    return ask


async def _exchange(port: int, request: bytes) -> bytes:
    """Send what no client of aiohttp's would send."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


FRAMEWORKS = (
    wsgi,
    bottle,
    django,
    django_async,
    falcon,
    falcon_async,
    starlette,
    fastapi,
    litestar,
    quart,
    sanic,
    aiohttp,
)

"""aiohttp's server, with aiohttp-cors and with the core."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from corecors import Policy
from examples.aiohttp_middleware import add_cors

from ..scenarios import Request, Scenario

PATIENCE = 100  # turns of the loop in which an answer is complete


def make(scenario: Scenario, kind: str, lines: Any) -> AiohttpServer:
    """Make an application."""
    import aiohttp_cors  # noqa: PLC0415 (the adapter does without)

    options = scenario.options()
    app, routes = _application()
    if kind == "cors":
        allowed = aiohttp_cors.ResourceOptions(allow_headers=options["allow_headers"])
        cors = aiohttp_cors.setup(app, defaults=dict.fromkeys(options["origins"], allowed))
        for route in routes:
            cors.add(route)
    return AiohttpServer(app, scenario.request)


def adapt(scenario: Scenario, kind: str, lines: Any) -> AiohttpServer:
    """Make an application with the middleware of `examples/`."""
    app, _ = _application()
    if kind == "cors":
        add_cors(app, Policy(**scenario.options()))
    return AiohttpServer(app, scenario.request)


def _application() -> tuple[web.Application, list[Any]]:
    app = web.Application()
    return app, [app.router.add_get("/", _view), app.router.add_put("/", _view)]


async def _view(_: web.Request) -> web.Response:
    return web.Response(text="Hello")


class AiohttpServer:
    """An application on a connection that leads nowhere: it speaks neither WSGI nor ASGI."""

    def __init__(self, app: web.Application, request: Request) -> None:
        lines = [("Host", "localhost"), *request.headers.items()]
        head = "".join(f"{name}: {value}\r\n" for name, value in lines)
        self._request = f"{request.method} {request.path} HTTP/1.1\r\n{head}\r\n".encode()
        self._length = 0
        self._transport = _Transport()
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(_ignore)  # a connection that is open at the end
        self._protocol = self._loop.run_until_complete(self._connect(app))

    async def _connect(self, app: web.Application) -> Any:
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        assert runner.server
        protocol = runner.server()
        protocol.connection_made(self._transport)
        return protocol

    def serve(self, count: int) -> None:
        """Answer so many times."""
        self._loop.run_until_complete(self._serve(count))

    async def _serve(self, count: int) -> None:
        sent = self._transport.sent
        for _ in range(count):
            sent.clear()
            self._protocol.data_received(self._request)
            while len(sent) < self._length:
                await asyncio.sleep(0)

    def answer(self) -> dict[str, Any]:
        """Answer once and show it."""
        self._loop.run_until_complete(self._answer())
        sent = self._transport.sent.decode()
        self._length = len(sent)
        head, _, body = sent.partition("\r\n\r\n")
        status, *lines = head.split("\r\n")
        headers = [tuple(line.split(": ", 1)) for line in lines]
        return {"status": int(status.split()[1]), "headers": headers, "body": body}

    async def _answer(self) -> None:
        self._protocol.data_received(self._request)
        for _ in range(PATIENCE):
            await asyncio.sleep(0)


def _ignore(*_: Any) -> None:
    pass


class _Transport(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.sent = bytearray()

    def write(self, data: Any) -> None:
        self.sent += data

    def is_closing(self) -> bool:
        return False

"""Serve an ASGI application as a server does, without a socket."""

from __future__ import annotations

import asyncio
from typing import Any

from ..scenarios import Request


class AsgiServer:
    """An application and the request that it answers again and again."""

    def __init__(self, app: Any, request: Request) -> None:
        self._app = app
        self._scope = _scope(request)
        self._loop = asyncio.new_event_loop()

    def start(self) -> None:
        """Say that a server starts, to an application that has to know."""
        self._loop.run_until_complete(self._app({"type": "lifespan"}, _lifespan(), _send))

    def serve(self, count: int) -> None:
        """Answer so many times."""
        self._loop.run_until_complete(self._serve(count))

    async def _serve(self, count: int) -> None:
        for _ in range(count):
            await self._app(self._fresh_scope(), _receiver(), _send)

    def answer(self) -> dict[str, Any]:
        """Answer once and show it."""
        seen: dict[str, Any] = {"body": ""}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = [(name.decode(), value.decode()) for name, value in message["headers"]]
                seen.update(status=message["status"], headers=headers)
            else:
                seen["body"] += message.get("body", b"").decode()

        self._loop.run_until_complete(self._app(self._fresh_scope(), _receiver(), send))
        return seen

    def _fresh_scope(self) -> dict[str, Any]:
        return {**self._scope, "headers": list(self._scope["headers"]), "extensions": {}}


def _receiver() -> Any:
    """Give the one message of a request without a body; then the client just waits."""
    messages = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop()
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    return receive


def _lifespan() -> Any:
    """Give the messages of a server; nothing of the applications here is there to be shut down."""
    messages = [{"type": "lifespan.shutdown"}, {"type": "lifespan.startup"}]

    async def receive() -> dict[str, Any]:
        return messages.pop()

    return receive


async def _send(message: dict[str, Any]) -> None:
    pass


def _scope(request: Request) -> dict[str, Any]:
    fields = [(k.lower().encode(), v.encode()) for k, v in request.headers.items()]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.path,
        "raw_path": request.path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost"), *fields],
        "client": ("127.0.0.1", 50000),
        "server": ("localhost", 80),
        "state": {},
    }

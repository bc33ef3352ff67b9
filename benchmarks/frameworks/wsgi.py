"""Serve a WSGI application as a server does, without a socket."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from ..scenarios import Request


class WsgiServer:
    """An application and the request that it answers again and again."""

    def __init__(self, app: Any, request: Request) -> None:
        self._app = app
        self._environ = _environ(request)
        self._fresh = request.fresh
        self._served = 0

    def serve(self, count: int) -> None:
        """Answer so many times."""
        app = self._app
        for _ in range(count):
            environ = self._environ.copy()
            environ["wsgi.input"] = BytesIO()
            if self._fresh:
                self._served += 1
                environ["HTTP_ORIGIN"] = self._fresh.format(self._served)
            body = app(environ, _start_response)
            for _chunk in body:
                pass
            if hasattr(body, "close"):
                body.close()

    def answer(self) -> dict[str, Any]:
        """Answer once and show it."""
        seen: dict[str, Any] = {}

        def start_response(status: str, headers: Any, exc_info: Any = None) -> None:
            seen.update(status=int(status[:3]), headers=headers)

        body = self._app({**self._environ, "wsgi.input": BytesIO()}, start_response)
        seen["body"] = b"".join(body).decode()
        if hasattr(body, "close"):
            body.close()
        return seen


def _start_response(status: str, headers: Any, exc_info: Any = None) -> None:
    pass


def _environ(request: Request) -> dict[str, Any]:
    fields = {f"HTTP_{k.upper().replace('-', '_')}": v for k, v in request.headers.items()}
    return {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path,
        "QUERY_STRING": "",
        "REQUEST_URI": request.path,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **fields,
    }

"""Servers on loopback that write down each exchange as it went over the wire."""

from __future__ import annotations

import socket
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import attrs
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

EXCHANGE = "tests.exchange"

Pairs = list[tuple[str, str]]


@attrs.define
class Exchange:
    """One request and its answer."""

    method: str
    url: str
    request_headers: Pairs
    status: int = 0
    headers: Pairs = attrs.field(factory=list)
    body: bytes = b""

    @property
    def case(self) -> str:
        """Give the `?id=` of the case that asked."""
        return parse_qs(urlsplit(self.url).query).get("id", [""])[0]


Record = defaultdict[str, list[Exchange]]
"""The exchanges of each case, in the order in which the requests came."""


def _handler(record: Record) -> type[WSGIRequestHandler]:
    class Handler(WSGIRequestHandler):
        def make_environ(self) -> WSGIEnvironment:
            environ = super().make_environ()
            url = f"http://{self.headers['Host']}{self.path}"
            self.exchange = Exchange(self.command, url, self.headers.items())
            record[self.exchange.case].append(self.exchange)
            environ[EXCHANGE] = self.exchange
            return environ

        def send_response_only(self, code: int, message: str | None = None) -> None:
            self.exchange.status = code
            super().send_response_only(code, message)

        def send_header(self, keyword: str, value: str) -> None:
            self.exchange.headers.append((keyword, value))
            super().send_header(keyword, value)

        def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Handler


def _recorded(app: WSGIApplication) -> WSGIApplication:
    """Write the body down before it is sent."""

    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterator[bytes]:
        chunks = app(environ, start)
        try:
            for chunk in chunks:
                environ[EXCHANGE].body += chunk
                yield chunk
        finally:
            if hasattr(chunks, "close"):
                chunks.close()

    return application


@contextmanager
def listening(hosts: Mapping[str, str]) -> Iterator[dict[str, socket.socket]]:
    """Listen on a port of each host; where the machine lacks the host, leave it out."""
    with ExitStack() as stack:
        sockets = {}
        for name, host in hosts.items():
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            with suppress(OSError):
                created = socket.create_server((host, 0), family=family)
                sockets[name] = stack.enter_context(created)
        yield sockets


@contextmanager
def serving(sockets: Iterable[socket.socket], app: WSGIApplication) -> Iterator[Record]:
    """Serve the application on all sockets, and record it."""
    record: Record = defaultdict(list)
    servers = [_server(bound, _recorded(app), _handler(record)) for bound in sockets]
    threads = [Thread(target=server.serve_forever, args=(0.05,)) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield record
    finally:
        for server in servers:
            server.shutdown()
        for thread in threads:
            thread.join()


def _server(
    bound: socket.socket, app: WSGIApplication, handler: type[WSGIRequestHandler]
) -> BaseWSGIServer:
    host, port = bound.getsockname()[:2]
    descriptor = bound.fileno()
    return make_server(host, port, app, threaded=True, request_handler=handler, fd=descriptor)

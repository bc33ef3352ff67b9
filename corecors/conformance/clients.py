"""The ways to an implementation: in this process through WSGI or ASGI, or over HTTP.

A client is any callable from a `Probe` to a `corecors.browser.Response`. It raises `CrashError`
where the application raised and `ClientError` where there is no answer at all, each with one line
that says what happened, and it always comes to an end.
"""

from __future__ import annotations

import asyncio
import http.client
import io
import queue
import socket
import ssl
import threading
from collections.abc import Awaitable, Iterable, Mapping
from typing import Any, Callable, Optional, Union, cast
from urllib.parse import unquote_to_bytes, urlsplit

import attrs

from corecors.browser import Response

from .exchange import Probe

__all__ = ["ASGIClient", "Client", "ClientError", "CrashError", "URLClient", "WSGIClient"]

Client = Callable[[Probe], Response]

Message = dict[str, Any]
ASGIApplication = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]

TIMEOUT = 10.0


_KEPT = 65_536  # bytes of a page, in which a password is asked for


class ClientError(Exception):
    """There is no answer: the server cannot be reached, or does not come to an end."""


class CrashError(ClientError):
    """The application raised, or closed the connection, instead of answering."""


def _response(status: Any, headers: Iterable[Any]) -> Response:
    """Make a response of what an application gave, which may be anything."""
    pairs = [(name, value) for name, value in headers]
    if not isinstance(status, int) or not all(isinstance(t, str) for pair in pairs for t in pair):
        raise TypeError(
            f"status {status!r} or headers {pairs!r} are not of the type they must have"
        )
    return Response(status=int(status), headers=pairs)


def _bounded(function: Callable[[], Response], seconds: float) -> Response:
    """Call it in a thread of its own, which nobody waits for when the time is over."""
    done: queue.Queue[Union[Response, BaseException]] = queue.Queue()

    def call() -> None:
        try:
            done.put(function())
        except BaseException as error:  # noqa: BLE001 (whatever it raises: SystemExit as well)
            done.put(error)

    threading.Thread(target=call, daemon=True).start()
    try:
        result = done.get(timeout=seconds)
    except queue.Empty:
        raise _late(seconds) from None
    if isinstance(result, ClientError):
        raise result
    if isinstance(result, BaseException):
        raise CrashError(described(result)) from result
    return result


def _late(seconds: float) -> ClientError:
    return ClientError(f"no answer within {seconds:g} s")


def described(error: BaseException) -> str:
    """Name an exception and what it says, on one line and without control characters."""
    text = " ".join(str(error).split())
    text = text if text.isprintable() else ascii(text)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


@attrs.frozen
class WSGIClient:
    """Call a WSGI application (PEP 3333) in this process.

    >>> def application(environ, start_response):
    ...     start_response("204 No Content", [("Vary", "Origin")])
    ...     return []
    >>> WSGIClient(application)(Probe())
    Response(status=204, headers=(('Vary', 'Origin'),))
    """

    application: Callable[..., Iterable[bytes]]
    timeout: float = TIMEOUT

    def __call__(self, probe: Probe) -> Response:
        """Send the request and return the response; `timeout` is in seconds."""
        return _bounded(lambda: self._call(probe), self.timeout)

    def _call(self, probe: Probe) -> Response:
        started: list[Response] = []

        def start_response(status: str, headers: Any, exc_info: Any = None) -> Callable[..., None]:
            started[:] = [_response(int(status[:3]), headers)]
            return _ignore

        body = self.application(_environ(probe), start_response)
        try:
            kept = _beginning(body)
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()
        if not started:
            raise RuntimeError("the application did not call start_response")
        return attrs.evolve(started[0], body=kept)


def _beginning(body: Iterable[bytes]) -> bytes:
    """Read all of it, and return what comes first."""
    kept = b""
    for part in body:
        kept += part[: _KEPT - len(kept)]
    return kept


def _ignore(data: bytes) -> None:
    """Write nothing: the body is of no interest (PEP 3333, "The write() Callable")."""


def _environ(probe: Probe) -> dict[str, Any]:
    path, _, query = probe.path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": probe.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "api.invalid",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "api.invalid",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),  # what it says there is not for who reads the report
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in probe.headers:
        key = name.upper().replace("-", "_")
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    return environ


@attrs.frozen
class ASGIClient:
    """Call an ASGI application (version 3) in this process.

    >>> async def application(scope, receive, send):
    ...     await send({"type": "http.response.start", "status": 200, "headers": []})
    ...     await send({"type": "http.response.body"})
    >>> ASGIClient(application)(Probe()).status
    200
    """

    application: ASGIApplication
    timeout: float = TIMEOUT

    def __call__(self, probe: Probe) -> Response:
        """Send the request and return the response; `timeout` is in seconds."""
        return _bounded(lambda: asyncio.run(self._call(probe)), self.timeout)

    async def _call(self, probe: Probe) -> Response:
        started: list[Response] = []
        body: list[bytes] = []
        incoming: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

        async def receive() -> Message:
            while not incoming:  # a client that waits for its answer
                await asyncio.sleep(self.timeout)
            return incoming.pop()

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                pairs = cast("Iterable[tuple[bytes, bytes]]", message.get("headers", ()))
                headers = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in pairs]
                started[:] = [_response(message["status"], headers)]
            else:
                body.append(message.get("body", b""))

        await self.application(_scope(probe), receive, send)
        if not started:
            raise RuntimeError("the application did not start a response")
        return attrs.evolve(started[0], body=_beginning(body))


def _scope(probe: Probe) -> Message:
    path, _, query = probe.path.partition("?")
    headers = [("host", "api.invalid"), *probe.headers]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": probe.method,
        "scheme": "https",
        "path": unquote_to_bytes(path).decode("utf-8", "replace"),
        "raw_path": path.encode("ascii"),
        "query_string": query.encode("ascii"),
        "root_path": "",
        "headers": [(n.lower().encode("ascii"), v.encode("latin-1")) for n, v in headers],
        "client": ("127.0.0.1", 50_000),
        "server": ("api.invalid", 443),
    }


_CONNECTIONS: Mapping[str, Callable[..., http.client.HTTPConnection]] = {
    "http": http.client.HTTPConnection,
    "https": http.client.HTTPSConnection,
}


def _is_base(url: str) -> bool:
    """Tell whether it is a scheme, a host and perhaps a port, as they can be connected to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    is_whole = parts.scheme in _CONNECTIONS and bool(parts.hostname) and port != 0
    rest = parts.path.strip("/") + parts.query + parts.fragment
    return is_whole and not rest and url.isprintable() and " " not in url


@attrs.frozen
class URLClient:
    """Ask a server that runs at a URL, such as `http://127.0.0.1:8000`.

    A URL that is none, or that has a path, raises ValueError: the path is the probe's. `context`
    says which certificates are trusted.
    """

    url: str
    timeout: float = TIMEOUT
    context: Optional[ssl.SSLContext] = attrs.field(default=None, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if not _is_base(self.url):
            raise ValueError(
                f"{self.url!r} is not a URL such as http://127.0.0.1:8000, without a path"
            )

    def __call__(self, probe: Probe) -> Response:
        """Send the request and return the response; `timeout` is in seconds, for each request."""
        return _bounded(lambda: self._call(probe), self.timeout)

    def _call(self, probe: Probe) -> Response:
        parts = urlsplit(self.url)
        secure = {"context": self.context} if parts.scheme == "https" else {}
        connection = _CONNECTIONS[parts.scheme](
            parts.hostname, parts.port, timeout=self.timeout, **secure
        )
        try:
            headers = {name: value.encode("latin-1") for name, value in probe.headers}
            connection.request(probe.method, probe.path, headers=headers)
            answer = connection.getresponse()
            body = answer.read()[:_KEPT]
        except socket.timeout as error:  # the same limit holds for the whole of it
            raise _late(self.timeout) from error
        except (
            http.client.HTTPException,
            ConnectionAbortedError,
            BrokenPipeError,
            ConnectionResetError,
        ) as error:  # it listens, but this is not HTTP
            raise CrashError(described(error)) from error
        except (OSError, UnicodeError) as error:  # UnicodeError: a name that no host can have
            raise ClientError(f"no answer from {self.url}: {described(error)}") from error
        finally:
            connection.close()
        return Response(status=answer.status, headers=answer.getheaders(), body=body)

"""Who is asked: the application in this process, or a server that runs somewhere."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import wraps
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

import attrs
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from corecors import Policy, browser
from corecors.shell import answer_lines

from .addresses import base_of
from .page import Answered, Pairs, Send

SECONDS = 10
"""How long a server may take for one answer."""


class Application:
    """Ask the application itself, with whatever is put around its `wsgi_app`."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.hook: Callable[..., Any] | None = None
        """The `before_request` function that answered the last request, if one did."""

    def __call__(self, method: str, url: str, headers: Pairs) -> Answered:
        """Send one request; an exception that passes Flask by is the answer, too."""
        self.hook = None
        parts = urlsplit(url)
        builder = EnvironBuilder(
            path=parts.path or "/",
            base_url=base_of(url),
            query_string=parts.query,
            method=method,
            headers=list(headers),
        )
        with self._hooks_watched():
            try:
                body, status, sent = run_wsgi_app(self._app, builder.get_environ())
            except Exception as error:  # noqa: BLE001 (whatever the application raises)
                return Answered(status=500, error=error)  # the server's own page
        with suppress(Exception):
            getattr(body, "close", lambda: None)()
        return Answered(status=int(status.split(" ", 1)[0]), headers=tuple(sent))

    @contextmanager
    def _hooks_watched(self) -> Generator[None]:
        """Note which `before_request` function answers instead of the view."""
        hooks = self._app.before_request_funcs
        originals = {scope: list(functions) for scope, functions in hooks.items()}
        for scope, functions in originals.items():
            hooks[scope][:] = [self._watched(function) for function in functions]
        try:
            yield
        finally:
            for scope, functions in originals.items():
                hooks[scope][:] = functions

    def _watched(self, function: Any) -> Any:
        @wraps(function)
        def watched() -> Any:
            try:
                result = self._app.ensure_sync(function)()
            except Exception:
                self.hook = function
                raise
            if result is not None:
                self.hook = function
            return result

        vars(watched).pop("__wrapped__")  # Flask would ask it whether it is asynchronous
        return watched


class Server:
    """Ask a server that runs, over HTTP."""

    def __call__(self, method: str, url: str, headers: Pairs) -> Answered:
        """Send one request; no redirect is followed."""
        parts = urlsplit(url)
        connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = connect(parts.hostname or "", parts.port, timeout=SECONDS)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            return Answered(status=response.status, headers=tuple(response.getheaders()))
        except (OSError, HTTPException) as error:
            return Answered(error=error)
        finally:
            connection.close()


class UnderPolicy:
    """Ask somebody, and put what another policy says in the place of what one has said."""

    def __init__(self, send: Send, before: Policy | None, after: Policy) -> None:
        self._send, self._before, self._after = send, before, after

    def __call__(self, method: str, url: str, headers: Pairs) -> Answered:
        """Send one request; what an application drops of one policy, it drops of the other."""
        answered = self._send(method, url, headers)
        if answered.error is not None:
            return answered
        said = answer_lines(self._before, method, "", headers).fields if self._before else ()
        own = [line for line in answered.headers if line not in said]
        dropped = {name for name, _ in said}.difference(name for name, _ in answered.headers)
        merged = answer_lines(self._after, method, "", headers).merged(own)
        return attrs.evolve(
            answered, headers=tuple(line for line in merged if line[0] not in dropped)
        )


class ElsewhereError(Exception):
    """The browser is sent on to another server, which is not asked."""


def only(url: str, send: Send) -> Send:
    """Ask nobody but the server of this URL."""

    def send_there(method: str, asked: str, headers: Pairs) -> Answered:
        if not browser.same_origin(url, asked):
            return Answered(error=ElsewhereError(asked))
        return send(method, asked, headers)

    return send_there

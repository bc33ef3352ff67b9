"""Serve the API and the page on two origins of this machine until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterable
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, make_server

from corecors import Policy, Rules

from .api import create_api, resources
from .journal import Journal
from .page import create_page

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"
WELCOME = """
  the API    {api}
  the page   {page}   <- open this one
             {other}   the same page from an origin that the API does not know

Below is what the API decides. Ctrl-C stops.
"""


class PortError(Exception):
    """A port cannot be had."""


def main() -> int:
    """Serve until SIGINT or SIGTERM; 2 where a port is taken."""
    port = _port(sys.argv[1:])
    with contextlib.ExitStack() as opened:
        try:
            api_socket = opened.enter_context(_listen(port))
            page_socket = opened.enter_context(_listen(port and port + 1))
        except PortError as error:
            print(error, file=sys.stderr)
            return 2
        _show_decisions()
        # A note, and no exception: that one may end in code which lets no exception out.
        stops: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _: stops.append(number))
        for server in _servers(api_socket, page_socket):
            opened.callback(server.server_close)
            Thread(target=server.serve_forever, daemon=True).start()
        while not stops:
            sleep(0.1)
    print("\nStopped.")
    return 0


def _port(arguments: Iterable[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m examples.demo", description=__doc__)
    parser.add_argument(
        "--port",
        type=_port_number,
        default=os.environ.get("PORT", "8000"),
        help="the API's port; the page gets the next one (default: $PORT, or 8000)",
    )
    return int(parser.parse_args(list(arguments)).port)


def _port_number(text: str) -> int:
    if not (text.isdecimal() and int(text) < 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 65534")
    return int(text)


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise PortError(
            f"Port {port} of {HOST} cannot be used: {reason}.\n"
            "Choose another one, which must be free like the one after it: make demo PORT=8080"
        ) from None


def _servers(
    api_socket: socket.socket, page_socket: socket.socket
) -> tuple[BaseWSGIServer, BaseWSGIServer]:
    page_port = page_socket.getsockname()[1]
    api = f"http://{HOST}:{api_socket.getsockname()[1]}"
    page = f"http://{HOST}:{page_port}"
    other = f"http://localhost:{page_port}"
    print(WELCOME.format(api=api, page=page, other=other), flush=True)
    rules = Rules([(path, Policy(**options)) for path, options in resources(page).items()])
    journal = Journal(create_api(page).wsgi_app, rules)
    return _server(api_socket, journal), _server(
        page_socket, create_page(api, page, other, journal)
    )


def _server(listening: socket.socket, app: WSGIApplication) -> BaseWSGIServer:
    with listening:
        return make_server(HOST, 0, app, threaded=True, fd=listening.fileno())


def _show_decisions() -> None:
    """Show the log that every Flask-CORS application has, and not the servers' own."""
    logging.basicConfig(format="%(message)s", stream=sys.stdout)
    logging.getLogger("flask_cors.decision").setLevel(logging.DEBUG)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)


if __name__ == "__main__":
    sys.exit(main())

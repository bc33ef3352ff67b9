"""Tiny servers: a right one, and the means to break it."""

from __future__ import annotations

import logging
import sys
from functools import cache

from corecors import Policy, evaluate
from corecors.browser import Response, get
from corecors.conformance import Expectation, Probe

A = "https://a.example"
ORIGIN = "Access-Control-Allow-Origin"
POLICY = {
    "origins": (A, "https://*.example.org"),
    "methods": ("GET", "PUT", "MGET"),
    "allow_headers": ("X-A", "Authorization"),
    "expose_headers": ("ETag",),
    "max_age": 60,
}
EXPECTED = Expectation(
    path="/api",
    origins=POLICY["origins"],
    methods=POLICY["methods"],
    headers=POLICY["allow_headers"],
    exposed=POLICY["expose_headers"],
    max_age=60,
)


@cache
def policy_with(**changed):
    return Policy(**{**POLICY, **changed})


def right(probe, **changed):
    """The client of an implementation that has no defect but what a changed policy makes one."""
    policy = policy_with(**changed)
    headers = dict(probe.headers)
    decision = evaluate(policy, probe.method, get(headers, "Origin"), headers, probe.path)
    return Response(headers=tuple(decision.headers.items()))


def with_header(response, name, value):
    """A response whose header of this name has this value, or, for None, is not there."""
    others = [pair for pair in response.headers if pair[0] != name]
    new = [] if value is None else [(name, value)]
    return Response(status=response.status, headers=others + new)


def as_wsgi(client):
    """The WSGI application that answers as a client is answered."""

    def application(environ, start_response):
        headers = [
            (key[5:].replace("_", "-").title(), value)
            for key, value in environ.items()
            if key.startswith("HTTP_") and key != "HTTP_HOST"
        ]
        probe = Probe(method=environ["REQUEST_METHOD"], path="/api", headers=tuple(headers))
        response = client(probe)
        start_response(f"{response.status} OK", list(response.headers))
        return [b"x"]

    return application


wsgi = as_wsgi(right)
wsgi_login = as_wsgi(lambda probe: Response(status=401))
wsgi_advised = as_wsgi(lambda probe: with_header(right(probe), "Access-Control-Max-Age", "60"))
wsgi_closed = as_wsgi(lambda probe: Response())
wsgi_broken = as_wsgi(lambda probe: Response(status=500))
not_callable = 1


def make_wsgi():
    return wsgi


def make_asgi():
    return asgi


class Holder:
    wsgi = wsgi


def takes_anything(*arguments):
    return wsgi(*arguments)


def fails():
    raise ValueError("two\nlines")


def wsgi_loud(environ, start_response):
    sys.stdout.write("loud out")
    sys.stderr.write("loud err")
    environ["wsgi.errors"].write("loud too")
    logging.getLogger("loud").error("loud log")
    start_response("200 OK", [(ORIGIN, "*")])
    return [b"x"]


def wsgi_raising(environ, start_response):
    raise ValueError("two\nlines")


async def asgi(scope, receive, send):
    """An ASGI application that answers as the right client."""
    assert (await receive())["type"] == "http.request"
    pairs = tuple((n.decode().title(), v.decode("latin-1")) for n, v in scope["headers"])
    response = right(Probe(method=scope["method"], path=scope["path"], headers=pairs))
    headers = [(n.encode(), v.encode("latin-1")) for n, v in response.headers]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"x"})

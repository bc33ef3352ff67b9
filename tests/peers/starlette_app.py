"""Starlette's CORSMiddleware."""

import attrs
from scenarios import USUAL, A, B
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.routing import Mount, Route

from corecors.conformance import ASGIClient

SCENARIOS = USUAL
# Its documentation: these are always allowed.
INSTEAD = {"headers": ("X-A", "Accept", "Accept-Language", "Content-Language", "Content-Type")}
SHARED = Response("x")


async def view(request):
    return Response("x")


async def own(request):
    headers = {"Vary": "Origin"}
    if request.headers.get("origin") == A:
        headers["Access-Control-Allow-Origin"] = A
    return Response("x", headers=headers)


async def shared(request):
    return SHARED


class Class(HTTPEndpoint):
    async def get(self, request):
        return Response("x")

    put = get


def mount(path, endpoint, **policy):
    inner = Starlette(
        routes=[Route("/", endpoint)], middleware=[Middleware(CORSMiddleware, **policy)]
    )
    return Mount(path, inner)


PATTERN = r"https://.*\.example\.org"
app = Starlette(
    routes=[
        mount(
            "/one",
            view,
            allow_origins=[A],
            allow_methods=["GET", "PUT"],
            allow_headers=["X-A"],
            expose_headers=["ETag"],
        ),
        mount("/several", view, allow_origins=[A, B], allow_credentials=True),
        mount("/open", view, allow_origins=["*"]),
        mount("/cookies", view, allow_origins=["*"], allow_credentials=True),
        mount("/pattern", view, allow_origin_regex=PATTERN),
        mount("/age", view, allow_origins=[A], allow_methods=["GET", "PUT"], max_age=0),
        mount("/ipv6", view, allow_origins=["http://[::1]:3000"]),
        mount("/own", own, allow_origins=[A]),
        mount("/shared", shared, allow_origins=[A, B]),
        mount("/class", Class, allow_origins=[A], allow_methods=["GET", "PUT"]),
    ]
)


def at_the_mount(probe):
    """Ask with the slash that Starlette's mounts want, instead of following a redirect to it."""
    return ASGIClient(app)(attrs.evolve(probe, path=probe.path + "/"))


client = at_the_mount

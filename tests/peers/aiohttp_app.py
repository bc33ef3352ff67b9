"""aiohttp-cors, served on a free port of this machine."""

import asyncio
import threading

import aiohttp_cors
from aiohttp import web
from scenarios import A, B

from corecors.conformance import URLClient

SCENARIOS = ("one", "several", "open", "cookies", "age", "ipv6", "own")


async def view(request):
    return web.Response(text="x")


async def own(request):
    headers = {"Vary": "Origin"}
    if request.headers.get("Origin") == A:
        headers["Access-Control-Allow-Origin"] = A
    return web.Response(text="x", headers=headers)


def options(*origins, **policy):
    return {origin: aiohttp_cors.ResourceOptions(**policy) for origin in origins}


RESOURCES = {
    "/one": options(
        A, allow_methods=["GET", "PUT"], allow_headers=["X-A"], expose_headers=["ETag"]
    ),
    "/several": options(A, B, allow_credentials=True),
    "/open": options("*"),
    "/cookies": options("*", allow_credentials=True),
    "/age": options(A, allow_methods=["GET", "PUT"], max_age=0),
    "/ipv6": options("http://[::1]:3000"),
    "/own": options(A),
}


def make():
    app = web.Application()
    cors = aiohttp_cors.setup(app)
    for path, policy in RESOURCES.items():
        resource = cors.add(app.router.add_resource(path), policy)
        for method in ("GET", "PUT"):
            cors.add(resource.add_route(method, own if path == "/own" else view))
    return app


def serve():
    """Run the server in a thread and return its URL."""
    ready, urls = threading.Event(), []

    async def run():
        runner = web.AppRunner(make(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        urls.append("http://127.0.0.1:%d" % runner.addresses[0][1])
        ready.set()
        await asyncio.Event().wait()

    threading.Thread(target=lambda: asyncio.run(run()), daemon=True).start()
    ready.wait(10)
    return urls[0]


client = URLClient(serve())

"""The core in aiohttp's server: `add_cors(app, policy)`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Union

from aiohttp import web

from corecors import Decision, Policy, Rules, evaluate

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_cors(app: web.Application, policy: Union[Policy, Rules]) -> None:
    """Send the headers of a policy, or of the rule that covers the path.

    The signal sees every answer just before it is sent: streams, redirects and errors too.
    """

    @web.middleware
    async def answer_preflights(request: web.Request, handler: Handler) -> web.StreamResponse:
        if decide(policy, request).verdict.preflight:
            return web.Response(status=204)
        return await handler(request)

    async def write_headers(request: web.Request, response: web.StreamResponse) -> None:
        write(response, decide(policy, request))

    app.middlewares.insert(0, answer_preflights)
    app.on_response_prepare.append(write_headers)


def decide(policy: Policy | Rules, request: web.Request) -> Decision:
    """Ask the core about a request; a header that came more than once is one value."""
    headers = {name: ", ".join(request.headers.getall(name)) for name in request.headers}
    origin = ", ".join(request.headers.getall("Origin", ())) or None
    return evaluate(policy, request.method, origin, headers, request.path)


def write(response: web.StreamResponse, decision: Decision) -> None:
    """Add a decision's headers; a handler's own Access-Control-Allow-Origin stands alone."""
    if "Access-Control-Allow-Origin" not in response.headers:
        response.headers.update(decision.fields)
    lines = response.headers.getall("Vary", ())
    varying = {word.strip().lower() for line in lines for word in line.split(",")}
    for name in decision.vary:
        if not varying & {name.lower(), "*"}:
            response.headers.add("Vary", name)

"""The core in aiohttp's server: `add_cors(app, policy)`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Union

from aiohttp import web

from corecors import Answer, Policy, Rules
from corecors.shell import answer_lines

ANSWER: Any = web.RequestKey("cors", Answer) if hasattr(web, "RequestKey") else "cors"
"""Where a request keeps its answer; the kind of key is new in aiohttp 3.14."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_cors(app: web.Application, policy: Union[Policy, Rules]) -> None:
    """Send the headers of a policy, or of the rule that covers the path.

    The signal sees every answer just before it is sent: streams, redirects and errors too.
    """

    def ask(request: web.Request) -> Answer:
        return answer_lines(policy, request.method, request.path, request.headers.items())

    @web.middleware
    async def answer_preflights(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method == "OPTIONS":
            request[ANSWER] = ask(request)
            if request[ANSWER].verdict.preflight:
                return web.Response(status=204)
        return await handler(request)

    async def write_lines(request: web.Request, response: web.StreamResponse) -> None:
        answer = request.get(ANSWER) or ask(request)
        drop, add = answer.changes(response.headers.items())
        if drop:
            add = tuple(answer.merged(response.headers.items()))
            response.headers.clear()
        response.headers.extend(add)

    app.middlewares.insert(0, answer_preflights)
    app.on_response_prepare.append(write_lines)

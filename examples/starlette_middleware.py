"""The core around Starlette, FastAPI, or any other ASGI application.

`Middleware(CorsMiddleware, policy=policy)` covers what Starlette's user middleware covers, which is
not an uncaught exception; `app = CorsMiddleware(app, policy)`, outermost, covers that too.
"""

from __future__ import annotations

from typing import Union

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corecors import Decision, Policy, Rules, evaluate


class CorsMiddleware:
    """Send the headers of a policy, or of the rule that covers the path."""

    def __init__(self, app: ASGIApp, policy: Union[Policy, Rules]) -> None:
        self.app = app
        self.policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        decision = decide(self.policy, scope)
        if decision.verdict.preflight:
            await Response(status_code=204, headers=decision.headers)(scope, receive, send)
            return

        async def send_with_cors(message: Message) -> None:
            if message["type"] == "http.response.start":
                message.setdefault("headers", [])
                add_cors(MutableHeaders(scope=message), decision)
            await send(message)

        await self.app(scope, receive, send_with_cors)


def decide(policy: Policy | Rules, scope: Scope) -> Decision:
    """Ask the core about an ASGI request; a header that came more than once is one value."""
    request = Headers(scope=scope)
    headers = {name: ", ".join(request.getlist(name)) for name in request}
    return evaluate(policy, scope["method"], headers.get("origin"), headers, scope["path"])


def add_cors(headers: MutableHeaders, decision: Decision) -> None:
    """Add a decision's headers; an application's own Access-Control-Allow-Origin stands alone."""
    if "Access-Control-Allow-Origin" not in headers:
        headers.update(dict(decision.fields))
    varying = {word.strip().lower() for word in headers.get("Vary", "").split(",")}
    for name in decision.vary:
        if not varying & {name.lower(), "*"}:
            headers.add_vary_header(name)

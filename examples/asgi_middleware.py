"""The core around any ASGI application: `app = Cors(app, policy)`.

Put outermost it covers the framework's own errors, and answers preflights before anything can ask
for a login. Starlette, FastAPI, Litestar and Quart have a place for it that is outermost.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Union

from corecors import Policy, Rules
from corecors.shell import answer_scope, merged_bytes

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Cors:
    """Send the headers of a policy, or of the rule that covers the path."""

    def __init__(self, app: App, policy: Union[Policy, Rules]) -> None:
        self.app = app
        self.policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = answer_scope(self.policy, scope)

        async def send_with_lines(message: Message) -> None:
            if message["type"] == "http.response.start":
                lines = merged_bytes(answer, message.get("headers", ()))
                message = {**message, "headers": lines}
            await send(message)

        if answer.verdict.preflight:
            await send_with_lines({"type": "http.response.start", "status": 204})
            await send({"type": "http.response.body"})
        else:
            await self.app(scope, receive, send_with_lines)

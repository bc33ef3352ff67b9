"""The core in Falcon: `falcon.App(middleware=[CorsMiddleware(policy), ...])`, before the others.

For `falcon.asgi.App` too.
"""

from __future__ import annotations

from typing import Any, Optional, Union

import falcon

from corecors import Answer, Policy, Rules
from corecors.shell import answer_environ, answer_scope


class CorsMiddleware:
    """Send the headers of a policy, or of the rule that covers the path."""

    def __init__(self, policy: Union[Policy, Rules]) -> None:
        self.policy = policy

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer a preflight here, before routing and before any login."""
        if req.method == "OPTIONS":
            req.context.cors = answer_environ(self.policy, req.env, req.path)
            stop_preflight(req, resp)

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, resource: Any, req_succeeded: bool
    ) -> None:
        """Write the lines on every answer, Falcon's own errors included."""
        noted: Optional[Answer] = getattr(req.context, "cors", None)
        answer = noted or answer_environ(self.policy, req.env, req.path)
        lines, own = answer.lines, resp.headers
        # One line for each name is all that a response has: to set it is to replace it.
        if "vary" in own or "access-control-allow-origin" in own:
            lines = answer.changes(own.items()).add
        for name, value in lines:
            resp.set_header(name, value)

    async def process_request_async(self, req: Any, resp: Any) -> None:
        req.context.cors = answer_scope(self.policy, {**req.scope, "path": req.path})
        stop_preflight(req, resp)

    async def process_response_async(
        self, req: Any, resp: Any, resource: Any, req_succeeded: bool
    ) -> None:
        self.process_response(req, resp, resource, req_succeeded)


def stop_preflight(req: Any, resp: Any) -> None:
    if req.context.cors.verdict.preflight:
        resp.status = falcon.HTTP_204
        resp.complete = True

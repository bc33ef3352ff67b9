"""The core in Falcon: `falcon.App(middleware=[CorsMiddleware(policy), ...])`, before the others.

For `falcon.asgi.App` too.
"""

from __future__ import annotations

from typing import Any, Union

import falcon

from corecors import Answer, Policy, Rules
from corecors.shell import answer_environ, answer_scope


class CorsMiddleware:
    """Send the headers of a policy, or of the rule that covers the path."""

    def __init__(self, policy: Union[Policy, Rules]) -> None:
        self.policy = policy

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer a preflight here, before routing and before any login."""
        answer = req.context.cors = answer_environ(self.policy, req.env, req.path)
        if answer.verdict.preflight:
            resp.status = falcon.HTTP_204
            resp.complete = True

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, resource: Any, req_succeeded: bool
    ) -> None:
        """Write the lines on every answer, Falcon's own errors included."""
        answer: Answer = req.context.cors
        lines, own = answer.lines, resp.headers
        # One line for each name is all that a response has: to set it is to replace it.
        if "access-control-allow-origin" in own or "vary" in own:
            lines = answer.changes(own.items()).add
        resp.set_headers(lines)

    async def process_request_async(self, req: Any, resp: Any) -> None:
        answer = req.context.cors = answer_scope(self.policy, {**req.scope, "path": req.path})
        if answer.verdict.preflight:
            resp.status = falcon.HTTP_204
            resp.complete = True

    async def process_response_async(
        self, req: Any, resp: Any, resource: Any, req_succeeded: bool
    ) -> None:
        self.process_response(req, resp, resource, req_succeeded)

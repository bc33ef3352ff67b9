"""The core in Falcon: `falcon.App(middleware=[CorsMiddleware(policy), ...])`, before the others."""

from __future__ import annotations

from typing import Any, Union

import falcon

from corecors import Decision, Policy, Rules, evaluate


class CorsMiddleware:
    """Send the headers of a policy, or of the rule that covers the path."""

    def __init__(self, policy: Union[Policy, Rules]) -> None:
        self.policy = policy

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Decide; a preflight is answered here, before routing and before any login."""
        decision = evaluate(
            self.policy, req.method, req.get_header("Origin"), req.headers, req.path
        )
        req.context.cors = decision
        if decision.verdict.preflight:
            resp.status = falcon.HTTP_204
            resp.complete = True

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, resource: Any, req_succeeded: bool
    ) -> None:
        """Write the headers on every answer, Falcon's own errors included."""
        add_cors(resp, req.context.cors)


def add_cors(resp: falcon.Response, decision: Decision) -> None:
    """Add a decision's headers; a resource's own Access-Control-Allow-Origin stands alone."""
    if resp.get_header("Access-Control-Allow-Origin") is None:
        resp.set_headers(dict(decision.fields))
    varying = {word.strip().lower() for word in (resp.get_header("Vary") or "").split(",")}
    for name in decision.vary:
        if not varying & {name.lower(), "*"}:
            resp.append_header("Vary", name)

"""The core in Sanic: `add_cors(app, policy)`."""

from __future__ import annotations

from typing import Any, Optional, Union

from sanic import HTTPResponse, Request, Sanic, empty

from corecors import Answer, Policy, Rules
from corecors.shell import answer_lines

FIRST = 1_000
"""The priority: first of all with the request, last of all with the response."""


def add_cors(app: Sanic[Any, Any], policy: Union[Policy, Rules]) -> None:
    """Send the headers of a policy, or of the rule that covers the path.

    Sanic's answers to exceptions, and to paths that it does not know, come here as well.
    """

    async def answer_preflights(request: Request) -> Optional[HTTPResponse]:
        answer = answer_lines(policy, request.method, request.path, request.headers.items())
        request.ctx.cors = answer
        return empty() if answer.verdict.preflight else None

    async def write_lines(request: Request, response: HTTPResponse) -> None:
        answer: Answer = request.ctx.cors
        lines = answer.merged(response.headers.items())
        response.headers.clear()
        response.headers.extend(lines)

    app.on_request(answer_preflights, priority=FIRST)
    app.on_response(write_lines, priority=FIRST)

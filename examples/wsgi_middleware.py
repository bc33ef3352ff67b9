"""The core around any WSGI application (PEP 3333): `app = Cors(app, policy)`.

Put outermost it covers the framework's own errors, and answers preflights before anything can ask
for a login. Only what raises past the application itself is the server's to answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Union

from corecors import Policy, Rules
from corecors.shell import answer_environ

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Cors:
    """Send the headers of a policy, or of the rule that covers the path."""

    def __init__(self, app: WSGIApplication, policy: Union[Policy, Rules]) -> None:
        self.app = app
        self.policy = policy

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = answer_environ(self.policy, environ)
        if answer.verdict.preflight:
            start_response("204 No Content", list(answer.lines))
            return []

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            return start_response(status, answer.merged(headers), *exc_info)

        return self.app(environ, start)

"""The core around any WSGI application (PEP 3333): `app = Cors(app, policy)`.

Outermost, it covers errors too, and answers preflights before anything can ask for a login.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Union

from corecors import Decision, Policy, Rules, evaluate

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Cors:
    """Send the headers of a policy, or of the rule that covers the path."""

    def __init__(self, app: WSGIApplication, policy: Union[Policy, Rules]) -> None:
        self.app = app
        self.policy = policy

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        decision = decide(self.policy, environ)
        if decision.verdict.preflight:
            start_response("204 No Content", list(decision.headers.items()))
            return []

        def start(status: str, headers: list[tuple[str, str]], *args: Any) -> Any:
            return start_response(status, with_cors(headers, decision), *args)

        return self.app(environ, start)


def decide(policy: Policy | Rules, environ: WSGIEnvironment) -> Decision:
    """Ask the core about a WSGI request."""
    headers = {
        key[len("HTTP_") :].replace("_", "-"): value
        for key, value in environ.items()
        if key.startswith("HTTP_")
    }
    path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
    return evaluate(policy, environ["REQUEST_METHOD"], headers.get("ORIGIN"), headers, path)


def with_cors(headers: list[tuple[str, str]], decision: Decision) -> list[tuple[str, str]]:
    """Add a decision's headers; an application's own Access-Control-Allow-Origin stands alone."""
    own = {name.lower() for name, _ in headers}
    new = [] if "access-control-allow-origin" in own else list(decision.fields)
    lines = [value for name, value in headers if name.lower() == "vary"]
    varying = {word.strip().lower() for line in lines for word in line.split(",")}
    missing = [name for name in decision.vary if not varying & {name.lower(), "*"}]
    if missing:
        new.append(("Vary", ", ".join(missing)))
    return [*headers, *new]

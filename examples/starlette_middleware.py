"""The core in Starlette and FastAPI: `add_cors(app, policy)`.

`app.add_middleware` would put it inside of what answers 500 to an uncaught exception; here it goes
around that too. The application stays what it is, and may be mounted.
"""

from __future__ import annotations

from typing import Union

from starlette.applications import Starlette
from starlette.types import ASGIApp

from corecors import Policy, Rules

from .asgi_middleware import Cors


def add_cors(app: Starlette, policy: Union[Policy, Rules]) -> None:
    """Send the headers of a policy, or of the rule that covers the path, before the first request.

    FastAPI documents `build_middleware_stack` as the place for this.
    """
    build = app.build_middleware_stack

    def build_with_cors() -> ASGIApp:
        return Cors(build(), policy)

    app.build_middleware_stack = build_with_cors  # type: ignore[method-assign]

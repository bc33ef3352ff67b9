"""The core in Litestar: `add_cors(app, policy)`, in the place of its own `cors_config`.

It goes around what answers errors, and around the routing, which Litestar's middlewares do not.
"""

from __future__ import annotations

from typing import Any, Union

from litestar import Litestar

from corecors import Policy, Rules

from .asgi_middleware import Cors


def add_cors(app: Litestar, policy: Union[Policy, Rules]) -> None:
    """Send the headers of a policy, or of the rule that covers the path."""
    handler: Any = app.asgi_handler  # Litestar has types of its own for what ASGI calls
    app.asgi_handler = Cors(handler, policy)  # type: ignore[assignment]

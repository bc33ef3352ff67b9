"""The core in Quart: `add_cors(app, policy)`."""

from __future__ import annotations

from typing import Any, Union

from quart import Quart

from corecors import Policy, Rules

from .asgi_middleware import Cors


def add_cors(app: Quart, policy: Union[Policy, Rules]) -> None:
    """Send the headers of a policy, or of the rule that covers the path.

    `asgi_app` is where Quart documents that a middleware goes: around its errors too.
    """
    application: Any = app.asgi_app  # Quart has types of its own for what ASGI calls
    app.asgi_app = Cors(application, policy)  # type: ignore[method-assign, assignment]

"""The application that is put under load, and its policies as the pure core sees them."""

from __future__ import annotations

from typing import Any

from flask import Flask

from corecors import Policy, Rules
from flask_cors import CORS

RESOURCES: dict[str, dict[str, Any]] = {
    "/api/*": {
        "origins": [
            *(f"https://host{n}.example" for n in range(1_000)),
            "https://*.tenant.example",
            r"^https://(app|api)\.regex[0-9]+\.example$",
            "http://localhost:*",
        ],
        "methods": ["GET", "PUT"],
        "allow_headers": ["Content-Type", "X-Token"],
        "expose_headers": ["X-Total"],
        "supports_credentials": True,
        "max_age": 600,
    },
    "/public/*": {"origins": "*", "send_wildcard": True},
    "/single": {"origins": "https://host1.example", "vary_header": False},
}

RULES = Rules([(path, Policy(**options)) for path, options in RESOURCES.items()])


def create() -> Flask:
    """Make it, once for each worker of the server."""
    app = Flask(__name__)
    app.logger.disabled = True  # of the view that fails on purpose
    CORS(app, resources=RESOURCES)
    for rule in ("/api/<name>", "/public/<name>", "/single", "/none"):
        app.add_url_rule(rule, rule, _view, methods=["GET", "PUT"])
    app.add_url_rule("/api/error", "error", _error)
    return app


def _view(name: str = "") -> str:
    return f"Hello {name}"


def _error() -> str:
    raise RuntimeError

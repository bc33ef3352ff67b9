"""Requests to an application, and what of an answer CORS is about."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from flask_cors import cross_origin

ORIGIN = "https://app.example"
OTHER = "https://other.example"
EVIL = "https://evil.example"
TWO = [ORIGIN, OTHER]
"""So that the answer depends on the origin."""

GRANTED = {"Access-Control-Allow-Origin": ORIGIN}
"""What the one literal origin of a policy gets."""
REFLECTED = {**GRANTED, "Vary": "Origin"}
"""What one of several origins, or any origin, gets."""
REFUSED = {"Vary": "Origin"}
NO_RULE: dict[str, Any] = {}

METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
"""The methods of a policy that names none."""


def ask(
    app: Flask | Client,
    path: str = "/",
    method: str = "GET",
    *,
    origin: str | None = ORIGIN,
    headers: dict[str, str] | None = None,
    **how: Any,
) -> TestResponse:
    """Send one request from a page on `origin`."""
    client = app.test_client() if isinstance(app, Flask) else app
    sent = {} if origin is None else {"Origin": origin}
    return client.open(path, method=method, headers={**sent, **(headers or {})}, **how)


def preflight(
    app: Flask | Client,
    path: str = "/",
    method: str = "PUT",
    *,
    headers: dict[str, str] | None = None,
    **how: Any,
) -> TestResponse:
    """Ask as a browser does before it sends `method`."""
    asked = {"Access-Control-Request-Method": method, **(headers or {})}
    return ask(app, path, "OPTIONS", headers=asked, **how)


def cors(response: Any) -> dict[str, Any]:
    """Give the CORS headers and `Vary`; a tuple of values where a header has several lines."""
    lines: dict[str, Any] = {}
    for name, value in response.headers:
        if name == "Vary" or name.startswith("Access-Control-"):
            lines[name] = (*_several(lines[name]), value) if name in lines else value
    return lines


def _several(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


def only(name: str) -> dict[str, Any]:
    """Make the options of a policy that tells its name, see `decider`."""
    return {"origins": f"https://{name}.example"}


def decider(
    app: Flask | Client, path: str = "/", method: str = "GET", *, before: str = "", **how: Any
) -> str | None:
    """Tell whose policy decides; with `before`, about the preflight of that method.

    A request without `Origin` gets the single literal origin of the policy (`always_send`).
    """
    send = preflight if before else ask
    response = send(app, path, before or method, origin=None, **how)
    value = response.headers.get("Access-Control-Allow-Origin")
    return value and value[len("https://") : -len(".example")]


needs_signals = pytest.mark.skipif(
    find_spec("blinker") is None, reason="Flask 2.2 has signals only with blinker"
)
needs_async = pytest.mark.skipif(
    find_spec("asgiref") is None, reason="async views need Flask's extra `async`"
)


def view(name: str) -> Any:
    """Make a view with a policy of its own."""
    return cross_origin(**only(name))(lambda **_: "x")


def plain(**_: Any) -> str:
    """Answer, as a view without a policy of its own."""
    return "x"

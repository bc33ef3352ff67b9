"""Flask: bare, with the headers written by hand, with whichever `flask_cors` is installed."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from flask import Flask, request

from flask_cors import CORS, cross_origin

from ..scenarios import Scenario
from .wsgi import WsgiServer

Lines = list[tuple[str, str]]


def make(scenario: Scenario, kind: str, lines: Lines) -> WsgiServer:
    """Make an application; `lines` are what `hand` writes."""
    app = Flask("benchmark")
    app.logger.disabled = True  # of the view that fails
    if kind == "hand":
        app.after_request(_by_hand(lines))
    elif kind != "bare" and not scenario.decorated:
        _add_cors(app, scenario)
    if kind == "needless":
        _parse_needlessly(app)
    decorate = kind == "cors" and scenario.decorated
    for path, view in (("/", _view), ("/last", _view), ("/error", _error)):
        app.add_url_rule(
            path, path, _decorated(scenario, view) if decorate else view, methods=["GET", "PUT"]
        )
    for path in ("/last/x", "/public/x"):
        app.add_url_rule(path, path, _view)
    return WsgiServer(app, scenario.request)


def _view() -> str:
    return "Hello"


def _error() -> str:
    raise RuntimeError


def _by_hand(lines: Lines) -> Any:
    """Write what a user would write: a function with one assignment for each header."""
    body = "".join(f"    response.headers[{name!r}] = {value!r}\n" for name, value in lines)
    namespace: dict[str, Any] = {}
    exec(f"def hand(response):\n{body}    return response\n", namespace)  # noqa: S102 (our own text)
    return namespace["hand"]


def _options(scenario: Scenario) -> dict[str, Any]:
    if scenario.in_regexes and "corecors" not in version("flask-cors"):
        return scenario.in_regexes()
    return scenario.options()


def _add_cors(app: Flask, scenario: Scenario) -> None:
    CORS(app, **_options(scenario))


def _decorated(scenario: Scenario, view: Any) -> Any:
    return cross_origin(**_options(scenario))(view)


def _parse_needlessly(app: Flask) -> None:
    """Read one header more than is needed, as a careless change might."""
    hooks = app.after_request_funcs[None]
    hook = hooks.pop()

    def careless(response: Any) -> Any:
        request.headers.get("Origin")
        return hook(response)

    hooks.append(careless)

"""The example API: one resource for each thing that CORS can do."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import InternalServerError

from flask_cors import CORS


def resources(page: str) -> dict[str, dict[str, Any]]:
    """Say which pages may do what: the whole CORS configuration of the API."""
    return {
        "/notes/*": {"origins": [page], "methods": ["GET", "PUT"]},
        "/search": {"origins": [page], "expose_headers": ["X-Total-Count"]},
        "/visits": {"origins": [page], "supports_credentials": True},
        "/public": {"origins": "*", "send_wildcard": True},
        "/partners": {"origins": ["https://shop.example"]},
        "/broken": {"origins": [page]},
    }


def python(pattern: str, options: dict[str, Any]) -> str:
    """Write one of these rules as the Python that makes it."""
    lines = [f"    {_quoted(name)}: {_quoted(value)},\n" for name, value in options.items()]
    return f"CORS(app, resources={{{_quoted(pattern)}: {{\n{''.join(lines)}}}}})"


def _quoted(value: Any) -> str:
    return repr(value).replace("'", '"')


def create_api(page: str) -> Flask:
    """Make the API that a page on the origin `page` may use."""
    app = Flask(__name__)
    CORS(app, resources=resources(page))
    app.add_url_rule("/", view_func=lambda: _about(page), endpoint="about")
    _add_views(app)
    app.register_error_handler(InternalServerError, _as_json)
    return app


def _about(page: str) -> ResponseReturnValue:
    return jsonify(
        about="The example API of `make demo`. Pages of other origins call it.",
        page=page,
        resources=list(resources(page)),
    )


def _add_views(app: Flask) -> None:
    app.add_url_rule("/notes/", view_func=_notes)
    app.add_url_rule("/notes/1", view_func=_note, methods=["PUT", "DELETE"])
    app.add_url_rule("/search", view_func=_search)
    app.add_url_rule("/visits", view_func=_visits)
    app.add_url_rule("/public", view_func=_public)
    app.add_url_rule("/partners", view_func=_partners)
    app.add_url_rule("/broken", view_func=_broken)


def _notes() -> ResponseReturnValue:
    return jsonify(notes=["milk", "bread"])


def _note() -> ResponseReturnValue:
    return jsonify(saved=request.get_json(silent=True), by=request.method)


def _search() -> ResponseReturnValue:
    response = jsonify(found=["milk"])
    response.headers["X-Total-Count"] = "42"
    response.headers["X-Query-Cost"] = "7 ms"
    return response


def _visits() -> ResponseReturnValue:
    seen = request.cookies.get("visits", "0")
    visits = int(seen) + 1 if seen.isdecimal() and len(seen) < 10 else 1
    response = make_response(jsonify(visits=visits))
    response.set_cookie("visits", str(visits), samesite="Lax", httponly=True)
    return response


def _public() -> ResponseReturnValue:
    return jsonify(weather="sunny")


def _partners() -> ResponseReturnValue:
    return jsonify(prices="for https://shop.example only")


def _broken() -> ResponseReturnValue:
    abort(500, "the database is away")


def _as_json(error: InternalServerError) -> ResponseReturnValue:
    return jsonify(error=error.description), 500

"""The application that every origin serves: the pages, the API under our CORS, and raw answers."""

from __future__ import annotations

import json
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, abort, redirect, request, send_file
from flask.typing import ResponseReturnValue
from flask.views import MethodView
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Response

from flask_cors import CORS, cross_origin

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "FOO"]
RUNNER = Path(__file__).with_name("runner.js")
NOT_STORED = {"Cache-Control": "no-store"}


def resources(at: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Say who may do what; `at` has the origins by their short names."""
    both = [at["p1"], at["l1"]]
    return {
        "/list/*": {"origins": both},
        "/one/*": {"origins": at["p1"]},
        "/any/*": {"origins": "*"},
        "/wild/*": {"origins": "*", "send_wildcard": True},
        "/null/*": {"origins": "null"},
        "/regex/*": {"origins": re.compile(r"http://localhost:\d+")},
        "/port/*": {"origins": "http://localhost:*"},
        "/call/*": {"origins": lambda origin: origin.startswith("http://127.")},
        "/v6/*": {"origins": at.get("v6", "http://[::1]:1")},
        "/raises/*": {"origins": lambda origin: 1 // 0},
        "/silent/*": {"origins": at["p1"], "always_send": False},
        "/cred/*": {"origins": both, "supports_credentials": True},
        "/anycred/*": {"origins": "*", "supports_credentials": True},
        "/methods/*": {"origins": both, "methods": ["GET", "PATCH", "Foo"]},
        "/anymethod/*": {"origins": both, "methods": "*"},
        "/headers/*": {"origins": both, "allow_headers": ["X-A", "authorization", r"x-re-\d+"]},
        "/noheaders/*": {"origins": both, "allow_headers": []},
        "/expose/*": {"origins": both, "expose_headers": ["x-one", "ETag", "Set-Cookie"]},
        "/exposecred/*": {
            "origins": both, "expose_headers": "*", "supports_credentials": True
        },
        "/exposeany/*": {"origins": both, "expose_headers": "*"},
        "/age600/*": {"origins": both, "max_age": 600},
        "/age1/*": {"origins": both, "max_age": 1},
        "/age0/*": {"origins": both, "max_age": 0},
        "/novary/*": {"origins": both, "vary_header": False},
    }  # fmt: skip


def create_app(at: Mapping[str, str]) -> Flask:
    """Make the application for these origins."""
    app = Flask(__name__)
    app.logger.disabled = True  # errors are wanted here
    app.config["MAX_CONTENT_LENGTH"] = 1000
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of policies that no browser obeys: they are wanted here
        CORS(app, resources=resources(at))
    _add_pages(app)
    _add_answers(app)
    _add_failures(app)
    _add_other_scopes(app, at)
    sub = Flask("sub")
    CORS(sub, origins=at["l1"])
    sub.add_url_rule("/echo", view_func=_echo, methods=METHODS)
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/sub": sub})  # type: ignore[method-assign]  # as Flask's documentation does
    return app


def _add_pages(app: Flask) -> None:
    def page() -> ResponseReturnValue:
        return '<!doctype html><meta charset="utf-8"><body><script src="/runner.js"></script>'

    app.add_url_rule("/page", view_func=page)
    app.add_url_rule("/runner.js", view_func=lambda: send_file(RUNNER), endpoint="runner")
    app.add_url_rule("/raw", view_func=_Raw().answer, methods=[*METHODS, "OPTIONS"])


def _echo(policy: str = "") -> ResponseReturnValue:
    headers = {
        "Content-Language": "en",
        "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT",
        "ETag": '"1"',
        "X-One": "1",
        "X-Two": "2",
        "Set-Cookie": "seen=1; Path=/; SameSite=Lax",
        **NOT_STORED,
    }
    return f"{request.method} of {policy}", headers


def _cached(policy: str) -> ResponseReturnValue:
    return policy, {"Cache-Control": "max-age=600", "ETag": '"1"'}


def _validated(policy: str) -> ResponseReturnValue:
    response = Response(policy, headers={"Cache-Control": "no-cache", "ETag": '"1"'})
    return response.make_conditional(request.environ)  # type: ignore[return-value]


def _redirected(policy: str) -> ResponseReturnValue:
    response = redirect(request.args["to"], int(request.args.get("status", "302")))
    response.headers.update(NOT_STORED)
    return response


def _streamed(policy: str) -> ResponseReturnValue:
    def lines() -> Iterator[str]:
        for number in range(5):
            yield f"{policy} {number}\n"

    return lines(), NOT_STORED


def _file(policy: str) -> ResponseReturnValue:
    return send_file(RUNNER, max_age=0)


def _own_origin(policy: str) -> ResponseReturnValue:
    return policy, {"Access-Control-Allow-Origin": request.args["own"], **NOT_STORED}


def _own_vary(policy: str) -> ResponseReturnValue:
    return policy, {"Vary": "Accept-Encoding, Origin", **NOT_STORED}


def _mapping(policy: str) -> ResponseReturnValue:
    response = Response(policy)
    response.headers = {"X-One": "1", "Content-Type": "text/plain"}  # type: ignore[assignment]
    return response  # type: ignore[return-value]


def _add_answers(app: Flask) -> None:
    def add(path: str, view: Any, methods: list[str] = METHODS) -> None:
        app.add_url_rule(f"/<policy>/{path}", view_func=view, methods=methods)

    add("echo", _echo)
    add("cached", _cached)
    add("validated", _validated)
    add("redirect", _redirected)
    add("stream", _streamed)
    add("file", _file)
    add("own", _own_origin)
    add("vary", _own_vary)
    add("mapping", _mapping)
    app.add_url_rule("/<policy>/slash/", "slash", _echo)
    app.add_url_rule("/<policy>/get", "get", _echo, methods=["GET"])


def _add_failures(app: Flask) -> None:
    def fail(policy: str, status: int) -> ResponseReturnValue:
        abort(status)

    def crash(policy: str) -> ResponseReturnValue:
        raise LookupError(policy)

    def upload(policy: str) -> ResponseReturnValue:
        return str(len(request.get_data())), NOT_STORED

    def teapot(error: Exception) -> ResponseReturnValue:
        return "short and stout", 418, {"X-One": "1"}

    app.add_url_rule("/<policy>/fail/<int:status>", view_func=fail, methods=METHODS)
    app.add_url_rule("/<policy>/crash", view_func=crash, methods=METHODS)
    app.add_url_rule("/<policy>/upload", view_func=upload, methods=METHODS)
    app.register_error_handler(418, teapot)


def _add_other_scopes(app: Flask, at: Mapping[str, str]) -> None:
    """Add nearer policies than the application's: decorators, a class-based view, a blueprint."""
    only_p2 = cross_origin(origins=at["p2"], methods=["GET", "PUT"])

    both = ["GET", "PUT"]
    decorated = only_p2(lambda: _echo("decorated"))

    class View(MethodView):
        decorators = (cross_origin(origins=at["p2"]),)

        def get(self) -> ResponseReturnValue:
            return _echo("view")

        def put(self) -> ResponseReturnValue:
            return _echo("view")

    @only_p2
    async def asynchronous() -> ResponseReturnValue:
        return _echo("async")

    @only_p2
    def aborting() -> ResponseReturnValue:
        abort(404)

    app.add_url_rule("/list/decorated", "decorated", decorated, methods=both)
    app.add_url_rule("/list/async", view_func=asynchronous, methods=both)
    app.add_url_rule("/list/aborting", view_func=aborting, methods=both)
    app.add_url_rule("/list/view", view_func=View.as_view("view"))
    blueprint = Blueprint("blueprint", __name__, url_prefix="/list/blueprint")
    CORS(blueprint, origins=at["p2"])
    blueprint.add_url_rule("/echo", "echo", lambda: _echo("blueprint"), methods=METHODS)
    app.register_blueprint(blueprint)


class _Raw:
    """Answer what the request itself asks for, with no CORS of ours: `?spec=` is JSON.

    It has one answer for each `OPTIONS` and for each other request; the last one stays.
    """

    def __init__(self) -> None:
        self._asked: Counter[str] = Counter()

    def answer(self) -> Response:
        preflight = "Access-Control-Request-Method" in request.headers
        kind = "preflight" if preflight else "actual"
        answers = json.loads(request.args["spec"])[kind]
        key = f"{kind} {request.args['id']}"
        spec = answers[min(self._asked[key], len(answers) - 1)]
        self._asked[key] += 1
        response = Response("" if preflight else "raw", spec["status"])
        for name, value in spec["headers"]:
            response.headers.add(name, value)
        return response

"""What becomes of a request in an application: every kind of answer, error and mount."""

import io

import flask
import pytest
from flask import Flask, Response, abort, redirect, send_file, stream_with_context
from werkzeug.datastructures import Headers
from werkzeug.routing import Map, Rule
from werkzeug.test import create_environ

from flask_cors import CORS, _nearest, cross_origin
from flask_cors._decorated import Decoration
from flask_cors._installed import installation

from .support import (
    EVIL,
    GRANTED,
    METHODS,
    ORIGIN,
    OTHER,
    REFLECTED,
    REFUSED,
    TWO,
    ask,
    cors,
    decider,
    needs_signals,
    only,
    preflight,
)


def form():
    return flask.request.form["a"]


def fail():
    raise LookupError


@pytest.fixture
def app():
    """An application that answers in every way."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 10
    app.register_error_handler(ZeroDivisionError, lambda _: ("handled", 409))
    app.register_error_handler(410, lambda _: ("gone", 410))
    for path, view in {
        "/text": lambda: "x",
        "/tuple": lambda: ("x", 201, {"X-A": "1"}),
        "/json": lambda: {"a": 1},
        "/generator": lambda: (character for character in "abc"),
        "/stream": lambda: Response(stream_with_context(iter(["a", "b"]))),
        "/file": lambda: send_file(io.BytesIO(b"0123456789"), "text/plain", etag="tag"),
        "/empty": lambda: ("", 204),
        "/redirect": lambda: redirect("/text", 302),
        "/slash/": lambda: "x",
        "/form": form,
        "/abort": lambda: abort(403),
        "/abort/response": lambda: abort(Response("no", 402)),
        "/handled": lambda: 1 / 0,
        "/gone": lambda: abort(410),
        "/broken": fail,
        "/wsgi": lambda: Response.from_app(Response("x"), flask.request.environ),
    }.items():
        methods = ["GET", "POST"] if path == "/form" else ["GET"]
        app.add_url_rule(path, path, view, methods=methods)
    return app


ANSWERS = [
    ("/text", {}, 200, b"x"),
    ("/text", {"method": "HEAD"}, 200, b""),
    ("/text", {"method": "OPTIONS"}, 200, b""),
    ("/tuple", {}, 201, b"x"),
    ("/json", {}, 200, None),
    ("/generator", {}, 200, b"abc"),
    ("/stream", {}, 200, b"ab"),
    ("/file", {}, 200, b"0123456789"),
    ("/empty", {}, 204, b""),
    ("/redirect", {}, 302, None),
    ("/slash", {}, 308, None),
    ("/form", {"method": "POST", "data": {"a": "1"}}, 200, b"1"),
    ("/form", {"method": "POST", "data": {"a": "0123456789"}}, 413, None),
    ("/abort", {}, 403, None),
    ("/abort/response", {}, 402, b"no"),
    ("/handled", {}, 409, b"handled"),
    ("/gone", {}, 410, b"gone"),
    ("/broken", {}, 500, None),
    ("/wsgi", {}, 200, b"x"),
    ("/missing", {}, 404, None),
    ("/text", {"method": "PUT"}, 405, None),
    ("/static/missing.js", {}, 404, None),
]


@pytest.mark.parametrize(("path", "how", "status", "body"), ANSWERS)
@pytest.mark.parametrize(
    ("origin", "sent"), [(ORIGIN, REFLECTED), (EVIL, REFUSED), (None, REFUSED)]
)
def test_every_answer_gets_the_headers_of_the_decision(app, path, how, status, body, origin, sent):
    """Whatever the status and the body are, and without touching them."""
    CORS(app, origins=TWO)
    with ask(app, path, origin=origin, **how) as response:
        assert response.status_code == status
        assert cors(response) == sent
        assert body is None or response.data == body


def test_a_range_of_a_file_and_a_file_not_modified(app):
    """`send_file` answers 206 and 304 with the headers of the decision."""
    CORS(app, origins=TWO)
    with ask(app, "/file", headers={"Range": "bytes=2-4"}) as part:
        assert (part.status_code, part.data, cors(part)) == (206, b"234", REFLECTED)
    with ask(app, "/file", headers={"If-None-Match": '"tag"'}) as unchanged:
        assert (unchanged.status_code, unchanged.data, cors(unchanged)) == (304, b"", REFLECTED)
    with ask(app, "/file", headers={"Range": "bytes=90-"}) as beyond:
        assert (beyond.status_code, cors(beyond)) == (416, REFLECTED)


def test_a_preflight_of_flasks_own_is_answered(app):
    """Automatic OPTIONS, a 404 and a 405 carry the answer to a preflight."""
    CORS(app, origins=ORIGIN, max_age=9)
    for path in ("/text", "/missing"):
        assert cors(preflight(app, path)) == {
            **GRANTED,
            "Access-Control-Max-Age": "9",
            "Access-Control-Allow-Methods": METHODS,
            "Vary": "Access-Control-Request-Method, Access-Control-Request-Headers",
        }


def test_a_stream_is_not_read_by_the_hook(app):
    """Nothing of a generator runs before the server asks for it."""
    CORS(app, origins=TWO)
    ran = []

    @app.route("/lazy")
    def lazy():
        def body():
            ran.append(True)
            yield "x"

        return Response(body())

    sent = Headers()
    environ = create_environ("/lazy", headers={"Origin": ORIGIN})
    body = app(environ, lambda status, lines, *_: sent.extend(lines))
    assert (sent["Access-Control-Allow-Origin"], ran) == (ORIGIN, [])
    assert (b"".join(body), ran) == (b"x", [True])


def test_a_response_is_written_on_once():
    """A response that the hook has answered already gets no line twice."""
    app = Flask(__name__)
    CORS(app, origins=TWO, expose_headers="X-A")
    hook = installation(app).apply
    with app.test_request_context("/", headers={"Origin": ORIGIN}):
        first = hook(Response())
        assert list(hook(first).headers) == list(first.headers)
        second = hook(Response())
    assert cors(first) == cors(second) == {**REFLECTED, "Access-Control-Expose-Headers": "X-A"}


def test_other_functions_see_and_may_change_the_headers():
    """The hook is an ordinary `after_request` function."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "x")

    @app.after_request
    def later(response):
        response.headers["X-Seen"] = response.headers["Access-Control-Allow-Origin"]
        return response

    CORS(app, origins=TWO)
    assert ask(app).headers["X-Seen"] == ORIGIN


# --- applications that are built otherwise (moto)


def test_views_and_url_map_replaced_after_the_extension_came():
    """moto subclasses Flask, calls `CORS(app)` and then replaces both tables."""

    class Backend(Flask):
        def wsgi_app(self, environ, start_response):
            return super().wsgi_app(environ, start_response)

    app = Backend(__name__)
    app.add_url_rule("/old", "old", lambda: "old")
    CORS(app)
    app.view_functions = {}
    app.url_map = Map()
    app.url_map.strict_slashes = False
    for path in ("/", "/<path:path>"):
        app.url_map.add(Rule(path, endpoint="moto", methods=["GET", "HEAD", "PUT", "OPTIONS"]))
    app.view_functions["moto"] = lambda path="": Response("moto")
    response = ask(app, "/bucket/key", "PUT")
    assert (response.data, cors(response)) == (b"moto", REFLECTED)
    assert cors(preflight(app, "/bucket/key"))["Access-Control-Allow-Methods"] == METHODS


# --- an application with decorators only


def test_an_application_that_uses_none_of_it_is_left_alone():
    """Views that are decorated elsewhere in the process are no concern of it."""
    cross_origin()(lambda: "elsewhere")
    app = Flask(__name__)
    own = [("Access-Control-Allow-Origin", ORIGIN), ("Access-Control-Allow-Origin", EVIL)]
    app.add_url_rule("/", "view", lambda: Response("x", headers=own))
    assert cors(ask(app)) == {"Access-Control-Allow-Origin": (ORIGIN, EVIL)}
    assert app.extensions == {}


@needs_signals
def test_what_replaces_an_answered_response_is_left_alone():
    """As in 6.0.2: a function that ran after the hook has the last word."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=cross_origin(origins=ORIGIN)(lambda: "x"))
    app.after_request(lambda response: Response("instead"))
    CORS(app)
    assert cors(ask(app)) == {}


@needs_signals
def test_one_response_for_every_failure_before_a_decorated_view():
    """It is one object for all of them, and has the headers of the present request (D14)."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=cross_origin(origins=[ORIGIN, OTHER])(lambda: "x"))
    refusal = Response("no", 401)
    app.before_request(lambda: refusal)
    answers = [cors(ask(app, origin=origin)) for origin in (ORIGIN, OTHER, EVIL, ORIGIN)]
    granted = {"Access-Control-Allow-Origin": OTHER, "Vary": "Origin"}
    assert answers == [REFLECTED, granted, REFUSED, REFLECTED]


@pytest.mark.parametrize(
    ("installed", "deciders"),
    [
        (["*"], ["latest", "latest"]),
        (["/x"], ["latest", None]),
        (["*", "/x"], ["latest", "first"]),
        (["/x", "*"], ["latest", "latest"]),
        (["*", "*"], ["latest", "latest"]),
        (["/other", "/x"], ["latest", None]),
    ],
)
def test_where_no_view_is_decorated_none_is_looked_up(monkeypatch, installed, deciders):
    """An application of extensions alone pays nothing for decorators, and decides as with them."""
    app = Flask(__name__)
    app.add_url_rule("/x", "x", lambda: "x")
    for pattern, name in zip(installed, ["first", "latest"][-len(installed) :]):
        CORS(app, resources=pattern, **only(name))
    assert [decider(app, path) for path in ("/x", "/y")] == deciders
    monkeypatch.setattr(Decoration, "in_use", False)
    monkeypatch.setattr(_nearest, "_nearer", lambda *_: pytest.fail("looked up"))
    assert [decider(app, path) for path in ("/x", "/y")] == deciders
    assert [decider(app, path, before="PUT") for path in ("/x", "/y")] == deciders


def test_the_first_decorator_of_a_process_is_noted(monkeypatch):
    """From then on views are looked up, in applications that were made before as well."""
    monkeypatch.setattr(Decoration, "in_use", False)
    app = Flask(__name__)
    CORS(app, **only("app"))
    app.add_url_rule("/", "view", lambda: "x")
    assert decider(app) == "app"
    app.view_functions["view"] = cross_origin(**only("view"))(lambda: "x")
    assert (Decoration.in_use, decider(app)) == (True, "view")

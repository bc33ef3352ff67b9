"""What is installed on an application, and nothing on the others in the same process."""

import flask
from flask import Flask, Response
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from flask_cors import CORS, cross_origin
from flask_cors._installed import Installed, installation

from .support import (
    EVIL,
    NO_RULE,
    ORIGIN,
    TWO,
    ask,
    cors,
    decider,
    only,
)


def two_apps():
    one, two = Flask("one"), Flask("two")
    CORS(one, **only("one"))
    two.add_url_rule("/x", view_func=cross_origin(**only("two"))(lambda: "x"))
    return one, two


def test_applications_mounted_beside_each_other_decide_for_themselves():
    """`DispatcherMiddleware`: each application has its own policy, and paths without the mount."""
    outer, inner = Flask("outer"), Flask("inner")
    outer.add_url_rule("/", view_func=lambda: "x")
    inner.add_url_rule("/api/x", view_func=lambda: "x")
    CORS(outer, resources={"/": only("outer")})
    CORS(inner, resources={"/api/*": only("inner"), "/mount/*": only("never")})
    client = Client(DispatcherMiddleware(outer, {"/mount": inner}))
    asked = ["/", "/mount/api/x", "/mount/api/missing", "/mount/mount/x", "/mount/x"]
    assert [decider(client, path) for path in asked] == ["outer", "inner", "inner", "never", None]


def test_an_application_tried_after_another_decides_for_itself():
    """A cascade gives the same environment to the next application where one knows no view."""
    one, two = two_apps()

    def cascade(environ, start_response):
        answers = []
        body = one(environ, lambda *answer: answers.append(answer))
        if answers[0][0].startswith("404"):
            body.close()
            return two(environ, start_response)
        start_response(*answers[0])
        return body

    client = Client(cascade)
    assert ask(client, "/x").status_code == 200
    assert decider(client, "/x") == "two"


def test_an_application_that_asks_another_keeps_its_own_answer():
    """A view may call another application with the environment of its own request."""
    one, two = two_apps()
    one.add_url_rule("/x", view_func=lambda: Response.from_app(two, flask.request.environ).status)
    assert ask(one, "/x").data == b"200 OK"
    assert decider(one, "/x") == "one"


def test_an_environment_may_be_used_twice():
    """What was known of the first request is not known of the second."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "x")
    CORS(app, origins=TWO)
    environ = app.test_client().get("/").request.environ
    sent = []
    for origin in (ORIGIN, EVIL):
        environ["HTTP_ORIGIN"] = origin
        app(environ, lambda status, headers, *_: sent.append(dict(headers)))
    assert [headers.get("Access-Control-Allow-Origin") for headers in sent] == [ORIGIN, None]


def test_an_application_without_cors_is_left_alone():
    """Decorated views elsewhere in the process change nothing here."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "x")
    assert cors(ask(app)) == NO_RULE


def test_state_is_one_entry_in_the_extensions():
    """Everything installed on an application is found under one key."""
    app = Flask(__name__)
    CORS(app)
    CORS(app)
    assert list(app.extensions) == ["flask_cors"]
    assert installation(app) is app.extensions["flask_cors"]
    assert app.after_request_funcs == {None: [installation(app).apply]}


def test_what_is_installed_is_compared_by_identity():
    """Two extensions with the same rules are two."""
    app = Flask(__name__)
    CORS(app)
    CORS(app)
    first, second = installation(app).extensions
    assert isinstance(first, Installed)
    assert first != second
    assert first.rules == second.rules

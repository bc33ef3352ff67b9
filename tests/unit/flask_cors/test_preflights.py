"""`preflight_first`: allowed preflights are answered before `before_request` functions."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask, abort
from flask.views import MethodView

from flask_cors import CORS, cross_origin
from flask_cors._preflights import AnswerFirst
from tests.unit.flask_cors.support import (
    GRANTED,
    METHODS,
    ORIGIN,
    OTHER,
    REFUSED,
    ask,
    cors,
    preflight,
)

ALLOWED = {
    **GRANTED,
    "Access-Control-Allow-Methods": METHODS,
    "Vary": "Access-Control-Request-Method, Access-Control-Request-Headers",
}


def refuse() -> None:
    abort(401)


def make(**options) -> Flask:
    """An application whose login refuses whoever comes."""
    app = Flask("first")
    app.before_request(refuse)
    app.add_url_rule("/", "index", lambda: "index", methods=["GET", "PUT"])
    if options:
        CORS(app, origins=ORIGIN, **options)
    return app


def outcome(response):
    return response.status_code, cors(response)


@pytest.mark.parametrize("options", [{"preflight_first": False}, {"max_age": None}])
def test_it_is_off_by_default(options):
    app = make(**options)
    assert outcome(preflight(app)) == (401, ALLOWED)
    assert app.before_request_funcs == {None: [refuse]}


def test_an_allowed_preflight_comes_first():
    app = make(preflight_first=True)
    answer = preflight(app)
    assert outcome(answer) == (200, ALLOWED)
    assert sorted(answer.allow) == ["GET", "HEAD", "OPTIONS", "PUT"]
    assert answer.data == b""


def test_a_function_that_is_added_later_comes_later():
    app = make(preflight_first=True)
    later = []
    app.before_request(lambda: later.append("asked"))
    assert outcome(preflight(app)) == (200, ALLOWED)
    assert later == []


def test_the_key_of_the_configuration_switches_it_on():
    app = Flask("key")
    app.config["CORS_PREFLIGHT_FIRST"] = True
    app.add_url_rule("/", "index", lambda: "", methods=["PUT"])
    app.before_request(refuse)
    CORS(app, origins=ORIGIN)
    assert outcome(preflight(app)) == (200, ALLOWED)


@pytest.mark.parametrize(
    ("path", "method", "origin", "asked", "expected"),
    [
        ("/", "PUT", OTHER, {}, REFUSED),
        ("/", "EGG", ORIGIN, {}, {**GRANTED, "Vary": "Access-Control-Request-Method"}),
        (
            "/",
            "PUT",
            ORIGIN,
            {"Access-Control-Request-Headers": "x-b"},
            ALLOWED,
        ),
        ("/nowhere", "PUT", ORIGIN, {}, ALLOWED),
        ("/", "PUT", None, {}, ALLOWED),
    ],
    ids=["origin", "method", "header", "no route", "no origin"],
)
def test_others_go_the_usual_way(path, method, origin, asked, expected):
    """Refused ones, those of no route, and those of no page; what is sent with them stays."""
    app = make(preflight_first=True, allow_headers="X-A")
    answer = preflight(app, path, method, origin=origin, headers=asked)
    assert outcome(answer) == (401, expected)


def test_other_requests_go_the_usual_way():
    app = make(preflight_first=True)
    for method in ("GET", "PUT", "OPTIONS"):
        assert outcome(ask(app, "/", method)) == (401, GRANTED)


def test_a_view_that_answers_options_itself_is_asked():
    """Whoever writes an answer to OPTIONS wants it to be given, after the login."""
    app = make(preflight_first=True)
    app.add_url_rule("/own", "own", lambda: "own", methods=["OPTIONS", "PUT"])
    own = cross_origin(origins=ORIGIN, automatic_options=False)(lambda: "own")
    app.add_url_rule("/decorated", "decorated", own, methods=["OPTIONS", "PUT"])
    for path in ("/own", "/decorated"):
        assert outcome(preflight(app, path)) == (401, ALLOWED)


def test_decorated_views_and_classes_are_answered_under_their_own_policy():
    class Items(MethodView):
        @cross_origin(origins=OTHER)
        def put(self) -> str:
            return ""

    class Decorated(MethodView):
        decorators = (cross_origin(origins=OTHER),)

        def put(self) -> str:
            return ""

    app = make(preflight_first=True)
    view = cross_origin(origins=OTHER)(lambda: "")
    app.add_url_rule("/view", "view", view, methods=["PUT"])
    app.add_url_rule("/items", view_func=Items.as_view("items"))
    app.add_url_rule("/decorated", view_func=Decorated.as_view("decorated"))
    of_other = {**ALLOWED, "Access-Control-Allow-Origin": OTHER}
    for path in ("/view", "/items", "/decorated"):
        assert outcome(preflight(app, path, origin=OTHER)) == (200, of_other)
        assert outcome(preflight(app, path)) == (401, REFUSED)


def test_a_path_without_cors_goes_the_usual_way():
    app = make(preflight_first=True, resources={"/*": {}, "/": None})
    assert outcome(preflight(app)) == (401, {})


def test_no_rule_no_answer():
    app = make(preflight_first=True, resources="/api/*")
    assert outcome(preflight(app)) == (401, {})


def test_methods_of_the_url_map_count():
    app = make(preflight_first=True, methods="auto")
    answer = {**ALLOWED, "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS, PUT"}
    assert outcome(preflight(app)) == (200, answer)
    refused = {**GRANTED, "Vary": "Access-Control-Request-Method"}
    assert outcome(preflight(app, "/", "DELETE")) == (401, refused)


def test_a_callable_is_asked_once():
    """D4, for allowed preflights and refused ones."""
    asked = []

    def is_ours(origin):
        asked.append(origin)
        return origin == ORIGIN

    app = Flask("callable")
    app.before_request(refuse)
    app.add_url_rule("/", "index", lambda: "", methods=["PUT"])
    CORS(app, origins=is_ours, preflight_first=True)
    assert preflight(app).status_code == 200
    assert preflight(app, origin=OTHER).status_code == 401
    assert asked == [ORIGIN, OTHER]


def test_after_request_functions_run():
    app = make(preflight_first=True)
    seen = []
    app.after_request(lambda response: seen.append(response.status_code) or response)
    assert outcome(preflight(app)) == (200, ALLOWED)
    assert seen == [200]


class TestSeveral:
    def test_the_views_of_a_blueprint(self):
        """Its own views come first; the rest of the application goes the usual way."""
        app = make(max_age=None)
        blueprint = Blueprint("b", "b", url_prefix="/b")
        blueprint.before_request(refuse)
        inner = Blueprint("inner", "inner", url_prefix="/inner")
        for one in (blueprint, inner):
            one.add_url_rule("/x", "x", lambda: "", methods=["PUT"])
        CORS(blueprint, origins=ORIGIN, preflight_first=True)
        blueprint.register_blueprint(inner)
        app.register_blueprint(blueprint)
        assert outcome(preflight(app, "/b/x")) == (200, ALLOWED)
        assert outcome(preflight(app, "/b/inner/x")) == (200, ALLOWED)
        assert outcome(preflight(app, "/")) == (401, ALLOWED)

    def test_one_function_for_an_application(self):
        app = make(preflight_first=True)
        CORS(app, origins=ORIGIN, preflight_first=True)
        first, *others = app.before_request_funcs[None]
        assert isinstance(first, AnswerFirst)
        assert others == [refuse]

    def test_the_same_object_again_without_it(self):
        """What an object installs again replaces what it installed before (D20)."""
        app = make()
        extension = CORS(app, origins=ORIGIN, preflight_first=True)
        extension.init_app(app, preflight_first=False)
        assert outcome(preflight(app)) == (401, ALLOWED)

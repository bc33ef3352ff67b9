"""What becomes of a request in an application: every kind of answer, error and mount."""

import io
import sys
import warnings

import flask
import pytest
from flask import Blueprint, Flask, Response, abort, redirect, send_file, stream_with_context
from werkzeug.datastructures import Headers
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.routing import Map, Rule
from werkzeug.test import Client, create_environ

from flask_cors import CORS, _nearest, cross_origin
from flask_cors._decorated import Decoration
from flask_cors._installed import Installed, installation

from .support import (
    EVIL,
    GRANTED,
    METHODS,
    NO_RULE,
    ORIGIN,
    OTHER,
    REFLECTED,
    REFUSED,
    ask,
    cors,
    decider,
    needs_signals,
    only,
    preflight,
)

TWO = [ORIGIN, "https://other.example"]


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


# --- errors


class BrokenError(Exception):
    pass


BROKEN = BrokenError("broken")


def broken_app(how, **config):
    """An application whose view raises; its policy comes from an extension or a decorator."""
    app = Flask(__name__)
    app.config.update(config)

    def view():
        raise BROKEN

    if how == "extension":
        CORS(app, origins=TWO)
    else:
        view = cross_origin(origins=TWO)(view)
    app.add_url_rule("/", view_func=view)
    return app


HOWS = ["extension", pytest.param("decorator", marks=needs_signals)]


@pytest.mark.parametrize("how", ["extension", "decorator"])
def test_an_exception_in_production_is_a_500_with_headers(caplog, how):
    """The page can read the error answer; nothing but Flask's own line is logged."""
    response = ask(broken_app(how))
    assert (response.status_code, cors(response)) == (500, REFLECTED)
    assert [r.name for r in caplog.records] == [__name__]


PROPAGATING = [{"TESTING": True}, {"DEBUG": True}, {"PROPAGATE_EXCEPTIONS": True}]


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("config", PROPAGATING)
def test_an_exception_that_propagates_stays_the_one_it_is(caplog, how, config):
    """It goes past Flask unchanged, and one line says what the browser will make of it."""
    with pytest.raises(BrokenError) as raised:
        ask(broken_app(how, **config), "/?q=1")
    assert raised.value is BROKEN
    (record,) = [r for r in caplog.records if r.name.startswith("flask_cors")]
    assert (record.levelname, record.name, record.getMessage()) == (
        "WARNING",
        "flask_cors.extension",
        (
            "an exception of 'GET' '/' propagates past Flask, so that no CORS header can be sent; "
            f"the browser of '{ORIGIN}' will show it as a CORS error"
        ),
    )


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("config", PROPAGATING)
def test_no_line_for_an_exception_without_a_page(caplog, how, config):
    """A request without `Origin` comes from no page of another origin."""
    with pytest.raises(BrokenError):
        ask(broken_app(how, **config), origin=None)
    assert [r for r in caplog.records if r.name.startswith("flask_cors")] == []


@needs_signals
def test_no_line_for_an_exception_of_a_view_without_a_policy(caplog):
    """That the application has decorated views is no concern of the others."""
    app = broken_app("decorator", TESTING=True)
    app.add_url_rule("/own", "own", lambda: raise_broken(None))
    with pytest.raises(BrokenError):
        ask(app, "/own")
    assert [r for r in caplog.records if r.name.startswith("flask_cors")] == []


@pytest.mark.parametrize("how", HOWS)
def test_an_exception_kept_in_by_configuration_is_a_500(caplog, how):
    """`PROPAGATE_EXCEPTIONS` = False wins over TESTING: headers, and no line of ours."""
    response = ask(broken_app(how, TESTING=True, PROPAGATE_EXCEPTIONS=False))
    assert (response.status_code, cors(response)) == (500, REFLECTED)
    assert [r for r in caplog.records if r.name.startswith("flask_cors")] == []


def test_an_exception_of_an_error_handler_propagates_with_the_line(caplog):
    """What fails while a 500 is made goes past Flask in production too."""
    app = broken_app("extension")
    later = LookupError("later")

    @app.errorhandler(500)
    def handler(_):
        raise later

    with pytest.raises(LookupError) as raised:
        ask(app)
    assert raised.value is later
    assert [r.levelname for r in caplog.records if r.name == "flask_cors.extension"] == ["WARNING"]


def test_several_extensions_log_an_exception_once(caplog):
    """One line, however many extensions the application has."""
    app = broken_app("extension", TESTING=True)
    CORS(app)
    CORS(app)
    with pytest.raises(BrokenError):
        ask(app)
    assert [r.name for r in caplog.records] == ["flask_cors.extension"]


def raise_broken(_):
    raise BROKEN


@pytest.mark.parametrize(
    ("intercepted", "sent"),
    [
        ([True], REFLECTED),
        ([False], NO_RULE),
        ([False, True], REFLECTED),
        ([True, False], NO_RULE),
    ],
)
def test_a_later_function_that_raises_is_intercepted_if_so_configured(intercepted, sent):
    """`intercept_exceptions` of the extension that decides: such a 500 has its headers or not."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "x")
    for intercept in intercepted:
        CORS(app, origins=TWO, intercept_exceptions=intercept)
    app.after_request(raise_broken)
    response = ask(app)
    assert (response.status_code, cors(response)) == (500, sent)


def test_a_failure_keeps_the_policy_of_a_view_or_a_blueprint():
    """The option of one extension says nothing of what another scope decides (D13)."""
    app, blueprint = Flask(__name__), Blueprint("blueprint", __name__)
    blueprint.add_url_rule("/blueprint", "view", lambda: "x")
    CORS(blueprint, **only("blueprint"))
    app.register_blueprint(blueprint)
    app.add_url_rule("/view", "view", cross_origin(**only("view"))(lambda: "x"))
    app.add_url_rule("/app", "app", lambda: "x")
    CORS(app, **only("app"), intercept_exceptions=False)
    app.after_request(raise_broken)
    deciders = {path: decider(app, path) for path in ("/app", "/blueprint", "/view")}
    assert deciders == {"/app": None, "/blueprint": "blueprint", "/view": "view"}
    assert ask(app, "/view").status_code == 500


def test_an_earlier_function_that_raises_is_covered_by_the_hook():
    """Functions given before the extension run after it: their 500 has its headers once."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "x")

    app.after_request(raise_broken)
    CORS(app, origins=TWO)
    response = ask(app)
    assert (response.status_code, cors(response)) == (500, REFLECTED)


def test_a_callable_is_asked_once_though_the_hook_runs_twice(caplog):
    """D4: at most one call per request, whatever fails on the way, and one line of log."""
    asked = []

    def admit(origin):
        asked.append(origin)
        return origin == ORIGIN

    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "x")

    app.after_request(raise_broken)
    CORS(app, origins=[admit, "https://literal.example"])
    assert cors(ask(app)) == REFLECTED
    assert cors(ask(app, origin=EVIL)) == REFUSED
    assert cors(ask(app, origin=None))["Vary"] == "Origin"
    assert asked == [ORIGIN, EVIL]


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


# --- one environment, several applications


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


# --- configuration that comes too late (D19)


def late_remarks(caplog, app):
    """What the first request says of the configuration; a late warning would be a 500."""
    caplog.clear()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ask(app)
    return [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]


LATE = "was set after CORS had read the configuration and has no effect; set it before, or"


def test_a_key_changed_after_the_extension_came_is_remarked_at_the_first_request(caplog):
    """It has no effect, and the log says so, once."""
    app = Flask(__name__)
    app.config.update(CORS_ORIGINS=[ORIGIN], CORS_MAX_AGE=1)
    CORS(app)
    app.config["CORS_ORIGINS"].append(EVIL)
    app.config["CORS_METHODS"] = "PUT"
    app.config["CORS_HEADERS"] = "X-A"
    app.config["OTHER"] = 1
    assert late_remarks(caplog, app) == [
        f"CORS_METHODS='PUT' (from app.config[\"CORS_METHODS\"]) {LATE} call init_app after it",
        (
            f"CORS_ORIGINS=['{ORIGIN}', '{EVIL}'] (from app.config[\"CORS_ORIGINS\"]) {LATE} "
            "call init_app after it"
        ),
        (
            "CORS_HEADERS='X-A' (from app.config[\"CORS_HEADERS\"]) is not a configuration key of "
            'Flask-CORS and has no effect; write app.config["CORS_ALLOW_HEADERS"]'
        ),
    ]
    assert cors(ask(app, origin=EVIL)) == {"Vary": "Origin"}
    assert late_remarks(caplog, app) == []


def test_a_late_key_that_a_decorated_view_obeys_is_no_remark(caplog):
    """Decorators read the configuration at each request; `resources` is not for them."""
    app = Flask(__name__)
    CORS(app)
    app.add_url_rule("/decorated", "decorated", cross_origin()(lambda: "x"))
    app.config.update(CORS_ORIGINS=ORIGIN, CORS_RESOURCES="/x")
    assert late_remarks(caplog, app) == [
        f"CORS_RESOURCES='/x' (from app.config[\"CORS_RESOURCES\"]) {LATE} call init_app after it"
    ]
    assert cors(ask(app, "/decorated")) == GRANTED


def test_an_extension_after_the_first_request_is_refused_whole():
    """Flask refuses another hook then; nothing is left behind by the attempt."""
    app = Flask(__name__)
    ask(app)
    with pytest.raises(AssertionError, match="first request"):
        CORS(app)
    assert cors(ask(app)) == NO_RULE
    assert installation(app).extensions == ()


def test_init_app_after_the_change_is_no_reason_to_warn():
    """The same object's `init_app` reads the configuration again."""
    app = Flask(__name__)
    cors_ = CORS(app)
    app.config["CORS_ORIGINS"] = ORIGIN
    cors_.init_app(app)
    assert cors(ask(app, origin=EVIL)) == REFUSED
    assert cors(ask(app)) == GRANTED


def test_a_blueprint_is_configured_when_it_is_registered(caplog):
    """What is set before the registration is in time, what comes after is not."""
    app = Flask(__name__)
    blueprint = Blueprint("blueprint", __name__)
    CORS(blueprint)
    app.config["CORS_ORIGINS"] = ORIGIN
    app.register_blueprint(blueprint)
    assert cors(ask(app)) == NO_RULE
    other = Flask(__name__)
    other.register_blueprint(blueprint)
    other.config["CORS_ORIGINS"] = ORIGIN
    assert late_remarks(caplog, other) == [
        f"CORS_ORIGINS='{ORIGIN}' (from app.config[\"CORS_ORIGINS\"]) {LATE} call init_app after it"
    ]


def test_a_strange_key_is_no_error():
    """`app.config` may hold keys that are no strings, and empty values."""
    app = Flask(__name__)
    app.config.update({3: "x", "CORS_ORIGINS": None, "CORS_METHODS": None})
    CORS(app)
    app.config[("a", "b")] = 1
    assert cors(ask(app)) == REFLECTED


# --- an application with decorators only


def test_a_look_alike_key_is_told_to_an_application_with_decorators_only(caplog):
    """Once for each application, with the decorator's line, unless the option is given (D19).

    It comes with a request, so it is in the log: a warning may be an exception.
    """
    app = Flask(__name__)
    app.config.update(CORS_HEADERS="X-A", CORS_ORIGIN="*", CORS_EXPOSED_HEADERS="X-A")
    app.config["CORS_EXPOSE_HEADERS"] = "X-A"
    line = sys._getframe().f_lineno + 1
    app.add_url_rule("/", "one", cross_origin(allow_headers="X-A")(lambda: "x"))
    app.add_url_rule("/two", "two", cross_origin()(lambda: "x"))
    assert [remark.partition("=")[0] for remark in late_remarks(caplog, app)] == [
        f"{__file__}:{line}: CORS_ORIGIN"
    ]
    assert ask(app, "/two").status_code == 200


def test_a_key_that_changes_reaches_decorators_without_a_warning():
    """Decorators read the configuration at each request, as in 6.0.2."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=cross_origin()(lambda: "x"))
    assert cors(ask(app)) == REFLECTED
    app.config["CORS_ORIGINS"] = EVIL
    assert cors(ask(app)) == REFUSED


def test_an_application_that_uses_none_of_it_is_left_alone():
    """Views that are decorated elsewhere in the process are no concern of it."""
    cross_origin()(lambda: "elsewhere")
    app = Flask(__name__)
    own = [("Access-Control-Allow-Origin", ORIGIN), ("Access-Control-Allow-Origin", EVIL)]
    app.add_url_rule("/", "view", lambda: Response("x", headers=own))
    assert cors(ask(app)) == {"Access-Control-Allow-Origin": (ORIGIN, EVIL)}
    assert app.extensions == {}


def test_a_callable_is_asked_once_where_the_hook_never_ran():
    """D4: what fails before the hook, twice, is answered after Flask has given up."""
    asked = []
    app = Flask(__name__)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/", view_func=lambda: "x")
    CORS(app, origins=lambda origin: asked.append(origin) or True)
    app.after_request(lambda response: form())  # before the hook: the latest comes first
    assert (cors(ask(app)), asked) == (REFLECTED, [ORIGIN])


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


def test_what_is_installed_is_compared_by_identity():
    """Two extensions with the same rules are two."""
    app = Flask(__name__)
    CORS(app)
    CORS(app)
    first, second = installation(app).extensions
    assert isinstance(first, Installed)
    assert first != second
    assert first.rules == second.rules

"""`cross_origin` on every kind of view."""

import functools
import json
import logging
import sys

import flask
import pytest
from flask import Flask, Response
from flask.views import MethodView

from corecors import PolicyError
from flask_cors import CORS, CORSWarning, cross_origin
from flask_cors._decorated import marked

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
    needs_async,
    needs_signals,
    only,
    preflight,
)

VARY_PREFLIGHT = "Access-Control-Request-Method, Access-Control-Request-Headers"
PREFLIGHT = {**GRANTED, "Access-Control-Allow-Methods": METHODS, "Vary": VARY_PREFLIGHT}


def hello():
    return "hello"


async def hello_async():
    return "hello"


class Service:
    """What has views as methods, and is a view itself."""

    def __call__(self):
        return "hello"

    def bound(self):
        return "hello"

    @cross_origin(origins=ORIGIN)
    def decorated(self):
        return "hello"

    @classmethod
    def of_class(cls):
        return "hello"

    @staticmethod
    def static():
        return "hello"


def greet(greeting):
    return greeting


def app_of(view, extension=None, **rule):
    """Make an application of one view."""
    app = Flask(__name__)
    app.add_url_rule("/", "view", view, **rule)
    if extension is not None:
        CORS(app, **extension)
    return app


# --- functions of every kind (D17)


@pytest.mark.parametrize("extension", [None, only("app")])
@pytest.mark.parametrize(
    "view",
    [
        hello,
        lambda: "hello",
        functools.partial(greet, "hello"),
        Service(),
        Service().bound,
        Service.of_class,
        Service.static,
        pytest.param(hello_async, marks=needs_async),
        pytest.param(functools.partial(hello_async), marks=needs_async),
    ],
)
def test_everything_that_can_be_a_view_can_be_decorated(view, extension):
    """Functions, partials, callable objects, bound methods and coroutine functions."""
    app = app_of(cross_origin(origins=ORIGIN)(view), extension)
    response = ask(app)
    assert (response.data, cors(response)) == (b"hello", GRANTED)
    assert cors(ask(app, origin=EVIL)) == REFUSED
    assert cors(preflight(app)) == PREFLIGHT
    assert cors(preflight(app, origin=EVIL)) == REFUSED


def test_a_method_decorated_in_its_class_is_a_view_once_bound():
    """`add_url_rule(view_func=service.decorated)`: the mark is found on the bound method."""
    app = app_of(Service().decorated, only("app"))
    assert (ask(app).data, cors(ask(app))) == (b"hello", GRANTED)
    assert cors(preflight(app)) == PREFLIGHT


@pytest.mark.parametrize(
    "decorate",
    [cross_origin, cross_origin(), cross_origin(origins="*")],
)
def test_parentheses_may_be_left_out(decorate):
    """Bare `@cross_origin` has the defaults (D17)."""
    app = app_of(decorate(hello))
    assert (ask(app).data, cors(ask(app))) == (b"hello", REFLECTED)
    vary = {"Vary": f"Origin, {VARY_PREFLIGHT}"}
    assert cors(preflight(app)) == {**PREFLIGHT, **vary}


@pytest.mark.parametrize(
    ("view", "body"),
    [
        (lambda: "hello", b"hello"),
        (lambda: b"hello", b"hello"),
        (lambda: {"a": 1}, b'{"a":1}\n'),
        (lambda: ("hello", 200, {"X-A": "1"}), b"hello"),
        (lambda: Response("hello"), b"hello"),
        (lambda: iter(["hel", "lo"]), b"hello"),
    ],
)
def test_a_view_may_return_what_flask_takes(view, body):
    """Everything `make_response` takes; the wrapper itself gives a `Response`, as in 6.0.2."""
    decorated = cross_origin(origins=ORIGIN)(view)
    app = app_of(decorated)
    response = ask(app)
    assert (response.status_code, response.data, cors(response)) == (200, body, GRANTED)
    with app.test_request_context("/"):
        assert isinstance(decorated(), Response)


def test_a_decorated_view_looks_like_the_view():
    """Name, docstring and attributes are the view's; the view itself is not changed."""

    def view():
        """Say hello."""

    view.custom = "kept"
    decorated = cross_origin()(view)
    assert (decorated.__name__, decorated.__doc__) == ("view", "Say hello.")
    assert (decorated.__wrapped__, decorated.custom) == (view, "kept")
    assert vars(view) == {"custom": "kept"}


@pytest.mark.parametrize("given", [{}, {"automatic_options": True}])
@pytest.mark.parametrize("own", [None, {"PUT"}, ["PUT", "OPTIONS"]])
def test_options_is_left_to_the_decorated_view(given, own):
    """Flask is told by the attributes that it reads, besides what the view asked for."""

    def view():
        pass

    if own is not None:
        view.required_methods = own
    decorated = cross_origin(**given)(view)
    assert decorated.provide_automatic_options is False
    assert decorated.required_methods == {*(own or ()), "OPTIONS"}
    assert getattr(view, "required_methods", None) is own


# --- OPTIONS


def test_options_is_answered_without_running_the_view():
    """A preflight never runs the view, and lists the methods of the URL."""
    app = app_of(cross_origin(origins=ORIGIN)(lambda: pytest.fail("ran")), methods=["PUT"])
    response = preflight(app)
    assert (response.status_code, response.data, cors(response)) == (200, b"", PREFLIGHT)
    assert set(response.allow) == {"PUT", "OPTIONS"}
    assert cors(ask(app, method="OPTIONS")) == GRANTED


@pytest.mark.parametrize(
    ("config", "options"),
    [
        (None, {"automatic_options": False}),
        (True, {"automatic_options": False}),
        (False, {}),
    ],
)
def test_a_view_may_answer_options_itself(config, options):
    """`automatic_options=False`, from either place, runs the view; the policy stays."""

    def view():
        return flask.request.method

    app = app_of(cross_origin(origins=ORIGIN, **options)(view), methods=["GET", "OPTIONS"])
    app.config["CORS_AUTOMATIC_OPTIONS"] = config
    response = preflight(app)
    assert (response.data, cors(response)) == (b"OPTIONS", PREFLIGHT)


def test_without_automatic_options_flasks_own_options_are_left_alone():
    """As in 6.0.2: the view does not run, and its policy has no say."""
    app = app_of(cross_origin(origins=ORIGIN, automatic_options=False)(hello))
    response = preflight(app)
    assert (response.status_code, response.data, cors(response)) == (200, b"", {})


def test_what_is_left_to_flask_is_answered_by_the_application():
    """The nearest policy that has a say about this OPTIONS is the extension's."""
    app = app_of(cross_origin(origins=EVIL, automatic_options=False)(hello))
    CORS(app, origins=ORIGIN)
    assert cors(preflight(app)) == PREFLIGHT


def test_automatic_options_for_one_view_stands_over_the_configuration():
    """The decorator's argument is nearer than `app.config`."""
    app = app_of(cross_origin(automatic_options=True)(lambda: pytest.fail("ran")))
    app.config["CORS_AUTOMATIC_OPTIONS"] = False
    assert preflight(app).status_code == 200


# --- among other decorators


def authenticated(view):
    """A decorator that refuses, and copies the view's attributes."""

    @functools.wraps(view)
    def wrapper(**values):
        if "Authorization" not in flask.request.headers:
            flask.abort(401)
        return view(**values)

    return wrapper


def hiding(view):
    """The same, without `functools.wraps`."""

    def wrapper(**values):
        if "Authorization" not in flask.request.headers:
            flask.abort(401)
        return view(**values)

    return wrapper


def as_json(view):
    """A decorator that needs what the view returned, not a response."""

    @functools.wraps(view)
    def wrapper(**values):
        return json.dumps(view(**values))

    return wrapper


LOGGED_IN = {"Authorization": "Basic eDp5"}
view_policy = cross_origin(**only("view"))


@pytest.mark.parametrize(
    ("decorated", "refused", "preflighted"),
    [
        (view_policy(authenticated(hello)), "view", 200),
        (view_policy(hiding(hello)), "view", 200),
        (authenticated(view_policy(hello)), "view", 401),
        (hiding(view_policy(hello)), "app", 200),
    ],
)
def test_other_decorators_may_stand_on_either_side(decorated, refused, preflighted):
    """What refuses before the view is known by its mark; a decorator that hides it is not."""
    app = app_of(decorated, only("app"))
    assert decider(app, headers=LOGGED_IN) == "view"
    assert decider(app) == refused
    assert decider(app, before="GET") == refused
    assert preflight(app).status_code == preflighted


def test_a_decorator_that_needs_the_views_value_stands_below():
    """`cross_origin` outermost gets the finished value."""
    app = app_of(cross_origin(origins=ORIGIN)(as_json(lambda: [1])))
    assert (ask(app).data, cors(ask(app))) == (b"[1]", GRANTED)


@pytest.mark.parametrize("between", [lambda view: view, authenticated])
def test_of_two_policies_on_a_view_the_inner_one_is_nearer(between):
    """Stacked decorators do not add up; so it was in 6.0.2."""
    inner = cross_origin(origins=ORIGIN, expose_headers="X-Inner")(hello)
    app = app_of(cross_origin(origins=[ORIGIN, EVIL])(between(inner)))
    how = {"headers": LOGGED_IN}
    assert cors(ask(app, **how)) == {**GRANTED, "Access-Control-Expose-Headers": "X-Inner"}
    assert cors(ask(app, origin=EVIL, **how)) == REFUSED


def test_a_decorated_view_that_nobody_can_see_is_one_that_is_called():
    """Behind a decorator that hides it, it changes nothing for the one that is routed to (D12)."""
    inner = cross_origin(origins=ORIGIN, expose_headers="X-Inner")(hello)
    app = app_of(cross_origin(origins=[ORIGIN, EVIL])(hiding(inner)))
    assert cors(ask(app, origin=EVIL)) == {"Access-Control-Allow-Origin": EVIL, "Vary": "Origin"}


def test_one_decorator_may_serve_several_views():
    """`public = cross_origin(...)` is kept and used again."""
    app = Flask(__name__)
    public = cross_origin(origins=ORIGIN)
    first, second = public(hello), public(lambda: "second")
    app.add_url_rule("/first", "first", first)
    app.add_url_rule("/second", "second", second)
    assert [ask(app, path).data for path in ("/first", "/second")] == [b"hello", b"second"]
    assert [cors(ask(app, path)) for path in ("/first", "/second")] == [GRANTED] * 2
    assert marked(first) is marked(second)


def test_a_view_that_calls_another_decorated_view_is_answered_once():
    """Whatever ran, one policy decides, and one set of headers is sent."""
    inner = cross_origin(origins=ORIGIN)(hello)
    response = ask(app_of(inner, {"origins": OTHER}))
    assert (response.data, cors(response)) == (b"hello", GRANTED)


def test_an_error_handler_may_be_decorated():
    """Its policy decides about what it answers, where the failed view has none that is nearer."""
    app = Flask(__name__)
    app.register_error_handler(404, cross_origin(origins=ORIGIN)(lambda _: ("missing", 404)))
    app.add_url_rule("/broken", "broken", lambda: flask.abort(404))
    CORS(app, origins=OTHER)
    for path in ("/missing", "/broken"):
        response = ask(app, path)
        assert (response.status_code, response.data, cors(response)) == (404, b"missing", GRANTED)


@pytest.mark.parametrize("extension", [pytest.param(None, marks=needs_signals), only("app")])
def test_a_view_may_be_decorated_after_it_was_registered(extension):
    """`app.view_functions[...] = cross_origin()(...)`, as for static files."""
    app = app_of(hello, extension)
    app.view_functions["static"] = cross_origin(origins=ORIGIN)(app.view_functions["static"])
    assert cors(ask(app, "/static/missing.js")) == GRANTED
    assert cors(preflight(app, "/static/missing.js", "GET")) == PREFLIGHT


# --- classes


class Api:
    """As Flask-RESTful and RESTX register resources: through a wrapper that makes JSON."""

    def __init__(self, app):
        self.app = app

    def add_resource(self, resource, path, **options):
        view = resource.as_view(resource.__name__, **options)

        @functools.wraps(view)
        def output(*args, **values):
            returned = view(*args, **values)
            return returned if isinstance(returned, Response) else flask.jsonify(returned)

        self.app.add_url_rule(path, view_func=output)


class Resource(MethodView):
    """The base class of both libraries."""

    method_decorators = ()

    def dispatch_request(self, *args, **values):
        method = getattr(self, flask.request.method.lower())
        for decorator in self.method_decorators:
            method = decorator(method)
        return method(*args, **values)


class Decorated(Resource):
    decorators = (cross_origin(origins=ORIGIN),)

    def get(self):
        return {"a": 1}

    def put(self):
        return {"a": 2}


class Method(Resource):
    @cross_origin(origins=ORIGIN)
    def get(self):
        return {"a": 1}

    @cross_origin(origins=ORIGIN)
    def put(self):
        return {"a": 2}


class Asynchronous(MethodView):
    decorators = (cross_origin(origins=ORIGIN),)

    async def get(self):
        return {"a": 1}

    async def put(self):
        return {"a": 2}


class AsynchronousMethod(MethodView):
    @cross_origin(origins=ORIGIN)
    async def get(self):
        return {"a": 1}

    @cross_origin(origins=ORIGIN)
    async def put(self):
        return {"a": 2}


@pytest.mark.parametrize("extension", [pytest.param(None, marks=needs_signals), only("app")])
@pytest.mark.parametrize(
    "resource",
    [
        Decorated,
        Method,
        pytest.param(Asynchronous, marks=needs_async),
        pytest.param(AsynchronousMethod, marks=needs_async),
    ],
)
def test_classes_are_decorated_as_a_whole_or_by_method(resource, extension):
    """`decorators = [cross_origin()]` and decorated methods, with their preflights (D17)."""
    app = Flask(__name__)
    if extension is not None:
        CORS(app, **extension)
    Api(app).add_resource(resource, "/")
    assert (ask(app).json, cors(ask(app))) == ({"a": 1}, GRANTED)
    assert (ask(app, method="PUT").json, cors(ask(app, method="PUT"))) == ({"a": 2}, GRANTED)
    assert cors(preflight(app, method="PUT")) == PREFLIGHT
    assert cors(preflight(app, origin=EVIL)) == REFUSED


def test_decorators_that_are_applied_at_each_request_decide_then():
    """`method_decorators` of Flask-RESTful: the method that runs has the policy."""

    class Late(Resource):
        method_decorators = (cross_origin(origins=ORIGIN),)

        def get(self):
            return {"a": 1}

    app = Flask(__name__)
    Api(app).add_resource(Late, "/")
    for _ in range(2):
        assert cors(ask(app)) == GRANTED


# --- what has no effect (D19)


@pytest.mark.parametrize(
    ("args", "kwargs", "said"),
    [
        (
            ("*",),
            {},
            [
                (
                    "cross_origin='*' (from @cross_origin) is a positional argument and has no "
                    "effect; write cross_origin(origins='*')"
                )
            ],
        ),
        (
            (["https://a.example"],),
            {"origin": EVIL, "support_credentials": True},
            [
                (
                    "cross_origin=['https://a.example'] (from @cross_origin) is a positional "
                    "argument and has no effect; write cross_origin(origins=['https://a.example'])"
                ),
                (
                    f"origin='{EVIL}' (from @cross_origin) is not an option of Flask-CORS and has "
                    "no effect; write origins=..."
                ),
                (
                    "support_credentials=True (from @cross_origin) is not an option of Flask-CORS "
                    "and has no effect; write supports_credentials=..."
                ),
            ],
        ),
        (
            (),
            {"resources": "/x", "supports_credentials": "no", "origins": ORIGIN},
            [
                (
                    "resources='/x' (from @cross_origin) has no effect on the decorator; "
                    "it belongs to extension"
                ),
                (
                    "supports_credentials='no' (from @cross_origin(supports_credentials=...)) is a "
                    "text and counts as True; write supports_credentials=False"
                ),
            ],
        ),
    ],
)
def test_what_has_no_effect_is_warned_of_once_at_the_decorator(args, kwargs, said):
    """At set-up, at the user's line; the rest of the options works as in 6.0.2."""
    line = sys._getframe().f_lineno + 2
    with pytest.warns(CORSWarning) as given:
        decorate = cross_origin(*args, **kwargs)
    assert [str(warning.message) for warning in given] == said
    assert {(w.filename, w.lineno) for w in given} == {(__file__, line)}
    app = app_of(decorate(hello))
    assert cors(ask(app))["Access-Control-Allow-Origin"] == ORIGIN
    with pytest.raises(PolicyError) as raised:
        cross_origin(*args, strict=True, **kwargs)
    assert list(map(str, raised.value.problems)) == said


def test_a_second_positional_argument_has_no_effect_either():
    """`cross_origin(view, "*")` decorates the view and says so."""
    with pytest.warns(CORSWarning, match=r"write cross_origin\(origins='\*'\)"):
        app = app_of(cross_origin(hello, "*"))
    assert cors(ask(app)) == REFLECTED


def test_a_bad_option_is_an_error_at_the_decorator():
    """`PolicyError`, a `ValueError`, before any view is decorated."""
    with pytest.raises(ValueError, match="2 problems"):
        cross_origin(origins="*.example.com", max_age="soon")


@pytest.mark.parametrize("extension", [None, {"max_age": 1}])
def test_a_bad_configuration_is_an_error_at_the_request(caplog, extension):
    """What `app.config` spoils is refused, at each request, and grants nothing."""
    app = app_of(cross_origin()(hello))
    app.config["CORS_MAX_AGE"] = "soon"
    if extension is not None:
        CORS(app, **extension)
    for _ in range(2):
        caplog.clear()
        response = ask(app)
        assert (response.status_code, cors(response)) == (500, NO_RULE)
        assert "CORS_MAX_AGE" in caplog.text
    app.testing = True
    with pytest.raises(PolicyError, match="CORS_MAX_AGE"):
        ask(app)


# --- callables (D4)


@pytest.mark.parametrize("extension", [None, only("app")])
@pytest.mark.parametrize(
    "function",
    [
        lambda origin: origin == ORIGIN,
        [EVIL + "x", lambda origin: origin == ORIGIN],
        pytest.param("async", marks=needs_async),
    ],
)
def test_a_callable_is_asked_at_most_once_and_never_without_an_origin(function, extension):
    """Alone, in a list, or a coroutine function; `Vary: Origin` always."""
    asked = []

    async def admit_async(origin):
        return admit(origin)

    def admit(origin):
        asked.append(origin)
        return origin == ORIGIN

    if function == "async":
        origins = admit_async
    else:
        origins = [*function[:-1], admit] if isinstance(function, list) else admit
    app = app_of(cross_origin(origins=origins, always_send=False)(hello), extension)
    assert cors(ask(app)) == REFLECTED
    assert cors(ask(app, origin=EVIL)) == REFUSED
    assert cors(ask(app, origin=None)) == REFUSED
    assert cors(preflight(app)) == {**PREFLIGHT, "Vary": f"Origin, {VARY_PREFLIGHT}"}
    assert asked == [ORIGIN, EVIL, ORIGIN]


async def answer_async(origin):
    raise LookupError


@pytest.mark.parametrize(
    "function",
    [
        lambda origin: 1,
        lambda origin: None,
        lambda origin: origin,
        lambda origin: {}[origin],
        lambda: True,
        lambda origin: hello_async(),
        pytest.param(answer_async, marks=needs_async),
    ],
)
def test_a_callable_that_does_not_answer_with_a_bool_refuses(caplog, function):
    """No bool, an exception, a coroutine from a plain function: refused and logged, no 500."""
    app = app_of(cross_origin(origins=function)(hello))
    response = ask(app)
    assert (response.status_code, cors(response)) == (200, REFUSED)
    assert [(r.levelname, r.name) for r in caplog.records] == [("ERROR", "flask_cors.decision")]


def test_an_origin_of_2049_bytes_reaches_no_callable(caplog):
    """D6: nobody is asked about such a text."""
    caplog.set_level(logging.INFO, "flask_cors")
    app = app_of(cross_origin(origins=lambda origin: pytest.fail("asked"))(hello))
    assert cors(ask(app, origin="https://" + "a" * 2041)) == REFUSED
    assert [r.levelname for r in caplog.records] == ["INFO"]

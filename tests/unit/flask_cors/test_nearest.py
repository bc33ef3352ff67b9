"""Whose policy is nearest to a request."""

import flask
import pytest
from flask import Blueprint, Flask, abort, redirect
from flask.views import MethodView, View
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.routing import Rule
from werkzeug.test import Client

from flask_cors import CORS, cross_origin
from flask_cors._nearest import blueprints_of

from .support import REFUSED, ask, cors, decider, needs_signals, only, plain, preflight, view

# --- the nearest scope decides (D12)


def nested_app(*scopes):
    """An app with a view in a blueprint in a blueprint; the given scopes have policies."""
    app = Flask(__name__)
    outer, inner = Blueprint("outer", __name__), Blueprint("inner", __name__)
    inner.add_url_rule("/", "view", view("view") if "view" in scopes else plain)
    if "inner" in scopes:
        CORS(inner, **only("inner"))
    if "outer" in scopes:
        CORS(outer, **only("outer"))
    outer.register_blueprint(inner)
    app.register_blueprint(outer)
    if "app" in scopes:
        CORS(app, **only("app"))
    return app


@pytest.mark.parametrize(
    ("scopes", "nearest"),
    [
        (["view", "inner", "outer", "app"], "view"),
        (["inner", "outer", "app"], "inner"),
        (["outer", "app"], "outer"),
        (["app"], "app"),
        (["view", "app"], "view"),
        (["inner", "app"], "inner"),
        (["inner"], "inner"),
        (["view"], "view"),
        ([], None),
    ],
)
def test_the_nearest_scope_decides(scopes, nearest):
    """Decorator over inner blueprint over outer blueprint over app, preflights too."""
    app = nested_app(*scopes)
    assert [decider(app), decider(app, before="GET"), decider(app, method="HEAD")] == [nearest] * 3


@pytest.mark.parametrize("scopes", [["view", "app"], ["inner", "outer", "app"], ["outer", "app"]])
def test_a_refusal_of_the_nearest_is_final(scopes):
    """A wider policy grants nothing that a nearer one refuses."""
    app = nested_app(*scopes)
    assert cors(ask(app, origin="https://app.example")) == REFUSED
    assert cors(preflight(app, origin="https://app.example")) == REFUSED


def test_a_blueprint_without_a_rule_for_the_path_says_nothing():
    """A wider scope decides where a nearer one has no rule for the path."""
    app = Flask(__name__)
    blueprint = Blueprint("blueprint", __name__)
    CORS(blueprint, resources={"/in": only("blueprint")})
    blueprint.add_url_rule("/in", "in", plain)
    blueprint.add_url_rule("/out", "out", plain)
    app.register_blueprint(blueprint)
    CORS(app, **only("app"))
    assert [decider(app, path) for path in ("/in", "/out")] == ["blueprint", "app"]


@pytest.mark.parametrize(
    ("endpoint", "names"),
    [("a.b.view", ["a.b", "a"]), ("a.view", ["a"]), ("view", [])],
)
def test_blueprints_are_asked_from_the_inside(endpoint, names):
    """The names of nested blueprints are prefixes of the endpoint."""
    assert list(blueprints_of(Rule("/", endpoint=endpoint))) == names
    assert list(blueprints_of(None)) == []


# --- decorated views keep their policy on every outcome (D13)


def broken():
    raise LookupError


def handled():
    raise ZeroDivisionError


def before():
    if flask.request.path == "/not/run":
        abort(401)


def outcomes(extension):
    """An app whose decorated views do everything but answer."""
    app = Flask(__name__)
    if extension:
        CORS(app, **only("app"))
    app.before_request(before)
    app.register_error_handler(ZeroDivisionError, lambda _: ("handled", 409))
    for path, function in {
        "/abort/<int:code>": abort,
        "/broken": broken,
        "/handled": handled,
        "/away": lambda: redirect("/", 302),
        "/slash/": plain,
        "/not/run": broken,
    }.items():
        app.add_url_rule(path, path, cross_origin(**only("view"))(function))
    return app


@pytest.mark.parametrize("extension", [True, False])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/abort/400", 400),
        ("/abort/404", 404),
        ("/abort/413", 413),
        ("/abort/503", 503),
        ("/broken", 500),
        ("/handled", 409),
        ("/away", 302),
        ("/slash/", 200),
        pytest.param("/slash", 308, marks=needs_signals),
        pytest.param("/slash//", 308, marks=needs_signals),
        pytest.param("/not/run", 401, marks=needs_signals),
    ],
)
def test_a_decorated_view_keeps_its_policy_on_every_outcome(extension, path, status):
    """Whatever becomes of the request, also where the view never runs, its policy decides."""
    app = outcomes(extension)
    assert ask(app, path).status_code == status
    assert decider(app, path) == "view"
    assert cors(ask(app, path, origin="https://view.example")) == {
        "Access-Control-Allow-Origin": "https://view.example"
    }


@pytest.mark.parametrize("path", ["/slash", "/slash//", "/not/run"])
def test_with_an_extension_no_signal_is_needed(path):
    """A view that never runs keeps its policy through the extension's hook."""
    assert decider(outcomes(extension=True), path) == "view"
    assert decider(outcomes(extension=True), path, before="GET") == "view"


@pytest.mark.parametrize(("path", "method"), [("/missing", "GET"), ("/slash/", "PUT")])
def test_what_has_no_view_has_the_policy_of_the_app(path, method):
    """404 and 405 belong to no view."""
    assert decider(outcomes(extension=True), path, method) == "app"
    assert decider(outcomes(extension=False), path, method) is None


# --- redirects of the routing


def slashes():
    app = Flask(__name__)
    app.add_url_rule("/x/", "x", view("view"))
    app.add_url_rule("/gr\xfc\xdfe/", "gruesse", view("view"))
    app.add_url_rule("/old", "old", plain, redirect_to="/x/")
    app.add_url_rule("/lost", "lost", plain, redirect_to="/nowhere")
    app.add_url_rule("/twice", "twice", plain, redirect_to="/x")
    CORS(app, **only("app"))
    return app


REDIRECTED = [
    ("/x", "view"),
    ("/gr%C3%BC%C3%9Fe", "view"),
    ("/x//", "view"),
    ("/old", "view"),
    ("/lost", "app"),
    ("/twice", "app"),
]


@pytest.mark.parametrize(("path", "whose"), REDIRECTED)
def test_a_redirect_of_the_routing_has_the_policy_of_its_target(path, whose):
    """The view that a redirect leads to decides; where it leads to none, the app."""
    app = slashes()
    assert ask(app, path).status_code == 308
    assert (decider(app, path), decider(app, path, before="GET")) == (whose, whose)


def test_a_redirected_preflight_for_a_method_without_a_view():
    """It goes to the view that is redirected to, as one that is not redirected does."""
    app = slashes()
    assert [decider(app, path, before="PATCH") for path in ("/x/", "/x", "/lost")] == [
        "view",
        "view",
        "app",
    ]


@pytest.mark.parametrize(("path", "whose"), REDIRECTED)
@pytest.mark.parametrize("mount", ["/mount", "/x", "/\xfc"])
def test_a_redirect_below_a_mount_point_is_found_as_well(path, whose, mount):
    """`SCRIPT_NAME` is no part of the path that is looked up."""
    client = Client(
        DispatcherMiddleware(Flask("outer"), {mount.encode().decode("latin-1"): slashes()})
    )
    if path not in ("/old", "/lost", "/twice"):  # their targets are outside of the mount
        assert ask(client, mount + path).status_code == 308
        assert decider(client, mount + path) == whose


# --- two views on one URL (D17)


def test_a_preflight_takes_the_policy_of_the_view_it_asks_about():
    """One URL, a view for each method: the requested method names the view."""
    app = Flask(__name__)
    app.add_url_rule("/", "get", view("get"))
    app.add_url_rule("/", "put", view("put"), methods=["PUT"])
    app.add_url_rule("/", "delete", plain, methods=["DELETE"])
    CORS(app, **only("app"))
    methods = ["GET", "HEAD", "PUT", "put", "DELETE"]
    assert [decider(app, before=method) for method in methods] == [
        "get",
        "get",
        "put",
        "put",
        "app",
    ]
    assert [decider(app, method=method) for method in ("GET", "PUT", "DELETE")] == [
        "get",
        "put",
        "app",
    ]


def test_a_preflight_for_a_method_without_a_view_goes_to_the_view_that_answers_it():
    """Where no view takes the requested method, the one that answers OPTIONS decides."""
    app = Flask(__name__)
    app.add_url_rule("/", "get", view("get"))
    CORS(app, **only("app"))
    assert decider(app, before="PATCH") == "get"
    assert decider(app, method="OPTIONS") == "get"


def test_views_in_two_blueprints_on_one_url():
    """The blueprint of the view that answers the requested method decides."""
    app = Flask(__name__)
    for name, method in (("one", "GET"), ("two", "PUT")):
        blueprint = Blueprint(name, __name__)
        blueprint.add_url_rule("/", "view", plain, methods=[method])
        CORS(blueprint, **only(name))
        app.register_blueprint(blueprint)
    assert [decider(app, before=method) for method in ("GET", "PUT")] == ["one", "two"]
    assert [decider(app, method=method) for method in ("GET", "PUT")] == ["one", "two"]


@pytest.mark.parametrize("how", ["host", "subdomain"])
def test_hosts_and_subdomains_have_views_of_their_own(how):
    """The same path on two hosts belongs to two views; preflights and redirects as well."""
    if how == "host":
        app = Flask(__name__, host_matching=True, static_folder=None)
    else:
        app = Flask(__name__, subdomain_matching=True)
        app.config["SERVER_NAME"] = "site.example"
    CORS(app, **only("app"))
    for name in ("one", "two"):
        where = {"host": f"{name}.site.example"} if how == "host" else {"subdomain": name}
        app.add_url_rule("/x/", f"{name}-get", view(f"{name}-get"), **where)
        app.add_url_rule("/x/", f"{name}-put", view(f"{name}-put"), methods=["PUT"], **where)
    for name in ("one", "two"):
        at = {"base_url": f"http://{name}.site.example"}
        assert decider(app, "/x/", **at) == f"{name}-get"
        assert decider(app, "/x/", before="PUT", **at) == f"{name}-put"
        assert decider(app, "/x", **at) == f"{name}-get"
        assert decider(app, "/x", before="PUT", **at) == f"{name}-put"
        assert decider(app, "/y", **at) == "app"


@needs_signals
@pytest.mark.parametrize("extension", [None, only("app")])
def test_a_preflight_takes_the_policy_behind_a_redirect_of_the_method(extension):
    """A view for PUT answers OPTIONS; what GET comes to is a redirect to another view."""
    app = Flask(__name__)
    app.add_url_rule("/x", "put", plain, methods=["PUT"])
    app.add_url_rule("/x/", "get", view("get"))
    if extension:
        CORS(app, **extension)
    other = "app" if extension else None
    assert [decider(app, "/x", before=method) for method in ("GET", "PUT")] == ["get", other]
    assert [decider(app, "/x", method=method) for method in ("GET", "PUT")] == ["get", other]


# --- views of classes (D17)


class Both(MethodView):
    decorators = (cross_origin(**only("class")),)

    def get(self):
        return "x"

    @cross_origin(**only("put"))
    def put(self):
        return "x"


class Answering(Both):
    """Its OPTIONS is not Flask's, so that the decorator of the class answers it."""

    provide_automatic_options = False


class Methods(MethodView):
    @cross_origin(**only("get"))
    def get(self):
        return "x"

    @cross_origin(**only("put"))
    def put(self):
        return "x"

    def delete(self):
        return "x"


class Dispatching(View):
    methods = ("GET", "PUT")
    decorators = (cross_origin(**only("class")),)

    def dispatch_request(self):
        return "x"


@pytest.mark.parametrize(
    ("view_class", "deciders"),
    [
        (Both, {"GET": "class", "HEAD": "class", "PUT": "put"}),
        (Answering, {"GET": "class", "HEAD": "class", "PUT": "put"}),
        (Methods, {"GET": "get", "HEAD": "get", "PUT": "put", "DELETE": "app"}),
        (Dispatching, {"GET": "class", "HEAD": "class", "PUT": "class"}),
    ],
)
def test_a_class_and_its_methods_may_have_policies(view_class, deciders):
    """A decorated method is nearer than the class; preflights are answered alike."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=view_class.as_view("view"))
    CORS(app, **only("app"))
    assert {method: decider(app, method=method) for method in deciders} == deciders
    assert {method: decider(app, before=method) for method in deciders} == deciders


@needs_signals
@pytest.mark.parametrize(
    ("view_class", "deciders"),
    [
        (Both, {"GET": "class", "PUT": "put"}),
        (Methods, {"GET": "get", "PUT": "put", "DELETE": None}),
    ],
)
def test_a_class_needs_no_extension(view_class, deciders):
    """The preflights that Flask answers without running the view have a policy as well."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=view_class.as_view("view"))
    assert {method: decider(app, before=method) for method in deciders} == deciders
    assert {method: decider(app, method=method) for method in deciders} == deciders

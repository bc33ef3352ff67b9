"""What an attack, an environment or a freezer does to an application, each a rule of its own."""

import subprocess
import sys
from collections import UserString, deque
from decimal import Decimal
from fractions import Fraction
from unittest.mock import Mock, patch

import pytest
from flask import Blueprint, Flask, abort, make_response
from flask.views import MethodView
from werkzeug.exceptions import Unauthorized
from werkzeug.routing import Rule
from werkzeug.test import create_environ, run_wsgi_app

import flask_cors
from corecors import PolicyError
from flask_cors import CORS, CORSWarning, cross_origin
from flask_cors._installed import installation

from .support import EVIL, GRANTED, NO_RULE, ORIGIN, OTHER, ask, cors, needs_signals, preflight

CALLED = {"Access-Control-Allow-Origin": EVIL, "Vary": "Origin"}


def app_of(view, **rule):
    app = Flask(__name__)
    app.add_url_rule("/", "view", view, **rule)
    return app


def lax():
    return cross_origin()(lambda: "public")


def strict(view):
    return cross_origin(origins=ORIGIN)(view)


def raising(app, path="/", origin=EVIL):
    """Answer the exceptions of a view with a response of the application's."""
    app.register_error_handler(LookupError, lambda error: ("handled", 409))
    return ask(app, path, origin=origin)


class TestCalls:
    """D12: calling a decorated view changes nothing for the caller."""

    def test_a_lax_view_opens_no_strict_one(self):
        called = lax()

        def view():
            return called()

        assert cors(ask(app_of(strict(view)), origin=EVIL)) == {"Vary": "Origin"}

    def test_a_strict_view_closes_no_lax_one(self):
        called = strict(lambda: "private")
        app = app_of(cross_origin()(lambda: called().data + b"!"))
        assert cors(ask(app, origin=EVIL)) == CALLED

    def test_a_caller_that_makes_its_own_response_has_no_policy_of_the_called(self):
        called = lax()
        assert cors(ask(app_of(lambda: called().data), origin=EVIL)) == NO_RULE

    def test_the_response_of_a_decorated_function_has_its_policy(self):
        called = lax()

        def view():
            return called()

        assert cors(ask(app_of(view), origin=EVIL)) == CALLED

    def test_so_has_the_exception_of_one_that_ends_the_request(self):
        @cross_origin()
        def called():
            raise LookupError

        def view():
            return called()

        assert cors(raising(app_of(view))) == CALLED

    def test_an_exception_that_the_caller_answers_decides_nothing(self):
        @cross_origin()
        def called():
            raise LookupError

        def view():
            with pytest.raises(LookupError):
                called()
            return "caught"

        assert cors(ask(app_of(view), origin=EVIL)) == NO_RULE

    def test_a_decorated_function_in_a_hook_decides_nothing(self):
        app, called = app_of(strict(lambda: "private")), lax()
        app.before_request(lambda: called() and None)
        assert cors(ask(app, origin=EVIL)) == {"Vary": "Origin"}


@pytest.mark.parametrize("host", ["[::.]", "[", "a:b", "\xe4", ""])
def test_no_host_raises_in_a_second_look_at_a_url(host):
    """What Werkzeug cannot read fails as it does without CORS, and not earlier."""
    statuses = []
    for view in (lambda: "x", lax()):
        app = Flask(__name__)
        app.add_url_rule("/foo/", "view", view)
        environ = {**create_environ("/foo"), "HTTP_HOST": host, "HTTP_ORIGIN": EVIL}
        statuses.append(run_wsgi_app(app, environ)[1])
    assert statuses[0] == statuses[1]


def test_of_a_view_class_only_served_methods_are_looked_up():
    """A preflight names any method; no other attribute of the class is touched by it (D17)."""
    touched = []

    class Touchy:
        def __get__(self, instance, owner):
            touched.append(owner)
            raise RuntimeError

    class Methods(MethodView):
        db = Touchy()

        def get(self):
            return "x"

    app = app_of(cross_origin()(Methods.as_view("methods")))
    touched.clear()
    assert preflight(app, method="DB").status_code == 200
    assert touched == []


def test_flask_cors_core_is_imported_by_a_statement():
    """A freezer follows import statements, not names that are put together at run time."""
    code = "import flask_cors, sys; assert 'flask_cors.core' not in sys.modules; "
    code += "print(flask_cors.core.ACL_ORIGIN)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 (ours)
    assert done.stdout == "Access-Control-Allow-Origin\n"
    assert "flask_cors.core" in flask_cors.__getattr__.__code__.co_names


def test_a_view_does_not_run_under_a_policy_that_cannot_be_made():
    """The error comes first, where a handler for `ValueError` can answer it."""
    ran = []
    app = app_of(cross_origin()(lambda: ran.append(1) or "x"), methods=["POST"])
    app.config.update(CORS_SUPPORTS_CREDENTIALS=True, CORS_SEND_WILDCARD=True)
    app.register_error_handler(ValueError, lambda error: ("no policy", 409))
    response = app.test_client().post("/", headers={"Origin": ORIGIN})
    assert (response.status_code, cors(response), ran) == (409, NO_RULE, [])


def test_a_mock_can_be_decorated():
    """Anything callable can; what a mock has under any name is nothing that it requires."""
    assert (
        cors(ask(app_of(cross_origin()(Mock(__name__="v", return_value="x"))), origin=EVIL))
        == CALLED
    )


def test_an_iterator_among_options_set_by_hand_serves_every_resource():
    """`cors._options = {...}` is read once, and each resource finds all of it."""
    app, cors_ = Flask(__name__), CORS()
    cors_._options = {"origins": iter([ORIGIN]), "resources": {"/x/*": {}, "/*": {"max_age": 1}}}
    cors_.init_app(app)
    assert [cors(ask(app, path)) for path in ("/x/y", "/z")] == [GRANTED, GRANTED]


def test_an_iterator_in_the_configuration_serves_every_resource():
    """It is read once, too."""
    app = Flask(__name__)
    app.config["CORS_ORIGINS"] = iter([ORIGIN])
    CORS(app, resources={"/x/*": {}, "/*": {"max_age": 1}})
    assert [cors(ask(app, path)) for path in ("/x/y", "/z")] == [GRANTED, GRANTED]


def test_an_iterator_among_options_set_by_hand_serves_a_blueprint():
    """Its options are checked first, and read again where it is registered."""
    app, blueprint, cors_ = Flask(__name__), Blueprint("b", __name__), CORS()
    blueprint.add_url_rule("/", view_func=lambda: "")
    cors_._options = {"origins": iter([ORIGIN])}
    cors_.init_app(blueprint)
    app.register_blueprint(blueprint)
    assert cors(ask(app)) == GRANTED


class Array(list):
    """Compares item by item, as arrays of numbers do, and is neither true nor false."""

    def __eq__(self, other):
        raise ValueError("ambiguous")

    __ne__ = __eq__
    __hash__ = None


def test_a_value_that_cannot_be_compared_is_read_all_the_same(caplog):
    """At set-up, and where the first request looks for changes (D19)."""
    app = Flask(__name__)
    app.config["CORS_MATRIX"] = Array([1])
    CORS(app, origins=Array([ORIGIN]))
    assert cors(ask(app)) == GRANTED
    assert [record.getMessage() for record in caplog.records] == []


@pytest.mark.parametrize(
    ("key", "value", "name", "sent"),
    [
        ("CORS_EXPOSE_HEADERS", True, "Access-Control-Expose-Headers", "True"),
        ("CORS_EXPOSE_HEADERS", ["X-A", 5], "Access-Control-Expose-Headers", "5, X-A"),
        ("CORS_EXPOSE_HEADERS", deque([1, 2]), "Access-Control-Expose-Headers", "1, 2"),
        ("CORS_EXPOSE_HEADERS", range(2), "Access-Control-Expose-Headers", "0, 1"),
        ("CORS_EXPOSE_HEADERS", {3: 0}.keys(), "Access-Control-Expose-Headers", "3"),
        ("CORS_EXPOSE_HEADERS", [Decimal(5)], "Access-Control-Expose-Headers", "5"),
        ("CORS_EXPOSE_HEADERS", UserString("X-A"), "Access-Control-Expose-Headers", "X-A"),
        ("CORS_ORIGINS", [UserString(ORIGIN)], "Access-Control-Allow-Origin", ORIGIN),
    ],
)
def test_what_is_no_text_counts_as_its_text(key, value, name, sent):
    """As in 6.0.2, but with a warning (D19)."""
    app = Flask(__name__)
    app.config[key] = value
    with pytest.warns(CORSWarning, match="counts as the text of it"):
        CORS(app)
    assert ask(app).headers[name] == sent


@pytest.mark.parametrize("max_age", [Decimal(600), Fraction(600), 600.0, "600"])
def test_whole_numbers_of_any_kind_are_a_max_age(max_age):
    """D9."""
    app = Flask(__name__)
    CORS(app, max_age=max_age)
    assert preflight(app).headers["Access-Control-Max-Age"] == "600"


@pytest.mark.parametrize("max_age", [Decimal("1.5"), Decimal("NaN"), float("inf"), 1j])
def test_others_are_none(max_age):
    """D9."""
    with pytest.raises(PolicyError, match="is not a whole number of seconds"):
        CORS(Flask(__name__), max_age=max_age)


def test_an_empty_max_age_of_the_environment_says_nothing():
    """D9."""
    app = Flask(__name__)
    app.config["CORS_MAX_AGE"] = ""
    CORS(app)
    assert "Access-Control-Max-Age" not in preflight(app).headers


@needs_signals  # the view never runs
def test_a_rule_for_options_alone_leaves_the_policy_to_the_view_that_is_asked_about():
    """A Flask to come may give automatic OPTIONS an endpoint of its own (D17)."""
    apps = Flask(__name__), Flask(__name__)
    for app in apps:
        app.url_map.add(Rule("/", endpoint="options", methods=["OPTIONS"]))
        app.view_functions["options"] = lambda: ""
    bare, app = apps
    CORS(bare, resources="/elsewhere")
    assert cors(preflight(bare, method="PUT")) == NO_RULE
    app.add_url_rule("/", "get", strict(lambda: "x"))
    assert cors(preflight(app, method="GET"))["Access-Control-Allow-Origin"] == ORIGIN
    assert "Access-Control-Allow-Methods" not in cors(preflight(app, method="BREW"))


def test_a_flask_to_come_wants_the_context_for_options():
    """What is there is looked at, and no version is compared."""
    app, given = app_of(strict(lambda: "x")), []

    def make_default_options_response(context):
        given.append(context)
        return app.response_class("options")

    app.make_default_options_response = make_default_options_response
    assert preflight(app).data == b"options"
    assert len(given) == 1


def test_what_is_raised_may_carry_a_decorated_response():
    """The exception decides then: Flask makes a new response of it (D12)."""
    decorated = strict(lambda: make_response("d", 418))

    def raising():
        raise Unauthorized(response=decorated())

    app = Flask(__name__)
    app.add_url_rule("/abort", "abort", lambda: abort(decorated()))
    app.add_url_rule("/raise", "raise", raising)
    for path in ("/abort", "/raise"):
        assert cors(ask(app, path)) == GRANTED


def test_decorating_at_each_request_keeps_nothing_for_ever():
    """Whoever does that has no policy for each request that came."""
    app = Flask(__name__)
    CORS(app)

    @app.route("/")
    def view():
        return strict(lambda: "x")()

    with patch("flask_cors._installed._MOST", 5):
        for _ in range(12):
            assert cors(ask(app)) == GRANTED
    assert len(installation(app).decorated) <= 5


class Raising:
    """A view whose attributes run code, as those of a proxy do."""

    __name__ = "raising"

    def __call__(self):
        return "x"

    def __getattr__(self, name):
        if name in ("view_class", "__flask_cors__"):
            raise KeyError(name)
        raise AttributeError(name)


def test_a_view_that_raises_where_it_is_looked_at_is_not_decorated():
    """Nothing that Flask does not do to it may end a request."""
    for extended in (False, True):
        app = Flask(__name__)
        if extended:
            CORS(app)
        app.add_url_rule("/decorated", "decorated", strict(lambda: "x"))
        app.add_url_rule("/", "raising", lambda: "")
        app.view_functions["raising"] = Raising()
        assert ask(app, "/").status_code == 200
        assert cors(ask(app, "/decorated")) == GRANTED


def test_a_container_that_changes_in_the_configuration_is_read_again():
    """Decorated views obey it, whatever kind of list it is."""
    app = Flask(__name__)
    app.config["CORS_ORIGINS"] = deque([ORIGIN])
    app.add_url_rule("/", view_func=cross_origin()(lambda: "x"))
    assert cors(ask(app, origin=OTHER)) == {"Vary": "Origin"}
    app.config["CORS_ORIGINS"].append(OTHER)
    assert cors(ask(app, origin=OTHER))["Access-Control-Allow-Origin"] == OTHER

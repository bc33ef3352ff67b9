"""`methods="auto"`, and paths and views without CORS under a wider policy."""

from __future__ import annotations

import logging
import pickle

import pytest
from flask import Blueprint, Flask
from flask.views import MethodView

from corecors import Policy, PolicyError
from flask_cors import CORS, cross_origin
from flask_cors._policies import RoutedPolicy, methods_served, no_cors
from tests.unit.flask_cors.support import GRANTED, ORIGIN, OTHER, ask, cors, preflight

ASKED = {"Vary": "Access-Control-Request-Method"}
READ = {"Vary": "Access-Control-Request-Method, Access-Control-Request-Headers"}


def granted(methods: str) -> dict[str, str]:
    return {**GRANTED, "Access-Control-Allow-Methods": methods, **READ}


REFUSED_METHOD = {**GRANTED, **ASKED}


@pytest.fixture
def app() -> Flask:
    app = Flask("auto")
    app.add_url_rule("/search", "search", lambda: "found", methods=["QUERY", "GET"])
    app.add_url_rule("/items/<int:number>", "item", lambda number: "item")
    app.add_url_rule("/items/<int:number>", "change", lambda number: "", methods=["PUT", "PATCH"])
    app.add_url_rule("/folder/", "folder", lambda: "folder", methods=["PUT"])
    return app


class TestMethodsOfTheUrlMap:
    @pytest.mark.parametrize(
        ("path", "method", "expected"),
        [
            ("/search", "QUERY", granted("GET, HEAD, OPTIONS, QUERY")),
            ("/search", "GET", granted("GET, HEAD, OPTIONS, QUERY")),
            ("/search", "PUT", REFUSED_METHOD),
            ("/search", "query", REFUSED_METHOD),
            ("/search", "POST", REFUSED_METHOD),
            ("/items/1", "PUT", granted("OPTIONS, PATCH, PUT")),
            ("/items/1", "GET", granted("GET, HEAD, OPTIONS")),
            ("/items/1", "DELETE", REFUSED_METHOD),
            ("/items/x", "PUT", REFUSED_METHOD),
            ("/folder", "PUT", REFUSED_METHOD),
            ("/folder/", "PUT", granted("OPTIONS, PUT")),
            ("/nowhere", "PUT", REFUSED_METHOD),
        ],
    )
    def test_a_preflight_is_answered_by_the_rule_that_serves_the_method(
        self, app, path, method, expected
    ):
        """POST needs no grant: what a browser makes of this silence about it is `allowed`."""
        CORS(app, origins=ORIGIN, methods="auto")
        assert cors(preflight(app, path, method)) == expected

    def test_the_requests_themselves_are_answered_as_ever(self, app):
        CORS(app, origins=ORIGIN, methods="auto")
        assert cors(ask(app, "/search")) == GRANTED
        assert cors(ask(app, "/search", "PUT")) == GRANTED
        assert cors(ask(app, "/search", "OPTIONS")) == GRANTED

    def test_a_route_that_comes_later_counts(self, app):
        CORS(app, origins=ORIGIN, methods="auto")
        app.add_url_rule("/late", "late", lambda: "", methods=["LOCK"])
        assert cors(preflight(app, "/late", "LOCK")) == granted("LOCK, OPTIONS")

    @pytest.mark.parametrize("place", ["config", "resource", "decorator", "blueprint"])
    def test_it_can_be_said_wherever_methods_can(self, place):
        app = Flask(place)
        view = lambda: ""  # noqa: E731
        if place == "decorator":
            view = cross_origin(origins=ORIGIN, methods="auto")(view)
        if place == "blueprint":
            blueprint = Blueprint("b", place)
            blueprint.add_url_rule("/x", "x", view, methods=["QUERY"])
            CORS(blueprint, origins=ORIGIN, methods="auto")
            app.register_blueprint(blueprint)
        else:
            app.add_url_rule("/x", "x", view, methods=["QUERY"])
        if place == "config":
            app.config.update(CORS_METHODS="auto", CORS_ORIGINS=ORIGIN)
            CORS(app)
        if place == "resource":
            CORS(app, resources={"/x": {"methods": "auto", "origins": ORIGIN}})
        assert cors(preflight(app, "/x", "QUERY")) == granted("OPTIONS, QUERY")
        assert cors(preflight(app, "/x", "PUT")) == REFUSED_METHOD

    def test_a_class_of_methods_is_read_too(self):
        class Items(MethodView):
            def get(self) -> str:
                return ""

            def delete(self) -> str:
                return ""

        app = Flask("class")
        app.add_url_rule("/", view_func=Items.as_view("items"))
        CORS(app, origins=ORIGIN, methods="auto")
        assert cors(preflight(app, "/", "DELETE")) == granted("DELETE, GET, HEAD, OPTIONS")
        assert cors(preflight(app, "/", "PUT")) == REFUSED_METHOD

    def test_other_options_keep_their_meaning(self, app):
        CORS(
            app,
            origins=[ORIGIN, OTHER],
            methods="auto",
            allow_headers="X-A",
            supports_credentials=True,
            max_age=5,
        )
        answer = preflight(
            app, "/search", "QUERY", headers={"Access-Control-Request-Headers": "x-a"}
        )
        assert cors(answer) == {
            **GRANTED,
            "Access-Control-Allow-Credentials": "true",
            "Access-Control-Allow-Headers": "x-a",
            "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS, QUERY",
            "Access-Control-Max-Age": "5",
            "Vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
        }

    def test_a_callable_is_asked_once(self, app):
        asked = []
        CORS(app, origins=lambda origin: asked.append(origin) is None, methods="auto")
        assert preflight(app, "/search", "QUERY").status_code == 200
        assert asked == [ORIGIN]

    def test_nothing_that_a_client_sends_raises(self, app):
        """A Host that Werkzeug can make nothing of, odd methods."""
        for url, host, method in (
            ("/folder", "[::.]", "PUT"),
            ("/search", "a", "\x01"),
            ("/search", "a", "__class__"),
        ):
            with app.test_request_context(url, method="OPTIONS", headers={"Host": host}):
                assert methods_served(method) == frozenset()

    def test_a_rule_of_any_method_allows_any(self, app):
        app.url_map.add(app.url_rule_class("/any", endpoint="any", methods=None))
        app.view_functions["any"] = lambda: ""
        CORS(app, origins=ORIGIN, methods="auto")
        assert cors(preflight(app, "/any", "EGG")) == granted("EGG")

    def test_the_policy_is_a_value_like_others(self):
        policy = RoutedPolicy(origins=ORIGIN, methods="auto")
        assert pickle.loads(pickle.dumps(policy)) == policy  # noqa: S301 (our own)
        assert hash(policy) == hash(RoutedPolicy(origins=ORIGIN, methods="auto"))
        assert policy != Policy(origins=ORIGIN, methods="auto")
        assert not policy.is_pure

    def test_the_policies_that_are_made_are_as_many_as_lists_of_methods(self, app):
        CORS(app, origins=ORIGIN, methods="auto")
        (rule,) = app.extensions["flask_cors"].extensions[0].rules.entries
        for number in range(20):
            preflight(app, f"/items/{number}", "PUT")
            preflight(app, "/search", f"M{number}")
        assert sorted(map(sorted, rule.policy._by_methods)) == [[], ["OPTIONS", "PATCH", "PUT"]]


class TestPathsWithoutCors:
    @pytest.fixture
    def app(self) -> Flask:
        app = Flask("internal")
        for path in ("/", "/internal", "/internal/x", "/internals"):
            app.add_url_rule(path, path, lambda: "", methods=["GET", "PUT"])
        return app

    def test_nothing_is_sent_for_them(self, app):
        CORS(app, resources={"/*": {"origins": ORIGIN}, "/internal/*": None})
        assert cors(ask(app, "/")) == cors(ask(app, "/internals")) == GRANTED
        for path in ("/internal", "/internal/x", "/internal/nowhere"):
            assert cors(ask(app, path)) == cors(preflight(app, path)) == {}
            assert cors(ask(app, path, origin=None)) == {}

    def test_the_pattern_is_ordered_as_any_other(self, app):
        CORS(app, resources={"/internal/x": {"origins": ORIGIN}, "/internal/*": None})
        assert cors(ask(app, "/internal/x")) == GRANTED
        assert cors(ask(app, "/internal")) == {}

    def test_it_is_final_under_a_wider_extension(self, app):
        """The latest extension that has a rule decides (D20), one for nobody too."""
        CORS(app, origins=ORIGIN)
        CORS(app, resources={"/internal/*": None})
        assert cors(ask(app, "/")) == GRANTED
        assert cors(ask(app, "/internal")) == {}

    def test_what_a_view_says_itself_stays(self, app):
        app.add_url_rule(
            "/internal/own",
            "own",
            lambda: ("", {"Access-Control-Allow-Origin": OTHER, "Vary": "Cookie"}),
        )
        CORS(app, resources={"/internal/*": None})
        own = {"Access-Control-Allow-Origin": OTHER, "Vary": "Cookie"}
        assert cors(ask(app, "/internal/own")) == own

    def test_a_decorated_view_is_nearer(self, app):
        app.add_url_rule("/internal/open", "open", cross_origin(origins=ORIGIN)(lambda: ""))
        CORS(app, resources={"/internal/*": None})
        assert cors(ask(app, "/internal/open")) == GRANTED

    def test_options_of_the_extension_do_not_mend_it(self, app):
        CORS(app, origins="*", send_wildcard=True, resources={"/internal/*": None})
        assert cors(ask(app, "/internal")) == {}

    def test_a_pattern_is_checked_even_so(self, app):
        with pytest.raises(PolicyError, match="not a valid regular expression"):
            CORS(app, resources={"/internal/(": None})

    def test_other_values_are_refused_as_ever(self, app):
        with pytest.raises(PolicyError, match="is not a dict of options"):
            CORS(app, resources={"/internal/*": False})

    def test_the_log_says_that_it_is_switched_off(self, app, caplog):
        CORS(app, resources={"/*": {"origins": ORIGIN}, "/internal/*": None})
        caplog.set_level(logging.INFO, "flask_cors")
        ask(app, "/internal")
        (record,) = caplog.records
        assert record.getMessage() == (
            f"CORS refused: 'GET' '/internal' from '{ORIGIN}': there is no CORS here: "
            "it is switched off for this path or view (rule '/internal/*')"
        )

    def test_without_cors_means_a_policy_for_nobody(self):
        assert no_cors() == Policy(origins=[])
        assert no_cors().answer("GET", ORIGIN).lines == ()
        assert no_cors().answer("OPTIONS", ORIGIN, "PUT", "x-a", "true").lines == ()


class TestViewsWithoutCors:
    def test_nothing_is_sent_for_it(self):
        app = Flask("off")
        CORS(app, origins=ORIGIN)
        app.add_url_rule("/off", "off", cross_origin(enabled=False)(lambda: ""), methods=["PUT"])
        app.add_url_rule("/on", "on", cross_origin(enabled=True, origins=OTHER)(lambda: ""))
        app.add_url_rule("/", "index", lambda: "")
        assert cors(ask(app, "/off", "PUT")) == cors(preflight(app, "/off")) == {}
        assert preflight(app, "/off").status_code == 200
        assert cors(ask(app, "/on", origin=OTHER)) == {"Access-Control-Allow-Origin": OTHER}
        assert cors(ask(app, "/")) == GRANTED

    def test_a_method_of_a_class(self):
        class Items(MethodView):
            def get(self) -> str:
                return ""

            @cross_origin(enabled=False)
            def delete(self) -> str:
                return ""

        app = Flask("class")
        app.add_url_rule("/", view_func=Items.as_view("items"))
        CORS(app, origins=ORIGIN)
        assert cors(ask(app, "/")) == GRANTED
        assert cors(ask(app, "/", "DELETE")) == cors(preflight(app, "/", "DELETE")) == {}

    def test_failures_of_the_view_are_without_it_too(self):
        app = Flask("off")
        CORS(app, origins=ORIGIN)

        @app.route("/")
        @cross_origin(enabled=False)
        def view():
            raise ZeroDivisionError

        assert ask(app, "/").status_code == 500
        assert cors(ask(app, "/")) == {}

    def test_a_key_of_that_name_is_the_applications_own(self, recwarn):
        """`CORS_ENABLED` is a key that applications have for themselves."""
        app = Flask("own key")
        app.config["CORS_ENABLED"] = False
        CORS(app, origins=ORIGIN)
        app.add_url_rule("/", "index", cross_origin(origins=OTHER)(lambda: ""))
        assert cors(ask(app, "/nowhere")) == GRANTED
        assert cors(ask(app, "/", origin=OTHER)) == {"Access-Control-Allow-Origin": OTHER}
        assert [str(warning.message) for warning in recwarn] == []

    def test_an_extension_has_no_such_option(self):
        app = Flask("extension")
        with pytest.warns(UserWarning, match="enabled=False .* has no effect on the extension"):
            CORS(app, enabled=False, origins=ORIGIN)
        assert cors(ask(app, "/nowhere")) == GRANTED

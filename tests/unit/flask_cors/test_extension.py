"""`CORS` on applications and blueprints."""

import re
import sys
from datetime import timedelta

import flask
import pytest
from flask import Blueprint, Flask
from flask.views import MethodView

from corecors import PolicyError
from flask_cors import CORS, CORSWarning, cross_origin
from flask_cors._installed import installation
from flask_cors.extension import make_after_request_function

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
    only,
    preflight,
)

VARY_PREFLIGHT = "Access-Control-Request-Method, Access-Control-Request-Headers"


def app_of(*paths, name="app", **config):
    """Make an application with a view at each path."""
    app = Flask(name)
    app.config.update(config)
    for path in paths or ("/",):
        app.add_url_rule(path, path, lambda: "x")
    return app


# --- applications


@pytest.mark.parametrize(
    "install",
    [
        lambda app: CORS(app, origins=ORIGIN),
        lambda app: CORS(app=app, origins=ORIGIN),
        lambda app: CORS(origins=ORIGIN).init_app(app),
        lambda app: CORS().init_app(app, origins=ORIGIN),
        lambda app: CORS(origins=EVIL).init_app(app=app, origins=ORIGIN),
    ],
)
def test_an_extension_comes_to_an_application_at_once_or_later(install):
    """`CORS(app)` and `CORS().init_app(app)` do the same."""
    app = app_of()
    install(app)
    assert cors(ask(app)) == GRANTED
    assert cors(ask(app, origin=EVIL)) == REFUSED


def test_options_may_be_put_on_the_object_before_init_app():
    """`cors._options = {...}` is seen in the wild and works."""
    extension = CORS()
    extension._options = {"origins": ORIGIN, "max_age": 3}
    app = app_of()
    extension.init_app(app)
    assert cors(preflight(app)) == {
        **GRANTED,
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Max-Age": "3",
        "Vary": VARY_PREFLIGHT,
    }


def test_one_extension_serves_several_applications():
    """Each application has its own configuration and its own rules."""
    extension = CORS(max_age=1)
    apps = [app_of(CORS_ORIGINS=f"https://{name}.example") for name in ("one", "two")]
    for app in apps:
        extension.init_app(app)
    assert [decider(app) for app in apps] == ["one", "two"]


def test_a_factory_makes_applications_that_do_not_know_each_other():
    """The extension at module level, the applications made by a function."""
    extension = CORS()

    def create_app(**config):
        app = app_of(**config)
        extension.init_app(app, resources={"/": {}})
        return app

    first, second = create_app(CORS_ORIGINS=ORIGIN), create_app(CORS_ORIGINS=OTHER)
    assert [cors(ask(app)) for app in (first, second)] == [GRANTED, REFUSED]
    assert installation(first) is not installation(second)


def test_an_extension_may_come_before_or_after_the_views():
    """Views that are registered later are covered as well."""
    app = Flask(__name__)
    CORS(app, origins=ORIGIN)
    app.add_url_rule("/", view_func=lambda: "x")
    assert cors(ask(app)) == GRANTED


def test_a_subclass_of_the_extension_may_give_options():
    """`CORS` can be derived from, `init_app` extended."""

    class Ours(CORS):
        def init_app(self, app, **options):
            super().init_app(app, origins=ORIGIN, **options)

    app = app_of()
    Ours(app, expose_headers="X-A")
    assert cors(ask(app)) == {**GRANTED, "Access-Control-Expose-Headers": "X-A"}


def test_the_current_application_may_be_given():
    """`CORS(current_app)`: the proxy stands for the application, which is what is kept."""
    app = app_of("/app")
    app.add_url_rule("/view", view_func=cross_origin(**only("view"))(lambda: "x"))
    with app.app_context():
        CORS(flask.current_app, **only("app"))
    assert installation(app).app is app
    assert [decider(app, path) for path in ("/app", "/view")] == ["app", "view"]


# --- several extensions on one application (D20)


def test_of_several_extensions_the_latest_with_a_rule_decides():
    """A refusal by one is final; a path without a rule falls to the one before."""
    app = app_of("/a", "/b", "/c")
    CORS(app, resources={"/a": only("first"), "/b": only("first")})
    CORS(app, resources={"/a": only("second")})
    assert [decider(app, path) for path in ("/a", "/b", "/c")] == ["second", "first", None]
    assert cors(ask(app, "/a", origin="https://first.example")) == REFUSED


def test_an_application_given_three_times_is_answered_once():
    """`CORS(app)` again and again adds no second line to any header."""
    app = app_of()
    for _ in range(3):
        CORS(app, expose_headers="X-A", supports_credentials=False)
    assert cors(ask(app)) == {**REFLECTED, "Access-Control-Expose-Headers": "X-A"}
    assert len(installation(app).extensions) == 3
    assert len(app.after_request_funcs[None]) == 1


def test_init_app_again_replaces_what_the_same_object_installed():
    """No second copy is stacked, and the object is the latest one now (D20)."""
    decides = []
    for options in (None, {}, only("third")):
        app = app_of()
        first = CORS(app, **only("first"))
        CORS(app, **only("second"))
        if options is not None:
            first.init_app(app, **options)
        decides.append(decider(app))
        assert len(installation(app).extensions) == 2
        assert len(app.after_request_funcs[None]) == 1
    assert decides == ["second", "first", "third"]


# --- paths


@pytest.mark.parametrize(
    ("pattern", "covered", "not_covered"),
    [
        ("/api/*", ["/api", "/api/", "/api/x", "/api/x/y"], ["/apisecret", "/apis/x", "/"]),
        ("/api", ["/api"], ["/api/", "/api/x", "/apis"]),
        ("/api.*", ["/api", "/apisecret", "/api/x"], ["/ap", "/x/api"]),
        ("*", ["/", "/api/x"], []),
        ("/*", ["/", "/api/x"], []),
        (r".*", ["/", "/api/x"], []),
        (re.compile("/API", re.IGNORECASE), ["/api", "/apis/x"], ["/x/api"]),
        (["/a", "/b/*"], ["/a", "/b", "/b/c"], ["/a/c", "/bc"]),
        ("/gr\xfc\xdfe/*", ["/gr%C3%BC%C3%9Fe/x"], ["/grusse/x", "/gr%25C3%25BC%25C3%259Fe/x"]),
        ("/a b", ["/a%20b"], ["/a%2520b", "/a+b"]),
        ("/100%25", ["/100%2525"], ["/100%25"]),
    ],
)
def test_paths_are_matched_as_routed(pattern, covered, not_covered):
    """Decoded once; `<literal>/*` is that path and all beneath it, nothing else (D15)."""
    app = Flask(__name__)
    CORS(app, origins=ORIGIN, resources=pattern)
    assert [cors(ask(app, path)) for path in covered] == [GRANTED] * len(covered)
    assert [cors(ask(app, path)) for path in not_covered] == [NO_RULE] * len(not_covered)


def test_the_first_resource_that_covers_the_path_decides():
    """Literal paths, then compiled regexes, then string patterns, the longer ones first."""
    app = Flask(__name__)
    CORS(
        app,
        resources={
            "/*": only("all"),
            "/api/*": only("api"),
            "/api/v1/*": only("v1"),
            re.compile("/api/v1/r"): only("compiled"),
            "/api/v1/rule": only("literal"),
        },
    )
    assert [
        decider(app, path)
        for path in ("/x", "/api/x", "/api/v1/x", "/api/v1/rx", "/api/v1/rule", "/api/v1/rule/x")
    ] == ["all", "api", "v1", "compiled", "literal", "compiled"]


def test_the_first_of_a_list_decides():
    """A list keeps its order, and its patterns share the options."""
    app = Flask(__name__)
    CORS(app, resources=["/a", re.compile("/b")], origins=ORIGIN)
    assert [cors(ask(app, path)) for path in ("/a", "/b/c", "/c")] == [GRANTED, GRANTED, NO_RULE]


# --- every option through the whole stack


@pytest.mark.parametrize(
    ("config", "options"),
    [
        ({}, {"origins": [ORIGIN, OTHER]}),
        ({"CORS_ORIGINS": f"{ORIGIN}, {OTHER}"}, {}),
        ({"CORS_ORIGINS": {ORIGIN, OTHER}}, {}),
        ({}, {"origins": (origin for origin in (ORIGIN, OTHER))}),
        ({}, {"origins": re.compile(r"https://(app|other)\.example")}),
        ({}, {"origins": r"https://(app|other)\.example"}),
        ({}, {"origins": "https://*.example"}),
        ({}, {"origins": lambda origin: origin in (ORIGIN, OTHER)}),
        ({"CORS_SEND_WILDCARD": False}, {}),
    ],
)
def test_origins_come_in_many_shapes(config, options):
    """One string, a list of them, a comma-separated string, regexes, patterns and callables."""
    app = app_of(**config)
    CORS(app, **options)
    assert cors(ask(app)) == REFLECTED
    assert cors(ask(app, origin=OTHER))["Access-Control-Allow-Origin"] == OTHER


@pytest.mark.parametrize(
    ("options", "actual", "asked"),
    [
        ({"origins": "*", "send_wildcard": True}, {"Access-Control-Allow-Origin": "*"}, {}),
        (
            {"expose_headers": ["X-B", "X-A"]},
            {**GRANTED, "Access-Control-Expose-Headers": "X-A, X-B"},
            {"Access-Control-Expose-Headers": "X-A, X-B"},
        ),
        (
            {"supports_credentials": True},
            {**GRANTED, "Access-Control-Allow-Credentials": "true"},
            {"Access-Control-Allow-Credentials": "true"},
        ),
        ({"max_age": timedelta(minutes=1)}, GRANTED, {"Access-Control-Max-Age": "60"}),
        ({"max_age": 0}, GRANTED, {"Access-Control-Max-Age": "0"}),
        ({"methods": "PUT, GET"}, GRANTED, {"Access-Control-Allow-Methods": "GET, PUT"}),
        ({"vary_header": False}, GRANTED, {"Vary": None}),
        ({"always_send": False}, GRANTED, {}),
        ({"allow_headers": []}, GRANTED, {"Vary": "Access-Control-Request-Method"}),
    ],
)
@pytest.mark.parametrize("layer", ["options", "config", "resource"])
def test_every_option_works_from_every_layer(layer, options, actual, asked):
    """`app.config`, the call and the resource's dict give the same headers."""
    options = {"origins": ORIGIN, **options}
    app = app_of()
    if layer == "options":
        CORS(app, **options)
    elif layer == "config":
        app.config.update({f"CORS_{name.upper()}": value for name, value in options.items()})
        CORS(app)
    else:
        CORS(app, resources={"/": options})
    expected = {
        "Access-Control-Allow-Origin": actual["Access-Control-Allow-Origin"],
        "Access-Control-Allow-Methods": METHODS,
        "Vary": VARY_PREFLIGHT,
        **asked,
    }
    assert cors(ask(app)) == actual
    assert cors(preflight(app)) == {
        name: value for name, value in expected.items() if value is not None
    }


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({"origins": ORIGIN}, GRANTED),
        ({"origins": "*"}, {"Access-Control-Allow-Origin": "*"}),
        ({"origins": [ORIGIN, OTHER]}, REFUSED),
        ({"origins": ORIGIN, "always_send": False}, REFUSED),
    ],
)
def test_a_request_without_an_origin(options, sent):
    """`always_send` sends the constant answer to it, and no other (D5)."""
    app = app_of()
    CORS(app, **options)
    assert cors(ask(app, origin=None)) == sent


@pytest.mark.parametrize(("allowed", "value"), [(True, "true"), (False, "false")])
def test_private_networks(allowed, value):
    """The answer stands on any method, as in 6.0.2."""
    app = app_of()
    CORS(app, origins=ORIGIN, allow_private_network=allowed)
    asked = {"Access-Control-Request-Private-Network": "true"}
    answer = {**GRANTED, "Access-Control-Allow-Private-Network": value}
    assert cors(ask(app, headers=asked)) == answer
    assert cors(ask(app)) == GRANTED


def test_any_origin_with_credentials_and_a_wildcard_is_refused():
    """`ValueError` at set-up, as in 6.0.2."""
    with pytest.raises(ValueError, match="refused by every browser"):
        CORS(Flask(__name__), send_wildcard=True, supports_credentials=True)


# --- callables (D4)


@pytest.mark.parametrize(
    "options",
    [
        lambda admit: {"origins": admit},
        lambda admit: {"origins": [EVIL + "x", admit]},
        lambda admit: {"resources": {"/": {"origins": admit}}},
    ],
)
@pytest.mark.parametrize("asynchronous", [False, pytest.param(True, marks=needs_async)])
def test_a_callable_decides_wherever_it_is_given(options, asynchronous):
    """For the application or one resource, alone or in a list: once, never without `Origin`."""
    asked = []

    def admit(origin):
        asked.append(origin)
        return origin == ORIGIN

    async def admit_async(origin):
        return admit(origin)

    app = app_of()
    CORS(app, always_send=False, **options(admit_async if asynchronous else admit))
    assert [cors(ask(app, origin=origin)) for origin in (ORIGIN, EVIL, None)] == [
        REFLECTED,
        REFUSED,
        REFUSED,
    ]
    assert asked == [ORIGIN, EVIL]


# --- blueprints


def blueprint_of(name="blueprint", **rule):
    blueprint = Blueprint(name, __name__, **rule)
    blueprint.add_url_rule("/in", "in", lambda: "x")
    return blueprint


@pytest.mark.parametrize(
    "install",
    [
        lambda blueprint: CORS(blueprint, **only("blueprint")),
        lambda blueprint: CORS().init_app(blueprint, **only("blueprint")),
        lambda blueprint: CORS(**only("blueprint")).init_app(blueprint),
    ],
)
def test_a_blueprint_has_a_policy_of_its_own(install):
    """It covers the blueprint's views, their preflights, and nothing of the application."""
    app, blueprint = app_of("/out"), blueprint_of(url_prefix="/prefix")
    install(blueprint)
    app.register_blueprint(blueprint)
    assert decider(app, "/prefix/in") == decider(app, "/prefix/in", before="GET") == "blueprint"
    assert decider(app, "/out") is None
    assert decider(app, "/prefix/missing") is None


def test_rules_of_a_blueprint_see_the_whole_path():
    """`resources` of a blueprint include its `url_prefix`, as in 6.0.2."""
    app, blueprint = app_of(), blueprint_of(url_prefix="/prefix")
    CORS(blueprint, resources={"/prefix/*": only("whole"), "/in": only("part")})
    with pytest.warns(CORSWarning) as given:
        app.register_blueprint(blueprint)
    assert [str(warning.message) for warning in given] == [
        (
            "resources='/in' (from CORS(resources=...)) covers nothing of the blueprint, whose "
            "paths begin with '/prefix'; write \"/prefix/in\""
        )
    ]
    assert decider(app, "/prefix/in") == "whole"


def test_a_blueprint_takes_the_configuration_of_its_application():
    """`CORS_*` keys count for blueprints too, of each application by itself (D16)."""
    blueprint = blueprint_of()
    CORS(blueprint, max_age=1)
    for name in ("one", "two"):
        app = app_of(CORS_ORIGINS=f"https://{name}.example", CORS_MAX_AGE=9)
        app.register_blueprint(blueprint)
        assert decider(app, "/in") == name
        assert preflight(app, "/in", origin=None).headers["Access-Control-Max-Age"] == "1"


def test_a_blueprint_registered_under_two_names():
    """Both registrations have the policy; a second one may have its own."""
    app, blueprint = app_of(), blueprint_of()
    CORS(blueprint, **only("blueprint"))
    app.register_blueprint(blueprint, url_prefix="/one")
    app.register_blueprint(blueprint, url_prefix="/two", name="two")
    assert [decider(app, path) for path in ("/one/in", "/two/in")] == ["blueprint"] * 2


def test_a_blueprint_in_two_parents():
    """The nearest blueprint of the registration that answers decides."""
    app, inner = app_of(), blueprint_of("inner")
    for name in ("one", "two"):
        outer = Blueprint(name, __name__, url_prefix=f"/{name}")
        CORS(outer, **only(name))
        outer.register_blueprint(inner)
        app.register_blueprint(outer)
    assert [decider(app, path) for path in ("/one/in", "/two/in")] == ["one", "two"]


def test_nested_blueprints_each_with_a_policy():
    """The innermost one that has a policy decides."""
    app, inner = app_of(), blueprint_of("inner", url_prefix="/inner")
    outer, plain = blueprint_of("outer", url_prefix="/outer"), blueprint_of("plain")
    CORS(inner, **only("inner"))
    CORS(outer, **only("outer"))
    outer.register_blueprint(inner)
    outer.register_blueprint(plain, url_prefix="/plain")
    app.register_blueprint(outer)
    paths = ["/outer/inner/in", "/outer/plain/in", "/outer/in"]
    assert [decider(app, path) for path in paths] == ["inner", "outer", "outer"]
    assert [decider(app, path, before="GET") for path in paths] == ["inner", "outer", "outer"]


def test_several_extensions_on_one_blueprint():
    """As on an application: the latest one that has a rule for the path decides (D20)."""
    app, blueprint = app_of(), blueprint_of()
    first = CORS(blueprint, **only("first"))
    CORS(blueprint, resources={"/in": only("second")})
    app.register_blueprint(blueprint)
    assert decider(app, "/in") == "second"
    blueprint = blueprint_of("other")
    first.init_app(blueprint)
    first.init_app(blueprint, **only("third"))
    other = app_of()
    other.register_blueprint(blueprint)
    assert decider(other, "/in") == "third"
    assert len(installation(other).blueprints["other"]) == 1


def test_everything_of_a_blueprint_is_covered():
    """Errors of its views, its error handlers and its class-based views."""

    class Views(MethodView):
        def get(self):
            return "x"

    app, blueprint = app_of(), blueprint_of()
    blueprint.add_url_rule("/views", view_func=Views.as_view("views"))
    blueprint.add_url_rule("/broken", "broken", lambda: 1 / 0)
    blueprint.register_error_handler(ZeroDivisionError, lambda _: ("handled", 409))
    CORS(blueprint, origins=ORIGIN)
    app.register_blueprint(blueprint)
    assert [cors(ask(app, path)) for path in ("/views", "/broken")] == [GRANTED] * 2
    assert cors(preflight(app, "/views"))["Access-Control-Allow-Methods"] == METHODS


def test_a_bad_blueprint_is_an_error_at_once():
    """What no application could mend is raised by `CORS(blueprint)` itself."""
    with pytest.raises(PolicyError, match=r"origins='\*\.a' \(from CORS\(origins=\.\.\.\)\)"):
        CORS(blueprint_of(), origins="*.a")


def test_a_bad_configuration_is_an_error_when_a_blueprint_is_registered():
    """What the application spoils is raised where it is known."""
    app, blueprint = app_of(CORS_MAX_AGE="soon"), blueprint_of()
    CORS(blueprint)
    with pytest.raises(PolicyError, match=r"max_age='soon' \(from app\.config"):
        app.register_blueprint(blueprint)


def test_warnings_about_a_blueprint_point_at_its_extension():
    """At the line of `CORS(blueprint)`, when it is registered."""
    app, blueprint = app_of(), blueprint_of()
    CORS(blueprint, orgins=ORIGIN)
    line = sys._getframe().f_lineno - 1
    with pytest.warns(CORSWarning, match="orgins") as given:
        app.register_blueprint(blueprint)
    assert [(w.filename, w.lineno) for w in given] == [(__file__, line)]


@needs_async
def test_a_coroutine_function_works_for_a_blueprint():
    """It is made synchronous by the application that the blueprint comes to."""

    async def admit(origin):
        return origin == ORIGIN

    app, blueprint = app_of(), blueprint_of()
    CORS(blueprint, origins=admit)
    app.register_blueprint(blueprint)
    assert cors(ask(app, "/in")) == REFLECTED
    assert cors(ask(app, "/in", origin=EVIL)) == REFUSED


# --- what has no effect (D19)


def test_warnings_point_at_the_line_that_gave_the_option():
    """The constructor's or `init_app`'s own line, once."""
    with pytest.warns(CORSWarning) as given:
        CORS(Flask(__name__), headers="X-A", automatic_options=False)
    assert [(w.filename, str(w.message).partition(" (")[0]) for w in given] == [
        (__file__, "headers='X-A'"),
        (__file__, "automatic_options=False"),
    ]
    extension = CORS(origin="x")
    line = sys._getframe().f_lineno + 2
    with pytest.warns(CORSWarning) as given:
        extension.init_app(Flask(__name__), maxage=1)
    assert [(w.lineno, str(w.message).partition("; ")[0]) for w in given] == [
        (line, "origin='x' (from CORS(...)) is not an option of Flask-CORS and has no effect"),
        (line, "maxage=1 (from init_app(...)) is not an option of Flask-CORS and has no effect"),
    ]


@pytest.mark.parametrize(
    ("config", "options", "warned"),
    [
        ({"CORS_HEADERS": "Content-Type"}, {}, ["CORS_HEADERS"]),
        ({"CORS_HEADERS": "Content-Type"}, {"allow_headers": "X-A"}, []),
        ({"CORS_HEADERS": "Content-Type", "CORS_ALLOW_HEADERS": "X-A"}, {}, []),
        ({"CORS_HEADERS": "X-A"}, {"resources": {"/": {"allow_headers": "X-A"}}}, []),
        ({"CORS_ALLOW_ORIGINS": "*", "CORS_ALLOWED_ORIGINS": "*"}, {"origins": ORIGIN}, []),
        (
            {"CORS_ALLOW_ORIGINS": "*", "CORS_ALLOWED_ORIGINS": "*"},
            {},
            ["CORS_ALLOW_ORIGINS", "CORS_ALLOWED_ORIGINS"],
        ),
    ],
)
def test_look_alike_keys_are_told_where_their_option_is_not_given(config, options, warned):
    """An application may pass its own key on; then nothing is said."""
    app = app_of(**config)
    if not warned:
        CORS(app, **options)
        return
    with pytest.warns(CORSWarning) as given:
        CORS(app, **options)
    assert [str(warning.message).partition("=")[0] for warning in given] == warned


def test_credentials_for_any_origin_are_warned_of():
    """The policy is kept as in 6.0.2, but not silently."""
    app = app_of()
    with pytest.warns(CORSWarning, match="act with the cookies of your users"):
        CORS(app, supports_credentials=True)
    assert cors(ask(app)) == {**REFLECTED, "Access-Control-Allow-Credentials": "true"}


@pytest.mark.parametrize("where", ["option", "init_app", "config"])
def test_strict_raises_everything_at_once(where):
    """One `PolicyError` lists every warning, and nothing is installed."""
    app = app_of(CORS_HEADERS="X-A", CORS_STRICT=True if where == "config" else None)
    strict = {"strict": True}
    with pytest.raises(PolicyError) as raised:
        CORS(
            orgins=ORIGIN,
            supports_credentials=True,
            resources={"/a": {"colour": 1}, "/b": {}},
            **(strict if where == "option" else {}),
        ).init_app(app, **(strict if where == "init_app" else {}))
    assert [problem.option for problem in raised.value.problems] == [
        "orgins",
        "colour",
        "supports_credentials",
        "CORS_HEADERS",
    ]
    assert app.extensions == {}
    assert cors(ask(app)) == NO_RULE


def test_strict_is_silent_where_there_is_nothing_to_say():
    """A clean configuration works as without it."""
    app = app_of()
    CORS(app, strict=True, origins=ORIGIN)
    assert cors(ask(app)) == GRANTED


# --- the function of 6.0.2


def test_the_after_request_function_of_6_0_2_still_can_be_made():
    """Ordered pairs of path pattern and options; the first that covers the path decides."""
    app = app_of("/a", "/b", "/c")
    pairs = [("/a", {"origins": ORIGIN}), (re.compile("/[ab]"), {"origins": OTHER})]
    app.after_request(make_after_request_function(pairs))
    assert [cors(ask(app, path)) for path in ("/a", "/b", "/c")] == [GRANTED, REFUSED, NO_RULE]


# --- beside decorators


def test_a_decorated_view_in_an_application_with_an_extension():
    """The two do not add up: each view is answered by its nearest policy, once (D5, D12)."""
    app = app_of("/plain")
    CORS(app, origins=[ORIGIN, EVIL], expose_headers="X-App", supports_credentials=True)
    app.add_url_rule("/view", view_func=cross_origin(origins=ORIGIN)(lambda: "x"))
    app_headers = {
        **REFLECTED,
        "Access-Control-Expose-Headers": "X-App",
        "Access-Control-Allow-Credentials": "true",
    }
    assert [cors(ask(app, path)) for path in ("/plain", "/view")] == [app_headers, GRANTED]
    assert cors(ask(app, "/view", origin=EVIL)) == REFUSED

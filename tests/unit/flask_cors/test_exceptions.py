"""What fails in an application: whose policy the answer has, and what the log says of it."""

import pytest
from flask import Blueprint, Flask

from flask_cors import CORS, cross_origin

from .support import (
    EVIL,
    NO_RULE,
    ORIGIN,
    REFLECTED,
    REFUSED,
    TWO,
    ask,
    cors,
    decider,
    needs_signals,
    only,
)


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


def test_a_callable_is_asked_once_where_the_hook_never_ran():
    """D4: what fails before the hook, twice, is answered after Flask has given up."""
    asked = []
    app = Flask(__name__)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/", view_func=lambda: "x")
    CORS(app, origins=lambda origin: asked.append(origin) or True)
    app.after_request(raise_broken)  # before the hook: the latest comes first
    assert (cors(ask(app)), asked) == (REFLECTED, [ORIGIN])

"""The policy that a decorated function carries, and the mark by which it is known."""

import functools
import warnings
from types import SimpleNamespace

import pytest
from flask import Flask

from corecors import Policy, PolicyError
from flask_cors import CORS, cross_origin
from flask_cors._decorated import MARK, Decoration, marked
from flask_cors._installed import installation
from flask_cors._warnings import Location

from .support import EVIL, ORIGIN, decider, only, plain, view

HERE = Location("app.py", 7, "app", {})


# --- the mark


def test_a_mark_is_seen_through_decorators_that_copy_attributes():
    """`functools.wraps` carries the mark on; without it only a view that runs is known."""
    decorated = cross_origin(**only("view"))(plain)

    @functools.wraps(decorated)
    def wrapped(**values):
        return decorated(**values)

    def hidden(**values):
        return decorated(**values)

    assert isinstance(marked(decorated), Decoration)
    assert marked(wrapped) is marked(decorated)
    assert marked(hidden) is None
    assert marked(plain) is None
    assert marked(SimpleNamespace(**{MARK: "not ours"})) is None


def test_views_that_are_replaced_are_looked_up_anew():
    """What is registered now decides, not what was when the extension came."""
    app = Flask(__name__)
    CORS(app, **only("app"))
    app.add_url_rule("/x/", "x", view("first"))
    assert decider(app, "/x") == "first"
    app.view_functions["x"] = view("second")
    assert (decider(app, "/x"), decider(app, "/x/")) == ("second", "second")
    del app.view_functions["x"]
    assert decider(app, "/x") == "app"


# --- a decoration under the configuration of an application


def test_a_decoration_has_one_policy_for_each_application():
    """One decorated view on two applications takes the configuration of each."""
    shared = cross_origin(expose_headers="X-A")(plain)
    for name in ("one", "two", "one"):
        app = Flask(__name__)
        app.config["CORS_ORIGINS"] = f"https://{name}.example"
        app.add_url_rule("/", view_func=shared)
        assert decider(app) == name


def test_a_policy_is_made_once_and_again_when_the_configuration_changes():
    """The same configuration gives the same object; a new value or a grown list a new one."""
    app = Flask(__name__)
    decoration = Decoration({"max_age": 1}, HERE)
    app.config["CORS_ORIGINS"] = [ORIGIN]
    first = installation(app).rule_of(decoration)
    assert first.policy == Policy(origins=ORIGIN, max_age=1)
    assert installation(app).rule_of(decoration) is first
    app.config["CORS_ORIGINS"].append(EVIL)
    assert installation(app).rule_of(decoration).policy == Policy(origins=[ORIGIN, EVIL], max_age=1)
    app.config["CORS_ORIGINS"] = None
    assert installation(app).rule_of(decoration).policy == Policy(max_age=1)


def test_what_the_configuration_could_mend_is_no_error_yet():
    """`send_wildcard` with credentials fails only where the application allows any origin."""
    decoration = Decoration({"send_wildcard": True, "supports_credentials": True}, HERE)
    app = Flask(__name__)
    app.config["CORS_ORIGINS"] = ORIGIN
    assert decoration.resolve(app)[1].policy.origins == (ORIGIN,)
    with pytest.raises(PolicyError, match="refused by every browser"):
        decoration.resolve(Flask(__name__))


@pytest.mark.parametrize(
    ("options", "problems"),
    [
        ({"origins": "*", "send_wildcard": True, "supports_credentials": True}, ["send_wildcard"]),
        ({"send_wildcard": True, "supports_credentials": True, "max_age": "x"}, ["max_age"]),
        ({"origins": "(", "methods": [b"GET"]}, ["origins", "methods"]),
    ],
)
def test_what_no_configuration_could_mend_is_an_error_at_the_decorator(options, problems):
    """All problems that are settled are raised at once, at set-up."""
    with pytest.raises(PolicyError) as raised:
        Decoration(options, HERE)
    assert [problem.option for problem in raised.value.problems] == problems


def test_what_the_configuration_makes_of_it_is_remarked_once(caplog):
    """Credentials for any origin: in the log, since a warning may fail the request (D19)."""
    app = Flask(__name__)
    decoration = Decoration({"supports_credentials": True}, HERE)
    for max_age in (None, 1):
        app.config["CORS_MAX_AGE"] = max_age
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert decoration.resolve(app)[1].policy.max_age == max_age
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("flask_cors.decorator", "WARNING")
    assert record.getMessage().startswith("app.py:7: supports_credentials=True (from @cross_origin")


def test_strict_refuses_at_each_request_what_the_configuration_makes_of_it():
    """An error is not forgotten after the first request."""
    decoration = Decoration({"supports_credentials": True, "strict": True}, HERE)
    for _ in range(2):
        with pytest.raises(PolicyError, match="lets every site"):
            decoration.resolve(Flask(__name__))

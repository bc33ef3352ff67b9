"""What is said of configuration that comes too late, or with decorators only (D19)."""

import sys
import warnings

import pytest
from flask import Blueprint, Flask

from flask_cors import CORS, cross_origin
from flask_cors._installed import installation

from .support import (
    EVIL,
    GRANTED,
    NO_RULE,
    ORIGIN,
    REFLECTED,
    REFUSED,
    ask,
    cors,
)


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
            'Flask-CORS and has no effect; it resembles app.config["CORS_ALLOW_HEADERS"]; where '
            "that is not given, every request header is allowed"
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

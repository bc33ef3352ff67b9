"""`_discovery`: which applications have decorated views, and when it is known of all of them."""

import gc
import logging
from functools import wraps
from importlib.util import find_spec
from weakref import WeakKeyDictionary, WeakSet

import pytest
from flask import Flask
from flask.signals import appcontext_pushed, request_started
from flask.views import MethodView

from flask_cors import CORS, _discovery, cross_origin
from flask_cors._installed import installation

from .support import decider, needs_signals, only

RECEIVERS = [(appcontext_pushed, _discovery._on_context), (request_started, _discovery._on_request)]


@pytest.fixture
def alone(monkeypatch):
    """Begin as a process does: no view is decorated yet."""
    monkeypatch.setattr(_discovery.Discovery, "awaited", WeakSet())
    monkeypatch.setattr(_discovery.Discovery, "seen", WeakKeyDictionary())
    if find_spec("blinker") is None:
        yield
        return
    for signal, receiver in RECEIVERS:
        signal.disconnect(receiver)
    yield
    for signal, receiver in RECEIVERS:
        signal.connect(receiver)  # for the views of other tests


def listens(to=appcontext_pushed):
    return dict(RECEIVERS)[to] in to.receivers_for(None)


def abort():
    return "no", 401


def refusing(view, app=None):
    """Make an application in which the view never runs."""
    app = app or Flask(__name__)
    app.before_request(abort)
    app.add_url_rule("/view", "view", view)
    return app


def decorated():
    return cross_origin(**only("view"))(lambda: "x")


def class_with_decorated_method():
    class View(MethodView):
        @cross_origin(**only("view"))
        def get(self):
            raise AssertionError

    return View


@needs_signals
def test_signals_are_listened_to_until_the_view_is_found(alone):
    """The first request finds it; from then on the application has a hook of its own."""
    assert not listens()
    app = refusing(decorated())
    assert (listens(), installation(app).hooked) == (True, False)
    assert (decider(app, "/view"), listens(), installation(app).hooked) == ("view", False, True)
    assert (decider(app, "/view"), listens()) == ("view", False)


@needs_signals
def test_each_application_of_a_view_is_awaited(alone):
    """A factory makes them one after the other, or all of them before the first request."""
    view = decorated()
    early = [refusing(view), refusing(view)]
    assert [(decider(app, "/view"), listens()) for app in early] == [
        ("view", True),
        ("view", False),
    ]
    late = refusing(view)
    assert listens()
    assert (decider(late, "/view"), listens()) == ("view", False)


@needs_signals
def test_other_applications_are_looked_at_once(alone, monkeypatch):
    """They are left alone, and asked again only when they have more views."""
    waiting = refusing(decorated())
    looked = []
    has = _discovery.has_decorated
    monkeypatch.setattr(_discovery, "has_decorated", lambda app: looked.append(app) or has(app))
    app = Flask(__name__)
    for _ in range(2):
        assert decider(app, "/missing") is None
    assert (looked, app.extensions, listens()) == ([app], {}, True)
    app.view_functions["view"] = waiting.view_functions["view"]
    assert (decider(app, "/missing"), looked, app.extensions) == (None, [app, app], {})


@needs_signals
def test_an_extension_is_a_hook(alone):
    """Views beside it are found as well."""
    app = refusing(decorated())
    CORS(app, **only("app"))
    assert [decider(app, path) for path in ("/view", "/x")] == ["view", "app"]
    assert not listens()


@needs_signals
def test_nothing_tells_that_a_class_is_registered(alone):
    """Its decorated methods are awaited for ever, so that every application gets its hook."""
    view_class = class_with_decorated_method()
    apps = [refusing(view_class.as_view("view")) for _ in range(2)]
    assert [(decider(app, "/view"), listens()) for app in apps] == [("view", True)] * 2
    assert [installation(app).hooked for app in apps] == [True, True]
    assert not listens(request_started)


@needs_signals
def test_decorators_of_a_class_are_views_like_others(alone):
    """They are applied whenever the class is registered."""

    class View(MethodView):
        decorators = (cross_origin(**only("view")),)

        def get(self):
            raise AssertionError

    for _ in range(2):
        app = refusing(View.as_view("view"))
        assert (listens(), decider(app, "/view"), listens()) == (True, "view", False)


@needs_signals
def test_a_view_is_found_under_each_of_its_rules(alone):
    """Two rules, two decorators, and a decorator that copies attributes: none is left over."""
    inner = decorated()

    @wraps(inner)
    def copied():
        return inner()

    app = refusing(cross_origin(**only("outer"))(copied))
    app.add_url_rule("/again", "view")
    app.add_url_rule("/inner", "inner", inner)
    assert [decider(app, path) for path in ("/view", "/again", "/inner")] == ["view"] * 3
    assert not listens()


@needs_signals
def test_what_was_registered_behind_our_back_is_found_too(alone):
    """`app.endpoint` and `app.view_functions` ask a view for nothing, and take from nobody."""
    view = decorated()
    behind = Flask(__name__)
    behind.add_url_rule("/view", endpoint="view")
    behind.endpoint("view")(view)
    assert (decider(behind, "/view"), listens()) == ("view", True)
    told = [(decider(app, "/view"), listens()) for app in [refusing(view), refusing(view)]]
    assert told == [("view", True), ("view", False)]
    late = Flask(__name__)
    late.add_url_rule("/view", endpoint="view")
    late.view_functions["view"] = view
    assert (decider(late, "/view"), installation(late).hooked) == ("view", False)


@needs_signals
def test_where_the_context_came_before_the_views(alone):
    """Flask up to 3.1 sends no signal before its first request: each is then hooked itself."""
    app = Flask(__name__)
    with app.app_context():
        refusing(decorated(), app)
        assert [decider(app, "/view") for _ in range(2)] == ["view", "view"]
    assert decider(app, "/view") == "view"


@needs_signals
def test_where_the_context_came_before_the_class(alone):
    """An application without decorated views may get some within its context."""
    view_class = class_with_decorated_method()
    app = Flask(__name__)
    with app.app_context():
        refusing(view_class.as_view("view"), app)
        assert decider(app, "/view") == "view"


@needs_signals
def test_an_extension_without_decorated_views_needs_no_second_signal(alone):
    """Its hook is there for whatever comes."""
    view = decorated()
    app = Flask(__name__)
    CORS(app, **only("app"))
    assert (decider(app), listens(), listens(request_started)) == ("app", True, False)
    assert decider(refusing(view), "/view") == "view"


@needs_signals
def test_signals_end_together(alone):
    """What was listened to because of another application is so no more."""
    view = decorated()
    assert (decider(Flask(__name__)), listens(request_started)) == (None, True)
    assert decider(refusing(view), "/view") == "view"
    assert (listens(), listens(request_started)) == (False, False)


@needs_signals
def test_views_that_are_gone_are_awaited_no_more(alone):
    """An application that was made and never used keeps nobody listening."""
    refusing(decorated())
    gc.collect()
    app = refusing(decorated())
    assert (decider(app, "/view"), listens()) == ("view", False)


def test_the_required_methods_are_a_set():
    """Decorators that add to them find what Flask-CORS gave them."""
    required = decorated().required_methods
    required.add("PUT")
    required.discard("OPTIONS")
    assert (required, len(required), "PUT" in required) == ({"PUT"}, 1, True)


def test_without_signals_there_is_a_line_at_debug(alone, monkeypatch, caplog):
    """Flask 2.2 without blinker: decorators still work, except for views that never run."""

    class Missing:
        def connect(self, receiver):
            raise RuntimeError

    monkeypatch.setattr(_discovery, "appcontext_pushed", Missing())
    caplog.set_level(logging.DEBUG, "flask_cors")
    app = Flask(__name__)
    app.add_url_rule("/", "view", decorated())
    assert (decider(app), installation(app).hooked) == ("view", False)
    lines = {(r.levelname, r.getMessage()) for r in caplog.records if r.name == _discovery.LOG.name}
    assert lines == {("DEBUG", "Flask sends no signals: views that never run have no policy")}

"""What is logged of a decision."""

import logging
import re
from contextlib import suppress

import flask
import pytest
from flask import Blueprint, Flask

from corecors import Policy, Rule
from flask_cors import CORS, _log, _reason, cross_origin

from .support import EVIL, ORIGIN, OTHER, ask, cors, needs_signals, preflight

DECISION = "flask_cors.decision"


@pytest.fixture
def lines(caplog):
    """What the logger `flask_cors` lets through, as (level, logger, text)."""

    def given():
        return [(r.levelname, r.name, r.getMessage()) for r in caplog.records]

    return given


@pytest.fixture
def app():
    app = Flask(__name__)
    CORS(
        app,
        resources={
            "/api/*": {"origins": [ORIGIN, r"https://.*\.app\.example"]},
            "/put": {"origins": ORIGIN, "methods": "PUT", "allow_headers": "X-A"},
        },
    )
    app.add_url_rule("/put", "put", lambda: "x", methods=["PUT"])
    return app


@pytest.mark.parametrize(
    ("send", "line"),
    [
        (
            lambda app: ask(app, "/api/x", "POST", origin=EVIL),
            (
                f"CORS refused: 'POST' '/api/x' from '{EVIL}': the origin is not in origins "
                rf"('https://.*\\.app\\.example', '{ORIGIN}') (rule '/api/*')"
            ),
        ),
        (
            lambda app: preflight(app, "/put", "PATCH"),
            (
                f"CORS refused: 'OPTIONS' '/put' from '{ORIGIN}': the method 'PATCH' is not in "
                "methods ('PUT') (rule '/put')"
            ),
        ),
        (
            lambda app: preflight(app, "/put", headers={"Access-Control-Request-Headers": "x-b"}),
            (
                f"CORS refused: 'OPTIONS' '/put' from '{ORIGIN}': the header 'x-b' is not in "
                "allow_headers ('X-A') (rule '/put')"
            ),
        ),
    ],
)
def test_a_refusal_is_one_line_at_info(app, caplog, lines, send, line):
    """Method, path, origin and the reason, in one line."""
    caplog.set_level(logging.INFO, "flask_cors")
    send(app)
    assert lines() == [("INFO", DECISION, line)]


@pytest.mark.parametrize(
    ("send", "line"),
    [
        (
            lambda app: ask(app, "/api/x"),
            (
                f"CORS decision: 'GET' '/api/x' from '{ORIGIN}': the origin is allowed "
                f"(rule '/api/*', origins item '{ORIGIN}')"
            ),
        ),
        (
            lambda app: ask(app, "/api/x", origin="https://a.app.example"),
            (
                "CORS decision: 'GET' '/api/x' from 'https://a.app.example': the origin is allowed "
                r"(rule '/api/*', origins item 'https://.*\\.app\\.example')"
            ),
        ),
        (
            lambda app: preflight(app, "/put"),
            (
                f"CORS decision: 'OPTIONS' '/put' from '{ORIGIN}': the origin, the method and the "
                f"headers are allowed (rule '/put', origins item '{ORIGIN}')"
            ),
        ),
        (
            lambda app: ask(app, "/api/x", origin=None),
            (
                "CORS decision: 'GET' '/api/x' from None: the request has no Origin, so it is not "
                "a CORS request (rule '/api/*', origins item None)"
            ),
        ),
        (
            lambda app: ask(app, "/x", origin=None),
            (
                "CORS decision: 'GET' '/x' from None: no rule covers the path "
                "(rule None, origins item None)"
            ),
        ),
        (
            lambda app: ask(app, "/api/x", "POST", origin="http://localhost"),
            (
                "CORS decision: 'POST' '/api/x' from 'http://localhost': the origin is not in "
                "origins (rule '/api/*', origins item None)"
            ),
        ),
    ],
)
def test_everything_else_is_one_line_at_debug(app, caplog, lines, send, line):
    """DEBUG says which rule and which item of `origins` matched; INFO and above are silent."""
    caplog.set_level(logging.DEBUG, DECISION)
    send(app)
    assert lines() == [("DEBUG", DECISION, line)]
    caplog.clear()
    caplog.set_level(logging.INFO, DECISION)
    send(app)
    assert lines() == []


def test_a_decorated_view_is_named_as_the_rule(caplog, lines):
    """A policy that comes from a decorator says so."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=cross_origin(origins=ORIGIN)(lambda: "x"))
    caplog.set_level(logging.INFO, DECISION)
    ask(app, origin=EVIL)
    assert lines() == [
        (
            "INFO",
            DECISION,
            (
                f"CORS refused: 'GET' '/' from '{EVIL}': the origin is not in origins "
                f"('{ORIGIN}') (rule '@cross_origin')"
            ),
        )
    ]


def test_by_default_warnings_and_worse_are_let_through(app, lines, caplog):
    """The logger's own level is WARNING: a refusal is silent until someone asks."""
    assert logging.getLogger("flask_cors").level == logging.WARNING
    caplog.set_level(logging.DEBUG)  # of the root logger only
    ask(app, "/api/x", origin=EVIL)
    assert lines() == []


class Unformattable(str):
    """A text that must not be looked at closely."""

    def __repr__(self):
        raise AssertionError("formatted for a level that is off")

    __str__ = __format__ = __repr__


@pytest.mark.parametrize("origin", [ORIGIN, EVIL])
@pytest.mark.parametrize("level", [logging.WARNING, logging.CRITICAL])
def test_nothing_is_formatted_for_a_level_that_is_off(monkeypatch, caplog, origin, level):
    """Neither text nor record is built: not one call costs anything."""
    monkeypatch.setattr(_log.LOG, "log", lambda *_: pytest.fail("a record was built"))
    app = Flask(__name__)
    CORS(app, origins=ORIGIN)
    caplog.set_level(level, "flask_cors")
    client = app.test_client()
    client.get("/", environ_overrides={"HTTP_ORIGIN": Unformattable(origin)})


def test_an_allowed_request_is_not_formatted_for_info(monkeypatch, caplog):
    """At INFO only refusals are built."""
    monkeypatch.setattr(_log.LOG, "log", lambda *_: pytest.fail("a record was built"))
    app = Flask(__name__)
    CORS(app, origins=ORIGIN)
    caplog.set_level(logging.INFO, "flask_cors")
    assert cors(ask(app)) == {"Access-Control-Allow-Origin": ORIGIN}


@pytest.mark.parametrize(
    ("origin", "shown"),
    [
        ("https://a\r\nINFO forged", r"'https://a\r\nINFO forged'"),
        ("https://\x85\x1b[31m", r"'https://\x85\x1b[31m'"),
        ("https://\xe4.example", r"'https://\xe4.example'"),
        ("x" * 1000, "'" + "x" * 299),
    ],
)
def test_nothing_of_a_request_is_logged_raw(caplog, lines, origin, shown):
    """CR, LF and everything beyond ASCII are escaped, long texts are cut."""
    app = Flask(__name__)
    CORS(app, origins=[ORIGIN, r"https://.*\.x", lambda origin: 1 / 0])
    caplog.set_level(logging.DEBUG, "flask_cors")
    app.test_client().open(
        "/a%0d%0a%e2%80%a8b", method="PO\nST", environ_overrides={"HTTP_ORIGIN": origin}
    )
    levels = [(level, logger) for level, logger, _ in lines()]
    asked = origin.startswith("x")  # what is no origin comes to no callable (D6)
    assert levels == [("ERROR" if asked else "INFO", DECISION)]
    for _, _, text in lines():
        assert text.isascii()
        assert text.isprintable()
        assert r"'/a\r\n\u2028b'" in text
        assert shown in text
        assert len(text) < 1700


def test_a_refusal_by_the_whole_match_warns_once_for_each_pattern(caplog, lines):
    """D1: who relied on a regex that matched the beginning only is told, once a pattern."""
    app = Flask(__name__)
    text, compiled = r"https://.*\.app\.example", re.compile("http://localhost")
    CORS(app, origins=[text, compiled, ORIGIN])
    for origin in (
        "https://a.app.example.evil.io",
        "https://b.app.example.evil.io",
        "http://localhost:8080",
        "http://localhost:9090",
        "https://a.app.example",
        EVIL,
        OTHER,
        None,
    ):
        ask(app, origin=origin)
    assert [(level, name) for level, name, _ in lines()] == [("WARNING", DECISION)] * 2
    first, second = (text for _, _, text in lines())
    assert first.startswith(
        "CORS refused: 'GET' '/' from 'https://a.app.example.evil.io': the origin is not in "
        r"origins: the regex 'https://.*\\.app\\.example' matches only the beginning of it, and "
        "must match all; "
    )
    assert second.startswith(
        "CORS refused: 'GET' '/' from 'http://localhost:8080': the origin is not in origins: the "
        "regex 'http://localhost' matches only the beginning of it, and must match all; "
    )


BROKEN = LookupError("broken")


def raise_broken(origin):
    raise BROKEN


@pytest.mark.parametrize(
    ("function", "kind"),
    [(raise_broken, LookupError), (lambda origin: "yes", TypeError), (lambda: True, TypeError)],
)
def test_a_callable_that_fails_is_logged_with_its_traceback(caplog, lines, function, kind):
    """D4: the origin is refused, the answer is no 500, and the cause is in the log."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "x")
    CORS(app, origins=function)
    response = ask(app)
    assert (response.status_code, cors(response)) == (200, {"Vary": "Origin"})
    assert lines() == [
        (
            "ERROR",
            DECISION,
            (
                f"CORS refused: 'GET' '/' from '{ORIGIN}': a callable in origins raised "
                f"{kind.__name__} (rule '/*')"
            ),
        )
    ]
    (record,) = caplog.records
    assert record.exc_info[0] is kind
    assert record.exc_info[2] is not None
    assert function is not raise_broken or record.exc_info[1] is BROKEN


# --- debug mode, and what else stops a page


def debugging(**options):
    """An application in debug mode, with a view for each thing that can go wrong."""
    app = Flask(__name__, static_folder=None)
    app.debug = True
    CORS(app, **options)
    app.add_url_rule("/", "root", lambda: "x", methods=["GET", "PUT"])
    app.add_url_rule("/slash/", "slash", lambda: "x", methods=["PUT"])
    app.add_url_rule("/own", "own", lambda: ("x", {"Access-Control-Allow-Origin": OWN[0]}))

    @app.before_request
    def status():
        wanted = flask.request.args.get("status", "")
        return ("", int(wanted)) if wanted else None

    return app


OWN = ["*"]


def named(origin):
    return False


def refused(reason, method="GET", origin=EVIL, rule="/*"):
    return f"CORS refused: '{method}' '/' from '{origin}': {reason} (rule '{rule}')"


REASONS = [
    (
        {"resources": {"/*": None}},
        {},
        "there is no CORS here: it is switched off for this path or view",
    ),
    ({"origins": ORIGIN}, {}, f"the origin is not in origins ('{ORIGIN}')"),
    ({"origins": []}, {}, "the origin is not in origins (nothing)"),
    (
        {"origins": [re.compile("x\n"), named, *(f"https://{i}.example" for i in range(9))]},
        {},
        (
            "the origin is not in origins ('https://0.example', 'https://1.example', "
            "'https://2.example', 'https://3.example', 'https://4.example', 6 more)"
        ),
    ),
    (
        {"origins": [re.compile("x\n"), named]},
        {},
        r"the origin is not in origins ('x\n', named())",
    ),
    (
        {"methods": ["GET", "PUT"]},
        {"method": "DELETE"},
        "the method 'DELETE' is not in methods ('GET', 'PUT')",
    ),
    (
        {"methods": "put,GET"},
        {"method": "puT"},
        (
            "the method 'puT' is not in methods ('GET', 'put'); write 'PUT' in the page: browsers "
            "send 'puT' as is"
        ),
    ),
    (
        {"methods": "auto"},
        {"method": "DELETE"},
        "no route of the path has the method 'DELETE' (methods=\"auto\")",
    ),
    (
        {"methods": "GET", "allow_headers": []},
        {"method": "put"},
        "the method 'put' is not in methods ('GET')",
    ),
    (
        {"allow_headers": [re.compile("x-.*"), "A"]},
        {"method": "PUT", "names": "a,x-a, b ,c,b"},
        "the headers 'b', 'c' are not in allow_headers ('A', 'x-.*')",
    ),
    (
        {"allow_headers": "A"},
        {"method": "PUT", "names": "b\xe9"},
        r"'b\xe9' cannot be the name of a header (D8)",
    ),
    (
        {"allow_headers": "A"},
        {"method": "PUT", "names": "b" * 8193},
        "the request headers that it asks for are too many, or too long (D8)",
    ),
    (
        {"allow_headers": "A"},
        {"method": "PUT", "names": ",".join(map(str, range(257)))},
        "the request headers that it asks for are too many, or too long (D8)",
    ),
]


NEAR = [
    ("http://localhost", "http://localhost:3000", "has another port"),
    ("https://app.example", "http://app.example", "has another scheme"),
    ("http://localhost:3000", "http://127.0.0.1:3000", "names the local host in another way"),
    ("https://app.example/", "https://app.example", "has a slash or a path at the end"),
]


@pytest.mark.filterwarnings("ignore::flask_cors.CORSWarning")  # of the slash
@pytest.mark.parametrize(("item", "origin", "what"), NEAR)
def test_the_nearest_item_is_named_with_what_differs(lines, item, origin, what):
    """A missing port, http for https and 127.0.0.1 for localhost look alike no more."""
    ask(debugging(origins=[item, OTHER]), origin=origin)
    text = refused(
        f"the origin is not in origins; the nearest item, '{item}', {what}", origin=origin
    )
    assert lines() == [("WARNING", DECISION, text)]


@pytest.mark.parametrize(("options", "asked", "reason"), REASONS)
def test_a_refusal_in_debug_mode_is_a_warning_and_a_header(lines, options, asked, reason):
    """It names what was asked and what would have been allowed."""
    app = debugging(**options)
    environ = {"HTTP_ORIGIN": EVIL}
    method = "GET"
    if asked:
        method = "OPTIONS"
        environ["HTTP_ACCESS_CONTROL_REQUEST_METHOD"] = asked["method"]
        environ["HTTP_ACCESS_CONTROL_REQUEST_HEADERS"] = asked.get("names", "")
    response = app.test_client().open("/", method=method, environ_overrides=environ)
    assert lines() == [("WARNING", DECISION, refused(reason, method))]
    assert response.headers["X-CORS-Reason"] == reason


@pytest.mark.parametrize("origin", ["https://a, https://b", "https://\xe4.example", "x" * 2049])
def test_what_is_no_origin_is_called_so(origin):
    """D6: `*` admits every origin, and this is none."""
    response = debugging().test_client().get("/", environ_overrides={"HTTP_ORIGIN": origin})
    assert response.headers["X-CORS-Reason"] == (
        "what the request has as its origin is none that a browser sends (D6)"
    )


def test_a_path_without_a_rule_in_debug_mode(lines):
    """What the browser makes of it is said."""
    app = debugging(resources="/api/*")
    response = ask(app)
    reason = "no rule covers the path, so the browser does not let the page read the answer"
    assert response.headers["X-CORS-Reason"] == reason
    assert lines() == [("WARNING", DECISION, f"CORS refused: 'GET' '/' from '{ORIGIN}': {reason}")]


@needs_signals
def test_the_same_where_only_views_have_a_policy(lines):
    """Where there is no `CORS(app)`, nothing is put on the response of another view."""
    app = Flask(__name__)
    app.debug = True
    app.add_url_rule("/decorated", "decorated", cross_origin()(lambda: "x"))
    app.add_url_rule("/", "root", lambda: "x")
    client = app.test_client()
    client.get("/decorated")
    response = ask(client)
    assert "X-CORS-Reason" not in response.headers
    assert [(level, text.split(": ")[0]) for level, _, text in lines()] == [
        ("WARNING", "CORS refused")
    ]


def test_a_view_without_a_rule_that_has_its_own_header_is_not_refused(lines):
    app = debugging(resources="/api/*")
    ask(app, "/own")
    assert lines() == []


@pytest.mark.parametrize(
    "send",
    [
        lambda app: ask(app, origin=None),
        lambda app: ask(app, origin="http://localhost"),
        lambda app: ask(app, origin=ORIGIN),
        preflight,
    ],
)
def test_nothing_is_said_where_nothing_is_refused(lines, send):
    """Without `Origin`, from a page of the application itself, and where all is well."""
    response = send(debugging(origins=ORIGIN))
    assert lines() == []
    assert "X-CORS-Reason" not in response.headers


def test_no_reason_is_sent_outside_debug_mode():
    app = debugging(origins=ORIGIN)
    app.debug = False
    assert "X-CORS-Reason" not in ask(app, origin=EVIL).headers
    assert "X-CORS-Reason" not in preflight(app, origin=EVIL).headers


def test_the_reason_does_not_stay_on_a_response_that_is_used_twice():
    """D14: it is of the present request only."""
    app = debugging(origins=ORIGIN)
    kept = app.response_class("x")
    app.add_url_rule("/kept", "kept", lambda: kept)
    assert ask(app, "/kept", origin=EVIL).headers["X-CORS-Reason"]
    assert "X-CORS-Reason" not in ask(app, "/kept").headers


def test_a_reason_is_bounded_and_can_be_sent():
    """Whatever the configuration holds: ASCII, one line, at most a thousand characters."""
    methods = [f"M{i}" + "a" * 400 for i in range(9)]
    app = debugging(methods=methods)
    reason = preflight(app).headers["X-CORS-Reason"]
    assert len(reason) == 1000
    assert reason.isascii()
    assert reason.isprintable()


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize(
    ("path", "status", "hint"),
    [
        (
            "/?status=401",
            401,
            (
                "; a preflight has neither cookies nor Authorization: let OPTIONS through, or set "
                "preflight_first=True"
            ),
        ),
        (
            "/?status=403",
            403,
            (
                "; a preflight has neither cookies nor Authorization: let OPTIONS through, or set "
                "preflight_first=True"
            ),
        ),
        ("/none", 404, "; look whether there is a route for the path"),
        ("/?status=405", 405, "; look whether the route answers OPTIONS"),
        ("/?status=503", 503, ""),
        ("/slash", 308, "; browsers follow no redirect here: ask for 'http://localhost/slash/'"),
    ],
)
def test_an_allowed_preflight_with_another_status_is_told_of(lines, debug, path, status, hint):
    """Fetch, "CORS-preflight fetch", step 7; without debug mode once for each route."""
    app = debugging(origins=ORIGIN)
    app.debug = debug
    for _ in range(2):
        assert preflight(app, path).status_code == status
    text = (
        f"CORS: 'OPTIONS' '{path.partition('?')[0]}' from '{ORIGIN}': the policy allows this "
        f"preflight of 'PUT', but it is answered with status {status}, so the browser does not "
        f"send the request{hint}"
    )
    assert lines() == [("WARNING", DECISION, text)] * (2 if debug else 1)


@pytest.mark.parametrize(
    ("own", "effect", "serious"),
    [
        ("*", "the browser lets any page read the answer that sends no cookies", False),
        (ORIGIN, "the browser lets the page read the answer", False),
        (OTHER, "the browser does not let the page read the answer", True),
    ],
)
@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("origins", [ORIGIN, EVIL])
def test_a_header_of_the_view_is_said_to_be_left_alone(
    lines, caplog, monkeypatch, debug, own, effect, serious, origins
):
    """Allowed or refused by the policy: the view's own header decides."""
    monkeypatch.setitem(globals(), "OWN", [own])
    caplog.set_level(logging.DEBUG, "flask_cors")
    app = debugging(origins=origins)
    app.debug = debug
    for _ in range(2):
        ask(app, "/own")
    text = (
        f"CORS: 'GET' '/own' from '{ORIGIN}': the response has an Access-Control-Allow-Origin of "
        f"its own, '{own}', which is left alone: {effect}"
    )
    levels = ["WARNING", "WARNING"] if debug else ["WARNING" if serious else "INFO", "INFO"]
    assert lines() == [(level, DECISION, text) for level in levels]


@pytest.mark.parametrize(("own", "number"), [("*", 0), (OTHER, 1)])
def test_of_a_header_of_the_view_only_what_is_serious_is_said_by_default(
    lines, monkeypatch, own, number
):
    monkeypatch.setitem(globals(), "OWN", [own])
    app = debugging(origins=ORIGIN)
    app.debug = False
    for origin in (ORIGIN, ORIGIN, None):
        ask(app, "/own", origin=origin)
    assert [level for level, _, _ in lines()] == ["WARNING"] * number


def test_what_was_said_is_remembered_up_to_a_limit(lines, monkeypatch):
    """A client that finds ever new things does not fill the memory."""
    monkeypatch.setattr(_log, "_KEPT", 1)
    app = debugging(origins=ORIGIN)
    app.debug = False
    for path in ("/?status=401", "/none"):
        preflight(app, path)
    assert [text.split(": ")[2][:20] for _, _, text in lines()] == ["the policy allows th"]
    assert len(app.extensions[_log.SAID]) == 1


def test_what_was_said_of_one_application_is_said_of_another(lines):
    """The two have the same route, and each its own login that answers the preflight."""
    for app in (debugging(origins=ORIGIN), debugging(origins=ORIGIN)):
        app.debug = False
        for _ in range(2):
            preflight(app, "/?status=401")
    assert [level for level, _, _ in lines()] == ["WARNING"] * 2


class TestSource:
    """A value that came from `app.config` is named by its key."""

    KEY = 'app.config["CORS_ORIGINS"]'

    @pytest.mark.parametrize(
        ("options", "named"),
        [
            ({}, KEY),
            ({"origins": OTHER}, "origins"),
            ({"resources": {"/*": {"origins": OTHER}}}, "origins"),
            ({"resources": {"/*": {"methods": "GET"}}}, KEY),
            ({"resources": ["/*"]}, KEY),
        ],
    )
    @pytest.mark.parametrize("on", ["app", "blueprint"])
    def test_of_an_extension(self, lines, options, named, on):
        app = Flask(__name__)
        app.debug = True
        app.config["CORS_ORIGINS"] = OTHER
        blueprint = Blueprint("b", __name__)
        CORS(app if on == "app" else blueprint, **options)
        blueprint.add_url_rule("/", "root", lambda: "x")
        app.register_blueprint(blueprint)
        ask(app, origin=EVIL)
        assert lines() == [
            ("WARNING", DECISION, refused(f"the origin is not in {named} ('{OTHER}')"))
        ]

    @pytest.mark.parametrize(("options", "named"), [({}, KEY), ({"origins": OTHER}, "origins")])
    def test_of_a_decorated_view(self, lines, options, named):
        app = Flask(__name__)
        app.debug = True
        app.config["CORS_ORIGINS"] = OTHER
        CORS(app)
        app.add_url_rule("/first", "first", cross_origin()(lambda: "x"))
        app.add_url_rule("/", "root", cross_origin(**options)(lambda: "x"))
        ask(app, "/first", origin=OTHER)
        ask(app, origin=EVIL)
        text = refused(f"the origin is not in {named} ('{OTHER}')", rule="@cross_origin")
        assert lines() == [("WARNING", DECISION, text)]

    def test_a_rule_of_nobody(self):
        """`make_after_request_function` has rules that no application has installed."""
        app = Flask(__name__)
        assert _reason._source(app, "origins", Rule("/*", Policy())) == "origins"


class TestData:
    """Each record carries the decision as data."""

    def test_of_a_refusal(self, app, caplog):
        caplog.set_level(logging.INFO, "flask_cors")
        ask(app, "/api/\xe9", origin="https://\xe9'")
        assert data_of(caplog) == {
            "cors_event": "refused",
            "cors_verdict": "ORIGIN_REFUSED",
            "cors_origin": r"https://\xe9'",
            "cors_method": "GET",
            "cors_requested_method": "",
            "cors_path": r"/api/\xe9",
            "cors_rule": "/api/*",
        }

    def test_of_a_status(self, caplog):
        preflight(debugging(origins=ORIGIN), "/none")
        assert data_of(caplog) == {
            "cors_event": "preflight_status",
            "cors_verdict": "PREFLIGHT_ALLOWED",
            "cors_origin": ORIGIN,
            "cors_method": "OPTIONS",
            "cors_requested_method": "PUT",
            "cors_path": "/none",
            "cors_rule": "/*",
            "cors_status": 404,
        }

    @pytest.mark.parametrize(
        ("path", "origin", "event"),
        [
            ("/other", EVIL, "no_rule"),
            ("/api/own", ORIGIN, "own_header"),
            ("/api/x", ORIGIN, "decision"),
            ("/api/raise", ORIGIN, "exception"),
        ],
    )
    def test_the_event(self, app, caplog, path, origin, event):
        caplog.set_level(logging.DEBUG, "flask_cors")
        app.add_url_rule("/api/own", "own", lambda: ("", {"Access-Control-Allow-Origin": "*"}))
        app.add_url_rule("/api/raise", "raise", lambda: 1 / 0)
        app.config["PROPAGATE_EXCEPTIONS"] = True
        with suppress(ZeroDivisionError):
            ask(app, path, origin=origin)
        assert data_of(caplog)["cors_event"] == event


def data_of(caplog):
    (record,) = [one for one in caplog.records if one.name.startswith("flask_cors")]
    return {name: value for name, value in vars(record).items() if name.startswith("cors_")}

"""What is logged of a decision."""

import logging
import re

import pytest
from flask import Flask

from flask_cors import CORS, _log, cross_origin

from .support import EVIL, ORIGIN, OTHER, ask, cors, preflight

DECISION = "flask_cors.decision"


@pytest.fixture
def lines(caplog):
    """What the logger `flask_cors` lets through, as (level, logger, text)."""

    def given():
        return [(r.levelname, r.name, r.getMessage()) for r in caplog.records]

    return given


@pytest.fixture(autouse=True)
def nothing_warned_yet(monkeypatch):
    monkeypatch.setattr(_log, "_warned", set())


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
    return app


@pytest.mark.parametrize(
    ("send", "line"),
    [
        (
            lambda app: ask(app, "/api/x", "POST", origin=EVIL),
            (
                f"CORS refused: 'POST' '/api/x' from '{EVIL}': the origin is not in origins "
                "(rule '/api/*', origins item None)"
            ),
        ),
        (
            lambda app: preflight(app, "/put", "PATCH"),
            (
                f"CORS refused: 'OPTIONS' '/put' from '{ORIGIN}': the method is not in methods "
                f"(rule '/put', origins item '{ORIGIN}')"
            ),
        ),
        (
            lambda app: preflight(app, "/put", headers={"Access-Control-Request-Headers": "x-b"}),
            (
                f"CORS refused: 'OPTIONS' '/put' from '{ORIGIN}': a requested header is not in "
                f"allow_headers (rule '/put', origins item '{ORIGIN}')"
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
            lambda app: ask(app, "/x"),
            (
                f"CORS decision: 'GET' '/x' from '{ORIGIN}': no rule covers the path "
                "(rule None, origins item None)"
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
                "(rule '@cross_origin', origins item None)"
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
    assert levels == ([("ERROR", DECISION)] if asked else []) + [("INFO", DECISION)]
    for _, _, text in lines():
        assert text.isascii()
        assert text.isprintable()
        assert r"'/a\r\n\u2028b'" in text
        assert shown in text
        assert len(text) < 1000


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
        "the origin 'https://a.app.example.evil.io' is refused: the regex "
        r"'https://.*\\.app\\.example' in origins matches only its beginning, and must match it "
        "whole; "
    )
    assert second.startswith(
        "the origin 'http://localhost:8080' is refused: the regex "
        "re.compile('http://localhost') in origins matches only its beginning, and must match it "
        "whole; "
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
            f"a callable in origins raised for '{ORIGIN}' on '/'; the origin is refused",
        )
    ]
    (record,) = caplog.records
    assert record.exc_info[0] is kind
    assert record.exc_info[2] is not None
    assert function is not raise_broken or record.exc_info[1] is BROKEN


def test_a_failing_callable_says_why_in_the_refusal(caplog, lines):
    """The line of the refusal names the exception."""
    app = Flask(__name__)
    CORS(app, origins=raise_broken)
    caplog.set_level(logging.INFO, DECISION)
    ask(app)
    assert lines()[1] == (
        "INFO",
        DECISION,
        (
            f"CORS refused: 'GET' '/' from '{ORIGIN}': a callable in origins raised LookupError "
            "(rule '/*', origins item None)"
        ),
    )

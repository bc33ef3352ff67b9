"""Whatever a client or a gateway sends, CORS raises nothing that the application alone does not."""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, Optional

import flask  # a module of a proxy such as `request` itself cannot be searched for doctests
import pytest
from flask import Blueprint, Flask, Response
from flask.views import MethodView
from hypothesis import event, example, given
from hypothesis import strategies as st
from werkzeug.routing import BaseConverter
from werkzeug.routing.converters import ValidationError

from flask_cors import CORS, cross_origin

Environ = dict[str, str]
Decorator = Callable[..., Any]

APP = "https://app.example"


# D6: neither a callable nor an answer gets to see anything else.
IS_ORIGIN = re.compile(r"""[!#$%&()*+\-./0-9:;<=>?@A-Z\[\\\]^_`a-z{|}~]{1,2048}""")


class LoudHandler(logging.Handler):
    """What is logged is written out at once, and what fails then is an error of the caller."""

    def emit(self, record: logging.LogRecord) -> None:
        assert record.getMessage().isprintable(), f"not for a terminal: {record.getMessage()!r}"

    def handleError(self, record: logging.LogRecord) -> NoReturn:  # noqa: N802 (logging's name)
        raise  # noqa: PLE0704 (called while an exception is handled)


@pytest.fixture(autouse=True, scope="module")
def _all_is_logged() -> Iterator[None]:
    logger, handler = logging.getLogger("flask_cors"), LoudHandler()
    level, logger.propagate = logger.level, False
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    yield
    logger.removeHandler(handler)
    logger.setLevel(level)
    logger.propagate = True


# --- applications, with CORS and without


class Even(BaseConverter):
    """A converter with opinions."""

    def to_python(self, value: str) -> int:
        if not value.isdigit():
            raise ValidationError
        return int(value)


class Forbidden:
    """An attribute that nobody may ask a view class for."""

    def __get__(self, instance: object, owner: object) -> NoReturn:
        raise RuntimeError("looked up by a client's text")


asked: list[str] = []
"""What `moody` was called with."""


def moody(origin: str) -> bool:
    """Raise for some origins, as a look-up in a database may."""
    asked.append(origin)
    if "moody" in origin:
        raise OSError(origin)
    return origin.endswith(".example")


def plain(**options: Any) -> Decorator:
    return lambda view: view


def add_views(home: Any, decorate: Callable[..., Decorator]) -> None:
    """Views of several kinds, under rules of several kinds."""

    class Class(MethodView):
        db, headers, view_class = Forbidden(), Forbidden(), Forbidden()
        decorators = [decorate(origins=APP)]  # noqa: RUF012 (as users write it)

        def get(self, **_: Any) -> str:
            return "get"

        def put(self, **_: Any) -> str:
            return "put"

    class Methods(MethodView):
        db = Forbidden()

        def get(self, **_: Any) -> str:
            return "get"

        post = decorate(origins=[APP, r"https://.*\.example"], supports_credentials=True)(get)

    @decorate(origins=moody, methods="*", allow_headers=["X-.*", "Content-Type"])
    def called(**_: Any) -> Response:
        return Response(flask.request.method)

    @decorate(allow_headers=[re.compile("x-.*")], max_age=60)
    def anywhere(**_: Any) -> str:
        return "anywhere"

    home.add_url_rule("/class/", view_func=Class.as_view("class"))
    home.add_url_rule("/methods/<int:number>/", view_func=Methods.as_view("methods"))
    home.add_url_rule("/called/", "called", called, methods=["GET", "POST"])
    home.add_url_rule("/called/<even:number>", "called", called)
    home.add_url_rule("/any/<path:rest>/", "anywhere", anywhere, defaults={"more": 1})
    home.add_url_rule("/", "root", anywhere)
    home.add_url_rule("/moved/", "moved", anywhere, redirect_to="/class/")
    home.add_url_rule("/plain/", "plain", lambda **_: "plain")


def start(**options: Any) -> Flask:
    app = Flask("environments", static_folder=None, **options)
    app.logger.disabled = True
    app.url_map.converters["even"] = Even
    return app


def decorated(app: Flask, *, on: bool) -> None:
    add_views(app, cross_origin if on else plain)


def extended(app: Flask, *, on: bool) -> None:
    add_views(app, plain)
    if on:
        CORS(app, origins=moody, resources=["/called/*", re.compile("^/any/(.|\\n)*"), r"/cl.*/"])


def nested(app: Flask, *, on: bool) -> None:
    outer, inner = Blueprint("outer", __name__), Blueprint("inner", __name__)
    if on:
        CORS(outer, origins=[APP, "http://localhost:*"])
        CORS(app)
    add_views(inner, cross_origin if on else plain)
    outer.register_blueprint(inner, url_prefix="/inner")
    add_views(outer, plain)
    app.register_blueprint(outer)


def hosted(app: Flask, *, on: bool) -> None:
    """Rules that look at the host too."""
    view = cross_origin(origins=APP)(lambda **_: "host") if on else lambda **_: "host"
    app.add_url_rule("/called/", "here", view, host="<sub>.example")
    app.add_url_rule("/", "there", view, host="localhost", methods=["PUT"])


def subdomains(app: Flask, *, on: bool) -> None:
    app.config["SERVER_NAME"] = "localhost:5000"
    view = cross_origin(origins=[APP, "null"])(lambda **_: "sub") if on else lambda **_: "sub"
    app.add_url_rule("/called/", "sub", view, subdomain="<sub>")
    decorated(app, on=on)


def late(app: Flask, *, on: bool) -> None:
    """Configured after CORS has read it."""
    extended(app, on=on)
    app.config["CORS_MAX_AGE"] = 5
    app.debug = True


SHAPES = {
    "decorated": (decorated, {}),
    "extended": (extended, {}),
    "nested": (nested, {}),
    "hosted": (hosted, {"host_matching": True}),
    "subdomains": (subdomains, {"subdomain_matching": True}),
    "late": (late, {}),
}


def pair(shape: str, *, propagate: bool) -> tuple[Flask, Flask]:
    """The application without CORS, and with it."""
    fill, options = SHAPES[shape]
    apps = start(**options), start(**options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for app, on in zip(apps, (False, True)):
            fill(app, on=on)
            app.config["PROPAGATE_EXCEPTIONS"] = propagate
    return apps


# --- environments

# As WSGI has them: each character is a byte.
octets = st.text(st.characters(max_codepoint=255), max_size=30)
# fmt: off
hosts = octets | st.sampled_from([
    "localhost", "localhost:5000", "a.example", "[::.]", "[::1]", "[::1]:80", "[", "]", "a b", "",
    "a:b:c", ":", ":80", "..", ".localhost", "xn--", "xn--a", "\xe9.example", "*", "a/b", "a?b",
    "a@b", "http://a", "%5b", "a.localhost:5000", "localhost:99999", "localhost:-1", "a\x00b",
])
segments = octets | st.sampled_from([
    "class", "methods", "called", "any", "moved", "plain", "inner", "1", "00", "\xd9\xa3", "-1",
    "x", "", ".", "..", "%", "%2f", "%zz", "\xff", "\xc3\xa9", "?", "#", ";", "\x00", "\n", "[",
])
methods = octets | st.sampled_from([
    "GET", "HEAD", "POST", "PUT", "OPTIONS", "OPTIONS", "OPTIONS", "DELETE", "get", "options",
    "Options", "DB", "db", "__class__", "__init__", "HEADERS", "", " ", "\xdf", "\xb5", "A B",
])
origins = octets | st.sampled_from([
    APP, "null", "https://a.example", "https://moody.example", "http://localhost:3000", "*",
    "https://a.example, https://b.example", "https://\xe9.example", "https://[::1", "[::.]",
    "https://a.example\x00", "https://a.example\r\nX: y", "\x1b[0m", "https://" + "a" * 3000,
])
# fmt: on
paths = octets | st.lists(segments, max_size=4).map(lambda parts: "/" + "/".join(parts))
header_names = octets | st.sampled_from(
    ["x-a", "content-type", "X-A, x-b", ",", ",,", "x" * 9000, "a," * 300, "\xe9", "x-\x00", "*"]
)
texts = octets | st.sampled_from(["true", "false", "[", "=", "\xff", "a=b; c", "1" * 400])


def fields(**strategies: st.SearchStrategy[str]) -> st.SearchStrategy[Environ]:
    return st.fixed_dictionaries({}, optional=strategies)


environs = st.builds(
    lambda *parts: {key: value for part in parts for key, value in part.items()},
    st.fixed_dictionaries({"REQUEST_METHOD": methods, "PATH_INFO": paths}),
    fields(
        HTTP_ORIGIN=origins,
        HTTP_ACCESS_CONTROL_REQUEST_METHOD=methods,
        HTTP_ACCESS_CONTROL_REQUEST_HEADERS=header_names,
        HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK=texts,
    ),
    fields(
        HTTP_HOST=hosts,
        SERVER_NAME=hosts,
        SERVER_PORT=st.sampled_from(["80", "443", "0", "", "x"]),
        SCRIPT_NAME=paths | st.just("/"),
        QUERY_STRING=octets,
        SERVER_PROTOCOL=texts,
        REMOTE_ADDR=texts,
    ),
    fields(
        HTTP_COOKIE=texts,
        HTTP_X_FORWARDED_HOST=hosts,
        HTTP_CONNECTION=st.sampled_from(["Upgrade", "close"]),
        HTTP_UPGRADE=st.sampled_from(["websocket", "h2c"]),
        CONTENT_TYPE=texts,
        CONTENT_LENGTH=texts,
        HTTP_TRANSFER_ENCODING=texts,
    ),
)


def whole(environ: Environ) -> dict[str, Any]:
    return {
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "5000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SCRIPT_NAME": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **environ,
    }


class Sent:
    """What an application answers with, as a server would send it."""

    def __init__(self, app: Flask, environ: Environ) -> None:
        self.status = ""
        self.lines: list[tuple[str, str]] = []
        self.error: Optional[type[Exception]] = None
        self.why: Optional[Exception] = None
        try:
            body = app(whole(environ), self._start)
            b"".join(body)
            body.close()  # type: ignore[attr-defined]  # Werkzeug's
        except Exception as error:  # noqa: BLE001 (which one is compared)
            self.error, self.why = type(error), error

    def _start(self, status: str, lines: list[tuple[str, str]], *_: Any) -> Any:
        self.status, self.lines = status, lines


FOUND = [
    {"REQUEST_METHOD": "GET", "PATH_INFO": "/class", "HTTP_HOST": "[::.]"},
    {
        "REQUEST_METHOD": "OPTIONS",
        "PATH_INFO": "/methods/1/",
        "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "DB",
    },
    {"REQUEST_METHOD": "GET", "PATH_INFO": "/called/", "HTTP_ORIGIN": "https://a\x1b.example"},
]


@given(st.sampled_from(list(SHAPES)), environs, st.booleans())
@example("decorated", FOUND[0], False)
@example("decorated", FOUND[1], True)
@example("decorated", FOUND[2], True)
@example("extended", FOUND[2], True)
def test_cors_raises_nothing_that_the_application_does_not(
    shape: str, environ: Environ, propagate: bool
) -> None:
    """I8: the same outcome with CORS and without, and whole lines that a server can send."""
    plain_app, cors_app = pair(shape, propagate=propagate)
    without = Sent(plain_app, environ)
    event(f"{shape} {without.error or without.status}")
    for _ in range(2):  # the second time, what can be kept has been
        check(Sent(cors_app, environ), without, environ["REQUEST_METHOD"].upper())
    assert all(IS_ORIGIN.fullmatch(origin) for origin in asked)  # D6
    asked.clear()


def check(answer: Sent, without: Sent, method: str) -> None:
    if answer.error is not without.error:
        raise AssertionError(f"{without.error} without CORS") from answer.why
    if answer.status != without.status:
        assert method == "OPTIONS", "who but a decorator answers?"
        assert answer.status == "200 OK"
    for name, value in answer.lines:
        assert (name + value).encode("latin-1").isascii()  # headers of CORS, and of these views
        assert "\n" not in value
        assert "\r" not in value
        if name == "Access-Control-Allow-Origin":
            assert IS_ORIGIN.fullmatch(value)

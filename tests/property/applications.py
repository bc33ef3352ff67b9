"""An application as plain data, built with either Flask-CORS, and what it answers on the wire.

Nothing here is random and nothing knows what is right: see `configurations.py` for the first and
`differences.py` for the second.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType, ModuleType
from typing import Any, Optional, Union

import attrs
import flask  # a module of a proxy such as `g` itself cannot be searched for doctests
from flask import Blueprint, Flask, Response, abort, jsonify, redirect
from flask.views import MethodView
from werkzeug.exceptions import HTTPException

from tests.property.strategies import Pattern

Options = Mapping[str, Any]

NO_OPTIONS: Options = MappingProxyType({})


@attrs.frozen
class Listed:
    """The value of a list-like option: its items, and how they are written down."""

    items: tuple[Any, ...]
    shape: str = "list"
    """One of "list", "tuple", "set", "single" (for one item) and "commas" (for texts)."""

    def written(self) -> Any:
        values = [item.value if isinstance(item, Pattern) else item for item in self.items]
        if self.shape == "single" and len(values) == 1:
            return values[0]
        if self.shape == "commas" and all(isinstance(value, str) for value in values):
            return ", ".join(values)
        if any(map(callable, values)):
            return values  # 6.0.2 crashes at a callable, if it comes to it: in which order matters
        shapes: dict[str, Callable[[Iterable[Any]], Any]] = {"tuple": tuple, "set": set}
        return shapes.get(self.shape, list)(values)

    @property
    def is_text(self) -> bool:
        """Whether 6.0.2 is given one text that holds several names or origins, or none."""
        written = self.written()
        return isinstance(written, str) and (len(self.items) != 1 or "," in written)


def written(options: Options) -> dict[str, Any]:
    """The keyword arguments as a user writes them."""
    return {name: _written(value) for name, value in options.items()}


def _written(value: Any) -> Any:
    if isinstance(value, Listed):
        return value.written()
    if isinstance(value, Mapping):  # resources
        return {pattern: written(options) for pattern, options in value.items()}
    return value


@attrs.frozen
class Extension:
    """`CORS(app, **options)`; or, with `init_app`, `CORS(**options).init_app(app, **init_app)`."""

    options: Options = NO_OPTIONS
    init_app: Optional[Options] = None
    again: Optional[Options] = None
    """What a second `init_app` of the same object on the same application is given."""

    def calls(self) -> tuple[Options, ...]:
        """The options of each installation: the constructor's, and over them `init_app`'s."""
        calls = (self.init_app or {}, self.again)
        return tuple({**self.options, **call} for call in calls if call is not None)

    def install(self, module: ModuleType, target: Union[Flask, Blueprint]) -> None:
        if self.init_app is None:
            cors = module.CORS(target, **written(self.options))
        else:
            cors = module.CORS(**written(self.options))
            cors.init_app(target, **written(self.init_app))
        if self.again is not None:
            cors.init_app(target, **written(self.again))


@attrs.frozen
class View:
    """What answers under one path."""

    rule: str = "/api/x"
    cors: Optional[Options] = None
    """The options of `cross_origin`; None for a view that is not decorated."""
    kind: str = "function"
    """"function", "async", "bare" (no parentheses), "bound" (a bound method), "class" (the
    `decorators` of a `MethodView`), "method" (its `post`), "two" (`second` is for PUT)."""
    does: str = "text"
    """A key of `BEHAVIOURS`."""
    methods: tuple[str, ...] = ("GET",)
    home: str = ""
    """"" for the application, "outer" or "inner" for a blueprint."""
    second: Optional[Options] = None
    args: tuple[Any, ...] = ()
    """Positional arguments of `cross_origin`."""


@attrs.frozen
class Setup:
    """All that an application is made from."""

    config: Options = NO_OPTIONS
    """Options, given as `CORS_*` keys."""
    odd_config: Mapping[str, str] = NO_OPTIONS
    """Keys that only look like ones of Flask-CORS."""
    extensions: tuple[Extension, ...] = ()
    outer: tuple[Extension, ...] = ()
    """On the blueprint "outer"."""
    inner: tuple[Extension, ...] = ()
    """On the blueprint "inner", nested in "outer"."""
    views: tuple[View, ...] = (View(),)
    late_config: Options = NO_OPTIONS
    """`CORS_*` keys that are set after everything else."""
    propagate: bool = False

    def view(self, endpoint: str) -> View:
        return self.views[int(endpoint.rpartition(".")[2].strip("vb"))]


@attrs.frozen
class Request:
    """One request; header values as WSGI gives them."""

    path: str = "/api/x"
    method: str = "GET"
    origin: Optional[str] = None
    requested_method: Optional[str] = None
    requested_headers: Optional[str] = None
    private_network: Optional[str] = None

    def environ(self) -> dict[str, str]:
        values = {
            "HTTP_ORIGIN": self.origin,
            "HTTP_ACCESS_CONTROL_REQUEST_METHOD": self.requested_method,
            "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": self.requested_headers,
            "HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK": self.private_network,
        }
        return {key: value for key, value in values.items() if value is not None}

    @property
    def is_preflight(self) -> bool:
        return self.method == "OPTIONS" and bool(self.requested_method)


@attrs.frozen
class Answer:
    """What is compared: the order of different header names is no matter."""

    status: Union[int, str, None]
    """Or the name of the exception that comes out of the application; None for a predicted answer
    of the routing."""
    lines: tuple[tuple[str, str], ...] = ()
    """The `Access-Control-*` lines, sorted."""
    vary: frozenset[str] = frozenset()


# --- what views do

OWN_ORIGIN = "https://own.example"


class HandledError(Exception):
    """An exception for which the application has a handler."""


class UnhandledError(Exception):
    """An exception that becomes a 500, or passes Flask by."""


def _own(*headers: tuple[str, str]) -> Callable[[Response], Any]:
    return lambda shared: Response("own", headers=list(headers))


def _mapping(shared: Response) -> Any:
    response = Response("mapping")
    response.headers = {"Content-Type": "text/plain"}  # type: ignore[assignment]  # as OAuthlib
    return response


def _raise(error: Exception) -> Any:
    raise error


def _fail_late(shared: Response) -> Any:
    flask.g.fails_late = True
    return "unseen"


BEHAVIOURS: dict[str, Callable[[Response], Any]] = {
    "text": lambda shared: "text",
    "json": lambda shared: jsonify(ok=True),
    "redirect": lambda shared: redirect("/elsewhere", 302),
    "own": _own(("Access-Control-Allow-Origin", OWN_ORIGIN)),
    "own twice": _own(
        ("Access-Control-Allow-Origin", OWN_ORIGIN), ("Access-Control-Allow-Origin", "*")
    ),
    "vary accept": _own(("Vary", "Accept, Accept-Encoding")),
    "vary origin": _own(("Vary", "Cookie, origin")),
    "vary star": _own(("Vary", "*")),
    "shared": lambda shared: shared,
    "mapping": _mapping,
    "abort": lambda shared: abort(403),
    "handled": lambda shared: _raise(HandledError()),
    "raise": lambda shared: _raise(UnhandledError()),
    "late": _fail_late,
}

STATUS = {"redirect": 302, "abort": 403, "handled": 418, "raise": 500, "late": 500}
OWN_ORIGINS = {"own": (OWN_ORIGIN,), "own twice": (OWN_ORIGIN, "*")}
OWN_VARY = {
    "vary accept": frozenset({"accept", "accept-encoding"}),
    "vary origin": frozenset({"cookie", "origin"}),
    "vary star": frozenset({"*"}),
}


# --- building


@attrs.frozen
class Built:
    """An application, or the error that stopped its set-up, and the warnings on the way."""

    app: Optional[Flask]
    error: Optional[Exception]
    warned: tuple[warnings.WarningMessage, ...]


def build(module: ModuleType, setup: Setup) -> Built:
    """Make the application with one Flask-CORS or the other."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        # 6.0.2 calls an `async def` view and drops the coroutine.
        warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
        try:
            return Built(_built(module, setup), None, tuple(warned))
        except Exception as error:  # noqa: BLE001 (which one is compared)
            return Built(None, error, tuple(warned))


def _built(module: ModuleType, setup: Setup) -> Flask:
    app = Flask("application", static_folder=None)
    app.logger.disabled = True
    app.config["PROPAGATE_EXCEPTIONS"] = setup.propagate or None
    app.config.update(setup.odd_config)
    _configure(app, setup.config)
    app.register_error_handler(HandledError, lambda error: ("handled", 418))
    for extension in setup.extensions:
        extension.install(module, app)
    outer, inner = Blueprint("outer", __name__), Blueprint("inner", __name__)
    homes: dict[str, Union[Flask, Blueprint]] = {"": app, "outer": outer, "inner": inner}
    for extension in setup.outer:
        extension.install(module, outer)
    for extension in setup.inner:
        extension.install(module, inner)
    shared = Response("shared")
    for index, view in enumerate(setup.views):
        _add(module, homes[view.home], f"v{index}", view, shared)
    outer.register_blueprint(inner, url_prefix="/inner")
    app.register_blueprint(outer, url_prefix="/outer")
    app.after_request(_failing)
    _configure(app, setup.late_config)
    return app


def _configure(app: Flask, options: Options) -> None:
    app.config.update({f"CORS_{k.upper()}": v for k, v in written(options).items()})


def _failing(response: Response) -> Response:
    if flask.g.get("fails_late"):
        raise UnhandledError
    return response


def _decorated(
    module: ModuleType, view: Callable[..., Any], options: Optional[Options], args: Any = ()
) -> Callable[..., Any]:
    if options is None:
        return view
    decorated: Callable[..., Any] = module.cross_origin(*args, **written(options))(view)
    return decorated


def _decorated_as(module: ModuleType, function: Callable[..., Any], view: View) -> Any:
    if view.kind == "bare":
        return module.cross_origin(function)
    inner = _decorated(module, function, view.cors, view.args)
    return _decorated(module, inner, view.second) if view.kind == "stacked" else inner


def _add(
    module: ModuleType,
    target: Union[Flask, Blueprint],
    endpoint: str,
    view: View,
    shared: Response,
) -> None:
    body = BEHAVIOURS[view.does]

    def function(**_: str) -> Any:
        return body(shared)

    async def asynchronous(**_: str) -> Any:
        return body(shared)

    class Views(MethodView):
        if view.kind == "class" and view.cors is not None:
            decorators = [module.cross_origin(**written(view.cors))]

        def get(self, **_: str) -> Any:
            return body(shared)

        def post(self, **_: str) -> Any:
            return body(shared)

        if view.kind == "method" and view.cors is not None:
            post = module.cross_origin(**written(view.cors))(post)

    if view.kind in {"class", "method"}:
        target.add_url_rule(view.rule, view_func=Views.as_view(endpoint))
        return
    kinds: dict[str, Callable[..., Any]] = {"async": asynchronous, "bound": Views().get}
    made = kinds.get(view.kind, function)
    target.add_url_rule(
        view.rule, endpoint, _decorated_as(module, made, view), methods=view.methods
    )
    if view.kind == "two":
        other = _decorated(module, lambda **_: body(shared), view.second)
        target.add_url_rule(view.rule, f"{endpoint}b", other, methods=["PUT"])


# --- asking


def ask(app: Flask, request: Request) -> Answer:
    """Send the request through Flask's test client."""
    client = app.test_client(use_cookies=False)
    try:
        response = client.open(
            request.path, method=request.method, environ_overrides=request.environ()
        )
    except (Exception, HTTPException) as error:  # noqa: BLE001 (which one is compared)
        return Answer(type(error).__name__)
    lines = [
        (name, value)
        for name, value in response.headers
        if name.lower().startswith("access-control-")
    ]
    members = {
        member.strip().lower()
        for line in response.headers.getlist("Vary")
        for member in line.split(",")
    }
    return Answer(response.status_code, tuple(sorted(lines)), frozenset(members))

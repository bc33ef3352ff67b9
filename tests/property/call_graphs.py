"""Functions that call one another, as plain data, and whose policy decides (D12, D13).

Built with either Flask-CORS. Like `applications.py`, nothing here is random.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import MappingProxyType, ModuleType
from typing import Any, NamedTuple, Optional

import attrs
import flask  # a module of a proxy such as `request` itself cannot be searched for doctests
from flask import Blueprint, Flask, Response, abort
from flask.views import MethodView

Options = dict[str, Any]

STRANGER = "https://stranger.example"

POLICIES = MappingProxyType(
    {
        "a": {"origins": "https://a.example", "supports_credentials": True},
        "b": {"origins": ["https://b.example", "https://c.example"], "max_age": 60},
        "c": {"origins": "https://c.example", "methods": ["GET"]},
        "any": {"origins": "*"},
    }
)


class HandledError(Exception):
    """An exception that the application may have a handler for."""


class CrashError(Exception):
    """An exception that becomes a 500."""


ERRORS: dict[str, type[Exception]] = {"handled": HandledError, "crash": CrashError}


@attrs.frozen
class Call:
    """One call of another function; what it raises is caught, or ends the caller too."""

    of: int
    caught: bool = False


@attrs.frozen
class Function:
    """A view, or what a view, an error handler or a hook calls."""

    cors: Optional[str] = None
    """The key of its policy in `POLICIES`; None for a function that is not decorated."""
    kind: str = "function"
    """"function", "async", "class" (the `decorators` of a `MethodView`), "method" (its `get` is
    decorated), "derived" (its `get` calls `super().get()` first, which is decorated)."""
    inherited: Optional[str] = None
    """For "derived": the policy of the `get` that it overrides."""
    calls: tuple[Call, ...] = ()
    ends: str = "text"
    """"text" (a response of its own), "first" or "last" (the response of one of its calls), or an
    error: "abort", "handled" or "crash"."""


@attrs.frozen
class Graph:
    """An application whose functions call only those before them."""

    functions: tuple[Function, ...]
    """The last one is the view."""
    app: Optional[str] = None
    blueprint: Optional[str] = None
    """The policy of the blueprint that the view is on; None where it is on none."""
    before: Optional[int] = None
    """The function that a `before_request` hook returns the result of."""
    calls_before: Optional[int] = None
    """The function that another one calls, to ignore what comes of it."""
    calls_after: Optional[int] = None
    """The function that an `after_request` hook calls, likewise."""
    on_error: Optional[int] = None
    """The handler of `HandledError`."""
    on_abort: Optional[int] = None
    """The handler of 403."""
    on_crash: Optional[int] = None
    """The handler of 500."""

    @property
    def view(self) -> Function:
        return self.functions[-1]


# --- the model


class Outcome(NamedTuple):
    """What a function comes to: a response, or an error; and the policy that it carries."""

    error: Optional[str]
    policy: Optional[str]


def outcome(graph: Graph, index: int) -> Outcome:
    """A response, and an exception, carry the policy of the last decorator they leave."""
    function = graph.functions[index]
    found = _undecorated(graph, function)
    return found if function.cors is None else found._replace(policy=function.cors)


def _undecorated(graph: Graph, function: Function) -> Outcome:
    results = [Outcome(None, function.inherited)] if function.kind == "derived" else []
    for call in function.calls:
        result = outcome(graph, call.of)
        if result.error and not call.caught:
            return result
        if not result.error:
            results.append(result)
    if function.ends in {"first", "last"} and results:
        return results[0 if function.ends == "first" else -1]
    ends = "text" if function.ends in {"first", "last"} else function.ends
    return Outcome(None if ends == "text" else ends, None)


def answered(graph: Graph, *, found: bool = True) -> Outcome:
    """The response, or the exception, with which a GET ends; `found` tells whether it is routed."""
    result = Outcome(None if found else "missing", None)
    if graph.before is not None:
        result = outcome(graph, graph.before)
    elif found:
        result = outcome(graph, len(graph.functions) - 1)
    handlers = {"handled": graph.on_error, "abort": graph.on_abort}
    if result.error in handlers:
        result = _handled(graph, handlers[result.error], result)
    return _handled(graph, graph.on_crash, result) if result.error == "crash" else result


def _handled(graph: Graph, handler: Optional[int], failed: Outcome) -> Outcome:
    """A handler's own policy, else that of the exception that it handles."""
    if handler is None:
        return failed._replace(error="crash") if failed.error == "handled" else failed
    result = outcome(graph, handler)
    if result.error:
        return result._replace(error="crash")
    return result if result.policy else failed._replace(error=None)


def decides(graph: Graph, method: str, *, found: bool = True) -> Optional[str]:
    """Whose policy decides: the view's, that of what was answered, the blueprint's, the app's."""
    nearest = [graph.view.cors, graph.blueprint] if found else [None, None]
    if method != "OPTIONS":
        nearest.insert(1, answered(graph, found=found).policy)
    return next(filter(None, nearest), graph.app)


def crossed(graph: Graph, index: int) -> list[Function]:
    """The functions that may run when this one is called."""
    function = graph.functions[index]
    return [function, *(f for call in function.calls for f in crossed(graph, call.of))]


# --- building


def build(module: ModuleType, graph: Graph) -> Flask:
    """Make the application with one Flask-CORS or the other."""
    app = Flask("graph", static_folder=None)
    app.logger.disabled = True
    views: list[Callable[..., Any]] = []
    for function in graph.functions:
        views.append(_view(module, app, function, tuple(views)))
    if graph.app:
        module.CORS(app, **POLICIES[graph.app])
    _hook(app, graph, views)
    home = Blueprint("home", __name__) if graph.blueprint else app
    if graph.blueprint:
        module.CORS(home, **POLICIES[graph.blueprint])
    home.add_url_rule("/view", "view", views[-1])
    if isinstance(home, Blueprint):
        app.register_blueprint(home)
    return app


def _hook(app: Flask, graph: Graph, views: list[Callable[..., Any]]) -> None:
    def call(index: int) -> Callable[..., Any]:
        return lambda *_: app.ensure_sync(views[index])()

    def ignore(index: Optional[int]) -> None:
        if index is not None:
            with suppress(Exception):
                call(index)()

    def after(response: Response) -> Response:
        ignore(graph.calls_after)
        return response

    def before() -> Any:
        ignore(graph.calls_before)
        if graph.before is None or flask.request.method == "OPTIONS":
            return None
        return call(graph.before)()

    app.before_request(before)
    app.after_request(after)
    handlers = {HandledError: graph.on_error, 403: graph.on_abort, 500: graph.on_crash}
    for error, handler in handlers.items():
        if handler is not None:
            app.register_error_handler(error, call(handler))


def _view(
    module: ModuleType, app: Flask, function: Function, views: tuple[Callable[..., Any], ...]
) -> Callable[..., Any]:
    def decorate(policy: Optional[str], undecorated: Callable[..., Any]) -> Callable[..., Any]:
        if policy is None:
            return undecorated
        decorated: Callable[..., Any] = module.cross_origin(**POLICIES[policy])(undecorated)
        return decorated

    def run(*results: Any) -> Any:
        return _run(app, function, views, list(results))

    async def run_async() -> Any:
        return run()

    class Base(MethodView):
        get = decorate(function.inherited, lambda self: Response("inherited"))

    class Class(MethodView):
        decorators = [partial(decorate, function.cors)]  # noqa: RUF012 (as users write it)

        def get(self) -> Any:
            return run()

    class Method(MethodView):
        get = decorate(function.cors, lambda self: run())

    def inheriting(self: Any) -> Any:
        return run(super(Derived, self).get())

    class Derived(Base):
        get = decorate(function.cors, inheriting)

    classes = {"class": Class, "method": Method, "derived": Derived}
    if function.kind in classes:
        return classes[function.kind].as_view("view")
    return decorate(function.cors, run_async if function.kind == "async" else run)


def _run(
    app: Flask, function: Function, views: tuple[Callable[..., Any], ...], results: list[Any]
) -> Any:
    for call in function.calls:
        with suppress(Exception if call.caught else ()):
            results.append(app.make_response(app.ensure_sync(views[call.of])()))
    if function.ends == "abort":
        abort(403)
    if function.ends in ERRORS:
        raise ERRORS[function.ends]
    if function.ends in {"first", "last"} and results:
        return results[0 if function.ends == "first" else -1]
    return Response("text")

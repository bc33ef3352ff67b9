"""`cross_origin`: a policy for one view, whatever becomes of the request."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from functools import partial, update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from flask import Flask, current_app

from corecors import Problem

from ._decorated import MARK, Decoration, marked
from ._discovery import RequiredMethods
from ._hook import hook_request
from ._installed import installation
from ._misplaced import remember
from ._nearest import is_asked_about
from ._preflights import answer_options
from ._state import ROUTED, current_request, is_routed_to, noted
from ._warnings import user_location

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .types import DecoratorOptions

LOG = logging.getLogger(__name__)

# See `current_request`.
this_app: Callable[[], Flask] = cast(Any, current_app)._get_current_object  # noqa: SLF001 (documented)

View = TypeVar("View", bound=Callable[..., Any])


@overload
def cross_origin(view: View, /) -> View: ...


@overload
def cross_origin(
    **kwargs: Unpack[DecoratorOptions],
) -> Callable[[Callable[..., Any]], Callable[..., Any]]: ...


def cross_origin(*args: Any, **kwargs: Any) -> Any:
    """Decorate a view with a CORS policy of its own; it decides before blueprint and app.

    The options, over `app.config`, over these defaults:

    - origins = '*': who may read: origins, `https://*.host`, regexes, functions
    - methods = ['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']: what a page may send
    - allow_headers = '*': the request headers that a page may send
    - expose_headers = None: the response headers that a page may read
    - supports_credentials = False: pages may send cookies
    - max_age = None: seconds for which a browser remembers a preflight
    - send_wildcard = False: say `*` instead of the origin that asks
    - vary_header = True: tell caches what the answer depends on
    - always_send = True: answer requests without `Origin` too
    - allow_private_network = False: answer `true` to questions about private networks
    - automatic_options = True: answer OPTIONS without running the view
    - strict = False: raise one error of all that would be warned of
    - enabled = True: send CORS headers at all; `False` is for a view under a wider policy

    Functions, `async def`, methods of a `MethodView` and its `decorators` are all accepted.

    Raises `corecors.PolicyError` (a `ValueError`) for an option that cannot work; warns with
    `CORSWarning` of one that has no effect.

    >>> from flask import Flask
    >>> app = Flask("example")
    >>> @app.route("/hello")
    ... @cross_origin(origins="https://app.example", max_age=600)
    ... def hello():
    ...     return "Hello"
    >>> response = app.test_client().get("/hello", headers={"Origin": "https://app.example"})
    >>> response.headers["Access-Control-Allow-Origin"]
    'https://app.example'
    """
    location = user_location()
    view = args[0] if args and callable(args[0]) else None
    ignored = args if view is None else args[1:]
    decoration = Decoration(kwargs, location, [_positional(ignored)] if ignored else [])

    def decorator(view: Callable[..., Any]) -> Callable[..., Any]:
        return _decorated(view, decoration)

    return decorator if view is None else decorator(view)


def _positional(args: tuple[Any, ...]) -> Problem:
    return Problem(
        code="positional",
        option="cross_origin",
        given=args[0],
        what="is a positional argument and has no effect",
        advice=f"write cross_origin(origins={args[0]!r})",
        source="@cross_origin",
    )


def _decorated(view: Callable[..., Any], own: Decoration) -> Callable[..., Any]:
    # Of two decorators on one view the inner one is nearer.
    decoration = marked(view) or own
    asynchronous = inspect.iscoroutinefunction(view)

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        request, app = current_request(), this_app()
        installed = installation(app)
        if not installed.hooked:
            hook_request(installed, request)
        # First: under a policy that cannot be made the view does not run.
        rule = installed.rule_of(decoration)
        options = request.method == "OPTIONS"
        routed = is_routed_to(app, request, wrapper) and (not options or is_asked_about(request))
        if routed:
            request.__dict__[ROUTED] = rule
        if options and own.answers_options(app.config):
            answer = partial(answer_options, installed)
            return answer() if routed else noted(request, answer, rule)
        function = app.ensure_sync(view) if asynchronous else view
        if routed:
            return app.make_response(function(*args, **kwargs))
        return noted(request, lambda: app.make_response(function(*args, **kwargs)), rule)

    update_wrapper(wrapper, view)
    vars(wrapper)[MARK] = decoration
    names = _required_methods(view)
    if own.options.get("automatic_options", True):
        # Flask then leaves OPTIONS to the view, that is to `wrapper`.
        names.add("OPTIONS")
        vars(wrapper)["provide_automatic_options"] = False
    vars(wrapper)["required_methods"] = RequiredMethods(names)
    remember(wrapper)
    return wrapper


def _required_methods(view: Callable[..., Any]) -> set[str]:
    """Copy what a view requires of its rule; an attribute of a mock is no such set."""
    required: Any = getattr(view, "required_methods", ())
    if isinstance(required, RequiredMethods):
        return set(required.names)
    return set(required) if isinstance(required, (set, frozenset, list, tuple)) else set()

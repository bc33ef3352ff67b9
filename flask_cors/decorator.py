"""`cross_origin`: a policy for one view, whatever becomes of the request."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar, overload

from corecors import Problem

from ._bridge import current_request, installation, this_app
from ._misplaced import remember
from ._nomination import MARK, Nomination, marked
from ._state import ROUTED, is_routed_to, noted
from ._warnings import user_location
from ._watch import RequiredMethods

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .types import DecoratorOptions

LOG = logging.getLogger(__name__)

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
    nomination = Nomination(kwargs, location, [_positional(ignored)] if ignored else [])

    def decorator(view: Callable[..., Any]) -> Callable[..., Any]:
        return _decorated(view, nomination)

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


def _decorated(view: Callable[..., Any], own: Nomination) -> Callable[..., Any]:
    # Of two decorators on one view the inner one is nearer.
    nomination = marked(view) or own
    asynchronous = inspect.iscoroutinefunction(view)

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        request, app = current_request(), this_app()
        installed = installation(app)
        if not installed.hooked:
            installed.hook_request(request)
        # First: under a policy that cannot be made the view does not run.
        rule = installed.resolve(nomination)
        if request.method == "OPTIONS":
            if own.answers_options(app.config):
                return noted(request, app.make_default_options_response, rule)
        elif is_routed_to(app, request, wrapper):
            request.__dict__[ROUTED] = rule
            function = app.ensure_sync(view) if asynchronous else view
            return app.make_response(function(*args, **kwargs))
        function = app.ensure_sync(view) if asynchronous else view
        return noted(request, lambda: app.make_response(function(*args, **kwargs)), rule)

    update_wrapper(wrapper, view)
    vars(wrapper)[MARK] = nomination
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

"""`CORS`: one policy, or one for each set of paths, for an application or a blueprint."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response
from flask.blueprints import BlueprintSetupState
from werkzeug.local import LocalProxy

from corecors import Rules

from ._hook import hook, require_setup, write_under
from ._installed import Installed, installation, snapshot
from ._layers import (
    Options,
    Scope,
    build_policy,
    build_rules,
    extension_options,
    from_call,
    materialised,
    value_of,
    without_app,
)
from ._preflights import put_first
from ._warnings import Location, check_config, report, require_flask, user_location

if TYPE_CHECKING:
    from flask import Flask
    from typing_extensions import Unpack

    from .types import ExtensionOptions

LOG = logging.getLogger(__name__)


class CORS:
    """Send CORS headers for a whole application, for some of its paths, or for a blueprint.

    The options, with their defaults; each can stand in `app.config` as `CORS_...`, in capitals:

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
    - resources = '/*': the paths: a pattern, several, or a dict from pattern to options
    - intercept_exceptions = True: cover what fails after the view too
    - strict = False: raise one error of all that would be warned of
    - preflight_first = False: answer allowed preflights before `before_request` functions run

    The last of these wins: the defaults, `app.config`, the constructor, `init_app`, the options of
    the resource.

    Raises `corecors.PolicyError` (a `ValueError`) that names every option that cannot work and
    where it came from; warns with `CORSWarning` of what has no effect.

    >>> from flask import Flask
    >>> app = Flask("example")
    >>> cors = CORS(app, resources={"/api/*": {"origins": "https://app.example"}})
    >>> response = app.test_client().get("/api/x", headers={"Origin": "https://app.example"})
    >>> response.headers["Access-Control-Allow-Origin"]
    'https://app.example'
    """

    def __init__(
        self, app: Flask | Blueprint | None = None, **kwargs: Unpack[ExtensionOptions]
    ) -> None:
        self._options: Mapping[str, Any] = materialised(kwargs)
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask | Blueprint, **kwargs: Unpack[ExtensionOptions]) -> None:
        """Install this extension's rules on an application, or on an unregistered blueprint.

        Once more on the same application replaces what was installed before (D20).
        """
        location = user_location()
        own = materialised(kwargs)
        self._options = materialised(self._options)  # set by hand, it may have iterators again
        if isinstance(app, LocalProxy):
            proxy: Any = app
            app = proxy._get_current_object()  # noqa: SLF001 (documented by Werkzeug)
        if isinstance(app, Blueprint):
            self._init_blueprint(app, own, location)
        else:
            require_flask(app)
            options, scope = self._resolve(app, own, location)
            require_setup(app)
            installation(app).add(self._installed(app, options, scope, location))
            self._attach(app, options)

    def _init_blueprint(
        self, blueprint: Blueprint, own: Mapping[str, Any], location: Location
    ) -> None:
        """Take the configuration of each application that the blueprint comes to (D16)."""
        build_rules(extension_options({}, self._options, own)[0], without_app)

        def register(state: BlueprintSetupState) -> None:
            app = cast("Flask", state.app)
            name = f"{state.name_prefix}.{state.name}".lstrip(".")
            options, scope = self._resolve(app, own, location, state.url_prefix or "")
            installed = self._installed(app, options, scope, location)
            installation(app).add_to_blueprint(name, installed)
            self._attach(app, options)

        blueprint.record(register)

    def _attach(self, app: Flask, options: Options) -> None:
        """Have requests to the application answered."""
        hook(installation(app))
        if value_of(options, "preflight_first"):
            put_first(installation(app))

    def _resolve(
        self, app: Flask, own: Mapping[str, Any], location: Location, prefix: str = ""
    ) -> tuple[Options, Scope]:
        options, notes = extension_options(app.config, self._options, own)
        scope = build_rules(options, app.ensure_sync, prefix)
        remarks = (*notes, *scope.notes, *check_config(app.config, scope.given | set(options)))
        report(remarks, location, strict=bool(value_of(options, "strict")))
        return options, scope

    def _installed(
        self, app: Flask, options: Options, scope: Scope, location: Location
    ) -> Installed:
        return Installed(
            owner=self,
            rules=scope.rules,
            location=location,
            explicit=scope.given | set(options),
            config=snapshot(app),
            intercept_exceptions=bool(value_of(options, "intercept_exceptions")),
            options=options,
        )


def make_after_request_function(
    resources: Iterable[tuple[Any, Mapping[str, Any]]],
) -> Callable[[Response], Response]:
    """Make an `after_request` function of ordered pairs (path pattern, options).

    Kept for code written for Flask-CORS; `CORS(app, resources=...)` does this and more.
    """
    call = "make_after_request_function"
    rules = Rules(
        [(pattern, build_policy(from_call(call, options))[0]) for pattern, options in resources]
    )

    def after_request(response: Response) -> Response:
        return write_under(rules, response)

    return after_request

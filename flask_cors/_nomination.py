"""Which policy is nearest to a request: its view's, its blueprint's, or the application's (D12).

A decorated view carries a mark, so that its policy is known even when the view never runs: for
automatic OPTIONS, an abort before the view, or a redirect of the routing (D13, D17).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Optional
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask, Request
from werkzeug.routing import MapAdapter, RequestRedirect
from werkzeug.routing import Rule as UrlRule

from corecors import PolicyError, Problem, Rule

from ._config import (
    Options,
    build_policy,
    copied,
    from_call,
    from_config,
    layered,
    materialised,
    value_of,
    without_app,
)
from ._options import DECORATOR, OPTIONS
from ._warnings import Location, check_names, report

MARK = "__flask_cors__"
"""The attribute of a decorated view that holds its `Nomination`."""

ASKED_METHOD = "HTTP_ACCESS_CONTROL_REQUEST_METHOD"
"""The key of a WSGI environment for the method that a preflight asks for."""

KEYS = tuple(option.config_key for option in OPTIONS.values() if DECORATOR in option.scopes)
"""The keys of `app.config` that have a say in what a nomination comes to."""

_CALL = "@cross_origin"

Resolved = tuple[dict[str, Any], Rule]
"""What a nomination comes to, after the `CORS_*` keys under which it does."""


class Nomination:
    """The options of one `cross_origin(...)`, and the policy they make under each application."""

    in_use: ClassVar[bool] = False
    """Whether any function of the process is decorated; where none is, none is looked up."""

    def __init__(
        self, options: Mapping[str, Any], location: Location, remarks: Iterable[Problem] = ()
    ) -> None:
        self.options = materialised(options)
        self.location = location
        self._reported: tuple[Problem, ...] = ()
        self._check(remarks)
        Nomination.in_use = True

    def _check(self, remarks: Iterable[Problem]) -> None:
        """Refuse at set-up what no configuration of an application could mend."""
        given = from_call(_CALL, self.options)
        try:
            _, notes = build_policy(given, without_app)
        except PolicyError as error:
            problems = [problem for problem in error.problems if _is_settled(problem, given)]
            if problems:
                raise PolicyError(problems) from None
            notes = ()
        self._report(
            (
                *remarks,
                *check_names(self.options, DECORATOR, _CALL),
                *(note for note in notes if _is_settled(note, given)),
            ),
            strict=bool(value_of(given, "strict")),
        )

    def _report(self, notes: tuple[Problem, ...], *, strict: bool) -> None:
        new = tuple(note for note in notes if note not in self._reported)
        report(new, self.location, strict=strict)
        self._reported += new

    def resolve(self, app: Flask) -> Resolved:
        """Make the policy under the present configuration of an application."""
        options = layered(from_config(app.config), from_call(_CALL, self.options))
        policy, notes = build_policy(options, app.ensure_sync)
        self._report(notes, strict=bool(value_of(options, "strict")))
        given = {key: copied(value) for key, value in given_keys(app.config).items()}
        return given, Rule(_CALL, policy)

    def answers_options(self, config: Mapping[str, Any]) -> bool:
        """Say whether OPTIONS is answered without the view (option `automatic_options`)."""
        if "automatic_options" in self.options:
            return bool(self.options["automatic_options"])
        configured = config.get("CORS_AUTOMATIC_OPTIONS")
        return configured is None or bool(configured)


def given_keys(config: Mapping[str, Any]) -> dict[str, Any]:
    """Give those of `KEYS` that a configuration has."""
    return {key: config[key] for key in config.keys() & KEYS}


def _is_settled(problem: Problem, given: Options) -> bool:
    """Say whether a problem remains whatever origins `app.config` may give."""
    about_origins = problem.code in ("wildcard-with-credentials", "any-origin-with-credentials")
    return "origins" in given or not about_origins


def marked(view: Any) -> Nomination | None:
    """Give the nomination of a decorated view, through decorators that copy attributes."""
    found = getattr(view, MARK, None)
    return found if isinstance(found, Nomination) else None


Nominee = tuple[Optional[Nomination], Optional[UrlRule]]
"""Who has the first say about a request: a decorated view, or the blueprints of a rule's view."""


def blueprints_of(url_rule: UrlRule | None) -> Iterator[str]:
    """Give the names of a view's blueprints, the innermost first."""
    name = "" if url_rule is None else str(url_rule.endpoint)
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def nominee(app: Flask, request: Request) -> Nominee:
    """Find the view that a request is routed to; for a preflight, the one it asks about (D17)."""
    method: str = request.method
    if method == "OPTIONS":
        method = request.environ.get(ASKED_METHOD) or method
    url_rule = request.url_rule
    if url_rule is None or (url_rule.methods is not None and method not in url_rule.methods):
        url_rule = _answering(app, request, method)
    if url_rule is None:
        return None, None
    return _of_view(app, url_rule, method), url_rule


def answered_by_flask(request: Request) -> bool:
    """Say whether OPTIONS is left to Flask, which asks no view."""
    url_rule: Any = request.url_rule
    return request.method == "OPTIONS" and getattr(url_rule, "provide_automatic_options", False)


def _answering(app: Flask, request: Request, method: str) -> UrlRule | None:
    url_rule = request.url_rule
    if url_rule is None:
        own = request.method
        return _redirected(app, request, method) or _redirected(app, request, own)
    return _match(app, request, method) or url_rule


def _redirected(app: Flask, request: Request, method: str) -> UrlRule | None:
    """Find the view behind a redirect of the routing, such as `strict_slashes`."""
    if isinstance(request.routing_exception, RequestRedirect):
        return _match(app, request, method, request.routing_exception.new_url)
    return None


def _match(app: Flask, request: Request, method: str, url: str | None = None) -> UrlRule | None:
    try:
        adapter = _adapter(app, request, url)
        url_rule, _ = adapter.match(method=method, return_rule=True)
    except RequestRedirect as redirect:
        return None if url else _match(app, request, method, redirect.new_url)
    except Exception:  # noqa: BLE001 (no view; or what Werkzeug makes of a strange Host)
        return None
    return url_rule


def _adapter(app: Flask, request: Request, url: str | None) -> MapAdapter:
    if url is not None:
        request = app.request_class(_environ_of(request, url), populate_request=False)
    adapter = app.create_url_adapter(request)
    assert adapter is not None  # noqa: S101 (None is for no request)
    return adapter


def _environ_of(request: Request, url: str) -> dict[str, Any]:
    target = urlsplit(url)
    path = unquote_to_bytes(target.path).decode("latin-1")
    root = request.environ.get("SCRIPT_NAME", "").rstrip("/")
    return {**request.environ, "HTTP_HOST": target.netloc, "PATH_INFO": path.removeprefix(root)}


def has_decorated(app: Flask) -> bool:
    """Say whether any view of an application is decorated."""
    rules = app.url_map.iter_rules()
    return any(_of_view(app, rule, method) for rule in rules for method in rule.methods or ())


def _of_view(app: Flask, url_rule: UrlRule, method: str) -> Nomination | None:
    view = app.view_functions.get(url_rule.endpoint)
    view_class = getattr(view, "view_class", None)
    if view_class is not None and method in (url_rule.methods or ()):
        handler = getattr(view_class, method.lower(), None)
        if handler is None and method == "HEAD":
            handler = getattr(view_class, "get", None)
        found = marked(handler)
        if found is not None:
            return found
    return marked(view)

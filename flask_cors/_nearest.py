"""Whose policy decides about a request (D12).

In this order: the view that the request is routed to; the decorated function whose response is the
final one, or whose exception ended the request; the blueprints, innermost first; the application.
Nothing that a client sends raises here, or reads more of a view than its URL rule serves (D17).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask, Request
from werkzeug.routing import MapAdapter, RequestRedirect
from werkzeug.routing import Rule as UrlRule

from corecors import PolicyError, Rule

from ._decorated import Decoration, marked
from ._installed import Installation, first_rule
from ._state import REQUESTED_METHOD, ROUTED, rule_of_result

LOG = logging.getLogger("flask_cors.extension")


def nearest(installed: Installation, request: Request, response: object = None) -> Rule | None:
    """Return the rule that decides about a request, or None where there is none.

    A nearest policy that cannot be made under the present configuration is no reason to ask a wider
    one: the response gets nothing.
    """
    if Decoration.in_use or installed.blueprints:
        try:
            rule = _nearer(installed, request, response)
        except PolicyError as error:
            LOG.error("no policy can be made, so no CORS header is sent: %s", error)
            return None
        if rule is not None:
            return rule
    return installed.everywhere or installed.find(request.path)


def _nearer(installed: Installation, request: Request, response: object) -> Rule | None:
    routed: Rule | None = request.__dict__.get(ROUTED)
    if routed is not None:
        return routed
    app = installed.app
    method = _method(request)
    url_rule = _url_rule(app, request, method)
    decoration = None if url_rule is None else _of_view(app, url_rule, method)
    if decoration is not None and _has_a_say(decoration, app, request):
        return installed.rule_of(decoration)
    # A view that only answers OPTIONS for another one has no say about it (D17).
    rule = rule_of_result(request, response) if url_rule is request.url_rule else None
    return rule or _of_blueprints(installed, url_rule, request.path)


def _method(request: Request) -> str:
    """Return the method that a request is about: of a preflight, the one that it asks for."""
    if request.method != "OPTIONS":
        return request.method
    return _requested_method(request) or "OPTIONS"


def _requested_method(request: Request) -> str:
    """Return the method that a preflight asks for, in upper case as Werkzeug will route it."""
    asked: str = request.environ.get(REQUESTED_METHOD, "")
    return asked.upper()


# --- the view


def _of_view(app: Flask, url_rule: UrlRule, method: str) -> Decoration | None:
    """Return the decoration of a method of a view's class, or of the view.

    None where to look at it raises: a view may be any object, with attributes that run code.
    """
    view = app.view_functions.get(url_rule.endpoint)
    try:
        found = _of_method(view, url_rule, method)
        return marked(view) if found is None else found
    except Exception:  # noqa: BLE001 (whatever the user's code raises)
        return None


def _of_method(view: Any, url_rule: UrlRule, method: str) -> Decoration | None:
    view_class = getattr(view, "view_class", None)
    if view_class is None or method not in (url_rule.methods or ()):
        return None
    handler = getattr(view_class, method.lower(), None)
    if handler is None and method == "HEAD":
        handler = getattr(view_class, "get", None)
    return marked(handler)


def _has_a_say(decoration: Decoration, app: Flask, request: Request) -> bool:
    """Return whether a decorated view decides, also about OPTIONS that Flask answers for it."""
    return not is_answered_by_flask(request) or decoration.answers_options(app.config)


def is_answered_by_flask(request: Request) -> bool:
    """Return whether Flask answers OPTIONS itself, and the view does not run."""
    if request.method != "OPTIONS" or request.url_rule is None:
        return False
    automatic = getattr(request.url_rule, "provide_automatic_options", False)
    return bool(automatic) or _is_only_for_options(request.url_rule)


def _is_only_for_options(url_rule: UrlRule) -> bool:
    """Return whether a URL rule answers OPTIONS for others, as a Flask to come has it.

    Flask tells each rule that it makes for a view whether it answers OPTIONS for that view; a rule
    of its own, which is for nothing else, it tells nothing.
    """
    return url_rule.methods == {"OPTIONS"} and not hasattr(url_rule, "provide_automatic_options")


def has_decorated(app: Flask) -> bool:
    """Return whether any view of an application is decorated."""
    rules = app.url_map.iter_rules()
    return any(_of_view(app, rule, method) for rule in rules for method in rule.methods or ())


# --- the URL rule


def is_asked_about(request: Request) -> bool:
    """Return whether a preflight is about the view that it is routed to, and no other one (D17)."""
    url_rule = request.url_rule
    methods = None if url_rule is None else url_rule.methods
    return _requested_method(request) in (methods or ())


def _url_rule(app: Flask, request: Request, method: str) -> UrlRule | None:
    """Return the rule that serves a method at the URL of a request, or else answers it (D17)."""
    url_rule = request.url_rule
    if url_rule is None:
        return _redirected(app, request, method) or _redirected(app, request, request.method)
    if request.method == "OPTIONS" and _is_only_for_options(url_rule):
        return _of_any_method(app, request, method) or url_rule
    if url_rule.methods is None or method in url_rule.methods:
        return url_rule
    return _match(app, request, method) or url_rule


def _of_any_method(app: Flask, request: Request, first: str) -> UrlRule | None:
    """Return the rule for one method, or for another that the URL has: OPTIONS is for them all."""
    adapter = _adapter(app, request)
    others = sorted(adapter.allowed_methods()) if adapter is not None else []
    for method in (first, *others):
        found = _match(app, request, method) if method != "OPTIONS" else None
        if found is not None:
            return found
    return None


def _redirected(app: Flask, request: Request, method: str) -> UrlRule | None:
    """Return the rule behind a redirect of the routing, such as `strict_slashes`."""
    if isinstance(request.routing_exception, RequestRedirect):
        return _match(app, request, method, request.routing_exception.new_url)
    return None


def _match(app: Flask, request: Request, method: str, url: str | None = None) -> UrlRule | None:
    adapter = _adapter(app, request, url)
    try:
        found = adapter and adapter.match(method=method, return_rule=True)
    except RequestRedirect as redirect:
        return None if url else _match(app, request, method, redirect.new_url)
    except Exception:  # noqa: BLE001 (no view; or what a converter makes of a strange path)
        return None
    return found[0] if found else None


def _adapter(app: Flask, request: Request, url: str | None = None) -> MapAdapter | None:
    """Return what looks up a URL, that of the request or of the target of a redirect.

    None where Werkzeug can make nothing of the `Host` that a client sent.
    """
    try:
        if url is not None:
            request = app.request_class(_environ_of(request, url), populate_request=False)
        return app.create_url_adapter(request)
    except Exception:  # noqa: BLE001 (whatever Werkzeug raises)
        return None


def _environ_of(request: Request, url: str) -> dict[str, Any]:
    target = urlsplit(url)
    path = unquote_to_bytes(target.path).decode("latin-1")
    root = request.environ.get("SCRIPT_NAME", "").rstrip("/")
    return {**request.environ, "HTTP_HOST": target.netloc, "PATH_INFO": path.removeprefix(root)}


# --- the blueprints


def _of_blueprints(installed: Installation, url_rule: UrlRule | None, path: str) -> Rule | None:
    for name in blueprints_of(url_rule) if installed.blueprints else ():
        rule = first_rule(installed.blueprints.get(name, ()), path)
        if rule is not None:
            return rule
    return None


def blueprints_of(url_rule: UrlRule | None) -> Iterator[str]:
    """Yield the names of a view's blueprints, the innermost first."""
    name = "" if url_rule is None else str(url_rule.endpoint)
    while "." in name:
        name = name.rpartition(".")[0]
        yield name

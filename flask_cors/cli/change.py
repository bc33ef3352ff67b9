"""The smallest change of a policy that lets a page do what it asks for, as a line to paste.

Only `flask cors check` says it: there a developer names the origin. What a client sends is never
advised to be let in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, Optional

import attrs
from flask import Flask
from werkzeug.routing import Rule as UrlRule

from corecors import Policy, PolicyError, browser
from corecors.browser import Outcome, Request, Response
from corecors.headers import ORIGIN, REQUEST_HEADERS, REQUEST_METHOD

from .._policies import no_cors
from .installed import Decider, Source, application_source, config_key, place_of
from .output import text_of

Values = dict[str, Any]


class Change(NamedTuple):
    """What to write, and where it stands now."""

    lines: tuple[str, ...]
    place: str
    note: str = ""


def smallest_change(
    app: Flask, decider: Decider, request: Request, url_rule: Optional[UrlRule]
) -> Optional[Change]:
    """Give the smallest change that allows a request; None where none of a policy would.

    What is given has been put to the browser's rules: with it, the request is allowed.
    """
    policy = decider.policy
    if policy is None or decider.rule is None or decider.source is None:
        return _first_rule(app, request, url_rule)
    if policy is no_cors():
        return None  # what is switched off is meant to be: there is no smallest change
    wanted = _values(policy, request)
    # Methods of the routes are not to be listed: it is the route that has not this one.
    if not wanted or (policy is not decider.rule.policy and "methods" in wanted):
        return None
    lines = _lines(app, decider.source, policy, wanted)
    note = _note(policy, wanted)
    return Change(lines, decider.source.place, note)


def outcome_under(policy: Policy, request: Request) -> Outcome:
    """Play the browser against the policy alone.

    >>> asked = Request(origin="https://a.example", url="https://b.example/")
    >>> outcome_under(Policy(origins="https://b.example"), asked).step
    'CORS check step 2'
    """
    preflight = _answer(policy, "OPTIONS", browser.preflight_request_headers(request))
    method = browser.normalize_method(request.method)
    actual = _answer(policy, method, browser.actual_request_headers(request))
    return browser.fetch_outcome(request, preflight, actual)


def _answer(policy: Policy, method: str, sent: tuple[tuple[str, str], ...]) -> Response:
    asked = [browser.get(sent, name) for name in (ORIGIN, REQUEST_METHOD, REQUEST_HEADERS)]
    return Response(headers=policy.answer(method, *asked).lines)


def _values(policy: Policy, request: Request) -> Values:
    """Change one option after the other, as the browser finds fault, until it does not."""
    changed: Values = {}
    while not outcome_under(attrs.evolve(policy, **changed), request):
        more = _next(attrs.evolve(policy, **changed), request)
        if not more or more.keys() <= changed.keys():
            return {}
        try:
            attrs.evolve(policy, **{**changed, **more})
        except PolicyError:
            return {}
        changed.update(more)
    return changed


def _next(policy: Policy, request: Request) -> Values:
    """Give the options that the first fault is about."""
    method = browser.normalize_method(request.method)
    if not policy.answer("GET", request.origin).fields:
        return {"origins": [*policy.origins, request.origin]}
    if request.credentials == "include" and not policy.supports_credentials:
        return _with_credentials(policy, request)
    asked = policy.answer("OPTIONS", request.origin, method)
    if asked.verdict.refused:
        return {"methods": [*policy.methods, method]}
    names = browser.unsafe_request_header_names(request.headers, request.dialect)
    missing = [
        name
        for name in names
        if policy.answer("OPTIONS", request.origin, method, name).verdict.refused
    ]
    return {"allow_headers": [*policy.allow_headers, *missing]} if missing else {}


def _with_credentials(policy: Policy, request: Request) -> Values:
    """Let the page send cookies; where everybody is let in, that page alone."""
    if "*" in policy.origins:
        return {"origins": [request.origin], "supports_credentials": True, "send_wildcard": False}
    return {"supports_credentials": True}


def _note(policy: Policy, wanted: Values) -> str:
    if "supports_credentials" in wanted and "*" in policy.origins:
        return "with credentials, name every origin that may come: * would let every site act"
    return ""


def _lines(app: Flask, source: Source, policy: Policy, wanted: Values) -> tuple[str, ...]:
    """Write each option where it is given now, or else in the call."""
    of_call: Values = {}
    lines: list[str] = []
    for option, value in wanted.items():
        if getattr(policy, option) == value:
            continue
        written = _written(app, source, option, value, getattr(policy, option))
        if _gives(source, option) or config_key(option) not in app.config:
            of_call[option] = written
        else:
            lines.append(f'app.config["{config_key(option)}"] = {text_of(written)}')
    if of_call:
        lines.append(_call(source, of_call))
    return tuple(lines)


def _gives(source: Source, option: str) -> bool:
    return option in source.options or option in (source.own or {})


def _written(app: Flask, source: Source, option: str, value: Any, before: tuple[Any, ...]) -> Any:
    """Put what is new behind what the user has written, in the user's order."""
    if not isinstance(value, list):
        return value
    new = [item for item in value if item not in before]
    if len(new) == len(value):
        return new
    own = {**app.config.get_namespace("CORS_"), **source.options, **(source.own or {})}
    given = own.get(option)
    return [*_items(given, before), *new]


def _items(given: Any, before: tuple[Any, ...]) -> list[Any]:
    if isinstance(given, str):
        return [item.strip() for item in given.split(",")]
    if isinstance(given, (list, tuple)):
        return list(given)
    if given is None or isinstance(given, (set, frozenset)):
        return list(before)
    return [given]


def _call(source: Source, of_call: Values) -> str:
    """Write the whole call with its changed options, those of a resource in their place."""
    options = dict(source.options)
    own = source.own
    if own is None:
        options.update(of_call)
    else:
        resources = {**options["resources"], source.pattern: {**own, **of_call}}
        options["resources"] = resources
    begin = source.call if source.kind == "view" else f"{source.call}, "
    return f"{begin}{_arguments(options)})"


def _first_rule(app: Flask, request: Request, url_rule: Optional[UrlRule]) -> Optional[Change]:
    """Cover what no rule covers: the path in the application's rules, or the view alone."""
    given = {"origins": [request.origin], **_values(Policy(origins=request.origin), request)}
    if url_rule is None or not outcome_under(Policy(**given), request):
        return None
    source = application_source(app)
    view = app.view_functions[url_rule.endpoint]
    if source is None:
        return Change((f"@cross_origin({_arguments(given)})",), place_of(view))
    resources = source.options.get("resources")
    more = {_pattern(url_rule): given}
    if isinstance(resources, Mapping):
        options = {**source.options, "resources": {**resources, **more}}
        return Change((f"{source.call}, {_arguments(options)})",), source.place)
    return Change((f"CORS(app, {_arguments({'resources': more})})",), source.place)


def _pattern(url_rule: UrlRule) -> str:
    return re.sub(r"/[^/]*<.*", "/*", url_rule.rule)


def _arguments(options: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={text_of(value)}" for name, value in options.items())

"""The smallest change of a policy that lets a page do what it asks for, as a line to paste.

Only `flask cors check` says it: there a developer names the origin. What a client sends is never
advised to be let in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, Optional
from urllib.parse import urlsplit

import attrs
from flask import Flask
from werkzeug.routing import Rule as UrlRule

from corecors import Policy, PolicyError, browser
from corecors.browser import Outcome, Request, Response
from corecors.shell import answer_lines

from .._policies import no_cors
from .installed import (
    Decider,
    Source,
    application_source,
    config_key,
    place_of,
    policy_under,
)
from .output import NAMELESS, text_of

Values = dict[str, Any]


class Change(NamedTuple):
    """What to write, and where."""

    lines: tuple[str, ...]
    place: str
    note: str = ""
    adds: bool = False
    """Whether the lines come to what stands in that place; they take the place of it otherwise."""
    enough: bool = True
    """Whether nothing else than the policy stands in the way of the request."""


class Proposal(NamedTuple):
    """A change, and the policy that would then decide."""

    change: Change
    policy: Policy


def smallest_change(
    app: Flask, decider: Decider, request: Request, url_rule: Optional[UrlRule]
) -> Optional[Proposal]:
    """Give the smallest change of a policy that allows a request; None where there is none.

    The policy has been made anew of all that is configured then, and put to the browser's rules.
    """
    proposal = _proposal(app, decider, request, url_rule)
    if proposal is None or not outcome_under(proposal.policy, request):
        return None
    change = proposal.change
    if change.note or not any(NAMELESS in line for line in change.lines):
        return proposal
    return proposal._replace(change=change._replace(note=_NAMELESS))


_NAMELESS = f"{NAMELESS} stands for your function, which has no name"


def _proposal(
    app: Flask, decider: Decider, request: Request, url_rule: Optional[UrlRule]
) -> Optional[Proposal]:
    policy, source = decider.policy, decider.source
    if policy is None or decider.rule is None or source is None:
        return None if url_rule is None else _first_rule(app, request, url_rule)
    if policy is no_cors():
        return None  # what is switched off is meant to be: there is no smallest change
    wanted = _values(policy, request)
    # Methods of the routes are not to be listed: it is the route that has not this one.
    if not wanted or (policy is not decider.rule.policy and "methods" in wanted):
        return None
    written = _written(app, source, policy, wanted)
    made = _made(app, source, written, request, url_rule)
    change = Change(written.lines(source), source.place, _note(policy, wanted))
    return None if made is None else Proposal(change, made)


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
    return Response(headers=answer_lines(policy, method, "", sent).lines)


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
    if request.origin == "null" and request.credentials == "include":
        return {}  # any site can make a page whose origin is null
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
    return _NULL if "null" in wanted.get("origins", ()) else ""


_NULL = "any site can make a page whose origin is null, with a sandboxed frame for example"


# --- what is written


class Written(NamedTuple):
    """What a call and the configuration say with a change."""

    options: Values
    """Those of the call, all of them."""
    config: Values
    """The keys of `app.config` that change."""

    def lines(self, source: Source) -> tuple[str, ...]:
        """Write it, the call only where it changes."""
        keys = [f'app.config["{key}"] = {text_of(value)}' for key, value in self.config.items()]
        if self.options == source.options:
            return tuple(keys)
        begin = source.call if source.kind == "view" else f"{source.call}, "
        return *keys, f"{begin}{_arguments(self.options)})"


def _written(app: Flask, source: Source, policy: Policy, wanted: Values) -> Written:
    """Write each option where it is given now, or else in the call."""
    of_call: Values = {}
    of_config: Values = {}
    for option, value in wanted.items():
        before = getattr(policy, option)
        if before == value:
            continue
        new = _behind(app, source, option, value, before)
        if _gives(source, option) or config_key(option) not in app.config:
            of_call[option] = new
        else:
            of_config[config_key(option)] = new
    if source.own is None:
        return Written({**source.options, **of_call}, of_config)
    if not of_call:
        return Written(dict(source.options), of_config)
    return _with_resource(source, {source.pattern: {**source.own, **of_call}}, of_config)


def _with_resource(source: Source, resource: Values, config: Values) -> Written:
    """Put a resource where the others are."""
    resources = {**source.entries, **resource}
    if "resources" in source.options or source.resources is None:
        return Written({**source.options, "resources": resources}, config)
    return Written(dict(source.options), {**config, config_key("resources"): resources})


def _gives(source: Source, option: str) -> bool:
    return option in source.options or option in (source.own or {})


def _behind(app: Flask, source: Source, option: str, value: Any, before: tuple[Any, ...]) -> Any:
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


def _made(
    app: Flask, source: Source, written: Written, request: Request, url_rule: Optional[UrlRule]
) -> Optional[Policy]:
    path = urlsplit(request.url).path
    return policy_under(app, source.kind, written.options, written.config, path, url_rule)


# --- where no rule covers the path


def _first_rule(app: Flask, request: Request, url_rule: UrlRule) -> Optional[Proposal]:
    """Cover the path in the application's rules, or else the view alone."""
    view = app.view_functions[url_rule.endpoint]
    source = application_source(app)

    def cover(given: Values) -> tuple[Written, Optional[Policy]]:
        if source is None:
            return Written(given, {}), policy_under(app, "view", given, {}, "", url_rule)
        written = _with_resource(source, {_pattern(url_rule): given}, {})
        return written, _made(app, source, written, request, url_rule)

    given: Values = {"origins": [request.origin]}
    written, made = cover(given)
    if made is not None:
        given = {**given, **_values(made, request)}  # what the options around it leave missing
        written, made = cover(given)
    if made is None:
        return None
    if source is not None:
        note = _NULL if request.origin == "null" else ""
        return Proposal(Change(written.lines(source), source.place, note), made)
    call = f"cross_origin({_arguments(given)})"
    is_class = hasattr(view, "view_class")
    line = f"decorators = [{call}]" if is_class else f"@{call}"
    note = "in the class" if is_class else "below the route, above `def`"
    return Proposal(Change((line,), place_of(view), note, adds=True), made)


def _pattern(url_rule: UrlRule) -> str:
    return re.sub(r"/[^/]*<.*", "/*", url_rule.rule)


def _arguments(options: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={text_of(value)}" for name, value in options.items())

"""What is installed on an application, as the commands need it: who decides, and where it stands.

The one module of the commands that knows how the extension keeps its policies.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, Literal, NamedTuple, Optional

from flask import Flask
from werkzeug.routing import Rule as UrlRule
from werkzeug.test import EnvironBuilder

from corecors import Policy, PolicyError, Rule

from .._decorated import Decoration, marked
from .._installed import Installed, installation
from .._layers import build_policy, build_rules, from_call, from_config, layered
from .._nearest import blueprints_of, is_answered_by_flask, nearest
from .._options import OPTIONS
from .._policies import RoutedPolicy, methods_of
from .._warnings import Location
from .addresses import matched

Kind = Literal["view", "blueprint", "application"]


class Source(NamedTuple):
    """The line of the user's code that a policy comes from."""

    kind: Kind
    call: str
    """How the call begins, for example `CORS(app`."""
    options: Mapping[str, Any]
    """What the call gives."""
    location: Location
    pattern: Any = None
    """The path pattern of the rule; None for a decorator."""
    resources: Any = None
    """The `resources` of the call, or of the configuration."""

    @property
    def own(self) -> Optional[Mapping[str, Any]]:
        """Give the options of the resource that the rule is made of, where there is one."""
        resources = self.resources
        own = resources.get(self.pattern) if isinstance(resources, Mapping) else None
        return own if isinstance(own, Mapping) else None

    @property
    def entries(self) -> Mapping[Any, Any]:
        """Give the resources as a dict, whatever they are written as."""
        resources = self.resources
        if isinstance(resources, Mapping):
            return resources
        if resources is None or isinstance(resources, (str, re.Pattern)):
            resources = [] if resources is None else [resources]
        return {pattern: {} for pattern in resources}

    @property
    def place(self) -> str:
        """Give file and line."""
        return place_at(self.location)

    @property
    def call_text(self) -> str:
        """Give the call without its arguments."""
        return f"{self.call})"

    @property
    def pattern_text(self) -> Optional[str]:
        """Give the path pattern as text."""
        return None if self.pattern is None else str(getattr(self.pattern, "pattern", self.pattern))


class Decider(NamedTuple):
    """Who decides about a request: a rule, and where it comes from; None and None for nobody."""

    rule: Optional[Rule] = None
    source: Optional[Source] = None
    url_rule: Optional[UrlRule] = None

    @property
    def policy(self) -> Optional[Policy]:
        """Give the policy that decides, if there is one, with the methods of the route."""
        policy = self.rule.policy if self.rule else None
        if isinstance(policy, RoutedPolicy):
            return policy.with_methods(methods_of(self.url_rule) if self.url_rule else frozenset())
        return policy

    def as_json(self) -> Optional[dict[str, Any]]:
        """Write where the rule comes from as JSON."""
        source = self.source
        if source is None:
            return None
        return {"call": source.call_text, "place": source.place, "pattern": source.pattern_text}


def decider(app: Flask, url_rule: UrlRule | None, path: str, method: str) -> Decider:
    """Tell who decides about the requests of one method to a route, without sending one."""
    request = app.request_class(EnvironBuilder(path=path, method=method).get_environ())
    request.url_rule = url_rule
    rule = nearest(installation(app), request)
    return Decider(rule, _source(app, rule), url_rule) if rule else Decider()


def runs_for_options(app: Flask, url: str) -> bool:
    """Return whether OPTIONS runs the view of a URL, since it answers that itself."""
    url_rule = matched(app, url, "OPTIONS")
    if url_rule is None or "OPTIONS" not in (url_rule.methods or ()):
        return False
    request = app.request_class(EnvironBuilder(method="OPTIONS").get_environ())
    request.url_rule = url_rule
    decoration = marked(app.view_functions.get(url_rule.endpoint))
    answers = decoration is not None and decoration.answers_options(app.config)
    return not answers and not is_answered_by_flask(request)


def rules_for(app: Flask, url_rule: UrlRule) -> tuple[Rule, ...]:
    """Give the rules that may decide about a route, in the order in which they are asked."""
    found = installation(app)
    blueprints = (found.blueprints.get(name, ()) for name in blueprints_of(url_rule))
    several = (*chain.from_iterable(blueprints), *found.extensions)
    return tuple(rule for installed in several for rule in installed.rules.entries)


def extensions(app: Flask) -> Iterator[tuple[Kind, Installed]]:
    """Give what is installed on the application and on its blueprints, the nearest first."""
    installed = installation(app)
    for several in installed.blueprints.values():
        for one in several:
            yield "blueprint", one
    for one in installed.extensions:
        yield "application", one


def source_of(kind: Kind, installed: Installed, pattern: Any) -> Source:
    """Tell where a rule of an extension comes from."""
    options = {
        name: given.value
        for name, given in installed.options.items()
        if not given.source.startswith("app.config")
    }
    call = "CORS(app" if kind == "application" else "CORS(blueprint"
    resources = installed.options.get("resources")
    return Source(kind, call, options, installed.location, pattern, resources and resources.value)


def _source(app: Flask, rule: Rule) -> Source | None:
    for kind, installed in extensions(app):
        if any(rule is own for own in installed.rules.entries):
            return source_of(kind, installed, rule.pattern)
    resolved = installation(app).decorated.items()
    own = (decoration for decoration, (_, made) in resolved if made is rule)
    return next(map(_of_decorator, own), None)


def policy_under(
    app: Flask,
    kind: Kind,
    options: Mapping[str, Any],
    config: Mapping[str, Any],
    path: str,
    url_rule: UrlRule | None,
) -> Policy | None:
    """Make the policy that decides about a path where a call has these options.

    With some keys of `app.config` changed. None where there is none, or none can be made.
    """
    layers = layered(from_config({**app.config, **config}), from_call("", options))
    try:
        if kind == "view":
            rule: Rule | None = Rule("", build_policy(layers, app.ensure_sync)[0])
        else:
            rule = build_rules(layers, app.ensure_sync).rules.find(path)
    except PolicyError:
        return None
    return Decider(rule, None, url_rule).policy


def origin_of(app: Flask, source: Source, option: str) -> str:
    """Tell which text of the user's gives an option of a rule, for example `CORS(origins=...)`."""
    own = source.own or {}
    if option in own:
        return f'resources["{source.pattern_text}"]["{option}"]'
    if option in source.options:
        return f"{source.call.partition('(')[0]}({option}=...)"
    return f'app.config["{config_key(option)}"]' if app.config.get(config_key(option)) else ""


def _of_decorator(decoration: Decoration) -> Source:
    return Source("view", "@cross_origin(", decoration.options, decoration.location)


def application_source(app: Flask) -> Source | None:
    """Tell where the application's own rules come from, the latest of them."""
    own = (source_of(*found, None) for found in extensions(app) if found[0] == "application")
    return next(own, None)


def place_of(view: Any) -> str:
    """Give file and line of a function, or an empty text where it has none."""
    function = inspect.unwrap(getattr(view, "view_class", view))
    code = getattr(function, "__code__", None)
    return _place(code.co_filename, code.co_firstlineno) if code else ""


def hook_text(function: Any) -> str:
    """Name a `before_request` function, and where it stands."""
    name = getattr(function, "__name__", function)
    return f"{name} ({place_of(function)}), a before_request function"


def place_at(location: Location) -> str:
    """Give file and line of a place in the user's code."""
    return _place(location.filename, location.line)


def _place(filename: str, line: int) -> str:
    path = Path(filename)
    here = Path.cwd()
    return f"{path.relative_to(here) if here in path.parents else path}:{line}"


def config_key(option: str) -> str:
    """Give the key of `app.config` for an option."""
    return OPTIONS[option].config_key

"""The numbered differences D1 to D20, each as one change to what Flask-CORS 6.0.2 does.

`Exchange.predicted(changes)` is what 6.0.2 answers when just these numbers of the contract are
applied to it. Its own functions do the deciding (`get_cors_headers`, `parse_resources`, ...); a
change rewrites what they are given, or their answer. So three things can be tested:

* with no change it is what 6.0.2 answers: the model of 6.0.2 is a true one;
* with all changes it is what this project answers: nothing else differs, by so much as a header;
* a number is *met* where the prediction depends on it: none is there without need.

What a number permits beyond its first sentence in the contract is said beside its change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple, Optional, Union
from urllib.parse import unquote, urlsplit

import attrs
from flask import signals
from werkzeug.datastructures import EnvironHeaders
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect, Rule
from werkzeug.test import EnvironBuilder

from tests.property import naive
from tests.property.applications import (
    OWN_ORIGINS,
    OWN_VARY,
    STATUS,
    Answer,
    Extension,
    Listed,
    Options,
    Request,
    Setup,
    View,
    _written,
)
from tests.property.strategies import Kind, Pattern

NUMBERS = tuple(range(1, 21))
ALL = frozenset(NUMBERS)
NONE: frozenset[int] = frozenset()

Changes = frozenset[int]

ORIGIN = "Access-Control-Allow-Origin"
METHODS = "Access-Control-Allow-Methods"
HEADERS = "Access-Control-Allow-Headers"

# An origin pattern that 6.0.2 admits, or refuses, whatever the origin is.
ADMITTED, REFUSED = re.compile(""), re.compile("(?!)")
# Stands in for the literal of an IPv6 host, which 6.0.2 cannot read as one.
LITERAL = "literal"

# Flask 2.2 without blinker has no signals: without an extension, nobody sees a request that does
# not come to a decorated view.
SIGNALS = getattr(signals, "signals_available", True)

LIST_OPTIONS = ("origins", "methods", "allow_headers", "expose_headers")


class CrashedError(Exception):
    """6.0.2 raises: in most cases because it looks for a character in what is no text."""


@contextmanager
def crashing() -> Iterator[None]:
    """Mark the calls that are of 6.0.2, so that no defect of this model looks like one of it."""
    try:
        yield
    except Exception as error:
        raise CrashedError from error


# --- one policy


def options_of(core: ModuleType, *layers: Options) -> dict[str, Any]:
    """Merge layers over 6.0.2's defaults, the last one wins; unknown names have no effect.

    The first layer is the configuration of the application, where None is not given.
    """
    merged = dict(core.DEFAULT_OPTIONS)
    config = {name: value for name, value in layers[0].items() if value is not None}
    for layer in (config, *layers[1:]):
        merged.update({name: value for name, value in layer.items() if name in merged})
    return merged


def patterns_of(options: Options) -> tuple[Pattern, ...]:
    """The origin patterns, each with the kind that it was drawn as."""
    given = options["origins"]
    if isinstance(given, Listed):
        return tuple(dict.fromkeys(given.items))
    return (Pattern(Kind.ANY, "*", ()),)


def items_of(options: Options, name: str) -> tuple[Any, ...]:
    """The items of `methods`, `allow_headers` or `expose_headers`."""
    given = options[name]
    if isinstance(given, Listed):
        return tuple(dict.fromkeys(given.items))
    if given is None:
        return ()
    return (given,) if isinstance(given, str) else tuple(given)


class Decided(NamedTuple):
    """What one policy says."""

    lines: dict[str, str]
    vary: frozenset[str]


@attrs.frozen(slots=False)
class PolicyModel:
    """What one policy of 6.0.2 says to a request, under some changes."""

    core: ModuleType
    options: Options
    request: Request
    changes: Changes

    @cached_property
    def kinds(self) -> tuple[Pattern, ...]:
        return patterns_of(self.options)

    @property
    def splits(self) -> bool:
        """Whether the origins are seen one by one, not as a text that 6.0.2 takes whole."""
        given = self.options["origins"]
        return 18 in self.changes or not (isinstance(given, Listed) and given.is_text)

    @property
    def any_origin(self) -> bool:
        return any(pattern.kind is Kind.ANY for pattern in self.kinds)

    @property
    def literals(self) -> tuple[str, ...]:
        """The distinct literals; the spelling of the first in order stands for its like."""
        kinds = {Kind.LITERAL, Kind.NULL} | ({Kind.IPV6} if 2 in self.changes else set())
        texts = sorted(pattern.value for pattern in self.kinds if pattern.kind in kinds)
        return tuple({naive.lower(text): text for text in reversed(texts)}.values())

    def decide(self) -> Decided:
        """Rewrite the options and the request, ask 6.0.2, rewrite the answer."""
        with crashing():
            options = self.core.get_cors_options(SimpleNamespace(), self._listed())
        headers = dict(self.request.environ())
        if self.splits:
            options["origins"] = list(self._origins())
        self._one_value(options)
        allowed = self._exact_methods(options, headers)
        if 8 in self.changes:
            headers.pop("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", None)
        if 10 in self.changes and self.request.is_preflight:
            options["expose_headers"] = None
        with crashing():
            environ = EnvironHeaders(headers)
            given = self.core.get_cors_headers(options, environ, self.request.method)
        # 6.0.2 itself sends only the first of several values.
        lines = dict(given.items())
        vary = frozenset({lines.pop("Vary").lower()} if "Vary" in lines else ())
        if lines.get(ORIGIN) == LITERAL:
            lines[ORIGIN] = self.literals[0]
        if METHODS in lines:
            lines[METHODS] = allowed or lines[METHODS]
            self._request_headers(lines)
        if 11 in self.changes:
            vary = self._vary(lines)
        return Decided({name: str(value) for name, value in lines.items()}, vary)

    def _listed(self) -> dict[str, Any]:
        """D18: texts that hold several are lists; and lists have no duplicates (I9).

        D9: 0 and negative numbers are sent, and any whole number is written as one.
        """
        options = {name: _written(value) for name, value in self.options.items()}
        if 18 in self.changes:
            for name in LIST_OPTIONS[1:]:
                if isinstance(self.options[name], Listed):
                    options[name] = list(items_of(self.options, name))
            options["origins"] = [pattern.value for pattern in self.kinds]
        if 8 in self.changes and options["allow_headers"] is None:
            options["allow_headers"] = []
        if 7 in self.changes and options["methods"] is None:
            options["methods"] = []
        if 9 in self.changes and options["max_age"] is not None:
            age = options["max_age"]
            seconds = age.total_seconds() if isinstance(age, timedelta) else float(age)
            options["max_age"] = str(max(int(seconds), 0))
        return options

    def _origins(self) -> Iterator[Any]:
        """D1, D2, D4 and D6: what admits the origin, item by item."""
        return map(self._origin_item, self.kinds)

    def _origin_item(self, pattern: Pattern) -> Any:
        kind, value, origin = pattern.kind, pattern.value, self.request.origin or ""
        verdict = ADMITTED if naive.admits_origin([(kind, value)], origin) else REFUSED
        if kind is Kind.ANY:
            reflects = origin and not self.options["send_wildcard"]
            return verdict if 6 in self.changes and reflects else ".*"
        if kind in {Kind.LITERAL, Kind.NULL}:
            return verdict if 6 in self.changes and origin else value
        if kind is Kind.IPV6 and 2 in self.changes:
            return verdict if origin else LITERAL
        if kind is Kind.CALLABLE:
            return verdict if 4 in self.changes else value
        regex = kind in {Kind.TEXT_REGEX, Kind.COMPILED}
        if 6 in self.changes and len(origin) > 2_048:
            return REFUSED
        if (1 if regex else 2) in self.changes:
            too_long = len(origin) > 2_048 and 6 not in self.changes
            return value if too_long else verdict
        return value

    def _one_value(self, options: dict[str, Any]) -> None:
        """D5: without `Origin`, only `*` or the single literal is sent."""
        if 5 in self.changes and not self.request.origin and not self.any_origin:
            options["always_send"] = options["always_send"] and len(self.literals) == 1

    def _exact_methods(self, options: dict[str, Any], headers: dict[str, str]) -> Optional[str]:
        """D7: membership in a set; what is no token is not listed, nor is anything twice."""
        if 7 not in self.changes or not self.request.is_preflight:
            return None
        names = items_of(self.options, "methods")
        allowed = listed_methods(names, self.request.requested_method or "")
        options["methods"] = "ALLOWED"
        headers["HTTP_ACCESS_CONTROL_REQUEST_METHOD"] = "REFUSED" if allowed is None else "ALLOWED"
        return allowed

    def _request_headers(self, lines: dict[str, str]) -> None:
        """D8: whole names without regard to case, each once, only tokens, within limits."""
        if 8 in self.changes:
            asked = self.request.requested_headers or ""
            allowed, _ = naive.allowed_names(items_of(self.options, "allow_headers"), asked)
            names = {naive.lower(name.strip(" \t")): name.strip(" \t") for name in asked.split(",")}
            value = ", ".join(sorted(names[key] for key in allowed))
            lines.pop(HEADERS, None)
            if value:
                lines[HEADERS] = value

    def _vary(self, lines: dict[str, str]) -> frozenset[str]:
        """D11: whatever another `Origin`, method or list of names could have changed."""
        if not self.options["vary_header"]:
            return frozenset()
        if ORIGIN not in lines:
            return frozenset({"origin"} if self.kinds else ())
        members = set() if self._is_constant(lines[ORIGIN]) else {"origin"}
        if self.request.is_preflight:
            members.add("access-control-request-method")
            if METHODS in lines and items_of(self.options, "allow_headers"):
                members.add("access-control-request-headers")
        return frozenset(members)

    def _is_constant(self, allow_origin: str) -> bool:
        """`*` for everybody, or one literal: in the spelling of browsers, as any other varies."""
        if allow_origin == "*":
            return True
        if len(self.kinds) != 1 or self.kinds[0].kind not in {Kind.LITERAL, Kind.NULL, Kind.IPV6}:
            return False
        value = self.kinds[0].value
        canonical = value == "null" or value == naive.lower(value)
        return bool(canonical and value == allow_origin)


def listed_methods(names: Iterable[str], requested: str) -> Optional[str]:
    """The value of Access-Control-Allow-Methods, or None where the method is refused."""
    if not naive.allows_method(names, requested):
        return None
    tokens = sorted(name for name in names if naive.is_token(name) and name not in {"*", ".*"})
    upper = list(dict.fromkeys(name.upper() for name in tokens))
    if requested in upper:
        return ", ".join(upper)
    return ", ".join([*upper, requested]) if requested in tokens else requested


# --- set-up

BROKEN_ORIGINS = ("https://(", "*.example.com", "https://[a-")
BROKEN_HEADERS = ("X-(",)
BROKEN_PATHS = ("/api/(",)
BROKEN_AGES = ("soon", 1.5)
# What the wild writes and has no effect (D19).
ODD_OPTIONS = ("headers", "origin", "allow_origins", "support_credentials", "maxage")
ODD_KEYS = ("CORS_HEADERS", "CORS_ALLOW_ORIGINS", "CORS_ALLOWED_ORIGINS")
COMBINATION = 0
"""Not a difference: `*` with credentials and `send_wildcard`, a ValueError in 6.0.2 too."""


def refused_at_setup(core: ModuleType, setup: Setup) -> frozenset[int]:
    """The numbers for which this project raises a ValueError at set-up, empty for none.

    D3: regexes in `allow_headers` and `resources`, too. A decorator's own combination of
    `*` with credentials and `send_wildcard` is refused here, and in 6.0.2 at each request.
    """
    found: set[int] = set()
    blueprints = (*setup.outer, *setup.inner)
    configurations = [
        *((extension, setup.config) for extension in (*setup.extensions, *blueprints)),
        # Before a blueprint is registered there is no other.
        *((extension, {}) for extension in blueprints),
    ]
    for extension, config in configurations:
        for call in extension.calls():
            options = options_of(core, config, call)
            found |= _broken(options) & {COMBINATION}
            for pattern, own in core.parse_resources(options["resources"]):
                found |= _broken(options_of(core, {}, options, own))
                found |= {3} if pattern in BROKEN_PATHS else set()
    for view in setup.views:
        for options in (view.cors, view.second):
            if options is not None and view.kind != "bare":
                own_broken = _broken(options_of(core, {}, options))
                found |= own_broken if "origins" in options else own_broken - {COMBINATION}
    return frozenset(found)


def _broken(options: Options) -> set[int]:
    found = set()
    patterns = patterns_of(options)
    if any(pattern.value in BROKEN_ORIGINS for pattern in patterns if _is_text(pattern)):
        found.add(3)
    if any(item in BROKEN_HEADERS for item in items_of(options, "allow_headers")):
        found.add(3)
    if options["max_age"] in BROKEN_AGES:
        found.add(9)
    any_origin = any(pattern.kind is Kind.ANY for pattern in patterns)
    if any_origin and options["supports_credentials"] and options["send_wildcard"]:
        found.add(COMBINATION)
    return found


def crashes_at_setup(core: ModuleType, setup: Setup) -> frozenset[int]:
    """The numbers for which 6.0.2 crashes at set-up: it cannot decorate what takes no attribute.

    D7: `methods=None` is a list without methods.
    """
    found: set[int] = set()
    if any(view.kind == "bound" and view.cors is not None for view in setup.views):
        found.add(17)
    for extension in (*setup.extensions, *setup.outer, *setup.inner):
        for call in extension.calls():
            options = options_of(core, setup.config, call)
            for _, own in [*core.parse_resources(options["resources"]), (None, {})]:
                if options_of(core, {}, options, own)["methods"] is None:
                    found.add(7)
    return frozenset(found)


def ignored_at_setup(setup: Setup) -> frozenset[str]:
    """D19: the names of what has no effect, of which a warning must speak.

    Configuration keys are left out where the option that they resemble could be given.
    """
    found: set[str] = set()
    given: set[str] = set(setup.config) | set(setup.late_config)
    for extension in (*setup.extensions, *setup.outer, *setup.inner):
        for options in (extension.options, extension.init_app or {}, extension.again or {}):
            given |= set(options)
            found |= set(options) & set(ODD_OPTIONS)
    for view in setup.views:
        if view.cors is not None and view.kind != "bare":
            found |= set(view.cors) & set(ODD_OPTIONS)
        if view.cors is not None and view.args:
            found.add("cross_origin")
    if setup.extensions:
        if not given & {"resources", "origins", "allow_headers"}:
            found |= set(setup.odd_config)
        changed = {key for key in setup.late_config if key not in setup.config}
        found |= {f"CORS_{key.upper()}" for key in changed - set(ODD_OPTIONS)}
    return frozenset(found)


def _is_text(pattern: Pattern) -> bool:
    return isinstance(pattern.value, str)


# --- which policy


class Candidate(NamedTuple):
    """A policy that has, or could have, a say."""

    level: str
    intercepts: bool
    """Whether it is an extension that wraps the exception handlers."""
    options: Options


@attrs.frozen(slots=False)
class Exchange:
    """One request to one application, and what 6.0.2 makes of it."""

    core: ModuleType
    setup: Setup
    request: Request
    url_map: Map
    """Of an application built with 6.0.2, where it can be."""
    shared_before: bool = False
    """Whether the shared response has been answered with before (D14)."""

    # --- the routing

    @cached_property
    def path(self) -> str:
        builder = EnvironBuilder(self.request.path, method=self.request.method)
        try:
            return builder.get_request().path
        finally:
            builder.close()

    @cached_property
    def _known(self) -> dict[str, tuple[Optional[Rule], bool]]:
        return {}

    def _matched(self, method: str) -> tuple[Optional[Rule], bool]:
        """The rule for this path and a method, and whether a redirect leads there."""
        if method not in self._known:
            self._known[method] = self._match(method)
        return self._known[method]

    def _match(self, method: str) -> tuple[Optional[Rule], bool]:
        adapter = self.url_map.bind("localhost")
        try:
            return adapter.match(self.path, method, return_rule=True)[0], False
        except RequestRedirect as redirect:
            path = unquote(urlsplit(redirect.new_url).path)
        except HTTPException:
            return None, False
        try:
            return adapter.match(path, method, return_rule=True)[0], True
        except HTTPException:
            return None, True

    @cached_property
    def ran(self) -> Optional[Rule]:
        """The rule whose view Flask dispatches to, if to any."""
        rule, redirected = self._matched(self.request.method)
        return None if redirected else rule

    @cached_property
    def view(self) -> Optional[View]:
        return self.setup.view(self.ran.endpoint) if self.ran else None

    @cached_property
    def flask_answers(self) -> bool:
        """Whether Flask answers OPTIONS without calling what is registered as the view."""
        return (
            self.request.method == "OPTIONS"
            and self.ran is not None
            and bool(self.ran.provide_automatic_options)
        )

    @cached_property
    def wrapper(self) -> Optional[Options]:
        """The options of the decorator whose wrapper is called."""
        if self.view is None or self.ran is None or self.flask_answers:
            return None
        return self._decorator(self.view, self.ran, self.request.method)

    @staticmethod
    def _decorator(view: View, rule: Rule, method: str) -> Optional[Options]:
        if view.kind == "bare":
            return {}
        if view.kind == "two" and rule.endpoint.endswith("b"):
            return view.second
        if view.kind == "method" and method != "POST":
            return None
        return view.cors

    @cached_property
    def body_runs(self) -> bool:
        """Whether the user's own code is reached."""
        if self.view is None or self.flask_answers:
            return False
        if self.wrapper is None or self.request.method != "OPTIONS":
            return True
        return not self._decorator_options(self.wrapper)["automatic_options"]

    def does(self, changes: Changes) -> str:
        """What becomes of the request: a behaviour, "routing" for its errors, or "text"."""
        if self.view is None:
            return "routing"
        if not self.body_runs:
            return "text"
        # D17: 6.0.2 takes a coroutine for a response, and a view for its own argument.
        decorated = self.wrapper is not None and self.view.kind in {"async", "bare"}
        return "raise" if decorated and 17 not in changes else self.view.does

    def fails(self, changes: Changes) -> bool:
        return self.does(changes) in {"routing", "abort", "handled", "raise", "late"}

    def status(self, changes: Changes) -> Union[int, str, None]:
        """None for what the routing answers, the name of an exception that passes Flask by."""
        does = self.does(changes)
        if self.setup.propagate and does in {"raise", "late"}:
            return "TypeError" if does != self.does(ALL) else "UnhandledError"
        return None if does == "routing" else STATUS.get(does, 200)

    @property
    def stale(self) -> bool:
        """Whether 6.0.2 answers with a response that carries what earlier requests got (D14)."""
        return self.shared_before and self.does(ALL) == "shared"

    # --- the candidates

    def _decorator_options(self, options: Options) -> dict[str, Any]:
        config = {**self.setup.config, **self.setup.late_config}
        return options_of(self.core, config, options)

    def _answering(self) -> tuple[Optional[Rule], bool]:
        """D17: the rule of the view that answers the requested method."""
        rule, redirected = self._matched(self.request.method)
        if self.request.is_preflight:
            asked = self._matched(self.request.requested_method or "")
            if asked[0] is not None:
                return asked
        return rule, redirected

    def _of_view(self, changes: Changes) -> Optional[Options]:
        """The decorator that has a say: in 6.0.2, one whose wrapper gets a response back."""
        found = self.wrapper
        if 17 not in changes and self.view is not None and self.view.kind == "bare":
            found = None
        if 17 in changes:
            found = self._of_answering_view(found)
        if found is None and 13 in changes:
            found = self._of_unseen_view()
        if 13 not in changes and self.fails(changes):
            return None
        return found

    def _of_answering_view(self, found: Optional[Options]) -> Optional[Options]:
        rule = self._answering()[0]
        if rule is None:
            return found
        view = self.setup.view(rule.endpoint)
        if rule is self.ran and self._is_left_to_flask(view):
            return found
        if self.request.is_preflight:
            return self._decorator(view, rule, self.request.requested_method or "")
        if self.flask_answers:
            return self._decorator(view, rule, self.request.method)
        return found

    def _is_left_to_flask(self, view: View) -> bool:
        """Whether Flask answers OPTIONS because `automatic_options` is off."""
        return self.flask_answers and view.kind not in {"class", "method", "bare"}

    def _of_unseen_view(self) -> Optional[Options]:
        """D13: the decorator of a view that is redirected to, or that leaves OPTIONS to Flask."""
        rule, redirected = self._matched(self.request.method)
        if rule is None:
            return None
        view = self.setup.view(rule.endpoint)
        if redirected or self._is_left_to_flask(view):
            return self._decorator(view, rule, self.request.method)
        return None

    @property
    def hooked(self) -> bool:
        return bool(self.setup.extensions or self.setup.outer or self.setup.inner)

    def homes(self, changes: Changes) -> tuple[str, ...]:
        """The blueprints of the request, the innermost first.

        D12: those of a view behind a redirect of the routing are its nearest policies, too.
        """
        rule = self.ran
        if 17 in changes and self.request.is_preflight and (rule or 12 in changes):
            rule = self._answering()[0] or rule
        elif rule is None and 12 in changes:
            rule = self._matched(self.request.method)[0]
        return tuple(reversed(rule.endpoint.split(".")[:-1])) if rule is not None else ()

    def installed(
        self, level: str, extensions: Iterable[Extension], config: Options, changes: Changes
    ) -> list[Candidate]:
        """The extensions of a level with a rule for the path, the latest first (D15, D20)."""
        calls = [
            call
            for extension in extensions
            for call in extension.calls()[-1 if 20 in changes else 0 :]
        ]
        candidates = []
        for call in reversed(calls):
            options = options_of(self.core, config, call)
            own = self.rule_of(options["resources"], changes)
            if own is not None:
                intercepts = level == "app" and bool(options["intercept_exceptions"])
                merged = options_of(self.core, {}, options, own)
                candidates.append(Candidate(level, intercepts, merged))
        return candidates[:1] if 20 in changes else candidates

    def rule_of(self, resources: Any, changes: Changes) -> Optional[Options]:
        """The options of the first rule that covers the path (D15)."""
        for pattern, own in self.core.parse_resources(resources):
            if 15 in changes:
                covered = naive.covers(pattern, self.path)
            else:
                decoded = unquote(self.path)
                covered = bool(self.core.try_match_pattern(decoded, pattern, caseSensitive=True))
            if covered:
                return own  # type: ignore[no-any-return]  # of an untyped module
        return None

    def candidates(self, changes: Changes) -> list[Candidate]:
        """The policies in the order in which they have a say; in 6.0.2, until one grants."""
        config = self.setup.config
        app = self.installed("app", self.setup.extensions, config, changes)
        scopes = {"outer": self.setup.outer, "inner": self.setup.inner}
        of_blueprint = config if 16 in changes else {}
        homes = [
            candidate
            for home in self.homes(changes)
            for candidate in self.installed(home, scopes[home], of_blueprint, changes)
        ]
        wrapped = [candidate for candidate in reversed(app) if candidate.intercepts]
        does = self.does(changes)
        if does == "late":
            found = [*homes, *wrapped]
        elif does == "raise":
            found = [*homes, *app, *wrapped]
        elif 12 not in changes and self.fails(changes):
            # 6.0.2 wraps the exception handlers, the first extension innermost.
            found = [*wrapped, *homes, *app]
        else:
            found = [*homes, *app]
        decorator = self._of_view(changes)
        if decorator is not None:
            found.insert(0, Candidate("view", False, self._decorator_options(decorator)))
        if 12 in changes and found:
            found = [candidate for candidate in found if candidate.level == found[0].level]
        return found

    # --- the answer

    def predicted(self, changes: Changes) -> Answer:
        """The whole answer; raises CrashedError where 6.0.2 does."""
        if not (SIGNALS or self.hooked or self.wrapper is not None):
            changes = NONE
        status, does = self.status(changes), self.does(changes)
        if isinstance(status, str):
            return Answer(status)
        own = OWN_ORIGINS.get(does, ())
        vary = OWN_VARY.get(does, frozenset())
        candidates = self.candidates(changes)
        # D5: what the view says itself stands alone. 6.0.2: unless the view is decorated.
        if own and (5 in changes or not candidates or candidates[0].level != "view"):
            kept = own[:1] if 5 in changes else own
            return Answer(status, tuple(sorted((ORIGIN, value) for value in kept)), vary)
        decided = self._decided(candidates, changes)
        lines = [*((ORIGIN, value) for value in own), *decided.lines.items()]
        members = vary if "*" in vary and 11 in changes else vary | decided.vary
        return Answer(status, tuple(sorted(lines)), members)

    def _decided(self, candidates: list[Candidate], changes: Changes) -> Decided:
        """What the first policy says, or, before D12 and D20, the first that grants."""
        first = Decided({}, frozenset())
        for candidate in candidates:
            policy = PolicyModel(self.core, candidate.options, self.request, changes)
            made = policy.decide()
            if candidate is candidates[0]:
                first = made
            if made.lines:
                return made
            if candidate.level == "view" and not self.fails(changes):
                break
        return first

    def met(self, old: Answer) -> frozenset[int]:
        """The numbers without which the prediction would be another one.

        Where two numbers each would do alone: the ones that make a difference alone. D12: where
        the nearest policy cannot be made under the configuration, no other one is asked.
        """
        new, nothing = self._outcome(ALL), self._outcome(NONE)
        if new is None:
            return frozenset({12})
        met = {number for number in NUMBERS if self._outcome(ALL - {number}) != new}
        if not met:
            met = {number for number in NUMBERS if self._outcome(frozenset({number})) != nothing}
        if self.stale and old != nothing:
            met.add(14)
        return frozenset(met)

    def _outcome(self, changes: Changes) -> Optional[Answer]:
        try:
            return self.predicted(changes)
        except CrashedError:
            return None

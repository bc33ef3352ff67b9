"""The numbered differences D1 to D20, each as one change to what Flask-CORS 6.0.2 does.

`Exchange.predicted(changes)` (in `exchanges.py`) is what 6.0.2 answers when just these numbers of
the contract are applied to it. Its own functions decide (`get_cors_headers`, `parse_resources`,
...); a change rewrites what they are given, or their answer. So three things can be tested:

* with no change it is what 6.0.2 answers: the model of 6.0.2 is a true one;
* with all changes it is what this project answers: nothing else differs, by so much as a header;
* a difference *meets* a number where the prediction depends on it: none is there without need.

Here is what concerns one policy (D1 to D11, D18) and set-up (D3, D9, D19); which policy it is, and
what becomes of a view (D12 to D17, D20), is in `exchanges.py`. What a number permits beyond its
first sentence in the contract is said beside its change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple, Optional

import attrs
from werkzeug.datastructures import EnvironHeaders

from tests.property import naive
from tests.property.applications import Listed, Options, Request, Setup, View, written
from tests.property.strategies import Kind, Pattern

DIFFERENCES = {
    1: "whole-string match of regexes",
    2: "what looks like an origin is one",
    3: "broken patterns are refused at set-up",
    4: "callables",
    5: "one origin, one value",
    6: "no echo of what is not an origin",
    7: "exact methods",
    8: "request headers",
    9: "max_age of 0, and of no whole number",
    11: "Vary wherever it matters",
    12: "the nearest policy decides",
    13: "decorated views keep their policy",
    14: "a response object used twice",
    15: "paths as they are routed",
    16: "blueprints take the configuration",
    17: "views of every kind",
    18: "comma-separated texts are lists",
    19: "nothing is ignored silently",
    20: "several extensions on one application",
}
ALL = frozenset(DIFFERENCES)
NONE: frozenset[int] = frozenset()

Changes = frozenset[int]

ORIGIN = "Access-Control-Allow-Origin"
METHODS = "Access-Control-Allow-Methods"
HEADERS = "Access-Control-Allow-Headers"

# An origin pattern that 6.0.2 admits, or refuses, whatever the origin is.
ADMITTED, REFUSED = re.compile(""), re.compile("(?!)")
# Stands in for the literal of an IPv6 host, which 6.0.2 cannot read as one.
LITERAL = "literal"

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


def patterns_of(options: Options, *, unique: bool = True) -> tuple[Pattern, ...]:
    """The origin patterns, each with the kind that it was drawn as."""
    given = options["origins"]
    if not isinstance(given, Listed):
        return (Pattern(Kind.ANY, "*", ()),)
    if unique or given.shape == "set":
        return tuple({pattern.value: pattern for pattern in given.items}.values())
    return given.items


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
        return patterns_of(self.options, unique=18 in self.changes)

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
        return tuple({_folded(text): text for text in reversed(texts)}.values())

    def decide(self) -> Decided:
        """Rewrite the options and the request, ask 6.0.2, rewrite the answer."""
        options = self.options_602()
        headers = dict(self.request.environ())
        if self.splits:
            options["origins"] = list(self._origins())
        self._one_value(options)
        allowed = self._exact_methods(options, headers)
        if 8 in self.changes:
            headers.pop("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", None)
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

    def options_602(self) -> dict[str, Any]:
        """The options as 6.0.2 prepares them."""
        with crashing():
            prepared: dict[str, Any] = self.core.get_cors_options(SimpleNamespace(), self._listed())
        return prepared

    def _listed(self) -> dict[str, Any]:
        """D18: texts that hold several are lists; and lists have no duplicates (I9).

        D9: 0 and negative numbers are sent, and any whole number is written as one.
        """
        options = written(self.options)
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
        refused = bool(origin) and not naive.may_be_origin(origin)
        if 6 in self.changes and refused:
            return REFUSED
        if (1 if regex else 2) in self.changes:
            return value if refused else verdict
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
        return bool(value == _folded(value) == allow_origin)


def _folded(text: str) -> str:
    """`null` has no other spelling (D6)."""
    lower = naive.lower(text)
    return text if lower == "null" else lower


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

BROKEN_ORIGINS = (
    "https://(", "*.example.com", "https://[a-", "localhost:*", "*://a.example", ".example.com",
    '"*"', '["https://a.example"]', "https://a https://b", "https://a;https://b",
    "https://a|https://b",
)  # fmt: skip
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
        for given in (view.cors, view.second):
            if given is not None and view.kind != "bare":
                broken = _broken(options_of(core, {}, given))
                found |= broken if "origins" in given else broken - {COMBINATION}
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
        if any(map(_is_decorated, setup.views)):
            changed &= {"resources", "intercept_exceptions"}  # decorators read the others
        found |= {f"CORS_{key.upper()}" for key in changed - set(ODD_OPTIONS)}
    return frozenset(found)


def _is_decorated(view: View) -> bool:
    return view.kind == "bare" or (view.cors, view.second) != (None, None)


def _is_text(pattern: Pattern) -> bool:
    return isinstance(pattern.value, str)

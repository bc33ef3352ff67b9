"""From layers of options to compiled rules: which value wins, and where it came from."""

from __future__ import annotations

import inspect
import re
from collections import UserString, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from numbers import Number
from typing import Any, NamedTuple, Optional

import attrs

from corecors import Policy, PolicyError, Problem, Rule, Rules, audit

from ._options import EXTENSION, OPTIONS, POLICY_OPTIONS, RESOURCE
from ._paths import check_pattern
from ._policies import AUTO, RoutedPolicy, no_cors
from ._warnings import check_names

EnsureSync = Callable[[Callable[..., Any]], Callable[..., Any]]


class Given(NamedTuple):
    """A value and the place in the user's code that gave it."""

    value: Any
    source: str


Options = dict[str, Given]


def _refuse(_: str) -> bool:
    return False


def without_app(_: Callable[..., Any]) -> Callable[..., Any]:
    """Stand in for `Flask.ensure_sync` where options are checked before there is an app."""
    return _refuse


def materialised(options: Mapping[str, Any]) -> dict[str, Any]:
    """Copy options, turning iterators, which can be read only once, into tuples."""
    return {name: _read_once(value) for name, value in options.items()}


def _read_once(value: Any) -> Any:
    return tuple(value) if isinstance(value, Iterator) else value


def copied(value: Any) -> Any:
    """Copy a container, to tell later whether what it holds has changed."""
    return copy(value) if isinstance(value, (list, dict, set, deque)) else value


def from_config(config: Mapping[str, Any]) -> Options:
    """Read the options of `app.config`; a key whose value is None is not given."""
    return {
        option.name: Given(_read_once(value), f'app.config["{option.config_key}"]')
        for option in OPTIONS.values()
        if option.has_key and (value := config.get(option.config_key)) is not None
    }


def from_call(call: str, options: Mapping[str, Any]) -> Options:
    """Read the options of a call such as `CORS(...)`; unknown names have no effect."""
    return {
        name: Given(value, f"{call}({name}=...)")
        for name, value in options.items()
        if name in OPTIONS
    }


def _from_resource(pattern: Any, options: Mapping[str, Any]) -> Options:
    return {
        name: Given(value, f'resources["{_text(pattern)}"]["{name}"]')
        for name, value in options.items()
        if name in POLICY_OPTIONS
    }


def _text(pattern: Any) -> str:
    return str(getattr(pattern, "pattern", pattern))


def layered(*layers: Options) -> Options:
    """Merge layers; the last one that gives an option wins."""
    merged: Options = {}
    for layer in layers:
        merged.update(layer)
    return merged


def value_of(options: Mapping[str, Given], name: str) -> Any:
    """Give an option's value, or its default."""
    return options[name].value if name in options else OPTIONS[name].default


class Scope(NamedTuple):
    """What one `CORS(...)` comes to: its rules, and remarks on them."""

    rules: Rules
    notes: tuple[Problem, ...] = ()
    given: frozenset[str] = frozenset()
    """The options that a resource gives itself."""


def build_policy(
    options: Options, ensure_sync: EnsureSync | None = None
) -> tuple[Policy, tuple[Problem, ...]]:
    """Make the policy of merged options, and report what is useless or insecure in it.

    Raises `PolicyError` whose problems carry their sources.
    """
    flags, names = tuple(_flags_as_text(options)), tuple(_names_as_text(options))
    notes = (*flags, *names)
    values = {name: options[name].value for name in POLICY_OPTIONS if name in options}
    values.update((note.option, bool(note.given)) for note in flags if note.option in values)
    values.update((note.option, _as_texts(note.given)) for note in names)
    if ensure_sync is not None and "origins" in values:
        values["origins"] = _with_sync_callables(values["origins"], ensure_sync)
    try:
        policy = (RoutedPolicy if values.get("methods") == AUTO else Policy)(**values)
    except PolicyError as error:
        raise PolicyError(_with_source(error.problems, options)) from None
    found = (note for note in audit(policy, quick=True) if not _is_for_others(note, options))
    return policy, tuple(_with_source((*notes, *found), options))


def _is_for_others(note: Problem, options: Options) -> bool:
    """Return whether an option without effect here may have one under origins of a wider layer."""
    if note.code != "send-wildcard-without-effect":
        return False
    return _width(options[note.option].source) > _width(options["origins"].source)


def _width(source: str) -> int:
    return 2 if source.startswith("app.config") else 0 if source.startswith("resources") else 1


def _flags_as_text(options: Options) -> Iterable[Problem]:
    """Count a text given for a bool by its truth, as Flask-CORS does, but not silently."""
    for name, (value, _) in options.items():
        if isinstance(value, (str, bytes)) and isinstance(OPTIONS[name].default, bool):
            yield Problem(
                code="flag-as-text",
                option=name,
                given=value,
                what=f"is a text and counts as {bool(value)}",
                advice=f"write {name}={_bool_meant(value)}",
            )


def _bool_meant(value: str | bytes) -> bool:
    text = value if isinstance(value, str) else value.decode("latin-1")
    return text.strip().lower() not in ("", "0", "f", "false", "n", "no", "none", "null", "off")


def _names_as_text(options: Options) -> Iterable[Problem]:
    """Read numbers and bools in a list of names as text, as Flask-CORS does, but not silently."""
    for name in ("origins", "methods", "allow_headers", "expose_headers"):
        value = options[name].value if name in options else None
        if _as_texts(value) is not value:
            yield Problem(
                code="name-as-text",
                option=name,
                given=value,
                what="has a value that is no string and counts as the text of it",
                advice="write names as strings",
            )


def _as_texts(value: Any) -> Any:
    """Return names with what stands for a text as one; the value itself where all are texts."""
    if isinstance(value, _LIKE_TEXTS):
        return str(value)
    if isinstance(value, (str, bytes, re.Pattern)) or not isinstance(value, Iterable):
        return value
    items = list(value)
    if not any(isinstance(item, _LIKE_TEXTS) for item in items):
        return value
    return [str(item) if isinstance(item, _LIKE_TEXTS) else item for item in items]


_LIKE_TEXTS = (Number, UserString)


def _with_sync_callables(origins: Any, ensure_sync: EnsureSync) -> Any:
    if isinstance(origins, (str, bytes, re.Pattern)):
        return origins
    if inspect.iscoroutinefunction(origins):
        return ensure_sync(origins)
    if not isinstance(origins, Iterable):
        return origins
    return [
        ensure_sync(item) if callable(item) and inspect.iscoroutinefunction(item) else item
        for item in origins
    ]


def _with_source(problems: Iterable[Problem], options: Options) -> Iterable[Problem]:
    for problem in problems:
        given = options.get(problem.option)
        yield problem if given is None else _from(given.source, problem)


def _from(source: str, problem: Problem) -> Problem:
    """Name the place that a value comes from, and the key to write where that is `app.config`."""
    if not source.startswith("app.config"):
        return attrs.evolve(problem, source=source)
    advice = problem.advice.replace(f"{problem.option}=", f"{source} = ")
    if problem.code == "flag-as-text":
        advice += ", or true or false in an environment variable"
    return attrs.evolve(problem, source=source, advice=advice)


def build_rules(options: Options, ensure_sync: EnsureSync | None = None, prefix: str = "") -> Scope:
    """Make the rules of merged options: one policy for each pattern in `resources`.

    `prefix` is that of a blueprint, below which all paths are that the rules are asked about.
    Raises `PolicyError` with the problems of every resource.
    """
    resources = value_of(options, "resources")
    rules: list[Rule] = []
    notes: list[Problem] = []
    problems: list[Problem] = []
    given: set[str] = set()
    shared: tuple[Policy, tuple[Problem, ...]] | None = None
    for pattern, own in _entries(resources, problems):
        given.update(own or ())
        notes += check_names(own or {}, RESOURCE, f'resources["{_text(pattern)}"]')
        problems += _with_source(Rules.check(pattern), options)
        if "resources" in options:
            notes += check_pattern(pattern, prefix, options["resources"].source)
        try:
            if own is None:
                made: tuple[Policy, tuple[Problem, ...]] = no_cors(), ()
            elif own:
                made = build_policy(layered(options, _from_resource(pattern, own)), ensure_sync)
            else:
                made = shared = shared or build_policy(options, ensure_sync)
        except PolicyError as error:
            problems += (problem for problem in error.problems if problem not in problems)
            continue
        rules.append(Rule(pattern, made[0]))
        notes += (note for note in made[1] if note not in notes)
    problems += (problem for problem in _impossible(options) if problem not in problems)
    if problems:
        raise PolicyError(problems)
    return Scope(Rules(rules), tuple(notes), frozenset(given))


def _impossible(options: Options) -> Iterable[Problem]:
    """Report `*` with credentials and `send_wildcard`, even where each resource mends it.

    So does Flask-CORS; what else is wrong matters only where it has an effect.
    """
    flags = all(value_of(options, name) for name in ("supports_credentials", "send_wildcard"))
    if flags:
        try:
            build_policy(options)
        except PolicyError as error:
            return [p for p in error.problems if p.code == "wildcard-with-credentials"]
    return []


def _entries(
    resources: Any, problems: list[Problem]
) -> Iterable[tuple[Any, Optional[Mapping[str, Any]]]]:
    """Read `resources` in each of its shapes: a pattern, several, or pattern to options.

    Where there is to be no CORS the options are None.
    """
    if isinstance(resources, Mapping):
        known: dict[Any, Optional[Mapping[str, Any]]] = {}
        for pattern, own in resources.items():
            if own is None or isinstance(own, Mapping):
                known[pattern] = own
            else:
                what, source = "is not a dict of options", f'resources["{_text(pattern)}"]'
                problems.append(_resource_problem(own, what, source))
        return [(pattern, known[pattern]) for pattern in Rules.order(known)]
    if isinstance(resources, (str, re.Pattern)):
        return [(resources, {})]
    if isinstance(resources, Iterable):
        return [(pattern, {}) for pattern in resources]
    what = "is not a path, a list of paths, or a dict of them"
    problems.append(_resource_problem(resources, what, "resources"))
    return []


def _resource_problem(given: object, what: str, source: str) -> Problem:
    return Problem(
        code="resources",
        option="resources",
        given=given,
        what=what,
        advice='write resources={"/api/*": {"origins": "https://app.example"}}',
        source=source,
    )


def extension_options(
    config: Mapping[str, Any], constructor: Mapping[str, Any], init_app: Mapping[str, Any]
) -> tuple[Options, tuple[Problem, ...]]:
    """Merge the layers of an extension: `app.config` < `CORS(...)` < `init_app(...)`."""
    notes = (
        *check_names(constructor, EXTENSION, "CORS(...)"),
        *check_names(init_app, EXTENSION, "init_app(...)"),
    )
    return (
        layered(
            from_config(config),
            from_call("CORS", constructor),
            from_call("init_app", init_app),
        ),
        notes,
    )

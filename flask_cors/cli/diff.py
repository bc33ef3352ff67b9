"""`flask cors diff`: what has changed for each route since `flask cors policy` wrote a file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Optional

import attrs
import click
from flask.cli import ScriptInfo

from corecors import Policy, PolicyError, Rules, compare
from corecors.headers import looks_like_regex

from .addresses import example, is_path_of, may_cover
from .output import BAD, GOOD, NOTE, Output, write_json
from .routes import VERSION, policies_of
from .serial import from_json, value_from_json

if TYPE_CHECKING:
    from typing import BinaryIO

    from corecors.audit import Comparison, Witness

NOBODY = Policy(origins=[])
"""Stands for a route without a policy, and for a route that does not exist."""

_STYLES = {"wider": BAD, "different": BAD, "narrower": GOOD, "equal": NOTE}

Policies = dict[tuple[str, str], Policy]
"""The policy that decides about a path and a method."""


class Change(NamedTuple):
    """How a policy has changed for some methods of a path."""

    path: str
    methods: tuple[str, ...]
    route: Optional[str]
    """`new` or `gone`, where only one side has the route."""
    comparison: Comparison
    before: Policy
    after: Policy

    @property
    def is_wider(self) -> bool:
        """Return whether it allows something new, or may do so."""
        return self.comparison.gained is not None or not self.comparison.decided

    @property
    def gained(self) -> Optional[Witness]:
        """Give a request that is allowed now, and was not before."""
        return self._placed(self.comparison.gained, self.after)

    @property
    def lost(self) -> Optional[Witness]:
        """Give a request that was allowed, and is no more."""
        return self._placed(self.comparison.lost, self.before)

    def _placed(self, witness: Optional[Witness], policy: Policy) -> Optional[Witness]:
        """Put the path of the route, and a method that it has, into a request."""
        if witness is None:
            return None
        method = witness.method if witness.method in self.methods else self.methods[0]
        asked = policy.answer("OPTIONS", witness.origin, method, witness.header)
        method = method if asked.verdict.allowed else witness.method
        return attrs.evolve(witness, path=example(self.path), method=method)

    def as_json(self) -> dict[str, Any]:
        """Write it for programs to read."""
        gained, lost = self.gained, self.lost
        return {
            "path": self.path,
            "methods": list(self.methods),
            "route": self.route,
            "relation": self.comparison.relation,
            "gained": None if gained is None else attrs.asdict(gained),
            "lost": None if lost is None else attrs.asdict(lost),
            "undecided": list(self.comparison.undecided),
        }


class Written(NamedTuple):
    """What `flask cors policy` has written of an application."""

    policies: Policies
    rules: dict[tuple[str, str], Rules]
    """What decides for some values of the parameters of a route, where its view does not."""


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.pass_context
def diff(ctx: click.Context, file: BinaryIO, as_json: bool) -> None:
    """Tell what has changed for each route since FILE, which `flask cors policy` wrote.

    The status is 1 if anything became wider, 0 if not, and 2 if FILE cannot be read.
    """
    before = _read(file)
    after = _written(policies_of(ctx.ensure_object(ScriptInfo).load_app()))
    changes = list(changes_between(*with_cases(before, after)))
    wider = any(change.is_wider for change in changes)
    if as_json:
        found = [change.as_json() for change in changes]
        write_json({"version": VERSION, "wider": wider, "changes": found})
    else:
        _show(Output(), changes)
    ctx.exit(1 if wider else 0)


def _read(file: BinaryIO) -> Written:
    try:
        written = json.loads(file.read())  # of bytes, so that UTF-16 is read as well
        if written["version"] != VERSION:
            raise click.UsageError(f"{file.name} is of version {written['version']}, not {VERSION}")
        return _written(written)
    except _NOT_READ as error:
        what = error if isinstance(error, PolicyError) else type(error).__name__
        raise click.UsageError(f"{file.name} is not of `flask cors policy`: {what}") from None


_NOT_READ = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    RecursionError,
    re.error,
)


def _written(written: Mapping[str, Any]) -> Written:
    """Read policies from JSON, also those of this application, so that functions are compared."""
    found = Written({}, {})
    for route in written["routes"]:
        policy = NOBODY if route["policy"] is None else from_json(route["policy"])
        rules = Rules(
            (value_from_json(rule["pattern"]), from_json(rule["policy"]))
            for rule in route.get("rules", ())
        )
        place = "".join((route.get("host", ""), route["path"]))
        for method in map("".join, route["methods"]):
            found.policies[place, method] = policy
            if rules.entries:
                found.rules[place, method] = rules
    return found


# --- rules for some values of a route's parameters


class Case(NamedTuple):
    """Some of the paths of a route."""

    name: str
    path: Optional[str]
    """One of them; None where the pattern is a regex."""
    pattern: Any


def with_cases(before: Written, after: Written) -> tuple[Policies, Policies]:
    """Put beside the routes the paths of theirs about which another rule decides."""
    old, new = dict(before.policies), dict(after.policies)
    for key in sorted((before.rules.keys() | after.rules.keys()) & old.keys() & new.keys()):
        place, method = key
        whole = before.policies[key], after.policies[key]
        sides = before.rules.get(key), after.rules.get(key)
        for case in _cases(place, sides):
            pair = [_of_case(case, policy, rules) for policy, rules in zip(whole, sides)]
            if pair != [*whole]:
                old[case.name, method], new[case.name, method] = pair
    return old, new


def _cases(place: str, sides: Iterable[Optional[Rules]]) -> Iterator[Case]:
    """Give what a rule of either side may decide about of a route."""
    host, slash, path = place.partition("/")
    path = slash + path
    for pattern in {rule.pattern: None for rules in sides if rules for rule in rules.entries}:
        if isinstance(pattern, str) and not looks_like_regex(pattern.removesuffix("/*")):
            one = _one_of(path, pattern)
            if one is not None and one != example(path):
                yield Case(host + one, one, pattern)
        elif may_cover(pattern, path):
            yield Case(f"{place} where {getattr(pattern, 'pattern', pattern)}", None, pattern)


def _one_of(route: str, pattern: str) -> Optional[str]:
    """Give a path of a route that a pattern without a regex covers."""
    path, separator, _ = pattern.partition("/*")
    if separator:
        beneath = example(route).split("/")[len(path.split("/")) :]
        path = "/".join([path, *(beneath or ["1"])])
    return path if is_path_of(route, path) else None


def _of_case(case: Case, policy: Policy, rules: Optional[Rules]) -> Policy:
    """Give what one side says of it."""
    if rules is None:
        return policy
    if case.path is None:
        own = (rule.policy for rule in rules.entries if rule.pattern == case.pattern)
        return next(own, policy)
    rule = rules.find(case.path)
    return NOBODY if rule is None else rule.policy


# --- the comparison


def changes_between(before: Policies, after: Policies) -> Iterator[Change]:
    """Compare the policies of each path, those of methods that have the same ones together."""
    together: dict[tuple[str, Optional[Policy], Optional[Policy]], list[str]] = {}
    for path, method in sorted({*before, *after}):
        pair = before.get((path, method)), after.get((path, method))
        together.setdefault((path, *pair), []).append(method)
    for (path, old, new), methods in together.items():
        route = "new" if old is None else "gone" if new is None else None
        policies = _served(old or NOBODY, methods), _served(new or NOBODY, methods)
        comparison = compare(*policies)
        if comparison.relation != "equal" or not comparison.decided:
            yield Change(path, tuple(methods), route, comparison, *policies)


def _served(policy: Policy, methods: Iterable[str]) -> Policy:
    """Leave out of a policy the methods that the route does not have."""
    allowed = {name for given in policy.methods for name in (given, given.upper())}
    return attrs.evolve(policy, methods=[name for name in methods if {name, "*"} & allowed])


def _show(out: Output, changes: Iterable[Change]) -> None:
    shown = False
    for change in changes:
        shown = True
        comparison = change.comparison
        route = f" ({change.route} route)" if change.route else ""
        relation = "not decided" if comparison.relation == "equal" else comparison.relation
        style = _STYLES[comparison.relation]
        out.line(f"{relation}: {change.path} {', '.join(change.methods)}{route}", style)
        if change.gained is not None:
            out.line(f"  allowed now: {change.gained}")
        if change.lost is not None:
            out.line(f"  no more: {change.lost}")
        for text in comparison.undecided:
            out.line(f"  not decided: {text}", NOTE)
    if not shown:
        out.line("nothing has changed", GOOD)

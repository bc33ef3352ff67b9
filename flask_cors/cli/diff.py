"""`flask cors diff`: what has changed for each route since `flask cors policy` wrote a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Optional

import attrs
import click
from flask.cli import ScriptInfo

from corecors import Policy, PolicyError, compare

from .installed import example
from .output import BAD, GOOD, NOTE, Output, write_json
from .routes import VERSION, policies_of
from .serial import from_json

if TYPE_CHECKING:
    from typing import TextIO

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


@click.command()
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.pass_context
def diff(ctx: click.Context, file: TextIO, as_json: bool) -> None:
    """Tell what has changed for each route since FILE, which `flask cors policy` wrote.

    The status is 1 if anything became wider, 0 if not, and 2 if FILE cannot be read.
    """
    before = _read(file)
    after = _policies(policies_of(ctx.ensure_object(ScriptInfo).load_app()))
    changes = list(changes_between(before, after))
    wider = any(change.is_wider for change in changes)
    if as_json:
        found = [change.as_json() for change in changes]
        write_json({"version": VERSION, "wider": wider, "changes": found})
    else:
        _show(Output(), changes)
    ctx.exit(1 if wider else 0)


def _read(file: TextIO) -> Policies:
    try:
        written = json.load(file)
        if written["version"] != VERSION:
            raise click.UsageError(f"{file.name} is of version {written['version']}, not {VERSION}")
        return _policies(written)
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        what = error if isinstance(error, PolicyError) else type(error).__name__
        raise click.UsageError(f"{file.name} is not of `flask cors policy`: {what}") from None


def _policies(written: Mapping[str, Any]) -> Policies:
    """Read policies from JSON, also those of this application, so that functions are compared."""
    policies = {}
    for route in written["routes"]:
        policy = from_json(route["policy"]) if route["policy"] else NOBODY
        for method in route["methods"]:
            policies[route["path"], method] = policy
    return policies


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

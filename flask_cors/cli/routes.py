"""`flask cors routes` and `flask cors policy`: what decides about each route."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Optional

import click
from flask import Flask
from flask.cli import ScriptInfo

from corecors import Rule

from .._misplaced import misplaced
from .addresses import example, host_of
from .installed import Decider, decider, place_at, rules_for
from .output import NOTE, Output, write_json
from .serial import as_json, value_as_json

VERSION = 1
"""Of the file that `flask cors policy` writes."""


class Route(NamedTuple):
    """Those methods of a route about which one policy decides."""

    path: str
    endpoint: str
    methods: tuple[str, ...]
    decider: Decider
    host: str = ""
    """The host that the route is for, where it is not for any."""
    rules: tuple[Rule, ...] = ()
    """What decides for some values of its parameters, too; nothing where its view decides."""

    @property
    def place(self) -> str:
        """Give host and path."""
        return self.host + self.path


def routes_of(app: Flask) -> Iterator[Route]:
    """Give every route, in the order of paths; more than once where methods differ."""
    for url_rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        methods = sorted(url_rule.methods or ("GET",))
        asked = [name for name in methods if name not in {"OPTIONS", "HEAD"}] or methods
        together: dict[Optional[int], Route] = {}
        path, host = example(url_rule.rule), host_of(app, url_rule)
        rules = rules_for(app, url_rule) if "<" in url_rule.rule else ()
        for method in asked:
            found = decider(app, url_rule, path, method)
            key = None if found.rule is None else id(found.rule)
            is_of_view = found.source is not None and found.source.kind == "view"
            new = Route(
                url_rule.rule, url_rule.endpoint, (), found, host, () if is_of_view else rules
            )
            before = together.get(key, new)
            together[key] = before._replace(methods=(*before.methods, method))
        yield from together.values()


def policies_of(app: Flask) -> dict[str, Any]:
    """Write what decides about every route as JSON."""
    return {
        "version": VERSION,
        "routes": [
            {
                "host": route.host,
                "path": route.path,
                "endpoint": route.endpoint,
                "methods": list(route.methods),
                "decided_by": route.decider.as_json(),
                "policy": _policy_of(route),
                "rules": [
                    {"pattern": value_as_json(rule.pattern), "policy": as_json(rule.policy)}
                    for rule in route.rules
                ],
            }
            for route in routes_of(app)
        ],
    }


def _policy_of(route: Route) -> Optional[dict[str, Any]]:
    decides = route.decider.policy
    return as_json(decides) if decides else None


@click.command()
@click.option("--json", "as_json_", is_flag=True, help="Write JSON.")
@click.pass_context
def routes(ctx: click.Context, as_json_: bool) -> None:
    """List every route, and what decides about it."""
    app = ctx.ensure_object(ScriptInfo).load_app()
    idle = [
        {"endpoint": endpoint, "place": place_at(location)}
        for endpoint, location, _ in misplaced(app)
    ]
    if as_json_:
        write_json({**policies_of(app), "misplaced": idle})
        return
    out = Output()
    out.table(
        ("Path", "Methods", "Decided by", "Origins", "Credentials"), map(_row, routes_of(app))
    )
    for one in idle:
        out.line(
            f"@cross_origin at {one['place']} has no effect: it stands above the route of "
            f"{one['endpoint']!r}; put it below",
            NOTE,
        )


def _row(route: Route) -> tuple[str, ...]:
    methods = ", ".join(route.methods)
    rule, source = route.decider.rule, route.decider.source
    if rule is None or source is None:
        return route.place, methods, "nobody: no CORS", "", ""
    by = " ".join(filter(None, (source.call_text, source.pattern_text, source.place)))
    origins = ", ".join(map(_origin, rule.policy.origins)) or "none"
    credentials = "yes" if rule.policy.supports_credentials else "no"
    return route.place, methods, by, origins, credentials


def _origin(item: Any) -> str:
    if callable(item):
        return f"{getattr(item, '__name__', repr(item))}()"
    return str(getattr(item, "pattern", item))


@click.command()
@click.option("--json", "_", is_flag=True, help="As it is without: this is always JSON.")
@click.pass_context
def policy(ctx: click.Context, _: bool) -> None:
    """Write the policy of every route as JSON, for `flask cors diff`."""
    write_json(policies_of(ctx.ensure_object(ScriptInfo).load_app()))

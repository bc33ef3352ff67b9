"""`flask cors audit`: what is insecure or has no effect, for people and for CI."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import click
from flask.cli import ScriptInfo

from .findings import ALL_KINDS, Found, find_all
from .installed import place_at
from .output import BAD, GOOD, NOTE, Output, write_json
from .sarif import as_sarif

SEVERITIES = ("error", "warning", "note")
"""The worst first."""

_STYLES = {"error": BAD, "warning": NOTE, "note": ""}


@click.command()
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="error",
    show_default=True,
    help="The status is 1 for this and worse.",
)
@click.option("--ignore", "ignored", multiple=True, metavar="CODE", help="Leave findings out.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.option("--sarif", "sarif", is_flag=True, help="Write SARIF 2.1.0.")
@click.pass_context
def audit(
    ctx: click.Context, fail_on: str, ignored: Sequence[str], as_json: bool, sarif: bool
) -> None:
    """Report what is insecure or has no effect in the policies, and in the application.

    No view is run; preflights are sent. The status is 0 if nothing is as bad as --fail-on, 1
    otherwise, and 2 if the question makes no sense.
    """
    unknown = sorted(set(ignored).difference(ALL_KINDS))
    if unknown:
        raise click.UsageError(f"no finding has the code {', '.join(unknown)}")
    if as_json and sarif:
        raise click.UsageError("write either --json or --sarif")
    found = find_all(ctx.ensure_object(ScriptInfo).load_app())
    kept = sorted(
        (one for one in found if one.code not in ignored),
        key=lambda one: SEVERITIES.index(one.kind.severity),
    )
    failed = any(_is_as_bad(one, fail_on) for one in kept)
    if sarif:
        write_json(as_sarif(kept))
    elif as_json:
        write_json(
            {
                "version": 1,
                "failed": failed,
                "findings": [one.as_json() for one in kept],
                "ignored": len(found) - len(kept),
            }
        )
    else:
        _show(Output(), kept, len(found) - len(kept))
    ctx.exit(1 if failed else 0)


def _is_as_bad(found: Found, limit: str) -> bool:
    return SEVERITIES.index(found.kind.severity) <= SEVERITIES.index(limit)


def _show(out: Output, found: Sequence[Found], ignored: int) -> None:
    for one in found:
        place = f"{place_at(one.place)}: " if one.place else ""
        out.line(
            f"{place}{one.kind.severity} {one.code}: {one.message}", _STYLES[one.kind.severity]
        )
    counts = Counter(one.kind.severity for one in found)
    parts = [f"{counts[name]} {name}{'s' if counts[name] != 1 else ''}" for name in SEVERITIES]
    more = f", {ignored} ignored" if ignored else ""
    out.line(", ".join(parts) + more, "" if found else GOOD)

"""What does CORS cost a request, next to the headers written by hand, and to Flask-CORS?"""

from __future__ import annotations

from typing import Any

from .answers import Answer, difference
from .bench import Bench, Result, Table, thousands, times
from .environments import NEWEST, OURS, V602, provide
from .scenarios import PER_REQUEST, Scenario

KINDS = ("bare", "hand", "cors")


def run(bench: Bench) -> Result:
    """Measure every row of the table."""
    others = (provide(V602), provide(NEWEST))
    figures = bench.compare("per request", (OURS, *others), PER_REQUEST, KINDS, _compare)
    return Result([_table(figures, others[1].version)], figures)


def _compare(_: Scenario, right: Answer, answer: Answer) -> str:
    return difference(right, answer)


def _table(figures: dict[str, Any], newest: str) -> Table:
    columns = ["scenario", "bare ki", "hand ki", "corecors ki", "× hand", "target", "× 6.0.2"]
    for name in (V602.name, newest):
        columns += [f"{name} ki", "× hand"]
    columns += ["time × bare: hand", "corecors", V602.name, newest]
    return Table(
        "Added to a request",
        columns,
        [_row(scenario, figures[scenario.name]) for scenario in PER_REQUEST],
        "ki: thousand user-mode instructions over the same application without CORS.",
    )


def _row(scenario: Scenario, figures: dict[str, Any]) -> list[str]:
    ours = figures[OURS.name].get("instructions", {})
    old = figures[V602.name].get("instructions", {})
    row = [scenario.title, thousands(ours.get("bare")), thousands(ours.get("hand"))]
    row += [thousands(ours.get("cors")), times(ours.get("cors"), ours.get("hand"))]
    row += [f"≤ {scenario.target}", times(ours.get("cors"), old.get("cors"))]
    for name in (V602.name, NEWEST.name):
        counts = figures[name].get("instructions", {})
        row += [thousands(counts.get("cors")), times(counts.get("cors"), counts.get("hand"))]
    row.append(times(figures[OURS.name]["time"]["hand"], 1))
    for name in (OURS.name, V602.name, NEWEST.name):
        row.append(times(figures[name].get("time", {}).get("cors"), 1))
    return row

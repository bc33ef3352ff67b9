"""What does a request cost when the lists of a policy are long?"""

from __future__ import annotations

from typing import Any, Optional

from .answers import Answer, difference
from .bench import Bench, Result, Table, thousands, times
from .environments import OURS, V602, provide
from .scenarios import GROWTH, LONG, Growth, Scenario

KINDS = ("bare", "hand", "cors")


def run(bench: Bench) -> Result:
    """Measure each kind of list at each length, and one long header."""
    scenarios = [scenario for growth in GROWTH for scenario in growth.scenarios()]
    implementations = (OURS, provide(V602))
    figures = bench.compare("growth", implementations, (*scenarios, *LONG), KINDS, _compare)
    return Result([_table(figures)], figures)


def _compare(scenario: Scenario, right: Answer, answer: Answer) -> str:
    return "" if scenario.differs else difference(right, answer)


def _table(figures: dict[str, Any]) -> Table:
    columns = ["policy", "hand ki", "corecors ki", "× hand", "× one", "target"]
    columns += ["6.0.2 ki", "× one", "µs: corecors", "6.0.2"]
    rows = [row for growth in GROWTH for row in _rows(growth, figures)]
    rows += [_row(scenario, figures, None, f"≤ {scenario.target} × hand") for scenario in LONG]
    note = (
        "× one: × hand, over that of the shortest list of its kind (one constant origin needs one "
        "header, several need Vary too). µs: what CORS adds to a request. 500 names are "
        "more than are read (D8), so that the two answers to the last request differ."
    )
    return Table("Long lists", columns, rows, note)


def _rows(growth: Growth, figures: dict[str, Any]) -> list[list[str]]:
    scenarios = growth.scenarios()
    one = figures[scenarios[0].name]
    return [
        _row(scenario, figures, one, f"≤ {growth.target} × one" if size == growth.held else "")
        for size, scenario in zip(growth.sizes, scenarios)
    ]


def _row(scenario: Scenario, figures: dict[str, Any], one: Any, target: str) -> list[str]:
    here = figures[scenario.name]
    counts = here[OURS.name].get("instructions", {})
    row = [scenario.title, thousands(counts.get("hand")), thousands(counts.get("cors"))]
    row += [times(_by_hand(here, OURS.name), 1), _growth(here, one, OURS.name), target]
    old = here[V602.name].get("instructions", {})
    row += [thousands(old.get("cors")), _growth(here, one, V602.name)]
    return [*row, _added_time(here, OURS.name), _added_time(here, V602.name)]


def _by_hand(figures: dict[str, Any], name: str) -> Optional[float]:
    counts = figures[name].get("instructions")
    return counts["cors"] / counts["hand"] if counts else None


def _growth(figures: dict[str, Any], one: Any, name: str) -> str:
    return times(_by_hand(figures, name), one and _by_hand(one, name))


def _added_time(figures: dict[str, Any], name: str) -> str:
    taken = figures[name].get("time")
    return f"{taken['bare'] * (taken['cors'] - 1) / 1000:,.0f}" if taken else "-"

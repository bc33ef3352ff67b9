"""What does the decision alone cost: one call of `corecors.evaluate()`, without any framework?"""

from __future__ import annotations

from typing import Any

from .answers import Answer
from .bench import Bench, Result, Table, thousands
from .environments import PURE
from .scenarios import GROWTH, LONG, PER_REQUEST, Scenario

SCENARIOS = (
    *(
        item
        for item in PER_REQUEST
        if not item.decorated and item.name not in {"not-found", "error"}
    ),
    *(growth.scenarios()[-1] for growth in GROWTH if not growth.request.fresh),
    *LONG,
)


def run(bench: Bench) -> Result:
    """Call it again and again, and a function that does nothing as often."""
    figures = bench.compare("evaluate", (PURE,), SCENARIOS, ("bare", "cors"), _any)
    rows = [_row(scenario, figures[scenario.name][PURE.name]) for scenario in SCENARIOS]
    table = Table("corecors.evaluate(), a call", ["request", "ki", "µs"], rows)
    return Result([table], figures)


def _any(_: Scenario, right: Answer, answer: Answer) -> str:
    return ""  # there is nothing to compare it with; its tests do that


def _row(scenario: Scenario, figures: dict[str, Any]) -> list[str]:
    taken = figures["time"]
    microseconds = taken["bare"] * (taken["cors"] - 1) / 1000
    counted = figures.get("instructions", {}).get("cors")
    return [scenario.title, thousands(counted), f"{microseconds:,.1f}"]

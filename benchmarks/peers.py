"""What does CORS cost elsewhere: the same policy and requests, each peer in its own framework?"""

from __future__ import annotations

from typing import Any

from .answers import Answer, conclusion
from .bench import Bench, Result, Table, thousands, times
from .environments import FRAMEWORKS, OURS, V602, provide
from .scenarios import PEERS, Scenario
from .workers import Implementation


def run(bench: Bench) -> Result:
    """Measure all of them."""
    implementations = (OURS, provide(V602), *map(provide, FRAMEWORKS))
    figures = bench.compare("peers", implementations, PEERS, ("bare", "cors"), _compare)
    columns = ["added ki"]
    for scenario in PEERS:
        columns += [scenario.title, "time × bare"]
    rows = [[_label(item), *_row(item.name, figures)] for item in implementations]
    note = "Ten origins, two header names; over the bare application of the same framework."
    return Result([Table("In their own frameworks", columns, rows, note)], figures)


def _compare(scenario: Scenario, right: Answer, answer: Answer) -> str:
    expected = conclusion(scenario.request, right)
    return "" if conclusion(scenario.request, answer) is expected else f"not {expected}"


def _label(implementation: Implementation) -> str:
    name, version = implementation.name, implementation.version
    return name if name == version else f"{name} {version}"


def _row(name: str, figures: dict[str, Any]) -> list[str]:
    row = []
    for scenario in PEERS:
        here = figures[scenario.name][name]
        row.append(thousands(here.get("instructions", {}).get("cors")))
        row.append(here["wrong"] or times(here["time"]["cors"], 1))
    return row

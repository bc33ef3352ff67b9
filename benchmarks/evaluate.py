"""What does the decision alone cost, without any framework?

One call of `corecors.evaluate()`, of `policy.answer()`, which every shell calls, and of `Policy()`.
"""

from __future__ import annotations

from typing import Any, Optional

from .answers import Answer
from .bench import Bench, Result, Table, thousands
from .environments import PURE
from .measure import Figures
from .scenarios import GROWTH, LONG, PER_REQUEST, Scenario, by_name

SCENARIOS = (
    *(
        item
        for item in PER_REQUEST
        if not item.decorated and item.name not in {"not-found", "error"}
    ),
    *(growth.scenarios()[-1] for growth in GROWTH if not growth.request.fresh),
    *LONG,
)


ONCE = ("get", "preflight")
"""What is asked about each of a thousand origins in turn."""


def run(bench: Bench) -> Result:
    """Call each again and again, and a function that does nothing as often."""
    again = bench.compare("evaluate", (PURE,), SCENARIOS, ("bare", "cors", "answer"), _any)
    scenarios = [by_name()[name] for name in ONCE]
    once = bench.compare("new origins", (PURE,), scenarios, ("bare", "new"), _any)
    made = bench.compare("Policy()", (PURE,), scenarios[:1], ("bare", "policy"), _any)
    rows = [
        _row("policy.answer(): GET", once, scenarios[0], "new", 20),
        _row("policy.answer(): preflight", once, scenarios[1], "new", None),
        _row("Policy()", made, scenarios[0], "policy", 400),
    ]
    tables = [
        Table(
            "The decision, a call with a request that came before",
            ["request", "evaluate() ki", "µs", "target", "policy.answer() ki", "µs", "target"],
            [_both(again, scenario) for scenario in SCENARIOS],
        ),
        Table(
            "With one of 1,000 literal origins that is new each time, and a policy",
            ["call", "ki", "µs", "target"],
            rows,
        ),
    ]
    return Result(tables, {"again": again, "once": once, "made": made})


def _any(_: Scenario, right: Answer, answer: Answer) -> str:
    return ""  # there is nothing to compare it with; its tests do that


def _both(figures: Figures, scenario: Scenario) -> list[str]:
    long = scenario in LONG
    evaluated = _row(scenario.title, figures, scenario, "cors", None if long else 15)
    answered = _row("", figures, scenario, "answer", None if long else 3)
    return [*evaluated, *answered[1:]]


def _row(
    title: str, figures: Figures, scenario: Scenario, kind: str, target: Optional[int]
) -> list[str]:
    taken: dict[str, Any] = figures[scenario.name][PURE.name]
    time = taken["time"]
    microseconds = time["bare"] * (time[kind] - 1) / 1000
    counted = taken.get("instructions", {}).get(kind)
    wanted = "" if target is None else f"≤ {target} ki"
    return [title, thousands(counted), f"{microseconds:,.1f}", wanted]

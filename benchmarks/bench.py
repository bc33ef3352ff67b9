"""What every question needs: the console, the progress, the counter, what is to be compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Optional

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from .counters import Counter
from .measure import Compare, Comparison, Figures
from .scenarios import Scenario
from .workers import Implementation


class Table(NamedTuple):
    """What a question prints."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


class Result(NamedTuple):
    """The answer to a question: tables for people, figures for programs."""

    tables: Sequence[Table]
    figures: Any


class Bench:
    """One run, with its progress shown."""

    def __init__(self, console: Console, counter: Optional[type[Counter]]) -> None:
        self.counter = counter
        columns = (TextColumn("{task.description:38}"), BarColumn(), TimeElapsedColumn())
        self.progress = Progress(*columns, console=console)

    def compare(
        self,
        title: str,
        implementations: Sequence[Implementation],
        scenarios: Sequence[Scenario],
        kinds: Sequence[str],
        compare: Compare,
    ) -> Figures:
        """Measure scenarios side by side."""
        comparison = Comparison(implementations, scenarios, kinds, self.steps(title))
        return comparison.run(self.counter, compare)

    def steps(self, title: str) -> Callable[[str, float], None]:
        """Show the progress of a question in steps that have names and a share each."""
        tasks: dict[str, Any] = {}

        def advance(step: str, share: float) -> None:
            if step not in tasks:
                tasks[step] = self.progress.add_task(f"{title}: {step}", total=1)
            self.progress.advance(tasks[step], share)

        return advance


def thousands(instructions: Optional[float]) -> str:
    """Write instructions in ki; three digits are as many as repeat."""
    if instructions is None:
        return "-"
    value = instructions / 1000
    return f"{value:,.1f}" if abs(value) < 100 else f"{value:,.0f}"


def times(part: Optional[float], whole: Optional[float]) -> str:
    """Write how many times a figure is another one."""
    if part is None or not whole:
        return "-"
    value = part / whole
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"

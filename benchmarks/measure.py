"""Build the same applications everywhere, compare the answers, count, and time in turns."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, NamedTuple, Optional

from .answers import Answer, Lines, added
from .counters import Counter
from .scenarios import Scenario
from .workers import Implementation, Worker

Figures = dict[str, dict[str, Any]]
"""By scenario and implementation: `answer`, and what was measured where that is the right one."""

Compare = Callable[[Scenario, Answer, Answer], str]
"""Tell what is wrong with an answer, next to that of the first implementation."""

CHUNK = 1_000_000  # nanoseconds that one turn takes, where more than one request fits in
ROUNDS = 150
PATIENCE = 4_000_000_000  # nanoseconds for all turns of one scenario, where three rounds fit in

PROCESSES = 2


class Comparison:
    """Implementations that serve the same scenarios; the first one has the right answers."""

    def __init__(
        self,
        implementations: Sequence[Implementation],
        scenarios: Sequence[Scenario],
        kinds: Sequence[str],
        advance: Callable[[str, float], None],
    ) -> None:
        self.implementations = implementations
        self.scenarios = scenarios
        self.kinds = kinds
        self.figures: Figures = {scenario.name: {} for scenario in scenarios}
        self._advance = advance
        self._lines: dict[str, Lines] = {}

    def run(self, counter: Optional[type[Counter]], compare: Compare) -> Figures:
        """Measure everything."""
        with ExitStack() as stack:
            homes = [stack.enter_context(_Homes(item)) for item in self.implementations]
            for scenario in self.scenarios:
                self._check(scenario, homes, compare)
            if counter:
                self._count(counter)
            for home in homes:
                home.settle()
            for scenario in self.scenarios:
                self._time(scenario, homes)
        return self.figures

    def _check(self, scenario: Scenario, homes: Sequence[_Homes], compare: Compare) -> None:
        right: Optional[Answer] = None
        for home in homes:
            bare = home.of(scenario, "bare").build(scenario.name, "bare")
            answer = home.of(scenario, "cors").build(scenario.name, "cors")
            if right is None:
                right = answer
                self._lines[scenario.name] = added(bare, answer)
            wrong = compare(scenario, right, answer)
            self.figures[scenario.name][home.implementation.name] = {"wrong": wrong}
            if "hand" in self.kinds:
                lines = self._lines[scenario.name]
                home.of(scenario, "hand").build(scenario.name, "hand", lines)
            for kind in set(self.kinds) - {"bare", "cors", "hand"}:
                home.of(scenario, kind).build(scenario.name, kind)
        self._advance("answers", 1 / len(self.scenarios))

    def _right(self, implementation: Implementation) -> list[Scenario]:
        name = implementation.name
        return [item for item in self.scenarios if not self.figures[item.name][name]["wrong"]]

    def _count(self, counter: type[Counter]) -> None:
        tasks = [
            Task(implementation, scenario, self.kinds)
            for scenario in self.scenarios
            for implementation in self.implementations
            if scenario in self._right(implementation)
        ]
        counted = count_all(
            tasks, counter, self._lines, lambda: self._advance("instructions", 1 / len(tasks))
        )
        for task, counts in zip(tasks, counted):
            self.figures[task.scenario.name][task.implementation.name]["instructions"] = {
                kind: count - (counts["bare"] if kind != "bare" else 0)
                for kind, count in counts.items()
            }

    def _time(self, scenario: Scenario, homes: Sequence[_Homes]) -> None:
        """Let everyone have a short turn, in another order each round."""
        turns = [
            (home, kind)
            for home in homes
            for kind in self.kinds
            if scenario in self._right(home.implementation)
        ]
        one = {turn: turn[0].time(scenario, turn[1], 1) for turn in turns}
        counts = {turn: max(CHUNK // one[turn], 1) for turn in turns}
        rounds = PATIENCE // sum(one[turn] * counts[turn] for turn in turns)
        taken: dict[Any, list[float]] = {turn: [] for turn in turns}
        for _ in range(min(max(rounds, 3), ROUNDS)):
            for turn in random.sample(turns, len(turns)):
                home, kind = turn
                nanoseconds = home.time(scenario, kind, counts[turn])
                taken[turn].append(nanoseconds / counts[turn])
        for home in {turn[0] for turn in turns}:
            figures = self.figures[scenario.name][home.implementation.name]
            figures["time"] = _ratios({kind: taken[home, kind] for kind in self.kinds})
        self._advance("times", 1 / len(self.scenarios))


class _Homes:
    """The processes in which an implementation is timed.

    A decorator may hook itself into every application of its process; that must make nothing
    dearer that is compared with it, so decorated views have a process of their own.
    """

    def __init__(self, implementation: Implementation) -> None:
        self.implementation = implementation
        self._stack = ExitStack()
        self._workers: dict[bool, Worker] = {}

    def __enter__(self) -> _Homes:  # noqa: PYI034 (`Self` is of 3.11)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def of(self, scenario: Scenario, kind: str) -> Worker:
        """Give the process in which an application lives."""
        apart = scenario.decorated and kind == "cors"
        if apart not in self._workers:
            self._workers[apart] = self._stack.enter_context(Worker(self.implementation))
        return self._workers[apart]

    def settle(self) -> None:
        """Prepare to be timed."""
        for worker in self._workers.values():
            worker.ask("settle")

    def time(self, scenario: Scenario, kind: str, count: int) -> int:
        """Give the nanoseconds that so many requests take."""
        return max(self.of(scenario, kind).time(scenario.name, kind, count), 1)


class Task(NamedTuple):
    """What is counted in one process: an application has one policy, and so has the process."""

    implementation: Implementation
    scenario: Scenario
    kinds: Sequence[str]


def count_all(
    tasks: Sequence[Task],
    counter: type[Counter],
    lines: Mapping[str, Lines],
    advance: Callable[[], None] = lambda: None,
) -> list[dict[str, float]]:
    """Count the instructions of a request, of each kind of each task."""

    def count(task: Task) -> dict[str, float]:
        with Worker(task.implementation, counter()) as worker:
            counts = _count(worker, task, lines.get(task.scenario.name, []))
        advance()
        return counts

    with ThreadPoolExecutor(PROCESSES) as pool:
        return list(pool.map(count, tasks))


def _count(worker: Worker, task: Task, lines: Lines) -> dict[str, float]:
    """Count in the order of the kinds; what is decorated comes last: see `_Homes`."""
    scenario = task.scenario
    late = {"cors"} if scenario.decorated else set()
    for kind in task.kinds:
        if kind not in late:
            worker.build(scenario.name, kind, lines)
    worker.attach()
    worker.count(scenario.name, task.kinds[0])  # for nothing: the first time is not like the others
    counts = {}
    for kind in task.kinds:
        if kind in late:
            worker.build(scenario.name, kind)
        counts[kind] = worker.count(scenario.name, kind)
    return counts


def _ratios(taken: dict[str, list[float]]) -> dict[str, float]:
    """Give the median of the nanoseconds of `bare`, and of the others' paired ratios to it."""
    bare = taken["bare"]
    ratios = {
        kind: statistics.median(one / base for one, base in zip(values, bare))
        for kind, values in taken.items()
    }
    return {**ratios, "bare": statistics.median(bare)}

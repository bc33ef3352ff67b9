"""Has the common path become dearer? Seven scenarios, next to the headers written by hand.

`python -m benchmarks.guard` fails when one of them costs more, in instructions relative to *hand*
in the same run, than `guard.json` says with a margin; it also shows, every time, that it would
notice one needless `request.headers.get("Origin")`. `--accept` writes what is measured.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from pathlib import Path

from .answers import Lines, added
from .counters import HOW_TO, Counter, find_counter
from .environments import OURS
from .measure import Task, count_all
from .scenarios import by_name
from .workers import Worker

ACCEPTED = Path(__file__).with_name("guard.json")
NAMES = (
    "get",
    "no-origin",
    "preflight",
    "rules",
    "ten-last",
    "decorated",
    "decorated-preflight",
)
NEEDLESS = "get"
"""The scenario in which one header more is parsed."""

MARGIN = 0.08
"""Of the accepted figure. The same code repeats to the third digit; where things lie elsewhere in
memory, after any change, other attributes share a place in Python's cache of them, which moves the
rows that add least by some percent. So accept a run from the middle, such as a clean clone's."""

Ratios = dict[str, float]


def main() -> int:
    """Measure, compare, tell."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.guard", description=__doc__)
    parser.add_argument("--accept", action="store_true", help="write what is measured")
    accept = parser.parse_args().accept
    counter = find_counter()
    if counter is None:
        print(f"guard: SKIPPED, {HOW_TO}")
        return 0
    print(f"guard: × hand, in instructions by {counter.name}")
    ratios, needless = measure(counter)
    version = ".".join(platform.python_version_tuple()[:2])
    accepted: dict[str, Ratios] = json.loads(ACCEPTED.read_text("utf-8"))
    if accept:
        accepted[version] = {name: round(ratio, 3) for name, ratio in ratios.items()}
        ACCEPTED.write_text(json.dumps(accepted, indent=2, sort_keys=True) + "\n", "utf-8")
    if version not in accepted:
        print(f"guard: SKIPPED, nothing is accepted for Python {version}: run it with --accept")
        return 0
    return judge(ratios, needless, accepted[version])


def measure(counter: type[Counter]) -> tuple[Ratios, float]:
    """Give how many times the cost of *hand* each scenario is, and the needless parse."""
    scenarios = by_name()
    with Worker(OURS) as worker:
        lines = {name: _lines(worker, name) for name in NAMES}
    kinds = dict.fromkeys(NAMES, ("bare", "hand", "cors"))
    kinds[NEEDLESS] += ("needless",)
    tasks = [Task(OURS, scenarios[name], kinds[name]) for name in NAMES]
    counts = dict(zip(NAMES, count_all(tasks, counter, lines)))

    def ratio(name: str, kind: str) -> float:
        bare = counts[name]["bare"]
        return (counts[name][kind] - bare) / (counts[name]["hand"] - bare)

    return {name: ratio(name, "cors") for name in NAMES}, ratio(NEEDLESS, "needless")


def _lines(worker: Worker, name: str) -> Lines:
    return added(worker.build(name, "bare"), worker.build(name, "cors"))


def judge(ratios: Ratios, needless: float, accepted: Ratios) -> int:
    """Print a line for each scenario; give the exit status."""
    ceilings = {name: ratio * (1 + MARGIN) for name, ratio in accepted.items()}
    for name in NAMES:
        if name not in ceilings:
            print(f"  {name:19} {ratios[name]:5.3f}, nothing is accepted: SKIPPED")
            continue
        said = "DEARER" if ratios[name] > ceilings[name] else "ok"
        print(f"  {name:19} {ratios[name]:5.3f}, accepted {ceilings[name]:5.3f}  {said}")
    noticed = needless > ceilings[NEEDLESS]
    print(
        f"  {NEEDLESS} and one needless header parse: {needless:5.3f}, "
        f"{'which would fail' if noticed else 'which would PASS: the guard is blind'}"
    )
    dearer = [name for name, ceiling in ceilings.items() if ratios[name] > ceiling]
    return 1 if dearer or not noticed else 0


if __name__ == "__main__":
    sys.exit(main())

"""What does the whole audit of a policy cost, and a comparison of two?"""

from __future__ import annotations

import json
import statistics
import subprocess

from .bench import Bench, Result, Table
from .environments import OURS

ROUNDS = 5

USUAL = (
    r"https?://(www.)?{domain}",
    r".*{escaped}",
    r"https://.*\.{escaped}",
    r"https://.*.{domain}",
    r"https://{escaped}.*",
    r"^https://([a-z0-9-]+\.)*{escaped}(:\d+)?$",
    r"https://(app|api|www)\.{escaped}",
    r"https://pr-\d+--{label}\.netlify\.app",
    r"https?://.*\.{label}\.(com|org|net)$",
    r"https://(?!admin){label}-[a-z]+\.example",
)
"""Regexes as people write them."""


def patterns(count: int) -> list[str]:
    """Return so many of them, each about a domain of its own."""
    labels = (f"site{number}" for number in range(count))
    return [
        USUAL[number % len(USUAL)].format(
            domain=f"{label}.example.com", escaped=rf"{label}\.example\.com", label=label
        )
        for number, label in enumerate(labels)
    ]


_CODE = """
import json, time
from corecors import Policy, audit, compare

def timed(function, *given):
    started = time.process_time_ns()
    function(*given)
    return time.process_time_ns() - started

patterns = {patterns!r}
figures = {{"first": timed(audit, Policy(origins=patterns[0]))}}
figures["one"] = max(
    min(timed(audit, Policy(origins=one)) for _ in range(3)) for one in patterns[:10]
)
figures["all"] = timed(audit, Policy(origins=patterns))
figures["compare"] = timed(compare, Policy(origins=patterns), Policy(origins=patterns[1:]))
print(json.dumps(figures))
"""


def run(bench: Bench) -> Result:
    """Measure in fresh processes."""
    advance = bench.steps("audit")
    samples: list[dict[str, int]] = []
    for _ in range(ROUNDS):
        command = [OURS.python, "-I", "-c", _CODE.format(patterns=patterns(100))]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        samples.append(json.loads(done.stdout))
        advance("processes", 1 / ROUNDS)
    figures = {name: statistics.median(one[name] for one in samples) for name in samples[0]}
    return Result([_table(figures)], figures)


def _table(figures: dict[str, float]) -> Table:
    rows = [
        ["audit of one regex, the dearest of ten usual ones", "one", "≤ 100"],
        ["audit of 100 regexes", "all", "≤ 5,000"],
        ["the first of a process: the parser and the list of suffixes are loaded", "first", ""],
        ["comparison of 100 regexes with 99 of them", "compare", ""],
    ]
    written = [[title, f"{figures[name] / 1e6:,.0f}", target] for title, name, target in rows]
    note = "Medians of fresh processes, of the processor's time. With the extra audit."
    return Table("The audit", ["call", "ms", "target"], written, note)

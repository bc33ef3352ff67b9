"""Say how many mutants the tests have noticed: `python -m tests.mutation STATISTICS`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

LEAST = 95.0
"""The percentage of noticed mutants below which this fails."""


def summary(statistics: dict[str, int]) -> tuple[str, bool]:
    """Give one line, and whether enough mutants were noticed.

    A mutant that never comes to an end is noticed as well as one that fails a test.

    >>> summary({"total": 200, "killed": 190, "timeout": 2, "survived": 8})
    ('200 mutants: 190 killed, 2 ran out of time, 8 survived; score 96.0 %', True)
    """
    total, killed = statistics["total"], statistics["killed"]
    timeout = statistics["timeout"]
    score = 100 * (killed + timeout) / total
    line = (
        f"{total} mutants: {killed} killed, {timeout} ran out of time, "
        f"{total - killed - timeout} survived; score {score:.1f} %"
    )
    return line, score >= LEAST


def main(path: str) -> int:
    """Print the line, and give the exit status."""
    line, enough = summary(json.loads(Path(path).read_text("utf-8")))
    sys.stdout.write(line + "\n")
    return not enough


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))

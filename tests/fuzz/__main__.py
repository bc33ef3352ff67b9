"""`make fuzz`: look for a crash, or a cost, with a fuzzer that sees which lines are reached.

Runs where Atheris is installed, which has no wheel for each Python and each system.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["corecors", "flask_cors"]):
    from tests.fuzz import targets

CACHE = Path(".cache") / "fuzz"


def main(name: str, seconds: str) -> None:
    """Fuzz one target; what is new is kept in the cache, what fails in a file that is named."""
    logging.disable()
    target = targets.TARGETS[name]
    found = CACHE / name
    found.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={seconds}",
        "-max_len=12000",
        "-timeout=20",
        "-print_final_stats=1",
    ]
    arguments = [sys.argv[0], *options, f"-artifact_prefix={found}-", found, targets.SEEDS / name]
    atheris.Setup(list(map(str, arguments)), lambda data: targets.bounded(target, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])

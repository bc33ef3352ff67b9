"""Serve requests when told to: one process for each implementation, in its own environment.

Started as a file, with the name of a module of `benchmarks.frameworks`. Commands come in and
results go out as lines of JSON.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

# The implementation comes from this interpreter's site-packages; the repository, which holds one
# too, is only where this package is found.
sys.path[:1] = []
sys.path.append(str(Path(__file__).resolve().parent.parent))

from benchmarks.scenarios import by_name  # noqa: E402 (the lines above say where it is)

WARM = 50  # requests
PATIENCE = 2_000_000_000  # nanoseconds, where one request takes long


class Child:
    """What was built so far, and what can be asked of it."""

    def __init__(self, framework: str) -> None:
        module, _, function = framework.partition(":")
        module = importlib.import_module(f"benchmarks.frameworks.{module}")
        self._make = getattr(module, function or "make")
        self._scenarios = by_name()
        self._servers: dict[tuple[str, str], Any] = {}

    def build(self, scenario: str, kind: str, lines: list[tuple[str, str]]) -> dict[str, Any]:
        """Make an application and warm it up; give its answer."""
        server = self._make(self._scenarios[scenario], kind, lines)
        self._servers[scenario, kind] = server
        answer: dict[str, Any] = server.answer()
        started = time.perf_counter_ns()
        for _ in range(WARM):
            server.serve(1)
            if time.perf_counter_ns() - started > PATIENCE:
                break
        return answer

    def settle(self) -> None:
        """Leave the garbage collector's pauses, which come when they like, out of the figures."""
        gc.collect()
        gc.freeze()
        gc.disable()

    def serve(self, scenario: str, kind: str, count: int) -> int:
        """Serve requests; give the nanoseconds."""
        serve = self._servers[scenario, kind].serve
        started = time.perf_counter_ns()
        serve(count)
        return time.perf_counter_ns() - started


def main() -> None:
    """Obey until the input ends."""
    results = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a framework prints is not a result
    child = Child(sys.argv[1])
    for line in sys.stdin:
        command, arguments = json.loads(line)
        result = getattr(child, command)(**arguments)
        results.write(json.dumps(result) + "\n")
        results.flush()


if __name__ == "__main__":
    main()

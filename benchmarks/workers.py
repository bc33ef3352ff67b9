"""The parent's end of a child: start it, tell it what to do, count what that takes."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Optional

from .counters import Counter

CHILD = Path(__file__).with_name("child.py")
BUDGET = 24_000_000  # instructions that one figure may take, where one request fits in
MOST = 60  # requests
ADAPTED = 80
"""Requests after which CPython has fitted its byte code to a scenario; others came before it."""


class Implementation(NamedTuple):
    """What is compared, and where it lives."""

    name: str
    framework: str
    """The module of `benchmarks.frameworks`."""
    version: str
    python: str


class Worker:
    """A child with one implementation; a context manager that ends it."""

    def __init__(self, implementation: Implementation, counter: Optional[Counter] = None) -> None:
        self.implementation = implementation
        self._counter = counter
        command = [implementation.python, str(CHILD), implementation.framework]
        self._process = subprocess.Popen(
            counter.wrap(command) if counter else command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": ""},
        )

    def __enter__(self) -> Worker:  # noqa: PYI034 (`Self` is of 3.11)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(60)
        if self._counter:
            self._counter.close()

    def ask(self, command: str, **arguments: Any) -> Any:
        """Have something done and give the result."""
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(json.dumps([command, arguments]) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # it says why on the standard error
        line = self._process.stdout.readline()
        if not line:
            status = self._process.wait(60)
            name = self.implementation.name
            raise RuntimeError(f"the child with {name} has ended with {status} at {command!r}")
        return json.loads(line)

    def build(self, scenario: str, kind: str, lines: Sequence[Any] = ()) -> dict[str, Any]:
        """Have an application made; give its answer."""
        answer: dict[str, Any] = self.ask("build", scenario=scenario, kind=kind, lines=lines)
        return answer

    def time(self, scenario: str, kind: str, count: int) -> int:
        """Give the nanoseconds that so many requests take."""
        return int(self.ask("serve", scenario=scenario, kind=kind, count=count))

    def attach(self) -> None:
        """Begin to count, when everything is built."""
        assert self._counter
        self.ask("settle")
        self._counter.attach(self._process.pid)

    def count(self, scenario: str, kind: str) -> float:
        """Give the instructions of one request."""
        assert self._counter
        self.time(scenario, kind, 1)  # others may have emptied a cache of the process
        self._counter.take()
        single = self._count(scenario, kind, 1)
        if single > BUDGET:
            return single  # the command itself takes less than a hundredth of that
        self.time(scenario, kind, ADAPTED)
        self._counter.take()
        requests = min(max(BUDGET // single, 2), MOST)
        # What the command itself takes is in both figures.
        return (self._count(scenario, kind, requests + 1) - single) / requests

    def _count(self, scenario: str, kind: str, requests: int) -> int:
        assert self._counter
        self.time(scenario, kind, requests)
        return self._counter.take()

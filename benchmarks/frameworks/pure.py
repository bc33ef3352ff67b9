"""No framework: `corecors.evaluate()` alone, against a function that does nothing."""

from __future__ import annotations

from typing import Any

from corecors import Policy, Rules, evaluate

from ..scenarios import Scenario


class Caller:
    """A function and the arguments that it is called with again and again."""

    def __init__(self, function: Any, arguments: tuple[Any, ...]) -> None:
        self._function = function
        self._arguments = arguments

    def serve(self, count: int) -> None:
        """Call it so many times."""
        function, arguments = self._function, self._arguments
        for _ in range(count):
            function(*arguments)

    def answer(self) -> dict[str, Any]:
        """Call it once and show what came out."""
        headers, _ = self._function(*self._arguments) or ({}, None)
        return {"status": 200, "headers": list(headers.items()), "body": ""}


def make(scenario: Scenario, kind: str, lines: Any) -> Caller:
    """Make the call of a scenario."""
    request = scenario.request
    origin = request.headers.get("Origin")
    policy = _policy(scenario.options())
    arguments = (policy, request.method, origin, request.headers, request.path)
    return Caller(evaluate if kind == "cors" else _nothing, arguments)


def _nothing(*_: Any) -> None:
    return None


def _policy(options: dict[str, Any]) -> Any:
    if "resources" not in options:
        return Policy(**options)
    return Rules({path: Policy(**rule) for path, rule in options["resources"].items()})

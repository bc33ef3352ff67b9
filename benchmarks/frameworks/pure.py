"""No framework: the core alone, against a function that does nothing.

`evaluate()`; `policy.answer()`, to the same request again and again and to an origin that is new
each time; and `Policy()` itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle, repeat
from typing import Any

from corecors import Policy, Rules, evaluate

from ..scenarios import Scenario

Arguments = Iterator[tuple[Any, ...]]


class Caller:
    """A function, and the arguments of one call after the other."""

    def __init__(self, function: Callable[..., Any], arguments: Arguments) -> None:
        self._function = function
        self._arguments = arguments

    def serve(self, count: int) -> None:
        """Call it so many times."""
        function, arguments = self._function, self._arguments
        for _ in range(count):
            function(*next(arguments))

    def answer(self) -> dict[str, Any]:
        """Call it once and show what came out."""
        result = self._function(*next(self._arguments))
        headers = list(result.headers.items()) if hasattr(result, "headers") else []
        return {"status": 200, "headers": headers, "body": ""}


def make(scenario: Scenario, kind: str, lines: Any) -> Caller:
    """Make the calls of a kind for a scenario."""
    return Caller(*_KINDS[kind](scenario))


def _bare(scenario: Scenario) -> tuple[Callable[..., Any], Arguments]:
    return _nothing, repeat(_texts(scenario))


def _evaluate(scenario: Scenario) -> tuple[Callable[..., Any], Arguments]:
    request = scenario.request
    rules = _rules(scenario.options())
    policy = rules.find(request.path).policy if len(rules.entries) == 1 else rules
    origin = request.headers.get("Origin")
    return evaluate, repeat((policy, request.method, origin, request.headers, request.path))


def _answer(scenario: Scenario) -> tuple[Callable[..., Any], Arguments]:
    policy = _rules(scenario.options()).find(scenario.request.path).policy
    return policy.answer, repeat(_texts(scenario))


def _answer_new(scenario: Scenario) -> tuple[Callable[..., Any], Arguments]:
    """Ask about a thousand origins in turn, of which fewer are kept: each is new each time."""
    origins = [f"https://host{n}.example" for n in range(1000)]
    policy = Policy(**{**scenario.options(), "origins": origins})
    method, _, *asked = _texts(scenario)
    return policy.answer, cycle([(method, origin, *asked) for origin in origins])


def _policy(scenario: Scenario) -> tuple[Callable[..., Any], Arguments]:
    return Policy, repeat(())


def _nothing(*_: Any) -> None:
    return None


def _texts(scenario: Scenario) -> tuple[Any, ...]:
    method, headers = scenario.request.method, scenario.request.headers
    names = ("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers")
    return (method, *(headers.get(name) for name in names))


def _rules(options: dict[str, Any]) -> Any:
    resources = options.get("resources", {"/*": options})
    return Rules({path: Policy(**rule) for path, rule in resources.items()})


_KINDS = {
    "bare": _bare,
    "cors": _evaluate,
    "answer": _answer,
    "new": _answer_new,
    "policy": _policy,
}

"""Cross-origin resource sharing as a pure decision: `evaluate(policy, ...)` and its values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import headers
from ._answer import NO_RULE, Answer, Changes, Verdict
from ._evaluate import Decision, evaluate
from ._policy import Policy
from ._rules import Rule, Rules
from .audit import audit, compare
from .errors import PolicyError, Problem

if TYPE_CHECKING:
    from ._nearest import Nearest

__all__ = [
    "NO_RULE",
    "Answer",
    "Changes",
    "Decision",
    "Nearest",
    "Policy",
    "PolicyError",
    "Problem",
    "Rule",
    "Rules",
    "Verdict",
    "audit",
    "compare",
    "evaluate",
    "headers",
]


def __getattr__(name: str) -> object:
    if name == "Nearest":
        from ._nearest import Nearest  # noqa: PLC0415 (only who asks for it waits for it)

        return Nearest
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Cross-origin resource sharing as a pure decision: `evaluate(policy, ...)` and its values."""

from . import headers
from ._answer import NO_RULE, Answer, Changes, Verdict
from ._evaluate import Decision, evaluate
from ._nearest import Nearest
from ._policy import Policy
from ._rules import Rule, Rules
from .audit import audit, compare
from .errors import PolicyError, Problem

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

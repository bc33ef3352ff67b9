"""Cross-origin resource sharing as a pure decision: `evaluate(policy, ...)` and its values."""

from ._audit import audit
from ._decision import Decision, Verdict
from ._evaluate import evaluate
from ._policy import Policy
from ._rules import Rule, Rules
from .errors import PolicyError, Problem

__all__ = [
    "Decision",
    "Policy",
    "PolicyError",
    "Problem",
    "Rule",
    "Rules",
    "Verdict",
    "audit",
    "evaluate",
]

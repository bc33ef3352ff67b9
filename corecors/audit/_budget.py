"""A bound on the work: steps are counted, so that an audit says the same on every machine."""

from __future__ import annotations

STEPS = 50_000
"""How many steps of automata an audit takes for each item of `origins` before it gives up."""


class UndecidedError(Exception):
    """Raised where something cannot be computed; its text says why."""


class Budget:
    """Steps that may still be taken.

    >>> Budget(2).spend(3)
    Traceback (most recent call last):
    corecors.audit._budget.UndecidedError: it takes more than 2 steps
    """

    def __init__(self, steps: int = STEPS) -> None:
        self._steps = steps
        self._left = steps

    def spend(self, steps: int) -> None:
        """Count steps; raise `UndecidedError` where there are no more."""
        self._left -= steps
        if self._left < 0:
            raise UndecidedError(f"it takes more than {self._steps:,} steps")

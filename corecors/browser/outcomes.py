"""What the browser decides, with the clause and the reason."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class Outcome:
    """Say whether the browser lets the page go on, which clause decided it, and why in plain words.

    An outcome is true when it is allowed.

    >>> bool(Outcome(allowed=False, step="CORS check step 2", reason="no header"))
    False
    """

    allowed: bool
    step: str
    reason: str

    def __bool__(self) -> bool:
        return self.allowed


def allowed(step: str, reason: str) -> Outcome:
    """Make the outcome that lets the page continue."""
    return Outcome(allowed=True, step=step, reason=reason)


def refused(step: str, reason: str) -> Outcome:
    """Make the outcome that does not."""
    return Outcome(allowed=False, step=step, reason=reason)

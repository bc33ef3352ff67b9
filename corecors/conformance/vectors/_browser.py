"""The vectors of browsers: each case as the standard has it, and as a dialect where it departs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corecors.browser import CHROMIUM, STANDARD, Dialect

from ._browser_cases import cases
from ._playing import Case, play

__all__ = ["DIALECTS", "browser_vectors"]

DIALECTS: dict[str, Dialect] = {"standard": STANDARD, "chromium": CHROMIUM}
"""The dialects by the names that the vectors use."""


def browser_vectors() -> list[dict[str, Any]]:
    """Return the vectors of browsers as plain values, in a stable order.

    >>> vector = browser_vectors()[0]
    >>> vector["id"], vector["dialects"], vector["steps"][0]["verdict"]["allowed"]
    ('every/get/omit/silent', ['standard', 'chromium'], False)
    """
    return [vector for case in cases() for vector in _vectors(case)]


def _vectors(case: Case) -> Iterator[dict[str, Any]]:
    """Yield one vector where all dialects agree, and one for each where they do not."""
    played = {name: play(case, dialect) for name, dialect in DIALECTS.items()}
    if all(steps == played["standard"] for steps in played.values()):
        yield _vector(case, case.id, list(played), played["standard"])
        return
    for name, steps in played.items():
        yield _vector(case, f"{case.id}@{name}", [name], steps)


def _vector(
    case: Case, id_: str, dialects: list[str], steps: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "id": id_,
        "about": case.about,
        "clauses": list(case.clauses),
        "dialects": dialects,
        "shared_cache": case.shared_cache,
        "steps": steps,
    }

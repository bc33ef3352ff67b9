"""What can be wrong with a configuration, as values.

A `Problem` is data that a program can read; a `PolicyError` carries all of them at once.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterable

import attrs

from ._value import Value

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 120


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Problem(Value):
    """One thing that is wrong with, or useless in, a configuration.

    >>> print(Problem(code="max-age", option="max_age", given=1.5,
    ...               what="is not a whole number of seconds", advice="write max_age=2"))
    max_age=1.5 is not a whole number of seconds; write max_age=2
    """

    code: str
    """A stable, short name of the kind of problem."""
    option: str
    """The option's name, as in `Policy`."""
    given: object
    """The value as it was given."""
    what: str
    """What is wrong with it."""
    advice: str
    """What to write instead."""
    source: str = ""
    """Where the value came from, for example `app.config["CORS_ORIGINS"]`."""

    def __str__(self) -> str:
        place = f" (from {self.source})" if self.source else ""
        return f"{self.option}={_SHORT.repr(self.given)}{place} {self.what}; {self.advice}"


class PolicyError(ValueError):
    """Raised at set-up for a configuration that cannot work, with every problem it has.

    >>> from corecors import Policy
    >>> try:
    ...     Policy(origins="*.example.com", max_age="soon")
    ... except PolicyError as error:
    ...     print([problem.code for problem in error.problems])
    ['origin-without-scheme', 'max-age']
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return str(self.problems[0])
        lines = "".join(f"\n  - {problem}" for problem in self.problems)
        return f"{len(self.problems)} problems:{lines}"

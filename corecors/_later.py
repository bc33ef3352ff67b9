"""Regexes of our own, compiled at their first use: that takes longer than to import a module."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable


def later(pattern: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """Return what compiles a regex once, and gives it.

    >>> digits = later("[0-9]+")
    >>> bool(digits().fullmatch("42")), digits() is digits()
    (True, True)
    """
    return functools.cache(functools.partial(re.compile, pattern, flags))

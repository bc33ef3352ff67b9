"""The paths that rules tell apart: one for all that the same two policies decide about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Optional, Union

from .._policy import Policy
from .._rules import EVERYTHING, PathPattern, Rules
from ..headers import looks_like_regex
from ._budget import Budget, UndecidedError
from ._items import read_regex
from ._machine import Machine
from ._nodes import ANY_TEXT, Node, optional, series
from ._search import walk
from ._texts import PATHS

Either = Union[Policy, Rules]
PathClass = tuple[str, Optional[Policy], Optional[Policy]]
"""The shortest path, and the policies that decide about it: the old and the new one."""


def path_classes(
    old: Either, new: Either, steps: int, undecided: dict[str, None]
) -> Iterable[PathClass]:
    """Yield a path for each pair of policies that decides about one; add what cannot be decided."""
    seen: set[tuple[int, int]] = set()
    for path in _paths(_patterns((old, new)), steps, undecided):
        before, after = _policy_of(old, path), _policy_of(new, path)
        if (id(before), id(after)) not in seen:
            seen.add((id(before), id(after)))
            yield path, before, after


def _patterns(sides: Iterable[Either]) -> list[PathPattern]:
    entries = [side.entries for side in sides if isinstance(side, Rules)]
    return list(dict.fromkeys(rule.pattern for rules in entries for rule in rules))


def _paths(patterns: list[PathPattern], steps: int, undecided: dict[str, None]) -> Iterable[str]:
    """Yield paths, so that whatever patterns cover a path cover one of these, and no others do."""
    yield "/"
    if not patterns:
        return
    budget = Budget(steps * (1 + min(len(patterns), 100)))
    machines: list[Machine] = []
    for pattern in patterns:
        try:
            machines.append(Machine(_node(pattern), budget))
        except UndecidedError as error:  # noqa: PERF203 (each may be one that cannot be read)
            undecided[f"resources={pattern!r}: {error}"] = None
            yield _likely_path(pattern)
    try:
        seen: set[tuple[bool, ...]] = set()
        for hit in walk(PATHS, machines, budget):
            if tuple(hit.accepted) not in seen:
                seen.add(tuple(hit.accepted))
                yield hit.text()
    except UndecidedError as error:
        undecided[f"resources: {error}"] = None
        yield from map(_likely_path, patterns)


def _likely_path(pattern: PathPattern) -> str:
    """Return the fixed beginning of a pattern, which it covers if the rest may be empty."""
    text = pattern if isinstance(pattern, str) else pattern.pattern
    found = re.match(r"\^?(/[\w/-]*)", text)
    return found[1] if found else "/"


def _policy_of(side: Either, path: str) -> Policy | None:
    if isinstance(side, Policy):
        return side
    rule = side.find(path)
    return None if rule is None else rule.policy


def _node(pattern: PathPattern) -> Node:
    """Return the paths that a rule covers, as `Rules` reads its pattern (D15)."""
    if isinstance(pattern, re.Pattern):
        return series(read_regex(pattern).node, ANY_TEXT)
    if not looks_like_regex(pattern):
        return series(pattern)
    literal = pattern[:-1].rstrip("/")
    if pattern in EVERYTHING:
        return ANY_TEXT
    if pattern.endswith("/*") and not looks_like_regex(pattern[:-2]):
        return series(literal, optional("/", ANY_TEXT))
    return series(read_regex(re.compile(pattern)).node, ANY_TEXT)

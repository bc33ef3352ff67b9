"""Path rules: which policy covers a path, in which order, found by look-ups where that can be.

A string pattern is a literal path, `<literal>/*` (that path and all beneath it, D15), or a
regular expression that matches the beginning of the path, as in Flask-CORS; a compiled regex
matches the beginning too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Optional, Union

import attrs

from ._cache import Cache
from ._policy import Policy
from ._value import Value
from .errors import PolicyError, Problem
from .headers import looks_like_regex

PathPattern = Union[str, re.Pattern[str]]

EVERYTHING = ("*", ".*", "/*")


class Rule(NamedTuple):
    """A path pattern and the policy for the paths it covers."""

    pattern: PathPattern
    policy: Policy


def _convert(entries: Any) -> tuple[Rule, ...]:
    if isinstance(entries, Mapping):
        entries = entries.items()
    return tuple(entry if isinstance(entry, Rule) else Rule(*entry) for entry in entries)


class _Index:
    """Where to look for a path: each key leads to the position of its rule in `found`."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        literals: dict[str, int] = {}
        beneath: dict[str, int] = {}
        regexes: list[tuple[int, re.Pattern[str]]] = []
        for position, rule in enumerate(rules):
            pattern = rule.pattern
            if isinstance(pattern, re.Pattern):
                regexes.append((position, pattern))
            elif not looks_like_regex(pattern):
                literals.setdefault(pattern, position)
            elif pattern in EVERYTHING:
                beneath.setdefault("", position)
            elif pattern.endswith("/*") and not looks_like_regex(pattern[:-2]):
                beneath.setdefault(pattern[:-1].rstrip("/"), position)
            else:
                regexes.append((position, re.compile(pattern)))
        self.found: tuple[Optional[Rule], ...] = (*rules, None)
        """The rules, and None after the last one."""
        self.first = beneath.pop("", len(rules))
        """The position of the first rule that covers every path, or the number of rules."""
        self.literals = _before(self.first, literals)
        self.beneath = _before(self.first, beneath)
        """The literal of `<literal>/*` without its last slash."""
        self.depth = max((key.count("/", 1) + 1 for key in self.beneath), default=0)
        """The largest number of path segments in a key of `beneath`."""
        self.regexes = regexes


def _before(first: int, positions: dict[str, int]) -> dict[str, int]:
    """Leave out what comes after the rule that covers every path."""
    return {key: position for key, position in positions.items() if position < first}


@attrs.frozen(eq=False, repr=False)
class Rules(Value):
    """Ordered path rules; the first that covers a path decides.

    >>> rules = Rules([("/api/*", Policy(origins="https://a.example")), ("/*", Policy())])
    >>> rules.find("/api/users").pattern, rules.find("/apis").pattern
    ('/api/*', '/*')
    """

    entries: tuple[Rule, ...] = attrs.field(converter=_convert)
    _index: _Index = attrs.field(init=False, eq=False, repr=False)
    _found: Cache[str, Optional[Rule]] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        problems = tuple(_problems(self.entries))
        if problems:
            raise PolicyError(problems)
        object.__setattr__(self, "_index", _Index(self.entries))
        object.__setattr__(self, "_found", Cache())

    @property
    def everywhere(self) -> Rule | None:
        """The rule that decides about every path, where the first one does."""
        return self.entries[0] if self.entries and not self._index.first else None

    def find(self, path: str) -> Rule | None:
        """Return the rule that decides about a path, as routed and decoded once, or None."""
        try:
            return self._found[path]
        except KeyError:
            return self._found.keep(path, self._search(path), len(path))

    @staticmethod
    def order(patterns: Iterable[Any]) -> list[Any]:
        """Order path patterns as Flask-CORS orders the keys of `resources`.

        Literal paths come first, then compiled, then string regexes; in each kind the ones with
        more slashes, then the longer ones. `*` ranks as the `.*` that it stands for.

        >>> Rules.order(["/.*", "/api/*", "/api/users", "/api/v1/*"])
        ['/api/users', '/api/v1/*', '/api/*', '/.*']
        """
        return sorted(patterns, key=_specificity)

    @staticmethod
    def check(pattern: Any) -> Iterable[Problem]:
        """Report a path pattern that can never match (D3).

        >>> [problem.what for problem in Rules.check("/api/(")]
        ['is not a valid regular expression']
        """
        return _check_path(pattern)

    def __getstate__(self) -> tuple[Rule, ...]:
        return self.entries

    def __setstate__(self, entries: tuple[Rule, ...]) -> None:
        self.__init__(entries)  # type: ignore[misc]  # a frozen value is unpickled by making it

    def _search(self, path: str) -> Rule | None:
        """Find the first rule that covers the path, without trying one after the other (I11)."""
        index = self._index
        best = index.literals.get(path, index.first)
        end = 0
        for _ in range(index.depth):
            # Each leading part of the path that a rule could name, the whole path included.
            end = path.find("/", end + 1)
            position = index.beneath.get(path if end < 0 else path[:end], best)
            if position < best:
                best = position
            if end < 0:
                break
        for position, regex in index.regexes:
            if position >= best:
                break
            if regex.match(path):
                return index.found[position]
        return index.found[best]


def _specificity(pattern: Any) -> tuple[int, int, int]:
    if isinstance(pattern, re.Pattern):
        kind, text = 1, pattern.pattern
    else:
        pattern = ".*" if pattern == "*" else pattern
        kind, text = 2 if isinstance(pattern, str) and looks_like_regex(pattern) else 0, pattern
    if not isinstance(text, str):
        return 3, 0, 0  # refused by `Rules.check`, in whatever order
    return kind, -text.count("/"), -len(text)


def _problems(rules: Iterable[Rule]) -> Iterable[Problem]:
    for rule in rules:
        yield from Rules.check(rule.pattern)


def _check_path(pattern: Any) -> Iterable[Problem]:
    what = None
    if isinstance(pattern, str):
        if looks_like_regex(pattern) and pattern not in EVERYTHING:
            try:
                re.compile(pattern)
            except Exception:  # noqa: BLE001 (`re` raises more than its own error)
                what = "is not a valid regular expression"
    elif not (isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str)):
        what = "is neither a string nor a compiled regex"
    if what is not None:
        yield Problem(
            code="path",
            option="resources",
            given=pattern,
            what=what,
            advice='write a path such as "/api/*"',
        )

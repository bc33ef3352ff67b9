"""Regular expressions of a configuration: compiled once, matched as few times as can be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Optional, TypeVar, Union

from ._later import later
from .headers import looks_like_regex

RegexItem = Union[str, re.Pattern[str]]

# A pattern joined with others by "|" must not refer to a group by number or name, set flags
# for the whole expression, or be written in verbose mode, where a comment would swallow the rest.
_stands_alone = later(r"\\[1-9]|\(\?P|\(\?\(|\(\?[aiLmsux]")
_NOT_JOINED = re.VERBOSE | re.LOCALE | re.DEBUG

# Where a regex has a bracket that opens no group, or one that opens a group which captures.
_piece = later(r"\\.|\[\^?\]?(?:\\.|[^]\\])*\]|\((?!\?)", re.DOTALL)


def compile_text(text: str) -> re.Pattern[str] | None:
    """Compile the string form of a regex as Flask-CORS does for names, without regard to case."""
    try:
        return re.compile(text, re.IGNORECASE)
    except Exception:  # noqa: BLE001 (`re` raises more than its own error)
        return None


def compiled(pattern: str | re.Pattern[str]) -> re.Pattern[str]:
    """Give the compiled form of a pattern that set-up has already found to be valid."""
    return re.compile(pattern, re.IGNORECASE) if isinstance(pattern, str) else pattern


def is_regex(pattern: object) -> bool:
    """Say whether a pattern is a regex, compiled or in its string form."""
    return isinstance(pattern, re.Pattern) or (
        isinstance(pattern, str) and looks_like_regex(pattern)
    )


def joined(patterns: Iterable[re.Pattern[str]]) -> tuple[re.Pattern[str], ...]:
    r"""Join regexes into as few as possible that match the same whole strings.

    >>> [p.pattern for p in joined([re.compile("a+"), re.compile("b"), re.compile(r"(c)\1")])]
    ['(c)\\1', '(?:a+)|(?:b)']
    """
    alone, together = _sorted_by_flags((None, pattern) for pattern in patterns)
    regexes = (_alternation(texts, flags) for flags, (_, texts) in together.items())
    return (*(regex for _, regex in alone), *regexes)


def joined_items(
    items: Iterable[tuple[RegexItem, re.Pattern[str]]],
) -> tuple[tuple[re.Pattern[str], tuple[RegexItem, ...]], ...]:
    """Join regexes in the same way, each with the items that it stands for.

    Where there are several, the last group of a match says by its number which one it was.

    >>> (regex, items), = joined_items([("x", re.compile("a+")), ("y", re.compile("b"))])
    >>> regex.pattern, items[regex.fullmatch("b").lastindex - 1]
    ('(?:a+)()|(?:b)()', 'y')
    """
    alone, together = _sorted_by_flags(items)
    groups = (
        (_alternation(texts, flags, mark="()"), tuple(names))
        for flags, (names, texts) in together.items()
    )
    return (*((regex, (item,)) for item, regex in alone), *groups)


_Item = TypeVar("_Item")


def _sorted_by_flags(
    items: Iterable[tuple[_Item, re.Pattern[str]]],
) -> tuple[list[tuple[_Item, re.Pattern[str]]], dict[int, tuple[list[_Item], list[str]]]]:
    alone: list[tuple[_Item, re.Pattern[str]]] = []
    together: dict[int, tuple[list[_Item], list[str]]] = {}
    for item, pattern in items:
        if pattern.flags & _NOT_JOINED or _stands_alone().search(pattern.pattern):
            alone.append((item, pattern))
        else:
            names, texts = together.setdefault(pattern.flags, ([], []))
            names.append(item)
            texts.append(pattern.pattern)
    return alone, together


def _alternation(texts: list[str], flags: int, mark: str = "") -> re.Pattern[str]:
    """Join texts; the mark stands behind each, since what is before them would hide their like."""
    text = "|".join(_uncaptured(text) + mark for text in texts) if len(texts) > 1 else texts[0]
    return re.compile(text, flags & ~re.DEBUG)


def _uncaptured(text: str) -> str:
    r"""Turn a regex into one group that captures nothing: to remember groups costs time.

    >>> _uncaptured(r"(a|[(]|\()+")
    '(?:(?:a|[(]|\\()+)'
    """
    return f"(?:{_piece().sub(lambda piece: '(?:' if piece[0] == '(' else piece[0], text)})"


class RegexSet:
    """Some regexes, each of a text that names it; compiled when there is a first use for them."""

    def __init__(self, items: Iterable[tuple[str, str]]) -> None:
        self._names, self._texts = zip(*items)
        self._joined: Optional[re.Pattern[str]] = None

    def match(self, text: str) -> Optional[str]:
        """Name a regex that matches the whole text.

        >>> RegexSet([("some a", "a+"), ("some b", "b+")]).match("bbb")
        'some b'
        """
        if self._joined is None:
            self._joined = _alternation(list(self._texts), 0, mark="()")
        found = self._joined.fullmatch(text)
        return None if found is None else self._names[(found.lastindex or 1) - 1]

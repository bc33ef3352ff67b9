"""Patterns as a tree: whatever was written, a glob or a regex, is made of these five nodes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Optional, Union

ALPHABET = "".join(map(chr, range(0x20, 0x7F))) + "é"
"""The characters that are told apart: visible ASCII, and one that stands for all others."""

EVERY_CHARACTER = frozenset(ALPHABET)


class Chars(NamedTuple):
    """One character of these."""

    allowed: frozenset[str]


class Series(NamedTuple):
    """One part after the other."""

    parts: tuple[Node, ...]


class Choice(NamedTuple):
    """One of these."""

    options: tuple[Node, ...]


class Repeat(NamedTuple):
    """The same thing, so many times."""

    node: Node
    least: int
    most: Optional[int]
    """None for any number."""


class Look(NamedTuple):
    """What must, or must not, come next or have come before; it takes no character."""

    node: Node
    behind: bool
    negated: bool


Node = Union[Chars, Series, Choice, Repeat, Look]

ANY_CHARACTER = Chars(EVERY_CHARACTER)
ANY_TEXT = Repeat(ANY_CHARACTER, 0, None)


def text(characters: str) -> Series:
    """Return the pattern of exactly this text.

    >>> text("a:").parts[1]
    Chars(allowed=frozenset({':'}))
    """
    return Series(tuple(Chars(frozenset(character)) for character in characters))


def series(*parts: Union[Node, str]) -> Series:
    """Join patterns and texts."""
    return Series(tuple(text(part) if isinstance(part, str) else part for part in parts))


def choice(options: Iterable[Union[Node, str]]) -> Choice:
    """Return the pattern of whatever one of these matches."""
    return Choice(tuple(text(option) if isinstance(option, str) else option for option in options))


def optional(*parts: Union[Node, str]) -> Repeat:
    """Return the pattern of these parts, or of nothing."""
    return Repeat(series(*parts), 0, 1)

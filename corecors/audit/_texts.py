"""Texts that are no patterns: all of some characters, or some that are listed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple, Optional

from ..headers import TOKEN_CHARACTERS, ascii_lower
from ._grammar import DIGITS, LETTERS
from ._nodes import ALPHABET


class AllTexts(NamedTuple):
    """Every text of one character of the first kind, and any number of the second.

    >>> NAMES.step(NAMES.start, "A"), NAMES.step(NAMES.start, "a")
    (None, True)
    """

    first: str
    order: str
    start: bool = False

    def step(self, is_begun: bool, character: str) -> Optional[bool]:
        """Return whether the text is begun after one more character, or None."""
        return True if is_begun or character in self.first else None

    def accepts(self, is_begun: bool) -> bool:
        """Return whether there is any text."""
        return is_begun


def _liked_first(characters: str) -> str:
    liked = LETTERS + DIGITS
    return "".join(dict.fromkeys([*filter(set(characters).__contains__, liked), *characters]))


_NAME_CHARACTERS = _liked_first(ascii_lower(TOKEN_CHARACTERS))
NAMES = AllTexts(_NAME_CHARACTERS, _NAME_CHARACTERS)
"""Header names as browsers ask for them."""

PATHS = AllTexts("/", _liked_first(ALPHABET))
"""Paths, as routed."""


class ListedTexts:
    """Accepts texts of a list, which may be long; a state is what has been read of one.

    >>> texts = ListedTexts(["ab", "b"])
    >>> texts.step("", "a"), texts.step("a", "a"), texts.accepts("ab"), texts.is_alive("a")
    ('a', None, True, True)
    """

    start = ""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = sorted(set(texts))
        self.sets = [frozenset(character) for character in set("".join(self._texts))]

    def step(self, read: Optional[str], character: str) -> Optional[str]:
        """Return what has been read, or None where no text begins like that."""
        if read is None:
            return None
        read += character
        position = bisect_left(self._texts, read)
        is_begun = position < len(self._texts) and self._texts[position].startswith(read)
        return read if is_begun else None

    def is_alive(self, read: Optional[str]) -> bool:
        """Return whether a text of the list begins like this."""
        return read is not None

    def accepts(self, read: Optional[str]) -> bool:
        """Return whether this is one of the texts."""
        if read is None:
            return False
        position = bisect_left(self._texts, read)
        return position < len(self._texts) and self._texts[position] == read

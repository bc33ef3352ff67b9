"""Option values as written, turned into tuples: the shapes every list-like option shares."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_OPENING, _CLOSING = "([{", ")]}"


def split_commas(text: str) -> list[str]:
    r"""Split at the commas that stand outside of brackets, so that regexes stay whole (D18).

    >>> split_commas(r"https://a.example, https://[a-z]{2,3}\.example")
    ['https://a.example', 'https://[a-z]{2,3}\\.example']
    """
    if "," not in text:
        stripped = text.strip()
        return [stripped] if stripped else []
    return [part for part in map(str.strip, _top_level_parts(text)) if part]


def _top_level_parts(text: str) -> Iterable[str]:
    depth, start, position = 0, 0, 0
    while position < len(text):
        character = text[position]
        if character == "\\":
            position += 1
        elif character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth = max(depth - 1, 0)
        elif character == "," and depth == 0:
            yield text[start:position]
            start = position + 1
        position += 1
    yield text[start:]


def as_items(value: Any) -> tuple[Any, ...]:
    """Turn one value or an iterable of them into a tuple, strings split at commas.

    Nothing is refused here: an item of a wrong type stays, and is reported later.

    >>> as_items("GET, POST"), as_items(["GET", "PUT,PATCH"]), as_items(None)
    (('GET', 'POST'), ('GET', 'PUT', 'PATCH'), ())
    """
    if value is None:
        return ()
    if isinstance(value, (str, bytes, re.Pattern)) or not isinstance(value, Iterable):
        value = (value,)
    items: list[Any] = []
    for item in value:
        if isinstance(item, str):
            # str subclasses (enums, markup) count by their text, not by their __str__.
            items.extend(split_commas(str.__str__(item)))
        else:
            items.append(item if _is_hashable(item) else Unusable(item))
    return tuple(items)


def _is_hashable(item: object) -> bool:
    try:
        hash(item)
    except TypeError:
        return False
    return True


class Unusable:
    """Carry an unhashable item as far as the check that reports it."""

    def __init__(self, item: object) -> None:
        self._item = item

    def __repr__(self) -> str:
        return repr(self._item)

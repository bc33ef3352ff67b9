"""Answers that are kept, since the same requests come over and over.

What comes from a client is the key here: so few texts are kept, and no long ones.
"""

from __future__ import annotations

from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

_MOST = 256
_LONGEST = 512


class Cache(dict[Key, Value]):
    """A few answers to short questions; read it as the dict that it is."""

    def keep(self, key: Key, value: Value, length: int) -> Value:
        """Keep what was found for a key of so many characters, and return it.

        >>> cache = Cache()
        >>> cache.keep("short", 1, len("short")), cache.keep("long", 2, 513), cache
        (1, 2, {'short': 1})
        """
        if length <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()  # at once: to drop one of them is not safe while other threads add
            self[key] = value
        return value

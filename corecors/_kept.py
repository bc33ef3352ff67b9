"""Answers that are kept, since the same requests come over and over.

What comes from a client is the key here: so few texts are kept, and no long ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Key = TypeVar("Key")
Answer = TypeVar("Answer")

_MOST = 256
_LONGEST = 512


class _Kept(dict[Key, Answer]):
    """What a function has answered; what is found here is found without any code of ours."""

    def __init__(self, function: Callable[[Key], Answer], length: Callable[[Key], int]) -> None:
        super().__init__()
        self._function = function
        self._length = length

    def __missing__(self, key: Key) -> Answer:
        answer = self._function(key)
        if self._length(key) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()  # at once: to drop one of them is not safe while other threads add
            self[key] = answer
        return answer


def kept(
    function: Callable[[Key], Answer], length: Callable[[Key], int]
) -> Callable[[Key], Answer]:
    """Give a pure function that remembers what it answered, but for long keys, and not for ever.

    >>> double = kept(lambda text: text * 2, len)
    >>> double("ab") is double("ab"), double("a" * 513) is double("a" * 513)
    (True, False)
    """
    return _Kept(function, length).__getitem__

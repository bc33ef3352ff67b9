"""What is remembered of a client's texts, and what is not."""

from __future__ import annotations

import pytest

from corecors._cache import Cache


@pytest.mark.parametrize(("length", "kept"), [(0, True), (512, True), (513, False)])
def test_only_what_was_found_for_short_keys_is_kept(length: int, kept: bool) -> None:
    """A hostile client cannot make a policy remember much; it is answered all the same."""
    cache: Cache[str, int] = Cache()
    assert cache.keep("key", 1, length) == 1
    assert cache == ({"key": 1} if kept else {})


def test_256_answers_are_kept() -> None:
    """One more, and only that one is."""
    cache: Cache[int, int] = Cache()
    for number in range(256):
        cache.keep(number, number, 1)
    assert cache == {number: number for number in range(256)}
    cache.keep(256, 256, 1)
    assert cache == {256: 256}

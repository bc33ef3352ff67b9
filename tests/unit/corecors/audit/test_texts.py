"""Texts of a list, read one character after the other."""

from __future__ import annotations

import pytest

from corecors.audit._texts import ListedTexts

TEXTS = ListedTexts(["ab", "b"])


@pytest.mark.parametrize(
    ("text", "is_alive", "is_accepted"),
    [
        ("", True, False),
        ("a", True, False),
        ("ab", True, True),
        ("b", True, True),
        ("abc", False, False),
        ("c", False, False),
        ("ca", False, False),
    ],
)
def test_a_text_is_accepted_whole(text: str, *, is_alive: bool, is_accepted: bool) -> None:
    read: str | None = TEXTS.start
    for character in text:
        read = TEXTS.step(read, character)
    assert (TEXTS.is_alive(read), TEXTS.accepts(read)) == (is_alive, is_accepted)

"""What a function of a client's texts remembers, and what it does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corecors._kept import kept


def recorded() -> tuple[Callable[[str], str], list[str]]:
    """Make a kept function, and the list of what it was really asked."""
    asked: list[str] = []

    def answer(text: str) -> str:
        asked.append(text)
        return f"answer to {text}"

    return kept(answer, len), asked


@pytest.mark.parametrize(("length", "times"), [(0, 1), (512, 1), (513, 2)])
def test_a_short_text_is_asked_about_once(length: int, times: int) -> None:
    """What is long is asked again, and answered all the same."""
    answer, asked = recorded()
    text = "a" * length
    assert [answer(text), answer(text)] == [f"answer to {text}"] * 2
    assert asked == [text] * times


def test_another_text_has_another_answer() -> None:
    """And does not drive out the first one."""
    answer, asked = recorded()
    assert [answer(text) for text in "aba"] == ["answer to a", "answer to b", "answer to a"]
    assert asked == ["a", "b"]


def test_256_answers_are_kept() -> None:
    """One more, and only that one is."""
    answer, asked = recorded()
    texts = [f"{number}" for number in range(257)]
    for text in (*texts[:256], *texts[:256], texts[256], texts[256], texts[0]):
        answer(text)
    assert asked == [*texts, texts[0]]


def test_a_failure_is_not_kept() -> None:
    """Nor hidden."""
    failures = iter([ValueError("once")])

    def answer(text: str) -> str:
        for failure in failures:
            raise failure
        return text

    remembering = kept(answer, len)
    with pytest.raises(ValueError, match="once"):
        remembering("a")
    assert remembering("a") == "a"

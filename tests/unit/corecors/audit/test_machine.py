"""The automaton: what it accepts, and where it gives up."""

from __future__ import annotations

import pytest

from corecors.audit._budget import Budget, UndecidedError
from corecors.audit._machine import Machine
from corecors.audit._nodes import (
    ANY_CHARACTER,
    ANY_TEXT,
    Choice,
    Look,
    Node,
    Repeat,
    choice,
    optional,
    series,
    text,
)


def matched(node: Node, *texts: str) -> list[str]:
    machine = Machine(node, Budget())
    return [one for one in texts if machine.matches(one)]


END = Look(ANY_CHARACTER, behind=False, negated=True)
START = Look(ANY_CHARACTER, behind=True, negated=True)
A, B = text("a"), text("b")


@pytest.mark.parametrize(
    ("node", "right", "wrong"),
    [
        (series("ab", optional("c")), ["ab", "abc"], ["", "a", "abcc"]),
        (choice(["a", "bc"]), ["a", "bc"], ["", "b", "abc"]),
        (Choice(()), [], ["", "a"]),
        (Repeat(A, 2, 3), ["aa", "aaa"], ["", "a", "aaaa"]),
        (Repeat(A, 2, None), ["aa", "aaaaa"], ["", "a"]),
        (Repeat(Repeat(A, 0, None), 0, None), ["", "aa"], ["b"]),
        # Looks ahead: one is met at once, one at the end, one by what comes in between.
        (series(Look(A, False, False), ANY_TEXT), ["a", "ab"], ["", "b"]),
        (series(Look(A, False, True), ANY_TEXT), ["", "b"], ["a", "ab"]),
        (series(Look(series(A, END), False, True), ANY_TEXT), ["", "b", "ab"], ["a"]),
        (series(Look(series(A, END), False, False), ANY_TEXT), ["a"], ["", "b", "ab"]),
        (series(Look(series(ANY_TEXT, "b"), False, False), ANY_TEXT), ["b", "ab", "ba"], ["aa"]),
        (series(Look(Look(A, False, True), False, True), ANY_TEXT), ["a", "ab"], ["", "b"]),
        (series(Look(Choice(()), False, False), ANY_TEXT), [], ["", "a"]),
        (series(Look(Choice(()), False, True), A), ["a"], [""]),
        (series(Look(series(), False, False), A), ["a"], [""]),
        (series(Look(series(), False, True), A), [], ["", "a"]),
        (Repeat(series(Look(B, False, True), ANY_CHARACTER), 0, None), ["", "aa"], ["ab", "b"]),
        (
            series(Look(series(A, Look(B, False, True)), False, False), ANY_TEXT),
            ["a", "aa"],
            ["ab"],
        ),
        (
            series(Look(series(A, Look(B, False, False)), False, False), ANY_TEXT),
            ["ab"],
            ["a", "aa"],
        ),
        (
            series(Look(series(A, END, Look(B, False, True)), False, False), ANY_TEXT),
            ["a"],
            ["ab", "aa"],
        ),
        (
            series(
                Look(series(A, Look(series(ANY_TEXT, "b"), False, True)), False, True), ANY_TEXT
            ),
            ["b", "ab", "aab"],
            ["a", "aa"],
        ),
        # Looks behind.
        (series(START, "a", END), ["a"], ["", "aa"]),
        (series("a", START), [], ["a"]),
        (series(ANY_TEXT, Look(A, True, False), "b"), ["ab", "bab"], ["b", "bb"]),
        (series(ANY_TEXT, Look(A, True, True), "b"), ["b", "bb"], ["ab"]),
        (series(Look(series("b", Look(A, True, True)), False, False), "b"), ["b"], ["a"]),
    ],
)
def test_a_pattern_accepts_its_texts(node: Node, right: list[str], wrong: list[str]) -> None:
    """Whatever it looks at, ahead and behind."""
    assert matched(node, *right, *wrong) == right


@pytest.mark.parametrize(
    ("node", "why"),
    [
        (Repeat(A, 0, 20_000), "it is too long"),
        (Repeat(series(), 10**9, None), "it is too long"),
        (Look(series("a", START), True, False), "it has a look in a look behind"),
        (Look(Repeat(choice(["a", END]), 0, 1), True, False), "it has a look in a look behind"),
    ],
)
def test_what_is_too_much_is_said(node: Node, why: str) -> None:
    """Before any text is read."""
    with pytest.raises(UndecidedError) as raised:
        Machine(node, Budget())
    assert str(raised.value) == why


def test_a_look_behind_may_hold_whatever_looks_nowhere() -> None:
    """Repetitions and alternatives too: it is an automaton of its own."""
    node = series(ANY_TEXT, Look(Repeat(choice(["a", "bb"]), 1, 2), True, False), "c")
    assert matched(node, "ac", "bbc", "bc", "c") == ["ac", "bbc"]


def test_the_steps_are_bounded() -> None:
    """A pattern whose states double with each character is given up."""
    node = series(ANY_TEXT, "a", *([ANY_CHARACTER] * 30))
    machine = Machine(node, Budget(1_000))
    with pytest.raises(UndecidedError, match="it takes more than 1,000 steps"):
        machine.matches("ab" * 200 + "aabb" * 200)

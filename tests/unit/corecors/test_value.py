"""What makes two values equal, and how they are shown."""

from __future__ import annotations

from typing import Any
from unittest import mock

import attrs
import pytest

from corecors._value import Value


@attrs.frozen(eq=False, repr=False)
class Point(Value):
    """A value with a field that counts as a set, and one that does not count."""

    x: Any
    marks: tuple[int, ...] = attrs.field(default=(), eq=frozenset)
    note: str = attrs.field(default="", eq=False, repr=False)


@attrs.frozen(eq=False, repr=False)
class Corner(Point):
    """A value of another class."""


def test_values_are_equal_where_the_fields_that_count_are() -> None:
    """A field says itself whether it counts, and as what."""
    assert Point(1, (1, 2), "a") == Point(1, (2, 1), "b")
    assert hash(Point(1, (1, 2), "a")) == hash(Point(1, (2, 1), "b"))


@pytest.mark.parametrize("other", [Point(2), Point(1, (1,)), Corner(1), 1, None, (1, frozenset())])
def test_other_values_are_not_equal(other: object) -> None:
    """Those of a subclass are not either, whichever stands first."""
    assert Point(1) != other
    assert other != Point(1)


def test_what_compares_itself_with_a_value_is_asked() -> None:
    """As any object asks the other one where it has nothing to say."""
    assert Point(1) == mock.ANY


def test_a_hash_tells_values_apart() -> None:
    """Many of them can be in a set."""
    assert len({hash(Point(number)) for number in range(100)}) == 100


def test_a_value_is_shown_as_it_is_made() -> None:
    """But for what does not count."""
    assert repr(Point(1, (2,), "a")) == "Point(x=1, marks=(2,))"
    assert repr(Corner("a")) == "Corner(x='a', marks=())"


def test_a_value_cannot_be_changed() -> None:
    """That its class is frozen is all that it takes."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Point(1).x = 2  # type: ignore[misc]

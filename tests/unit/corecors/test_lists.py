from __future__ import annotations

import enum
import re
from typing import Any

import pytest

from corecors._lists import Unusable, as_items, split_commas


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("  ", []),
        (" GET ", ["GET"]),
        ("GET,PUT", ["GET", "PUT"]),
        (" GET , PUT ,", ["GET", "PUT"]),
        (",,", []),
        ("https://[a-z]{2,3}\\.a, b", ["https://[a-z]{2,3}\\.a", "b"]),
        ("(a,b),c", ["(a,b)", "c"]),
        ("[a,b],((c,d),e),f", ["[a,b]", "((c,d),e)", "f"]),
        ("a),b", ["a)", "b"]),
        ("\\(a,b", ["\\(a", "b"]),
        ("\\[a,b],c", ["\\[a", "b]", "c"]),
        ("a\\,b,c", ["a\\,b", "c"]),
        ("\\a,b", ["\\a", "b"]),
        ("a,b\\", ["a", "b\\"]),
        ("http://[::1]:80, http://a", ["http://[::1]:80", "http://a"]),
    ],
)
def test_strings_split_at_the_commas_outside_of_brackets(text: str, parts: list[str]) -> None:
    """D18: a comma-separated string is a list, and a regex in it stays whole."""
    assert split_commas(text) == parts


class Method(str, enum.Enum):
    GET = "GET"


PATTERN = re.compile("a,b")


@pytest.mark.parametrize(
    ("value", "items"),
    [
        (None, ()),
        ("", ()),
        ([], ()),
        ("GET", ("GET",)),
        (["GET", "PUT,PATCH"], ("GET", "PUT", "PATCH")),
        (("GET",), ("GET",)),
        ({"GET": 1}, ("GET",)),
        (frozenset({"GET"}), ("GET",)),
        ((name for name in ["GET", "PUT"]), ("GET", "PUT")),
        (PATTERN, (PATTERN,)),
        ([PATTERN, "a"], (PATTERN, "a")),
        (b"a,b", (b"a,b",)),
        (5, (5,)),
        ([5, None], (5, None)),
        (Method.GET, ("GET",)),
    ],
)
def test_every_shape_of_an_option_becomes_a_tuple(value: Any, items: tuple[Any, ...]) -> None:
    """One value, an iterable of them, or a string of them; what is of a wrong type stays."""
    assert as_items(value) == items


def test_a_subclass_of_str_counts_by_its_text() -> None:
    """An enum member becomes a plain string, whatever its `__str__` says."""
    assert [type(item) for item in as_items([Method.GET])] == [str]


def test_an_unhashable_item_is_carried_on_and_reads_as_itself() -> None:
    """It is reported later, as it was written."""
    (item,) = as_items([["GET"]])
    assert isinstance(item, Unusable)
    assert (repr(item), len({item})) == ("['GET']", 1)

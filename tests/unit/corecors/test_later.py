"""A regex of our own is compiled where it is first used, once, as it was written."""

from __future__ import annotations

import re

from corecors._later import later


def test_a_regex_is_compiled_once_as_it_was_written() -> None:
    made = later("a+", re.IGNORECASE)
    assert (made().pattern, made().flags) == ("a+", re.compile("a+", re.IGNORECASE).flags)
    assert made() is made()


def test_a_regex_without_flags_has_none() -> None:
    assert later("a+")().flags == re.compile("a+").flags

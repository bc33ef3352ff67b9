"""Each usual mistake shows its reason in the terminal, with no logging set up."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from .serving import WAYS
from .usual import FAULT, MISTAKES, Mistake, Seen, make_all, table

PAGE_OF_DOCS = Path(__file__).parents[2] / "docs" / "troubleshooting.md"
BEGIN, END = "<!-- python -m tests.mistakes -->\n", "\n<!-- end of it -->"

SERIOUS = {
    "/end-slash",
    "/any",
    "/login",
    "/missing",
    "/slash",
    "/decorator",
    "/option",
    "/key",
    "/own",
}
"""Those that no page gets past, or that let in too many: said outside debug mode, too."""


def split_page() -> tuple[str, str, str]:
    """Give the page before the table, the table, and the page after it."""
    before, _, rest = PAGE_OF_DOCS.read_text("utf-8").partition(BEGIN)
    lines, _, after = rest.partition(END)
    return before + BEGIN, lines, END + after


@pytest.fixture(scope="module")
def seen() -> dict[str, Seen]:
    pytest.importorskip("gunicorn")
    if version("flask").startswith("2.2."):
        pytest.skip("it has no `flask run --debug`")
    return {way: make_all(way) for way in WAYS}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.path)
def test_each_mistake_is_told_of_in_debug_mode(seen: dict[str, Seen], mistake: Mistake) -> None:
    assert len(seen["flask run --debug"].of(mistake)) in (1, 2)


@pytest.mark.parametrize("way", ["flask run", "gunicorn"])
def test_the_serious_ones_are_told_of_without_it(seen: dict[str, Seen], way: str) -> None:
    told = {mistake.path for mistake in MISTAKES if seen[way].of(mistake)}
    assert told == SERIOUS


@pytest.mark.parametrize("way", WAYS)
def test_an_error_is_shown_everywhere(seen: dict[str, Seen], way: str) -> None:
    line = (
        "CORS refused: 'GET' '/function' from 'https://app.example': a callable in origins raised "
        "LookupError (rule '/function')"
    )
    assert seen[way].of(FAULT) == [line]


@pytest.mark.parametrize("way", WAYS)
def test_nothing_else_is_said(seen: dict[str, Seen], way: str) -> None:
    others = [
        line
        for line in seen[way].lines
        if not any(mistake.is_meant_by(line) for mistake in (*MISTAKES, FAULT))
    ]
    assert others == []


def test_the_table_shows_what_was_seen(seen: dict[str, Seen]) -> None:
    """To write it anew: `python -m tests.mistakes`."""
    assert split_page()[1].splitlines() == list(table(seen))

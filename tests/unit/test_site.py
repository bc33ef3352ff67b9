"""What the documentation site draws and tabulates is what the code does."""

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = runpy.run_path(str(DOCS / "_pictures.py"))["pictures"]()


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_show_what_the_core_answers_now(name: str) -> None:
    """`make pictures` draws them anew."""
    assert (DOCS / "pictures" / name).read_text("utf-8") == PICTURES[name]


def test_no_picture_is_left_over() -> None:
    assert {path.name for path in (DOCS / "pictures").iterdir()} == set(PICTURES)

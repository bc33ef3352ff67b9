"""What the documentation site draws and tabulates is what the code does."""

import re
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


@pytest.mark.parametrize("browser", ["chromium", "firefox", "safari"])
def test_each_text_of_a_console_has_a_page(browser: str) -> None:
    """A placeholder stands for anything short."""
    console = pytest.importorskip("flask_cors.cli.console")
    pages = [path.read_text("utf-8") for path in (DOCS / "messages").glob("[!i]*.md")]
    said = "\n".join(" ".join(page.split()) for page in pages)
    for message in console.MESSAGES.values():
        text = re.escape(getattr(message, browser).rstrip("."))
        assert re.search(re.sub(r"\\{\w+\\}", ".{0,40}", text), said), text

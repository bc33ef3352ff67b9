"""The documentation site in Chromium: a problem is found by its words, and it fits a phone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import attrs
import pytest

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

DOCS = Path(__file__).parents[2] / "docs"

# In each line the page, and what someone with its problem types, or pastes from the console.
QUESTIONS = [
    line.split(": ", 1)
    for line in Path(__file__).with_name("questions.txt").read_text("utf-8").splitlines()
]

# What the results are once the search has ended: the addresses of the pages, best first.
RESULTS = """
const [url, done] = arguments;
const read = () => {
  const links = [...document.querySelectorAll("#search-results ul.search > li > a")];
  const ended = document.querySelector("#search-results .search-summary")?.textContent;
  if (ended) done(links.map(link => link.pathname));
  else setTimeout(read, 20);
};
read();
"""


@attrs.frozen
class Site:
    """The site, built, and a browser that looks at it."""

    folder: Path
    driver: Chrome

    def open(self, page: str, **query: str) -> None:
        self.driver.get(f"{(self.folder / page).as_uri()}?{urlencode(query)}")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Build the site, and start the browser."""
    from .driving import chromium  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "--quiet", str(DOCS), str(folder)]
    subprocess.run(command, check=True)  # noqa: S603
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield Site(folder, driver)


@pytest.mark.parametrize(("page", "question"), QUESTIONS)
def test_the_search_finds_the_page_of_a_problem_by_its_words(
    site: Site, page: str, question: str
) -> None:
    """It is one of the first three."""
    site.open("search.html", q=question)
    found = site.driver.execute_async_script(RESULTS, None)
    names = [Path(path).relative_to(site.folder).as_posix() for path in found]
    assert f"{page}.html" in list(dict.fromkeys(names))[:3]


@pytest.mark.parametrize("width", [360, 800, 1400])
def test_no_page_is_wider_than_the_screen(site: Site, width: int) -> None:
    """What is wide scrolls by itself."""
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    site.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    wide = {}
    for page in sorted(site.folder.rglob("*.html")):
        site.driver.get(page.as_uri())
        drawn = site.driver.execute_script("return document.documentElement.scrollWidth")
        if drawn > width:
            wide[page.relative_to(site.folder).as_posix()] = drawn
    assert wide == {}

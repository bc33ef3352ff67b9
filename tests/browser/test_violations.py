"""Each violation that the conformance suite reports is one in Chromium: its effect is seen there.

A server has a path for each invariant, with that one defect. The suite must report it, and the
page must be hurt by it; at `/right` neither happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from corecors.conformance import INVARIANTS, Expectation, URLClient, run

ORIGIN = "Access-Control-Allow-Origin"
ON_PREFLIGHT = {
    "Access-Control-Allow-Methods": "PUT",
    "Access-Control-Allow-Headers": "x-a",
    "Access-Control-Max-Age": "0",
}
FETCH = """
const [url, init, done] = arguments;
fetch(url, init).then(
  (response) => done({read: true, names: [...response.headers.keys()]}),
  () => done({read: false, names: []}),
);
"""
VIOLATIONS = [rule.number for rule in INVARIANTS if rule.kind == "violation"]


class Server:
    """Pages on two ports, and on a third what they ask for."""

    def __init__(self, at: dict[str, str]) -> None:
        self.pages = at["one"], at["two"]
        self.last: dict[str, str] = {}

    def __call__(self, environ: Any, start: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/page":
            start("200 OK", [("Content-Type", "text/html")])
            return [b"<title>page</title>"]
        status, lines = self.answer(environ)
        start(status, [("X-Secret", "x"), ("Content-Type", "text/plain"), *lines])
        return [b"x"]

    def answer(self, environ: Any) -> tuple[str, list[tuple[str, str]]]:
        path, origin = environ["PATH_INFO"][1:], environ.get("HTTP_ORIGIN", "")
        before = self.last.get(path, origin)
        self.last[path] = origin or before
        allowed = origin in ({*self.pages} if path.startswith("13") else {self.pages[0]})
        allowed = allowed and (path != "20" or before == origin)
        lines = [("Vary", "Origin"), ("Access-Control-Expose-Headers", "X-Public")]
        if path != "4" and (allowed or path == "5"):
            lines.append((ORIGIN, origin))
        if environ["REQUEST_METHOD"] == "OPTIONS" and allowed:
            lines += {**ON_PREFLIGHT, **PREFLIGHTS.get(path, {})}.items()
            return ("405 No" if path == "7" else "200 OK"), lines
        return "200 OK", CHANGES.get(path, lambda lines: lines)(lines)


# What is changed by a defect in the answer to a preflight, and in the others.
PREFLIGHTS = {
    "8": {"Access-Control-Allow-Methods": "*"},
    "10": {"Access-Control-Allow-Headers": "*"},
    "11": {"Access-Control-Max-Age": "600"},
}
CHANGES: dict[str, Any] = {
    "1": lambda lines: [*lines, *lines[-1:]],
    "6": lambda lines: [*lines, ("Access-Control-Allow-Credentials", "true")],
    "12": lambda lines: [*lines, ("Access-Control-Expose-Headers", "*")],
    "13": lambda lines: [*lines[1:], ("Cache-Control", "max-age=600")],
    "13-right": lambda lines: [*lines, ("Cache-Control", "max-age=600")],
}


@attrs.frozen
class Pages:
    """A browser with two pages, and the server that they ask."""

    driver: Any
    at: dict[str, str]
    record: Any

    def fetch(self, page: str, path: str, **init: Any) -> dict[str, Any]:
        self.driver.get(f"{self.at[page]}/page")
        url = f"{self.at['api']}/{path}?id={path}"
        found: dict[str, Any] = self.driver.execute_async_script(FETCH, url, init)
        return found

    def reads(self, page: str, path: str, **init: Any) -> bool:
        return bool(self.fetch(page, path, **init)["read"])

    def preflights(self, path: str) -> int:
        return [exchange.method for exchange in self.record[path]].count("OPTIONS")


@pytest.fixture(scope="module")
def defects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    from .driving import chromium  # noqa: PLC0415 (needs selenium)
    from .serving import listening, serving  # noqa: PLC0415 (as above)

    hosts = dict.fromkeys(("one", "two", "api"), "127.0.0.1")
    with listening(hosts) as sockets, chromium(tmp_path_factory.mktemp("profile")) as driver:
        at = {n: f"http://127.0.0.1:{bound.getsockname()[1]}" for n, bound in sockets.items()}
        with serving(sockets.values(), Server(at)) as record:
            yield Pages(driver, at, record)


def reported(pages: Pages, path: str, number: int) -> bool:
    expected = Expectation(
        path=f"/{path}",
        origins=pages.at["one"],
        methods=("GET", "PUT"),
        headers="X-A",
        exposed="X-Public",
        max_age=0,
    )
    (rule,) = (rule for rule in INVARIANTS if rule.number == number)
    return bool(run(URLClient(pages.at["api"]), expected, invariants=[rule]).violations)


# What a page gets that it must not, or does not get that it must: (page, what it sends).
READS = {1: False, 4: False, 5: True, 6: True, 7: False, 8: True, 10: True}
SENT: dict[int, tuple[str, dict[str, Any]]] = {
    1: ("one", {}),
    4: ("one", {}),
    5: ("two", {}),
    6: ("one", {"credentials": "include"}),
    7: ("one", {"method": "PUT"}),
    8: ("one", {"method": "DELETE"}),
    10: ("one", {"headers": {"x-evil": "1"}}),
}


@pytest.mark.parametrize("number", VIOLATIONS)
def test_the_suite_reports_the_defect_and_nothing_where_there_is_none(
    defects: Pages, number: int
) -> None:
    assert reported(defects, str(number), number)
    assert not reported(defects, "right", number)


@pytest.mark.parametrize("number", READS)
def test_the_page_reads_what_it_must_not_or_fails_though_it_must_not(
    defects: Pages, number: int
) -> None:
    page, init = SENT[number]
    assert defects.reads(page, str(number), **init) is READS[number]
    assert defects.reads(page, "right", **init) is not READS[number]


def test_a_preflight_is_kept_for_longer(defects: Pages) -> None:
    """(11) The second PUT asks again where the first answer is not to be kept."""
    asked = {}
    for path in ("11", "right"):
        before = defects.preflights(path)
        assert defects.reads("one", path, method="PUT")
        assert defects.reads("one", path, method="PUT")
        asked[path] = defects.preflights(path) - before
    assert asked == {"11": 1, "right": 2}


def test_a_header_is_read_that_is_not_exposed(defects: Pages) -> None:
    """(12)"""
    seen = {path: "x-secret" in defects.fetch("one", path)["names"] for path in ("12", "right")}
    assert seen == {"12": True, "right": False}


CACHED = ("13", "13-right")


def test_a_page_gets_what_the_cache_has_stored_for_another(defects: Pages) -> None:
    """(13) Two origins of one site share the browser's own cache too."""
    read = {path: [defects.reads(page, path) for page in ("one", "two")] for path in CACHED}
    assert read == {"13": [True, False], "13-right": [True, True]}


def test_a_page_gets_the_answer_that_was_made_for_another(defects: Pages) -> None:
    """(20)"""
    options = {"cache": "no-store"}
    assert [defects.reads(page, "20", **options) for page in ("one", "two", "one")] == [
        True,
        False,
        False,
    ]
    assert [defects.reads(page, "right", **options) for page in ("one", "two", "one")] == [
        True,
        False,
        True,
    ]


def test_each_violation_is_shown() -> None:
    assert sorted([*READS, 11, 12, 13, 20]) == VIOLATIONS

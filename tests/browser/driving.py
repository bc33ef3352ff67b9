"""Chromium, headless, runs the cases: one tab for each page, one script for each page and turn."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from .cases import Call, Case
from .predicting import ERROR, Seen

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

ARGUMENTS = (
    "--headless",
    "--no-sandbox",  # its sandbox does not start for root; it loads our own pages only
    "--no-proxy-server",
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A sandboxed frame in the process of its page: the console of another one is not handed out.
    "--disable-features=IsolateSandboxedIframes",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
RUN = "const done = arguments[1]; {run}(arguments[0]).then(done, e => done(String(e)));"


def missing() -> str:
    """Name what a browser test needs and this machine lacks."""
    try:
        import selenium  # noqa: F401, PLC0415
    except ImportError:
        return "selenium"
    if _browser() is None:
        return BROWSERS[0]
    return "" if shutil.which("chromedriver") else "chromedriver"


def _browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def chromium(profile: Path) -> Iterator[Chrome]:
    """Start the browser with an empty profile, and end it."""
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService  # noqa: PLC0415

    options = ChromeOptions()
    options.binary_location = _browser()
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for argument in [*ARGUMENTS, f"--user-data-dir={profile}"]:
        options.add_argument(argument)
    driver = Chrome(options=options, service=ChromeService(shutil.which("chromedriver")))
    try:
        driver.set_script_timeout(60)
        yield driver
    finally:
        driver.quit()


def observe(
    driver: Chrome, cases: Mapping[str, Case], at: Mapping[str, str]
) -> dict[str, list[Seen]]:
    """Have all cases run, turn by turn; give what each call of each case let the page see."""
    tabs: dict[str, str] = {}
    seen: dict[str, list[Seen]] = {id_: [] for id_ in cases}
    for number in range(max(len(case.turns) for case in cases.values())):
        for page, jobs in jobs_of(cases, at, number).items():
            _open(driver, tabs, page, at)
            script = RUN.format(run="runInFrame" if page == "null" else "run")
            results = driver.execute_async_script(script, jobs)
            for id_, answers in results.items():
                seen[id_] += [_seen(answer) for answer in answers]
    return seen


def read_console(driver: Chrome) -> dict[str, list[str]]:
    """Give what the consoles of all pages show, for each case that is named in it."""
    shown: dict[str, list[str]] = {}
    for tab in driver.window_handles:
        driver.switch_to.window(tab)
        for entry in driver.get_log("browser"):
            _, _, text = entry["message"].split(" ", 2)  # who wrote it, and a dash
            id_ = re.search(r"[?&]id=(\d+)", entry["message"])
            if id_:
                shown.setdefault(id_[1], []).append(text)
    return shown


def jobs_of(
    cases: Mapping[str, Case], at: Mapping[str, str], number: int
) -> dict[str, list[dict[str, Any]]]:
    """Give for each page what it has to do in this turn."""
    jobs: dict[str, list[dict[str, Any]]] = {}
    for id_, case in cases.items():
        if number < len(case.turns):
            page, calls = case.turns[number]
            job = {"id": id_, "calls": [_call(call, at, id_) for call in calls]}
            jobs.setdefault(page, []).append(job)
    return jobs


def _open(driver: Chrome, tabs: dict[str, str], page: str, at: Mapping[str, str]) -> None:
    if page not in tabs:
        driver.switch_to.new_window("tab")
        driver.get(at["p1" if page == "null" else page] + "/page")
        tabs[page] = driver.current_window_handle
    driver.switch_to.window(tabs[page])


def _call(call: Call, at: Mapping[str, str], id_: str) -> dict[str, Any]:
    init = {name: getattr(call, name) for name in ("method", "credentials", "mode", "redirect")}
    init["headers"] = call.headers
    if call.body is not None:
        init["body"] = call.body
    wanted = {"url": call.url(at, id_), "init": init}
    return {**wanted, "upload": call.upload, "wait": call.wait}


def _seen(answer: Mapping[str, Any]) -> Seen:
    if answer["kind"] == "error":
        return attrs.evolve(ERROR, note=answer["error"])
    return Seen(
        kind=answer["kind"],
        status=answer["status"],
        headers=frozenset((name.lower(), value) for name, value in answer["headers"]),
        body=answer["body"],
    )

"""WebKit, Safari's engine, in GTK's small browser: it writes its console to its output."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

SECONDS = 120
"""How long a page may take."""

_ERROR = "CONSOLE SECURITY ERROR "
END = "all cases are done"
"""What a page writes last. It asks one thing after the other: no error names the case it is of, and
what follows it does."""


def missing() -> str:
    """Name what this machine lacks."""
    if _browser() is None:
        return "webkit2gtk-driver"
    return "" if shutil.which("xvfb-run") else "xvfb"


def _browser() -> Path | None:
    return next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"), None)


def console(url: str) -> dict[str, list[str]]:
    """Open a page, and give what its console shows for each case."""
    shown: dict[str, list[str]] = {}
    texts: list[str] = []
    with _lines(url) as lines:
        for line in lines:
            case = re.search(r"cannot load \S+[?&]id=(\d+)", line)
            if case:
                shown.setdefault(case[1], []).extend(texts)
                texts = []
            elif _ERROR in line:
                texts.append(line.rstrip("\n").partition(_ERROR)[2])
            elif END in line:
                return shown
    raise AssertionError(f"the page did not come to its end in {SECONDS} seconds")


@contextmanager
def _lines(url: str) -> Iterator[Iterator[str]]:
    """Start the browser on a screen of its own, and end both."""
    browser = [str(_browser()), "--enable-write-console-messages-to-stdout=true"]
    process = subprocess.Popen(  # noqa: S603 (our own command)
        ["xvfb-run", "-a", *browser, url],  # noqa: S607 (found by `missing`)
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    timer = Timer(SECONDS, os.killpg, (process.pid, signal.SIGKILL))
    timer.start()
    try:
        assert process.stdout is not None
        with process.stdout:
            yield process.stdout
    finally:
        timer.cancel()
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)

"""Ways of serving an application, each as a new user starts it, and what its terminal shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Optional

import attrs

HERE = Path(__file__).parent

WAYS = {
    "flask run --debug": ("flask", "--app", "app", "run", "--debug", "--port", "0"),
    "flask run": ("flask", "--app", "app", "run", "--port", "0"),
    "gunicorn": ("gunicorn", "--bind", "127.0.0.1:0", "app:app"),
}
"""The modules and arguments for `python -m`."""

_ADDRESS = re.compile(r"(?:Running on|Listening at:) (http://127\.0\.0\.1:\d+)")
_OURS = re.compile(
    r"^(CORS|an exception of '|@cross_origin has no effect).*|^.*:\d+: CORSWarning: .*",
    re.MULTILINE,
)


@attrs.define
class Server:
    """A server that runs, and after that what its terminal showed."""

    address: str
    output: str = ""

    @property
    def said(self) -> list[str]:
        """Give our lines, each once: with its reloader, Flask imports the application twice."""
        text = self.output.replace(f"{HERE}{os.sep}", "").replace(
            self.address, "http://127.0.0.1:5000"
        )
        return list(dict.fromkeys(match.group() for match in _OURS.finditer(text)))


@contextmanager
def serving(way: str) -> Generator[Server]:
    """Start a server on a free port of 127.0.0.1, and end it by its own id."""
    process = subprocess.Popen(  # noqa: S603 (our own command)
        [sys.executable, "-m", *WAYS[way]],
        cwd=HERE,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    started: list[str] = []
    try:
        server = Server(_address(process.stdout, started))
        yield server
    finally:
        process.terminate()
        output, _ = process.communicate(timeout=60)
    server.output = "".join(started) + output


def _address(lines: Iterator[str], started: list[str]) -> str:
    for line in lines:
        started.append(line)
        found: Optional[re.Match[str]] = _ADDRESS.search(line)
        if found:
            return found[1]
    raise AssertionError("".join(started))


def _environment() -> dict[str, str]:
    """Give an environment without what this process was told about Flask and warnings."""
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("FLASK_", "PYTHONWARNINGS", "WERKZEUG_", "GUNICORN_"))
    }
    return {**environ, "FLASK_CORS_EXPOSED_HEADERS": "X-Total", "PYTHONUNBUFFERED": "1"}

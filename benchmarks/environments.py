"""An environment of its own for everything that this package is compared with.

They are made by uv under `.cache/bench`, with the Python that runs this; versions of what they
share, Flask and Werkzeug above all, are those of the development environment.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from .workers import Implementation

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".cache" / "bench"
LOCK = ROOT / "requirements-dev.txt"

OURS = Implementation("corecors", "flask_app", version("flask-cors"), sys.executable)
PURE = OURS._replace(name="corecors.evaluate", framework="pure")


class Other(NamedTuple):
    """A package to compare with."""

    name: str
    framework: str
    distribution: str
    version: str = ""
    """As a requirement; without one, the newest."""
    beside: tuple[str, ...] = ()
    """What is installed beside it."""


V602 = Other("6.0.2", "flask_app", "flask-cors", "==6.0.2")
NEWEST = Other("newest", "flask_app", "flask-cors", ">6.0.2")


def provide(other: Other) -> Implementation:
    """Make the environment, where it does not exist yet, and tell how to use it."""
    home = FOLDER / other.name.lower()
    python = home / "bin" / "python"
    stamp = home / "installed.txt"
    requirements = (other.distribution + other.version, *other.beside)
    wanted = "\n".join([sys.version, *requirements, LOCK.read_text("utf-8")])
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        _uv("venv", "--quiet", "--clear", "--python", sys.executable, str(home))
        _uv(
            "pip",
            "install",
            "--quiet",
            "--python",
            str(python),
            "--constraint",
            str(LOCK),
            *requirements,
        )
        stamp.write_text(wanted, "utf-8")
    return Implementation(other.name, other.framework, _version(other, python), str(python))


def _version(other: Other, python: Path) -> str:
    code = "import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))"
    command = [str(python), "-c", code, other.distribution]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _uv(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "uv", *arguments], check=True)

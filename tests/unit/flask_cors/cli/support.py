"""Run the commands in this process, or for real."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo

from flask_cors.cli import cors


class Ran(NamedTuple):
    """What a command left."""

    status: int
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def run(app: Flask, *arguments: str) -> Ran:
    """Run `flask cors ...` on an application."""
    info = ScriptInfo(create_app=lambda *_: app)
    result = CliRunner().invoke(cors, arguments, obj=info)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.output)


def run_for_real(folder: Path, *arguments: str, debug: bool = False) -> Ran:
    """Run `flask cors ...` as a user does, in the folder of an `app.py`."""
    environ = {**os.environ, "FLASK_APP": "app.py", "PYTHONIOENCODING": "utf-8"}
    environ.pop("PYTHONWARNINGS", None)  # a user's warnings are no errors
    command = [sys.executable, "-m", "flask", *["--debug"][: int(debug)], "cors", *arguments]
    done = subprocess.run(  # noqa: S603 (our own command)
        command, cwd=folder, env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    return Ran(done.returncode, done.stdout + done.stderr)

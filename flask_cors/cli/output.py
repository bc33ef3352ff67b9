"""What the terminal shows: JSON, or text, with colours and tables where `rich` is installed.

Colours and boxes are for terminals alone; whatever reads a pipe gets plain lines. `NO_COLOR` is
obeyed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Optional

import click

if TYPE_CHECKING:
    from rich.console import Console

NAMELESS = "..."
"""Stands for a function without a name."""

GOOD, BAD, NOTE, TITLE = "green", "red", "yellow", "bold"


class Output:
    """Where the commands write."""

    def __init__(self) -> None:
        self._console = _console()

    def line(self, text: str = "", style: str = "") -> None:
        """Write one line."""
        if self._console is None:
            click.echo(text)
        else:
            self._console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Write a table."""
        if self._console is None:
            for line in _aligned([columns, *rows]):
                click.echo(line)
            return
        from rich.table import Table  # noqa: PLC0415 (an extra)
        from rich.text import Text  # noqa: PLC0415 (an extra)

        table = Table(*columns, box=None, pad_edge=False)
        for row in rows:
            table.add_row(*(Text(cell, overflow="fold") for cell in row))
        self._console.print(table)


def _console() -> Optional[Console]:
    """Give what draws on a terminal, where there is both."""
    try:
        from rich.console import Console  # noqa: PLC0415 (an extra)
    except ImportError:
        return None
    console = Console()
    return console if console.is_terminal else None


def _aligned(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()


def write_json(value: Any) -> None:
    """Write a value for programs to read."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def text_of(value: object) -> str:
    """Write a value of an option as it stands in Python, functions by their names.

    >>> text_of(["https://a.example", len]), text_of("*")
    ('["https://a.example", len]', '"*"')
    """
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        entries = (f"{text_of(key)}: {text_of(own)}" for key, own in value.items())
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, (list, tuple, set, frozenset)):
        return "[" + ", ".join(map(text_of, value)) + "]"
    if callable(value):
        name = str(getattr(value, "__name__", ""))
        return name if name.isidentifier() else NAMELESS
    return repr(value)

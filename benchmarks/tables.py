"""Tables for the terminal, and between the markers of a document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table as RichTable

from .bench import Table


def show(console: Console, table: Table) -> None:
    """Print a table."""
    rich = RichTable(title=table.title, caption=table.note, box=box.SIMPLE, title_justify="left")
    for number, column in enumerate(table.columns):
        rich.add_column(column, justify="right" if number else "left", overflow="fold")
    for row in table.rows:
        rich.add_row(*row)
    console.print(rich)


def write(document: Path, question: str, tables: Iterable[Table], context: str = "") -> None:
    """Put tables in the place of those that an earlier run has written."""
    begin, end = f"<!-- {question}: make bench -->", f"<!-- end of {question} -->"
    text = document.read_text("utf-8")
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not pattern.search(text):
        return
    body = "\n\n".join([*map(_markdown, tables), *filter(None, [context])])
    text = pattern.sub(lambda _: f"{begin}\n\n{body}\n\n{end}", text)
    document.write_text(text, "utf-8")


def _markdown(table: Table) -> str:
    head = "| " + " | ".join(table.columns) + " |"
    rule = "|---|" + "--:|" * (len(table.columns) - 1)
    rows = ["| " + " | ".join(row) + " |" for row in table.rows]
    note = f"\n\n{table.note}" if table.note else ""
    return "\n".join([f"**{table.title}**\n", head, rule, *rows]) + note

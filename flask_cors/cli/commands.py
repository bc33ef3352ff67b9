"""The commands by their names."""

from __future__ import annotations

import click

from .check import check

COMMANDS: dict[str, click.Command] = {"check": check}

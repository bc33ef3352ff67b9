"""The commands by their names."""

from __future__ import annotations

import click

from .check import check
from .routes import policy, routes

COMMANDS: dict[str, click.Command] = {"check": check, "policy": policy, "routes": routes}

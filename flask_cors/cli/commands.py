"""The commands by their names."""

from __future__ import annotations

import click

from .audit import audit
from .check import check
from .diff import diff
from .routes import policy, routes

COMMANDS: dict[str, click.Command] = {
    "audit": audit,
    "check": check,
    "diff": diff,
    "policy": policy,
    "routes": routes,
}

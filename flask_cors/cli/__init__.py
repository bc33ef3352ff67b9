"""`flask cors`: what the policies of an application do, asked of the application itself.

Flask loads this module with every command of its own; so it imports nothing but `click`, and the
commands come when one of them is used.
"""

from __future__ import annotations

import click


class _Commands(click.Group):
    """The commands, imported by the first that asks for one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from .commands import COMMANDS  # noqa: PLC0415 (see above)

        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from .commands import COMMANDS  # noqa: PLC0415 (see above)

        return COMMANDS.get(cmd_name)


@click.group(name="cors", cls=_Commands)
def cors() -> None:
    """Show what CORS does in this application, and why."""

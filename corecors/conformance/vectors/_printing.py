"""The files as texts: a vector on each line, so that a change of one is a change of one line."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any, Callable

from ._browser import browser_vectors
from ._server import server_vectors

__all__ = ["FILES", "as_text", "main"]

FORMAT = 1
"""Goes up when a program that reads the files has to change."""

FILES: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "browser": browser_vectors,
    "server": server_vectors,
}
"""What makes the vectors of `NAME-vectors.json`, whose schema is `NAME-vectors.schema.json`."""


def as_text(name: str) -> str:
    """Return what `NAME-vectors.json` holds.

    >>> print(as_text("browser")[:68])
    {"$schema": "browser-vectors.schema.json", "format": 1, "vectors": [
    """
    head = json.dumps({"$schema": f"{name}-vectors.schema.json", "format": FORMAT})
    lines = ",\n".join(map(json.dumps, FILES[name]()))
    return f'{head[:-1]}, "vectors": [\n{lines}\n]}}\n'


def main(arguments: Sequence[str]) -> int:
    """Print the file that is asked for; return 2 where none is."""
    if len(arguments) != 1 or arguments[0] not in FILES:
        usage = " | ".join(FILES)
        sys.stderr.write(f"usage: python -m corecors.conformance.vectors {usage}\n")
        return 2
    sys.stdout.write(as_text(arguments[0]))
    return 0

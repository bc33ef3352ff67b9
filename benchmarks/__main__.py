"""`python -m benchmarks`: ask the questions and print what comes out."""

from __future__ import annotations

import argparse
import importlib
import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console

from .bench import Bench
from .counters import HOW_TO, find_counter
from .tables import show, write

QUESTIONS = ("per_request", "growth", "startup", "evaluate", "audit", "peers")


def main() -> None:
    """Do what the command line says."""
    arguments = _arguments()
    console = Console()
    counter = find_counter()
    context = _context(counter.name if counter else "")
    said = ", ".join(f"{key} {value}" for key, value in context.items())
    console.print(said)
    bench = Bench(Console(stderr=True), counter)
    results = {}
    with bench.progress:
        for name in arguments.only or QUESTIONS:
            result = importlib.import_module(f"benchmarks.{name}").run(bench)
            results[name] = result
            # At once: what comes next takes minutes.
            for document in arguments.write:
                write(document, name, result.tables, f"({said})")
            if arguments.json:
                _save(arguments.json, {"context": context, name: result.figures})
    for result in results.values():
        for table in result.tables:
            show(console, table)


def _save(file: Path, figures: dict[str, Any]) -> None:
    """Write the figures; those of questions that were not asked this time stay."""
    earlier = json.loads(file.read_text("utf-8")) if file.exists() else {}
    file.write_text(json.dumps({**earlier, **figures}, indent=1) + "\n", "utf-8")


def _context(counter: str) -> dict[str, Any]:
    return {
        "Python": platform.python_version(),
        "Flask": version("flask"),
        "Werkzeug": version("werkzeug"),
        "instructions by": counter or HOW_TO,
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only",
        nargs="+",
        choices=QUESTIONS,
        metavar="QUESTION",
        help=f"some of: {', '.join(QUESTIONS)}",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument(
        "--write",
        type=Path,
        nargs="+",
        default=(),
        metavar="FILE",
        help="put the tables between the markers of these documents",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""What does CORS cost once per process: the import, `CORS(app)`, and the memory of long lists?"""

from __future__ import annotations

import json
import statistics
import subprocess
from typing import Any

from .bench import Bench, Result, Table
from .environments import OURS, V602, provide

ROUNDS = 21

_IMPORT = """
import flask, json, sys, time
started = time.perf_counter_ns()
import {module}
print(json.dumps({{"ns": time.perf_counter_ns() - started}}))
"""

_SETUP = """
import json, sys, time, tracemalloc
from flask import Flask
from flask_cors import CORS
CORS(Flask("warm"), origins=["https://warm.example"])
options = {options}
app = Flask("benchmark")
started = time.perf_counter_ns()
CORS(app, **options)
taken = time.perf_counter_ns() - started
app = Flask("benchmark")
tracemalloc.start()
before = tracemalloc.get_traced_memory()[0]
CORS(app, **options)
used = tracemalloc.get_traced_memory()[0] - before
print(json.dumps({{"ns": taken, "bytes": used}}))
"""

_MANY = '{"origins": [f"https://host{n}.example" for n in range(100_000)]}'


def run(bench: Bench) -> Result:
    """Measure in fresh processes, in turns with what is alike.

    A process that makes 100,000 origins leaves the next one's import nothing in the caches.
    """
    old = provide(V602)
    import_ours = _IMPORT.format(module="flask_cors")
    imports = {
        "import attrs": (OURS.python, _IMPORT.format(module="attrs")),
        "import flask_cors": (OURS.python, import_ours),
        "import flask_cors, 6.0.2": (old.python, import_ours),
    }
    short = {
        "CORS(app)": (OURS.python, _SETUP.format(options="{}")),
        "CORS(app), 6.0.2": (old.python, _SETUP.format(options="{}")),
    }
    long = {
        "100,000 origins": (OURS.python, _SETUP.format(options=_MANY)),
        "100,000 origins, 6.0.2": (old.python, _SETUP.format(options=_MANY)),
    }
    advance = bench.steps("startup")
    taken: dict[str, list[dict[str, int]]] = {name: [] for name in (*imports, *short, *long)}
    for codes in (imports, short, long):
        for _ in range(ROUNDS):
            for name, (python, code) in codes.items():
                taken[name].append(_run(python, code))
                advance("processes", 1 / ROUNDS / len(taken))
    figures = {name: _medians(samples) for name, samples in taken.items()}
    return Result([_table(figures)], figures)


def _run(python: str, code: str) -> dict[str, int]:
    # Isolated: the packages of this interpreter, not those of the current folder.
    command = [python, "-I", "-c", code]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, int] = json.loads(done.stdout)
    return result


def _medians(samples: list[dict[str, int]]) -> dict[str, float]:
    return {key: statistics.median(one[key] for one in samples) for key in samples[0]}


def _table(figures: dict[str, Any]) -> Table:
    rows = [
        _row("import flask_cors, after Flask", figures, "import flask_cors", "≤ attrs + 13 ms"),
        _row("import attrs, after Flask", figures, "import attrs", ""),
        _row("CORS(app)", figures, "CORS(app)", "≤ 1 ms"),
        _row("CORS(app) with 100,000 origins", figures, "100,000 origins", "≤ 300 ms, ≤ 40 MB"),
    ]
    columns = ["once per process", "corecors ms", "MB", "target", "6.0.2 ms", "MB"]
    return Table("Once per process", columns, rows, "Medians of fresh processes; tracemalloc's MB.")


def _row(title: str, figures: dict[str, Any], name: str, target: str) -> list[str]:
    ours, old = _texts(figures.get(name)), _texts(figures.get(f"{name}, {V602.name}"))
    return [title, *ours, target, *old]


def _texts(figures: Any) -> list[str]:
    if figures is None:
        return ["-", "-"]
    memory = f"{figures['bytes'] / 1e6:.2f}" if "bytes" in figures else "-"
    return [f"{figures['ns'] / 1e6:.2f}", memory]

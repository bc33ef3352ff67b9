"""Draw the growth curves: `python -m benchmarks.chart FIGURES.json CHART.svg`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot

from .environments import OURS, V602
from .scenarios import GROWTH, Growth

STYLES = (
    ("written by hand", OURS.name, "hand", {"color": "#888888", "linestyle": "--"}),
    ("corecors", OURS.name, "cors", {"color": "#0072b2", "marker": "o"}),
    (f"Flask-CORS {V602.name}", V602.name, "cors", {"color": "#d55e00", "marker": "s"}),
)


def main() -> None:
    """Read the figures of `growth` and draw them."""
    source, target = map(Path, sys.argv[1:3])
    figures = json.loads(source.read_text("utf-8")).get("growth")
    if figures is None:
        print("chart: no figures of growth yet")
        return
    # The same figures give the same file, whose text stays text.
    mpl.rcParams.update({"svg.hashsalt": "growth", "svg.fonttype": "none", "font.size": 9})
    drawn = [growth for growth in GROWTH if len(growth.sizes) > 2]
    drawing, places = pyplot.subplots(1, len(drawn), figsize=(13, 3.2), sharey=True)
    for place, growth in zip(places, drawn):
        _draw(place, growth, figures)
    places[0].set_ylabel("added to a request,\nthousand instructions")
    places[0].legend(loc="upper left", frameon=False)
    drawing.tight_layout()
    drawing.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
    print(f"chart: {target}")


def _draw(place: Any, growth: Growth, figures: dict[str, Any]) -> None:
    for label, implementation, kind, style in STYLES:
        points = []
        for size, scenario in zip(growth.sizes, growth.scenarios()):
            counted = figures[scenario.name][implementation].get("instructions")
            if counted:
                points.append((size, counted[kind] / 1000))
        if points:
            place.plot(*zip(*points), label=label, **style)
    place.set_xscale("log")
    place.set_yscale("log")
    place.minorticks_off()
    place.set_title(growth.title)
    place.grid(visible=True, color="#dddddd", linewidth=0.5)
    place.spines[["top", "right"]].set_visible(False)


if __name__ == "__main__":
    main()

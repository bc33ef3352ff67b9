"""What does CORS cost elsewhere: in each framework, what is usual there and the adapter of ours?"""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

from .answers import Answer, conclusion
from .bench import Bench, Result, Table, thousands, times
from .environments import OURS, V602, Other, provide
from .scenarios import PEERS, Scenario
from .workers import Implementation

CORE = ("attrs",)  # what `corecors` needs
SANIC = (*CORE, "sanic", "pydantic")  # what `sanic-ext` needs, and does not say


class Peer(NamedTuple):
    """A framework, what is usual for CORS there, and how much dearer the adapter may be."""

    framework: str
    usual: str
    """An empty text where nothing is."""
    other: Other
    target: Optional[float] = None
    """How many times what the usual one adds, on each row where that is more than nothing."""


FRAMEWORKS = (
    Peer("Starlette", "its own", Other("starlette", "starlette_app", "starlette", "", CORE), 1.0),
    Peer(
        "Django",
        "django-cors-headers",
        Other("django", "django_app", "django-cors-headers", "", CORE),
        0.25,
    ),
    Peer("Quart", "quart-cors", Other("quart", "quart_app", "quart-cors", "", CORE), 0.25),
    Peer("Falcon", "its own", Other("falcon", "falcon_app", "falcon", "", CORE), 1.5),
    Peer("Litestar", "its own", Other("litestar", "litestar_app", "litestar", "", CORE)),
    Peer(
        "aiohttp",
        "aiohttp-cors",
        Other("aiohttp", "aiohttp_app", "aiohttp-cors", "", (*CORE, "aiohttp")),
    ),
    Peer("Sanic", "sanic-ext", Other("sanic", "sanic_app", "sanic-ext", "", SANIC)),
    Peer("Bottle", "", Other("bottle", "bottle_app", "bottle", "", CORE)),
)


class Pair(NamedTuple):
    """The two that are measured in one framework."""

    peer: Peer
    usual: Optional[Implementation]
    ours: Implementation


def run(bench: Bench) -> Result:
    """Measure all of them."""
    pairs = [_flask(), *map(_pair, FRAMEWORKS)]
    ours = [pair.ours for pair in pairs]  # that of Flask comes first, and has the right answers
    usual = [pair.usual for pair in pairs if pair.usual]
    figures = bench.compare("peers", [*ours, *usual], PEERS, ("bare", "cors"), _compare)
    columns = ["framework", "usual there"]
    for scenario in PEERS:
        columns += [f"{scenario.title}: usual", "ours", "×"]
    rows = [_row(pair, figures) for pair in pairs]
    note = "ki that are added over the bare application of the same framework; ten origins, two "
    note += "header names. ×: ours over what is usual."
    return Result([Table("In each framework", [*columns, "target"], rows, note)], figures)


def _flask() -> Pair:
    return Pair(Peer("Flask", "Flask-CORS", V602), provide(V602), OURS)


def _pair(peer: Peer) -> Pair:
    usual = provide(peer.other)
    ours = usual._replace(name=f"{usual.name}: ours", framework=f"{usual.framework}:adapt")
    return Pair(peer, usual if peer.usual else None, ours)


def _compare(scenario: Scenario, right: Answer, answer: Answer) -> str:
    expected = conclusion(scenario.request, right)
    return "" if conclusion(scenario.request, answer) is expected else f"not {expected}"


def _row(pair: Pair, figures: dict[str, Any]) -> list[str]:
    peer = pair.peer
    version = pair.usual.version if pair.usual else ""
    row = [peer.framework, f"{peer.usual} {version}" if peer.usual else "nothing"]
    for scenario in PEERS:
        here = figures[scenario.name]
        ours = _added(here[pair.ours.name])
        usual = _added(here[pair.usual.name]) if pair.usual else None
        wrong = here[pair.usual.name]["wrong"] if pair.usual else ""
        compared = times(ours, usual) if min(ours or 0, usual or 0) > 0 else "-"
        row += [wrong or thousands(usual), thousands(ours), compared]
    return [*row, "" if peer.target is None else f"≤ {peer.target}"]


def _added(figures: dict[str, Any]) -> Optional[float]:
    instructions: Optional[float] = figures.get("instructions", {}).get("cors")
    return instructions

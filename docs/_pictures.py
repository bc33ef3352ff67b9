"""Draw docs/pictures/: what the core answers and what the browser's half makes of it, as SVG.

`make pictures` draws them anew; a test holds them to the code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple, Union

from corecors import Policy
from corecors.browser import Request, Response, fetch_outcome

PICTURES = Path(__file__).parent / "pictures"

PAGE, OTHER = "https://app.example", "https://other.example"
URL = "https://api.example/users"

Fields = tuple[tuple[str, str], ...]


class Arrow(NamedTuple):
    """One message from one of the actors to another."""

    start: int
    end: int
    lines: tuple[str, ...]


class Note(NamedTuple):
    """What one of them makes of it."""

    actor: int
    text: str
    kind: str = "note"


Step = Union[Arrow, Note]


def simple(policy: Policy) -> Iterator[Step]:
    """Draw a GET: the request, the answer, and what the browser does with it."""
    answer = policy.answer("GET", PAGE).lines
    yield Arrow(0, 1, ("GET /users", f"Origin: {PAGE}"))
    yield Note(1, "The view runs.")
    yield Arrow(1, 0, ("200 OK", *_text(answer)))
    yield _verdict(0, Request(origin=PAGE, url=URL), answer)


def preflight(policy: Policy) -> Iterator[Step]:
    """Draw a PUT of JSON: the question, the permission, the request."""
    asked = ("PUT", "content-type")
    permission = policy.answer("OPTIONS", PAGE, *asked).lines
    answer = policy.answer("PUT", PAGE).lines
    yield Note(0, "PUT is not sent before it is allowed.")
    yield Arrow(
        0,
        1,
        (
            "OPTIONS /users",
            f"Origin: {PAGE}",
            f"Access-Control-Request-Method: {asked[0]}",
            f"Access-Control-Request-Headers: {asked[1]}",
        ),
    )
    yield Note(1, "No view runs.")
    yield Arrow(1, 0, ("200 OK", *_text(permission)))
    yield Arrow(0, 1, ("PUT /users", f"Origin: {PAGE}", "Content-Type: application/json"))
    yield Note(1, "The view runs.")
    yield Arrow(1, 0, ("200 OK", *_text(answer)))
    headers = {"Content-Type": "application/json"}
    request = Request(method="PUT", origin=PAGE, url=URL, headers=headers)
    yield _verdict(0, request, answer, permission)


def cache(policy: Policy) -> Iterator[Step]:
    """Draw two pages behind one cache: the second gets what was meant for the first."""
    first = policy.answer("GET", PAGE).lines
    yield Arrow(0, 1, ("GET /users", f"Origin: {PAGE}"))
    yield Arrow(1, 2, ("GET /users", f"Origin: {PAGE}"))
    yield Arrow(2, 1, ("200 OK", *_text(first)))
    yield Arrow(1, 0, ("200 OK", *_text(first)))
    yield _verdict(0, Request(origin=PAGE, url=URL), first)
    yield Note(0, f"Now a page of {OTHER}, which is allowed too:")
    yield Arrow(0, 1, ("GET /users", f"Origin: {OTHER}"))
    if any(name == "Vary" for name, _ in first):
        second = policy.answer("GET", OTHER).lines
        yield Note(1, "Another Origin: the stored answer does not fit.")
        yield Arrow(1, 2, ("GET /users", f"Origin: {OTHER}"))
        yield Arrow(2, 1, ("200 OK", *_text(second)))
    else:
        second = first
        yield Note(1, "Nothing says that Origin matters: the stored answer.")
    yield Arrow(1, 0, ("200 OK", *_text(second)))
    yield _verdict(0, Request(origin=OTHER, url=URL), second)


def _text(lines: Fields) -> tuple[str, ...]:
    text = (f"{name}: {value}" for name, value in lines)
    return tuple(part for line in text for part in wrap(line, 52, break_on_hyphens=False))


def _verdict(actor: int, request: Request, answer: Fields, permission: Fields = ()) -> Note:
    outcome = fetch_outcome(request, Response(headers=permission), Response(headers=answer))
    if outcome.allowed:
        return Note(actor, "\u2714 The page reads the answer.", "yes")
    return Note(actor, "\u2718 The browser keeps the answer from the page.", "no")


TWO = ("The page's browser", "The API")
THREE = ("A browser", "A cache", "The API")
BOTH = [PAGE, OTHER]
DRAWN: dict[str, tuple[tuple[str, ...], Iterator[Step]]] = {
    "blocked": (TWO, simple(Policy(origins=OTHER, vary_header=False))),
    "simple": (TWO, simple(Policy(origins=PAGE))),
    "preflight": (TWO, preflight(Policy(origins=PAGE, methods=["GET", "PUT"]))),
    "cache": (THREE, cache(Policy(origins=BOTH, vary_header=False))),
    "vary": (THREE, cache(Policy(origins=BOTH))),
}


# --- the drawing: lines from top to bottom, in the units of a text of 13

LINE, GAP, TOP, MARGIN = 18, 16, 46, 10
BETWEEN = {2: 450, 3: 415}  # from one actor to the next
STYLE = """
  text { font: 13px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #1c2430;
         paint-order: stroke; stroke: #fff; stroke-width: 5px; stroke-linejoin: round; }
  .who, .note, .yes, .no { font-family: system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; }
  .who { font-weight: 600; font-size: 14px; text-anchor: middle; stroke: none; }
  .paper { fill: #fff; } .box { fill: #e8eff0; } .note { fill: #5b6675; }
  .yes { fill: #14703a; font-weight: 600; } .no { fill: #b3261e; font-weight: 600; }
  line { stroke: #9aa6b5; } .arrow { stroke: #3b6b8a; stroke-width: 1.6; } .head { fill: #3b6b8a; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e4e9ed; stroke: #1a1f25; } .paper { fill: #1a1f25; }
    .box { fill: #2a333c; } .note { fill: #9aa6b5; }
    .yes { fill: #5fd38a; } .no { fill: #ff8a80; } line { stroke: #55606b; }
    .arrow { stroke: #7cc4e8; } .head { fill: #7cc4e8; }
  }"""


def draw(actors: tuple[str, ...], steps: Iterable[Step]) -> str:
    """Draw the steps below one another, each as high as its text."""
    column = [95 + BETWEEN[len(actors)] * place for place in range(len(actors))]
    width = column[-1] + 95
    body, y = [], TOP
    for step in steps:
        if isinstance(step, Note):
            body.append(_note(step, column, y + LINE, width))
            y += LINE + GAP
        else:
            body.extend(_arrow(step, column, y))
            y += LINE * len(step.lines) + GAP + 6
    height = y + MARGIN
    head = [_actor(name, x, height) for name, x in zip(actors, column)]
    size = f'width="{width}" height="{height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {size}>',
        f"<style>{STYLE}\n</style>",
        f'<rect class="paper" {size} rx="8"/>',
        *head,
        *body,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _actor(name: str, x: int, height: int) -> str:
    return (
        f'<line x1="{x}" y1="38" x2="{x}" y2="{height - 8}" stroke-dasharray="3 4"/>'
        f'<rect class="box" x="{x - 85}" y="10" width="170" height="28" rx="6"/>'
        f'<text class="who" x="{x}" y="29">{escape(name)}</text>'
    )


def _arrow(arrow: Arrow, column: list[int], y: int) -> Iterator[str]:
    start, end = column[arrow.start], column[arrow.end]
    left = min(start, end) + 14
    for number, line in enumerate(arrow.lines, 1):
        yield f'<text x="{left}" y="{y + LINE * number - 2}">{escape(line)}</text>'
    at = y + LINE * len(arrow.lines) + 6
    tip = 9 if start > end else -9
    yield f'<line class="arrow" x1="{start}" y1="{at}" x2="{end}" y2="{at}"/>'
    yield (f'<path class="head" d="M{end} {at} l{tip} -5 v10 z"/>')


def _note(note: Note, column: list[int], y: int, width: int) -> str:
    x, anchor = column[note.actor] + 14, "start"
    if x > width / 2 + 40:
        x, anchor = column[note.actor] - 14, "end"
    text = escape(note.text)
    return f'<text class="{note.kind}" x="{x}" y="{y}" text-anchor="{anchor}">{text}</text>'


def pictures() -> dict[str, str]:
    """Give each picture's file name and text."""
    return {f"{name}.svg": draw(actors, steps) for name, (actors, steps) in DRAWN.items()}


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    for name, text in pictures().items():
        (PICTURES / name).write_text(text, "utf-8")

"""Is it the same answer? Asked before anything is measured: a fast wrong answer cannot win."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corecors import browser

from .scenarios import Request

Answer = Mapping[str, Any]
Lines = list[list[str]]

_LISTS = ("access-control-allow-methods", "access-control-allow-headers")


def added(bare: Answer, answer: Answer) -> Lines:
    """Give the header lines that CORS has added: what `hand` is to write."""
    return [line for line in answer["headers"] if line not in bare["headers"] and _is_cors(line)]


def _is_cors(line: list[str]) -> bool:
    name = line[0].lower()
    return name == "vary" or name.startswith("access-control-")


def difference(ours: Answer, other: Answer) -> str:
    """Compare with another Flask-CORS, field by field; an empty text when they agree.

    What `Vary` names may be more here: 6.0.2 leaves it out of refusals and preflights (D11).
    """
    for key in ("status", "body"):
        if ours[key] != other[key]:
            return f"{key} {other[key]!r}"
    mine, theirs = _fields(ours), _fields(other)
    vary, their_vary = mine.pop("vary", frozenset()), theirs.pop("vary", frozenset())
    if mine != theirs:
        return str(dict(sorted(theirs.items())))
    return "" if their_vary <= vary else f"Vary: {sorted(their_vary)}"


def _fields(answer: Answer) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in (line for line in answer["headers"] if _is_cors(line)):
        key = name.lower()
        listed = frozenset(item.strip().lower() for item in value.split(","))
        fields[key] = listed if key in _LISTS else value
        if key == "vary":
            fields[key] = listed
    return fields


def conclusion(request: Request, answer: Answer) -> bool:
    """Say whether a browser lets the page on: what the peers' answers have to agree in."""
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    if "Access-Control-Request-Method" not in request.headers:
        return browser.cors_check(origin, "omit", _pairs(answer)).allowed
    names = request.headers.get("Access-Control-Request-Headers", "").split(",")
    asked = browser.Request(
        method=request.headers["Access-Control-Request-Method"],
        origin=origin,
        url=f"https://api.example{request.path}",
        headers=[(name, "application/json") for name in names if name],
        credentials="omit",
    )
    response = browser.Response(status=answer["status"], headers=_pairs(answer))
    return browser.preflight_check(asked, response).allowed


def _pairs(answer: Answer) -> list[tuple[str, str]]:
    return [(name, value) for name, value in answer["headers"]]

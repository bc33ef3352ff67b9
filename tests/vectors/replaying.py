"""A browser's half put to a vector: what it does otherwise than the vector says."""

from __future__ import annotations

from typing import Any

from corecors.browser import Dialect, Request, Response
from corecors.conformance.vectors._browser import DIALECTS
from corecors.conformance.vectors._playing import Case, Step, play

Vector = dict[str, Any]


def differs(vector: Vector) -> bool:
    """Tell whether the model, as it is now, does something else in one of the dialects."""
    return any(
        observed(replayed(vector, DIALECTS[dialect])) != observed(vector["steps"])
        for dialect in vector["dialects"]
    )


def replayed(vector: Vector, dialect: Dialect) -> list[dict[str, Any]]:
    case = Case(
        id=vector["id"],
        about=vector["about"],
        clauses=tuple(vector["clauses"]),
        steps=tuple(map(_step, vector["steps"])),
        shared_cache=vector["shared_cache"],
    )
    return play(case, dialect)


def _step(step: dict[str, Any]) -> Step:
    asked = step["request"]
    preflights, answers = [], []
    for exchange in step["exchanges"]:
        names = [name for name, _ in exchange["sent"]["headers"]]
        is_preflight = "access-control-request-method" in names
        (preflights if is_preflight else answers).append(_response(exchange["answer"]))
    spare = (Response(status=599),) * 4  # for a half that sends more than it should
    return Step(
        request=Request(
            method=asked["method"],
            origin=asked["origin"],
            url=asked["url"],
            headers=tuple(map(tuple, asked["headers"])),
            credentials=asked["credentials"],
            mode=asked["mode"],
            use_preflight=asked["upload_listener"],
        ),
        at=step["at"],
        preflights=(*preflights, *spare),
        answers=(*answers, *spare),
    )


def _response(answer: dict[str, Any]) -> Response:
    return Response(status=answer["status"], headers=tuple(map(tuple, answer["headers"])))


def observed(steps: list[dict[str, Any]]) -> list[Any]:
    """What counts: what was sent, whether the page can read the answer, and which headers."""
    return [
        (
            [exchange["sent"] for exchange in step["exchanges"]],
            step["verdict"]["allowed"],
            step["verdict"]["readable_headers"],
        )
        for step in steps
    ]

"""The page's own server: the page, and for each of its rows what happened and why."""

from __future__ import annotations

from typing import Any

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from corecors.browser import Request, Response, fetch_outcome

from .api import python, resources
from .journal import Entry, Journal


def create_page(api: str, listed: str, other: str, journal: Journal) -> Flask:
    """Make the application that serves the page and reads the journal to it.

    It is served at two addresses: at `listed`, which the API knows, and at `other`.
    """
    app = Flask(__name__)

    def page() -> str:
        return render_template("page.html", api=api, listed=listed, other=other)

    def explanation() -> ResponseReturnValue:
        asked: Any = request.get_json()
        entries = journal.find(str(asked["id"]))
        return jsonify(
            entries=[_shown(entry) for entry in entries],
            policy=policy(listed, entries),
            why=explain(asked, entries),
        )

    app.add_url_rule("/", view_func=page)
    app.add_url_rule("/explanation", view_func=explanation, methods=["POST"])
    return app


def policy(listed: str, entries: list[Entry]) -> str:
    """Give the Python of the rule that covered the path, or nothing."""
    rules = resources(listed)
    covering = (entry.decision.rule for entry in entries)
    return next((python(rule, rules[rule]) for rule in covering if isinstance(rule, str)), "")


def explain(asked: Any, entries: list[Entry]) -> str:
    """Say which step of the Fetch standard decided, by what the server really sent."""
    if not entries:
        return ""
    fetch = Request(
        method=asked["method"],
        url=asked["url"],
        origin=asked["origin"],
        headers=asked["headers"],
        credentials=asked["credentials"],
    )
    outcome = fetch_outcome(fetch, _response(entries[0]), _response(entries[-1]))
    return f"{outcome.reason} ({outcome.step})"


def _response(entry: Entry) -> Response:
    return Response(status=entry.status, headers=entry.headers)


def _shown(entry: Entry) -> dict[str, Any]:
    verdict = entry.decision.verdict
    return {
        "request": f"{entry.method} {entry.path}",
        "status": entry.status,
        "verdict": verdict.name.replace("_", " ").lower(),
        "allowed": verdict.allowed,
        "reason": entry.decision.reason,
        "headers": entry.notable_headers(),
    }

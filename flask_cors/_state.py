"""What is known of a request while it is answered: its attributes, all of them named here.

They stand in the `__dict__` of the request and not in its WSGI environment, which may come to other
applications too; and never on a response, which may be returned again (D12, D14).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Optional

from flask import Flask, Request, Response

from corecors import Rule

ATTACHED = "flask_cors.attached"
"""The hook will run at the end of this request, though the application has none."""

ANSWER = "flask_cors.answer"
"""The answer that was given, so that a callable in `origins` is asked once (D4)."""

WRITTEN = "flask_cors.written"
"""The response that the answer was written on last."""

ROUTED = "flask_cors.routed"
"""The rule of the decorated view that the request was routed to, once it has run."""

CALLS = "flask_cors.calls"
"""The other decorated functions that have ended: each `Ended` by the `id` of what it ended with."""

RAISED = "flask_cors.raised"
"""The exception that came to Flask's error handlers."""


class Ended(NamedTuple):
    """How a decorated function ended, and the rule that it carries."""

    result: object
    """Its response, or what it raised; held, so that no other object takes its `id`."""
    rule: Rule


def is_routed_to(app: Flask, request: Request, view: Callable[..., Any]) -> bool:
    """Return whether a function is the one that the URL rule of a request names."""
    url_rule = request.url_rule
    if url_rule is None or app.view_functions.get(url_rule.endpoint) is not view:
        return False
    return "view_class" not in view.__dict__  # its methods may have policies of their own


def noted(request: Request, function: Callable[[], Response], rule: Rule) -> Response:
    """Run a decorated function and remember what it ended with.

    Of two functions that end with the same, the outer one counts.
    """
    try:
        response = function()
    except Exception as error:
        _note(request, error, rule)
        raise
    _note(request, response, rule)
    return response


def _note(request: Request, result: object, rule: Rule) -> None:
    request.__dict__.setdefault(CALLS, {})[id(result)] = Ended(result, rule)


def rule_of_result(request: Request, response: object) -> Optional[Rule]:
    """Return the rule of the decorated function whose response is the final one.

    Or of the one whose exception ended the request (D12).
    """
    known = request.__dict__
    calls: Optional[dict[int, Ended]] = known.get(CALLS)
    if calls is None:
        return None
    ended = calls.get(id(response)) or calls.get(id(known.get(RAISED)))
    return None if ended is None else ended.rule

"""What is known of a request while it is answered: its attributes, all of them named here.

They stand in the `__dict__` of the request and not in its WSGI environment, which may come to other
applications too; and never on a response, which may be returned again (D12, D14).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional, cast

from flask import Flask, Request, Response
from flask import request as request_proxy

from corecors import Answer, Rule

ROUTED = "flask_cors.routed"
"""The rule of the decorated view that the request was routed to, once it is called. Or None, where
only the hook was attached to this request, since the application has none."""

ENDED = "flask_cors.ended"
"""The other decorated functions that have ended: each `Ended` by the `id` of what it ended with."""

RAISED = "flask_cors.raised"
"""The rule of the decorated function whose exception came to Flask's error handlers, or None."""

ANSWERED = "flask_cors.answered"
"""What the hook has done, an `Answered`, where it may be asked again: after an exception, or under
a policy that may say something else the next time (D4)."""

LEFT_ALONE = "flask_cors.left_alone"
"""The response had an Access-Control-Allow-Origin of its own, which the log has told of."""

# Keys of a WSGI environment.
REQUESTED_METHOD = "HTTP_ACCESS_CONTROL_REQUEST_METHOD"
"""The method that a preflight asks for."""
REQUESTED_HEADERS = "HTTP_ACCESS_CONTROL_REQUEST_HEADERS"
"""The header names that a preflight asks for."""

# The object itself: one look-up, where a proxy costs one for each attribute that is read.
# Documented by Werkzeug despite its name; Flask declares its proxies as what they stand for.
current_request: Callable[[], Request] = cast(Any, request_proxy)._get_current_object  # noqa: SLF001 (documented)


Answered = tuple[Optional[Rule], Answer, Response]
"""The rule that has decided, its answer, and the response that has it."""


Ended = tuple[object, Rule]
"""What a decorated function ended with, and the rule that this carries.

Its response, or what it raised; held, so that no other object takes its `id`.
"""


def is_routed_to(app: Flask, request: Request, view: Callable[..., Any]) -> bool:
    """Return whether a function is the whole view that the URL rule of a request names."""
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
    request.__dict__.setdefault(ENDED, {})[id(result)] = result, rule


def note_raised(request: Request, error: Exception) -> None:
    """Remember whose exception has come to Flask's error handlers; the latest counts."""
    known = request.__dict__
    known[RAISED] = None
    if ENDED in known:
        # What is raised may carry the response of a decorated function: `abort(decorated())`.
        response = getattr(error, "response", None)
        known[RAISED] = _rule_of(request, error) or _rule_of(request, response)


def rule_of_result(request: Request, response: object) -> Optional[Rule]:
    """Return the rule of the decorated function whose response is the final one.

    Or of the one whose exception ended the request (D12).
    """
    return _rule_of(request, response) or request.__dict__.get(RAISED)


def _rule_of(request: Request, result: object) -> Optional[Rule]:
    ended: Optional[Ended] = request.__dict__.get(ENDED, {}).get(id(result))
    return None if ended is None else ended[1]

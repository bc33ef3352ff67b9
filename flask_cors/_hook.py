"""One hook for each application: ask the nearest policy, write its answer, log it."""

from __future__ import annotations

from collections.abc import Callable
from logging import DEBUG, INFO
from typing import Optional

from flask import Flask, Request, Response, after_this_request

from corecors import NO_RULE, Answer, Policy, Rule, Rules, Verdict

from ._decorated import Decoration
from ._exceptions import cover_exceptions
from ._installed import Installation
from ._late import check_late
from ._log import explained, is_logged, is_urgent, log
from ._nearest import nearest
from ._response import write
from ._state import (
    ANSWERED,
    ENDED,
    RAISED,
    REQUESTED_HEADERS,
    REQUESTED_METHOD,
    ROUTED,
    Answered,
    current_request,
)

_PRIVATE_NETWORK = "HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK"
# Names cost less than attributes of an enum.
ALLOWED, NO_ORIGIN = Verdict.ALLOWED, Verdict.NO_ORIGIN
PREFLIGHT_ALLOWED = Verdict.PREFLIGHT_ALLOWED


def require_setup(app: Flask) -> None:
    """Raise what Flask raises where an application is changed after its first request.

    As `after_request` would, and as it did for each `CORS(app)` in 6.0.2: this adds nothing.
    """
    app.shell_context_processor(dict)


def hook(installed: Installation) -> None:
    """Have the answer written at the end of each request; Flask refuses that after the first."""
    if not installed.hooked:
        installed.app.after_request(_apply_of(installed))
        installed.hooked = True


def hook_request(installed: Installation, request: Request) -> None:
    """Have the answer written at the end of the current request."""
    if not installed.hooked and ROUTED not in request.__dict__:
        request.__dict__[ROUTED] = None
        after_this_request(_apply_of(installed))


def _apply_of(installed: Installation) -> Callable[[Response], Response]:
    if installed.apply is None:
        installed.apply = _applying(installed)
        cover_exceptions(installed)
    return installed.apply


def _applying(installed: Installation) -> Callable[[Response], Response]:
    """Make what writes the answer on the response of the current request.

    It is no method: Flask asks of each such function whether it is asynchronous, and of a method
    that takes longer.
    """
    app = installed.app

    def apply(response: Response) -> Response:
        request = current_request()
        known = request.__dict__
        if Decoration.in_use or installed.blueprints:
            rule = known.get(ROUTED) or nearest(installed, request, response)
            known.pop(ENDED, None)  # exceptions among them hold the request, which would hold them
        else:
            rule = installed.everywhere or installed.find(request.path)
        if rule is None and not installed.extended:
            # What an earlier request got goes (D14); nothing else here is ours.
            response = write(response, NO_RULE)
            if is_logged(INFO) or app.debug:
                log(app, request, None, NO_RULE, response)
            return response
        # Flask may come here again for this request, which is not to be asked about twice (D4).
        policy = None if rule is None else rule.policy
        again = RAISED in known or not (policy is None or policy.is_pure)
        answer = (again and _answer_before(request, rule)) or answer_under(policy, request)
        verdict = answer.verdict
        if (
            verdict is ALLOWED
            or verdict is NO_ORIGIN
            or (verdict is PREFLIGHT_ALLOWED and 200 <= response.status_code <= 299)
        ):  # nearly every request
            is_told = is_logged(DEBUG)
        else:
            is_told = is_logged(INFO) or app.debug or is_urgent(answer)
        if is_told:
            written = write(response, explained(app, request, rule, answer))
            log(app, request, rule, answer, written)
        else:
            written = write(response, answer)
        if again:
            known[ANSWERED] = rule, answer, written
        if installed.unchecked:
            check_late(installed)
        return written

    return apply


def _answer_before(request: Request, rule: Rule | None) -> Answer | None:
    """Return the answer that the same rule has given to the same request."""
    before: Optional[Answered] = request.__dict__.get(ANSWERED)
    return before[1] if before and before[0] is rule else None


def answer_under(policy: Policy | None, request: Request) -> Answer:
    """Decide about a Flask request under a policy, None where no rule covers the path."""
    if policy is None:
        return NO_RULE
    environ, method = request.environ, request.method
    if method != "OPTIONS" and _PRIVATE_NETWORK not in environ:
        return policy.answer(method, environ.get("HTTP_ORIGIN"))
    asked = environ.get
    return policy.answer(
        method,
        asked("HTTP_ORIGIN"),
        asked(REQUESTED_METHOD),
        asked(REQUESTED_HEADERS),
        asked(_PRIVATE_NETWORK),
    )


def write_under(rules: Rules, response: Response) -> Response:
    """Write the answer to the current request under rules that no application has installed."""
    request = current_request()
    rule = rules.find(request.path)
    return write(response, answer_under(None if rule is None else rule.policy, request))

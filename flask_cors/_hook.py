"""One hook for each application: ask the nearest policy, write its answer, log it."""

from __future__ import annotations

from collections.abc import Callable
from logging import DEBUG
from typing import Optional

from flask import Flask, Request, Response, after_this_request

from corecors import NO_RULE, Answer, Rule, Rules, Verdict

from ._exceptions import cover_exceptions
from ._installed import Installation
from ._late import check_late
from ._log import explained, is_logged, log
from ._nearest import REQUESTED_METHOD, nearest
from ._response import cleared, write
from ._state import ANSWER, ATTACHED, ENDED, ROUTED, WRITTEN, current_request

_REQUESTED_HEADERS = "HTTP_ACCESS_CONTROL_REQUEST_HEADERS"
# Names cost less than attributes of an enum.
ALLOWED, NO_ORIGIN = Verdict.ALLOWED, Verdict.NO_ORIGIN
PREFLIGHT_ALLOWED = Verdict.PREFLIGHT_ALLOWED
_PRIVATE_NETWORK = "HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK"


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
    if not installed.hooked and ATTACHED not in request.__dict__:
        request.__dict__[ATTACHED] = True
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

    def apply(response: Response) -> Response:
        request = current_request()
        known = request.__dict__
        rule: Optional[Rule] = known.get(ROUTED) or nearest(installed, request, response)
        if ENDED in known:
            del known[ENDED]  # exceptions among them hold the request, which would hold them
        if rule is None and not installed.extended:
            response = cleared(response)
            log(request, None, NO_RULE, response)
            return response
        before: Optional[tuple[Optional[Rule], Answer]] = known.get(ANSWER)
        if before is not None and before[0] is rule:
            answer = before[1]
        else:
            answer = answer_under(rule, request)
            known[ANSWER] = rule, answer
        verdict = answer.verdict
        if (
            verdict is ALLOWED
            or verdict is NO_ORIGIN
            or (verdict is PREFLIGHT_ALLOWED and 200 <= response.status_code <= 299)
        ):  # nearly every request
            written = known[WRITTEN] = write(response, answer)
            if is_logged(DEBUG):
                log(request, rule, answer, written)
        else:
            written = known[WRITTEN] = write(response, explained(request, rule, answer))
            log(request, rule, answer, written)
        if installed.unchecked:
            check_late(installed)
        return written

    return apply


def answer_under(rule: Rule | None, request: Request) -> Answer:
    """Decide about a Flask request under a rule."""
    if rule is None:
        return NO_RULE
    asked = request.environ.get
    private_network, method = asked(_PRIVATE_NETWORK), request.method
    if private_network is None and method != "OPTIONS":
        return rule.policy.answer(method, asked("HTTP_ORIGIN"))
    return rule.policy.answer(
        method,
        asked("HTTP_ORIGIN"),
        asked(REQUESTED_METHOD),
        asked(_REQUESTED_HEADERS),
        private_network,
    )


def write_under(rules: Rules, response: Response) -> Response:
    """Write the answer to the current request under rules that no application has installed."""
    request = current_request()
    written = write(response, answer_under(rules.find(request.path), request))
    request.__dict__[WRITTEN] = written
    return written

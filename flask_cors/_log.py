"""What is written to the log of a decision: nothing of a request unescaped, nothing at length.

A refusal is one line, at INFO, and at WARNING in debug mode. What no request of its kind gets past,
such as a login that refuses every preflight, is said once at WARNING without debug mode too.
"""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Request, Response, current_app, has_request_context

from corecors import Answer, Rule, Verdict
from corecors.headers import ALLOW_ORIGIN

from ._reason import HEADER, LOGIN, escaped, reason, shown
from ._state import LEFT_ALONE, REQUESTED_METHOD, current_request

LOG = logging.getLogger("flask_cors.decision")

is_logged = LOG.isEnabledFor

_KEPT = 10_000
"""How many things are remembered as said; nothing beyond is said at WARNING."""

SAID = "flask_cors.said"
"""The key of `app.extensions` for what was said of an application at WARNING."""

_HINTS = {
    401: f"; {LOGIN}",
    403: f"; {LOGIN}",
    404: "; look whether there is a route for the path",
    405: "; look whether the route answers OPTIONS",
}


def is_urgent(answer: Answer) -> bool:
    """Return whether there may be something to say of a refusal without INFO and debug mode.

    Or of a permission that leaves with another status. What is not is not looked at any further.
    """
    return answer.verdict.allowed or answer.prefix is not None or answer.error is not None


def log(
    app: Flask, request: Request, rule: Rule | None, answer: Answer, response: Response
) -> None:
    """Log one decision: refusals at INFO, the rest at DEBUG."""
    verdict = answer.verdict
    if verdict is Verdict.ALLOWED or verdict is Verdict.NO_ORIGIN:
        stopped = False
    elif verdict.allowed:
        stopped = not 200 <= response.status_code <= 299
    else:
        stopped = answer.error is not None or _is_stopped(request, answer, response)
    if not stopped:
        if is_logged(logging.DEBUG) and LEFT_ALONE not in request.__dict__:
            _log_decision(request, rule, answer)
    elif verdict.allowed:
        _log_status(app, request, rule, answer, response)
    else:
        _log_refusal(app, request, rule, answer)


def _is_stopped(request: Request, answer: Answer, response: Response) -> bool:
    """Return whether a browser stops the page; not where the view has given its own answer."""
    if LEFT_ALONE in request.__dict__ or not _is_of_another_origin(request):
        return False
    return answer.verdict is not Verdict.NO_RULE or ALLOW_ORIGIN not in response.headers


def _is_of_another_origin(request: Request) -> bool:
    """Return whether a request has an `Origin`, and not that of the application itself.

    Browsers send it to the page's own origin too, with POST, and ask nothing of the answer then.
    """
    asked = request.environ.get
    own = f"{asked('wsgi.url_scheme')}://{asked('HTTP_HOST')}"
    return asked("HTTP_ORIGIN", "") not in ("", own)


def explained(app: Flask, request: Request, rule: Rule | None, answer: Answer) -> Answer:
    """Add, in debug mode, the reason of a refusal for the network panel of the browser."""
    if answer.verdict.allowed or not app.debug or not _is_of_another_origin(request):
        return answer
    line = HEADER, reason(app, request, rule, answer)
    return answer._replace(fields=(*answer.fields, line), lines=(*answer.lines, line))


def data(
    event: str, request: Request, rule: Rule | None, verdict: Verdict | None
) -> dict[str, Any]:
    """Return what a log record carries beside its text (`extra`): all of it escaped, and cut."""
    asked = request.environ.get
    return {
        "cors_event": event,
        "cors_verdict": None if verdict is None else verdict.name,
        "cors_origin": escaped(asked("HTTP_ORIGIN", "")),
        "cors_method": escaped(request.method),
        "cors_requested_method": escaped(asked(REQUESTED_METHOD, "")),
        "cors_path": escaped(request.path),
        "cors_rule": None if rule is None else escaped(_pattern(rule)),
    }


def _pattern(rule: Rule) -> str:
    return str(getattr(rule.pattern, "pattern", rule.pattern))


def _level(app: Flask, once: object = None) -> int:
    """Return WARNING in debug mode, and for something serious that was not said before."""
    if app.debug or (once is not None and _is_new(app, once)):
        return logging.WARNING
    return logging.INFO


def _is_new(app: Flask, thing: object) -> bool:
    said: set[object] = app.extensions.setdefault(SAID, set())
    if thing in said or len(said) >= _KEPT:
        return False
    said.add(thing)
    return True


def _log_decision(request: Request, rule: Rule | None, answer: Answer) -> None:
    LOG.debug(
        "CORS decision: %.300a %.300a from %.300a: %s (rule %.300r, origins item %.300r)",
        request.method,
        request.path,
        request.environ.get("HTTP_ORIGIN"),
        answer.reason,
        None if rule is None else rule.pattern,
        answer.matched,
        extra=data("decision", request, rule, answer.verdict),
    )


def _log_refusal(app: Flask, request: Request, rule: Rule | None, answer: Answer) -> None:
    level = logging.ERROR if answer.error is not None else _level(app, answer.prefix)
    if not is_logged(level):
        return
    LOG.log(
        level,
        "CORS refused: %.300a %.300a from %.300a: %s%s",
        request.method,
        request.path,
        request.environ.get("HTTP_ORIGIN"),
        reason(app, request, rule, answer),
        "" if rule is None else f" (rule {shown(_pattern(rule))})",
        exc_info=answer.error,
        extra=data("no_rule" if rule is None else "refused", request, rule, answer.verdict),
    )


def _log_status(
    app: Flask, request: Request, rule: Rule | None, answer: Answer, response: Response
) -> None:
    """Say that a preflight is allowed, and yet no browser goes on.

    Fetch, "CORS-preflight fetch", step 7, asks for a status of 200 to 299.
    """
    status = response.status_code
    level = _level(app, (str(request.url_rule), status))
    if not is_logged(level):
        return
    hint = _HINTS.get(status, "")
    if 300 <= status <= 399:
        target = shown(response.headers.get("Location"))
        hint = f"; browsers follow no redirect here: ask for {target}"
    LOG.log(
        level,
        "CORS: %.300a %.300a from %.300a: the policy allows this preflight of %.300a, but it is "
        "answered with status %d, so the browser does not send the request%s",
        request.method,
        request.path,
        request.environ.get("HTTP_ORIGIN"),
        request.environ.get(REQUESTED_METHOD),
        status,
        hint,
        extra={**data("preflight_status", request, rule, answer.verdict), "cors_status": status},
    )


def log_left_alone(own: str, answer: Answer) -> None:
    """Say that a response has its own Access-Control-Allow-Origin, and what a browser does."""
    request = current_request() if has_request_context() else None
    origin = None if request is None else request.environ.get("HTTP_ORIGIN")
    if request is None or not origin or answer.verdict is Verdict.NO_RULE:
        return
    request.__dict__[LEFT_ALONE] = True
    effect = "the browser does not let the page read the answer"
    if own == "*":
        effect = "the browser lets any page read the answer that sends no cookies"
    elif own == origin:
        effect = "the browser lets the page read the answer"
    level = _level(current_app, None if own in ("*", origin) else ("own", str(request.url_rule)))
    if not is_logged(level):
        return
    LOG.log(
        level,
        "CORS: %.300a %.300a from %.300a: the response has an Access-Control-Allow-Origin of its "
        "own, %.300a, which is left alone: %s",
        request.method,
        request.path,
        origin,
        own,
        effect,
        extra=data("own_header", request, None, answer.verdict),
    )

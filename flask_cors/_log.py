"""What is written to the log of a decision: nothing of a request unescaped, nothing at length."""

from __future__ import annotations

import logging

from flask import Request

from corecors import Answer, Rule, Verdict

LOG = logging.getLogger("flask_cors.decision")

is_logged = LOG.isEnabledFor
ORIGIN_REFUSED = Verdict.ORIGIN_REFUSED  # an attribute of an enum costs more than a name

_warned: set[object] = set()


def log(request: Request, rule: Rule | None, answer: Answer) -> None:
    """Log one decision: refusals at INFO, the rest at DEBUG."""
    verdict = answer.verdict
    if verdict is ORIGIN_REFUSED and rule is not None:
        _log_refused_origin(request, rule, answer)
    if not LOG.isEnabledFor(logging.INFO):
        return
    level = logging.INFO if verdict.refused else logging.DEBUG
    if LOG.isEnabledFor(level):
        _log_decision(level, request, rule, answer)


def _log_decision(level: int, request: Request, rule: Rule | None, answer: Answer) -> None:
    origin = request.environ.get("HTTP_ORIGIN")
    LOG.log(
        level,
        "CORS %s: %.300a %.300a from %.300a: %s (rule %.300r, origins item %.300r)",
        "refused" if answer.verdict.refused else "decision",
        request.method,
        request.path,
        origin,
        answer.reason,
        None if rule is None else rule.pattern,
        None if answer.error else answer.matched,
    )


def _log_refused_origin(request: Request, rule: Rule, answer: Answer) -> None:
    if answer.error is not None:
        LOG.error(
            "a callable in origins raised for %.300a on %.300a; the origin is refused",
            request.environ.get("HTTP_ORIGIN"),
            request.path,
            exc_info=answer.error,
        )
        return
    pattern = answer.prefix
    if pattern is not None and pattern not in _warned:
        _warned.add(pattern)
        _warn_of_prefix(pattern, request)


def _warn_of_prefix(pattern: object, request: Request) -> None:
    # Never advise what would admit this origin: whoever sent it may be an attacker.
    LOG.warning(
        "the origin %.300a is refused: the regex %r in origins matches only its beginning, and "
        "must match it whole; if it is one of yours, write it in full, or its host as in "
        "'https://*.app.example' and its port as in 'https://app.example:*'",
        request.environ.get("HTTP_ORIGIN"),
        pattern,
    )

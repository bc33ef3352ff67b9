"""What fails in an application: whose exception it was, and a policy for the 500 of it (D13).

Flask documents that its methods may be replaced on an application; the two here are the ones that
Flask-CORS replaces, too. Where the context is their first argument, as in a Flask to come, the
exception is still the last one.
"""

from __future__ import annotations

import logging
from typing import Any, Optional

from flask import Request

from ._decorated import Decoration
from ._installed import Installation
from ._log import data
from ._nearest import nearest
from ._state import ANSWERED, Answered, current_request, note_raised

LOG = logging.getLogger("flask_cors.extension")


def cover_exceptions(installed: Installation) -> None:
    """Have exceptions noted, and the answer written where the hook did not come to it."""
    app = installed.app
    handle_user_exception, handle_exception = app.handle_user_exception, app.handle_exception

    def handle_user(*args: Any) -> Any:
        if Decoration.in_use:
            note_raised(current_request(), args[-1])
        return handle_user_exception(*args)

    def handle(*args: Any) -> Any:
        request = current_request()
        note_raised(request, args[-1])
        try:
            response = handle_exception(*args)
        except Exception:
            _log_propagation(installed, request)
            raise
        return _covered(installed, request, response)

    setattr(app, "handle_user_exception", handle_user)  # noqa: B010 (a method, to type checkers)
    setattr(app, "handle_exception", handle)  # noqa: B010 (a method, to type checkers)


def _covered(installed: Installation, request: Request, response: Any) -> Any:
    """Write the answer on the response to an exception, where a function came before the hook."""
    answered: Optional[Answered] = request.__dict__.get(ANSWERED)
    if (answered and answered[2] is response) or not _intercepts(installed, request):
        return response
    assert installed.apply is not None  # noqa: S101 (it came with this function)
    return installed.apply(installed.app.make_response(response))


def _intercepts(installed: Installation, request: Request) -> bool:
    """Return whether the rule that decides is not of an extension that lets failures go."""
    rule = nearest(installed, request)
    return not any(
        rule is own
        for extension in installed.extensions
        if not extension.intercept_exceptions
        for own in extension.rules.entries
    )


def _log_propagation(installed: Installation, request: Request) -> None:
    """Say in one line what an exception that passes Flask by looks like in a browser."""
    origin = request.environ.get("HTTP_ORIGIN")
    rule = nearest(installed, request) if origin else None
    if rule:
        LOG.warning(
            "an exception of %.300a %.300a propagates past Flask, so that no CORS header can "
            "be sent; the browser of %.300a will show it as a CORS error",
            request.method,
            request.path,
            origin,
            extra=data("exception", request, rule, None),
        )

"""Preflights that are answered without the view, and with `preflight_first` before anything else.

A preflight has neither cookies nor Authorization, so a login in `before_request` refuses it, and
the browser never sends the request that would have passed. Where that option is off, nothing of it
is on the application.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Optional, cast

from flask import Request, Response
from flask.globals import app_ctx

from ._decorated import marked
from ._hook import answer_under
from ._installed import Installation, Installed
from ._layers import value_of
from ._nearest import blueprints_of, is_answered_by_flask, nearest
from ._state import ANSWERED, REQUESTED_METHOD, current_request

# See `current_request`.
this_context: Callable[[], object] = cast(Any, app_ctx)._get_current_object  # noqa: SLF001 (documented)


def answer_options(installed: Installation) -> Response:
    """Answer OPTIONS as Flask does; a Flask to come wants to be given the context."""
    answer: Callable[..., Response] = installed.app.make_default_options_response
    if installed.default_options != answer:  # at the first time, or replaced since
        installed.default_options = answer
        installed.default_options_want_context = _wants_argument(answer)
    return answer(this_context()) if installed.default_options_want_context else answer()


def _wants_argument(function: Callable[..., Any]) -> bool:
    try:
        inspect.signature(function).bind()
    except TypeError:
        return True
    return False


def put_first(installed: Installation) -> None:
    """Have allowed preflights answered before the `before_request` functions that there are.

    Those that are added later come later by themselves. Once for each application: what the option
    says is asked of the extensions that are installed when a preflight comes (D20).
    """
    functions = installed.app.before_request_funcs.setdefault(None, [])
    if not any(isinstance(function, AnswerFirst) for function in functions):
        functions.insert(0, AnswerFirst(installed))


class AnswerFirst:
    """The function that Flask calls before a request; a class, so that it is known again."""

    def __init__(self, installed: Installation) -> None:
        self.installed = installed

    def __call__(self) -> Optional[Response]:
        """Answer a preflight that the nearest policy allows; leave all else to come."""
        request = current_request()
        if request.method != "OPTIONS" or not self._is_to_be_first(request):
            return None
        rule = nearest(self.installed, request)
        if rule is None:
            return None
        answer = answer_under(rule.policy, request)
        allowed = answer.verdict.allowed
        response = answer_options(self.installed) if allowed else Response()
        # The hook, which writes the answer, does not ask a callable a second time (D4).
        request.__dict__[ANSWERED] = rule, answer, response
        return response if allowed else None

    def _is_to_be_first(self, request: Request) -> bool:
        """Return whether this is a preflight of a route that does not answer it itself."""
        asked = "HTTP_ORIGIN" in request.environ and request.environ.get(REQUESTED_METHOD)
        if not asked or request.url_rule is None:
            return False
        app = self.installed.app
        decoration = marked(app.view_functions.get(request.url_rule.endpoint))
        without_view = is_answered_by_flask(request) or (
            decoration is not None and decoration.answers_options(app.config)
        )
        return without_view and any(map(_wants_it, self._extensions(request)))

    def _extensions(self, request: Request) -> list[Installed]:
        """Return the extensions of the application, and of the blueprints of the view."""
        blueprints = self.installed.blueprints
        named = [blueprints.get(name, ()) for name in blueprints_of(request.url_rule)]
        return [one for several in (self.installed.extensions, *named) for one in several]


def _wants_it(installed: Installed) -> bool:
    return bool(value_of(installed.options, "preflight_first"))

"""The core in Django, on WSGI and on ASGI: first in `MIDDLEWARE`, with the policy in `settings`.

    MIDDLEWARE = ["examples.django_middleware.cors", ...]
    CORS_POLICY = Policy(origins="https://app.example")

Django makes a response of an exception before a middleware sees it, so that errors are covered too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from corecors import Answer
from corecors.shell import answer_environ


@sync_and_async_middleware
def cors(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Send the headers of a policy, or of the rule that covers the path."""
    policy = settings.CORS_POLICY

    def middleware(request: HttpRequest) -> HttpResponseBase:
        answer = answer_environ(policy, request.META, request.path_info)
        if answer.verdict.preflight:
            return write(no_content(), answer)
        return write(get_response(request), answer)

    async def async_middleware(request: HttpRequest) -> HttpResponseBase:
        answer = answer_environ(policy, request.META, request.path_info)
        if answer.verdict.preflight:
            return write(no_content(), answer)
        return write(await get_response(request), answer)

    return async_middleware if iscoroutinefunction(get_response) else middleware


def no_content() -> HttpResponse:
    """Make a response without a body, and so without its type."""
    response = HttpResponse(status=204)
    del response["Content-Type"]
    return response


def write(response: HttpResponseBase, answer: Answer) -> HttpResponseBase:
    """Write an answer onto a response, which has one line for each name."""
    drop, add = answer.changes(response.items())
    for name, _ in drop:
        del response[name]
    for name, value in add:
        response[name] = value
    return response

"""Django, with django-cors-headers and with the core."""

from __future__ import annotations

from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test.utils import override_settings
from django.urls import path

from corecors import Policy

from ..scenarios import Scenario
from .wsgi import WsgiServer


def _view(_: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello")


urlpatterns = [path("", _view)]

settings.configure(
    ALLOWED_HOSTS=["localhost"],
    INSTALLED_APPS=["corsheaders"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="benchmark",  # noqa: S106 (no secret)
)
django.setup()


def make(scenario: Scenario, kind: str, lines: Any) -> WsgiServer:
    """Make an application."""
    options = scenario.options()
    # There is one configuration for each process: every scenario has the same policy.
    settings.CORS_ALLOWED_ORIGINS = options["origins"]
    settings.CORS_ALLOW_HEADERS = options["allow_headers"]
    return _server(scenario, kind, "corsheaders.middleware.CorsMiddleware")


def adapt(scenario: Scenario, kind: str, lines: Any) -> WsgiServer:
    """Make an application with the middleware of `examples/`."""
    settings.CORS_POLICY = Policy(**scenario.options())
    return _server(scenario, kind, "examples.django_middleware.cors")


def _server(scenario: Scenario, kind: str, cors: str) -> WsgiServer:
    with override_settings(MIDDLEWARE=[cors] if kind == "cors" else []):
        return WsgiServer(WSGIHandler(), scenario.request)

"""django-cors-headers: its settings are of a whole site, so each path has a site of its own."""

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path
from django.views import View
from scenarios import USUAL, A, B

from corecors.conformance import WSGIClient

SCENARIOS = USUAL
SITES = {
    "/one": {
        "CORS_ALLOWED_ORIGINS": [A],
        "CORS_ALLOW_METHODS": ["GET", "PUT"],
        "CORS_ALLOW_HEADERS": ["x-a"],
        "CORS_EXPOSE_HEADERS": ["ETag"],
    },
    "/several": {"CORS_ALLOWED_ORIGINS": [A, B], "CORS_ALLOW_CREDENTIALS": True},
    "/open": {"CORS_ALLOW_ALL_ORIGINS": True},
    "/cookies": {"CORS_ALLOW_ALL_ORIGINS": True, "CORS_ALLOW_CREDENTIALS": True},
    "/pattern": {"CORS_ALLOWED_ORIGIN_REGEXES": [r"^https://.*\.example\.org$"]},
    "/age": {
        "CORS_ALLOWED_ORIGINS": [A],
        "CORS_ALLOW_METHODS": ["GET", "PUT"],
        "CORS_PREFLIGHT_MAX_AGE": 0,
    },
    "/ipv6": {"CORS_ALLOWED_ORIGINS": ["http://[::1]:3000"]},
    "/own": {"CORS_ALLOWED_ORIGINS": [A]},
    "/shared": {"CORS_ALLOWED_ORIGINS": [A, B]},
    "/class": {"CORS_ALLOWED_ORIGINS": [A], "CORS_ALLOW_METHODS": ["GET", "PUT"]},
}


def view(request):
    return HttpResponse("x")


def own(request):
    headers = {"Vary": "Origin"}
    if request.headers.get("Origin") == A:
        headers["Access-Control-Allow-Origin"] = A
    return HttpResponse("x", headers=headers)


KEPT = []


def shared(request):
    KEPT[:] = KEPT or [HttpResponse("x")]
    return KEPT[0]


class Class(View):
    def get(self, request):
        return HttpResponse("x")

    put = get


settings.configure(
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["corsheaders"],
    MIDDLEWARE=["corsheaders.middleware.CorsMiddleware"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="not one",  # noqa: S106
    LOGGING_CONFIG=None,
)
django.setup()
VIEWS = {"/own": own, "/shared": shared, "/class": Class.as_view()}
urlpatterns = [path(name[1:], VIEWS.get(name, view)) for name in SITES]
application = get_wsgi_application()


def app(environ, start_response):
    with override_settings(**SITES[environ["PATH_INFO"]]):
        return application(environ, start_response)


client = WSGIClient(app)

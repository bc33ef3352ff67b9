"""A response, or its headers, in several threads at once (D14)."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask, Response
from werkzeug.datastructures import Headers

from flask_cors import CORS, cross_origin
from tests.unit.flask_cors.support import ask, cors

NAMES = ("lax", "strict", "other", "none")
ORIGIN = {name: f"https://{name}.example" for name in NAMES}
ROUNDS = 60

Make = Callable[[Response], Response]

SHARED: dict[str, Make] = {
    "the response itself": lambda template: template,
    "a copy of it": copy.copy,
    "another response with its headers": lambda template: _with_headers(template.headers),
    "a response made with its headers": lambda template: Response("x", headers=template.headers),
}


def _with_headers(headers: Headers) -> Response:
    response = Response("x")
    response.headers = headers
    return response


@pytest.fixture(params=list(SHARED))
def share(request: pytest.FixtureRequest) -> Make:
    return SHARED[request.param]


@pytest.fixture
def _often_switched() -> Iterator[None]:
    """Threads take turns within a line, and not after thousands of them."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def template_of(*lines: tuple[str, str]) -> Response:
    return Response("x", headers=[("X-Own", "1"), *lines])


def app_of(template: list[Response], share: Make) -> Flask:
    """Make routes of different policies that all return what is shared."""
    app = Flask(__name__)
    CORS(app, resources={"/other": {"origins": ORIGIN["other"], "max_age": 5}})

    def view() -> Response:
        return share(template[0])

    lax = cross_origin(origins="*", supports_credentials=False, expose_headers="X-Own")(view)
    strict = cross_origin(origins=ORIGIN["strict"], supports_credentials=True)(view)
    for name, function in {"lax": lax, "strict": strict, "other": view, "none": view}.items():
        app.add_url_rule(f"/{name}", name, function)
    return app


def answers(app: Flask, order: tuple[str, ...]) -> list[dict[str, object]]:
    """Ask each route from its own page, and as a stranger."""
    return [
        {"route": name, "by": origin, **cors(ask(app, f"/{name}", origin=origin))}
        for name in order
        for origin in (ORIGIN[name], "https://evil.example")
    ]


def fresh(order: tuple[str, ...], *lines: tuple[str, str]) -> list[dict[str, object]]:
    """What the same requests get where nothing is shared."""
    template = template_of(*lines)
    return answers(app_of([template], lambda _: template_of(*lines)), order)


OWN_LINES: list[tuple[tuple[str, str], ...]] = [(), (("Vary", "Accept-Language"),)]


@pytest.mark.parametrize("lines", OWN_LINES)
@pytest.mark.parametrize("order", [NAMES, NAMES[::-1]])
def test_each_request_gets_its_own_lines(
    share: Make, order: tuple[str, ...], lines: tuple[tuple[str, str], ...]
) -> None:
    """One after another: nothing of an earlier request is left on what is shared."""
    app = app_of([template_of(*lines)], share)
    for _ in range(2):
        assert answers(app, order) == fresh(order, *lines)


@pytest.mark.parametrize("lines", OWN_LINES)
@pytest.mark.usefixtures("_often_switched")
def test_each_thread_gets_its_own_lines(share: Make, lines: tuple[tuple[str, str], ...]) -> None:
    """Several at once, at the first use of what is shared and later."""
    template = [template_of(*lines)]
    app, start = app_of(template, share), Barrier(len(NAMES))
    expected = {name: fresh((name,), *lines) for name in NAMES}

    def request(name: str) -> list[dict[str, object]]:
        start.wait()
        return answers(app, (name,))

    with ThreadPoolExecutor(len(NAMES)) as pool:
        for _ in range(ROUNDS):
            template[0] = template_of(*lines)
            for name, found in zip(NAMES, pool.map(request, NAMES)):
                assert found == expected[name]

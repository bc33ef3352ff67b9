"""What a request on the wire says about the page that asked for it, and how both are shown."""

import pytest

from corecors.browser import Request, Response
from corecors.conformance import Exchange, Probe
from tests.unit.conformance.support import A

METHOD = "Access-Control-Request-Method"
HEADERS = "Access-Control-Request-Headers"
API = "https://api.invalid/api"


def options(**headers):
    """An OPTIONS request with the given Access-Control-Request-… headers."""
    pairs = tuple((f"Access-Control-Request-{name}", value) for name, value in headers.items())
    return Probe(method="OPTIONS", path="/api", headers=(("origin", A), *pairs))


@pytest.mark.parametrize(
    ("probe", "origin", "is_preflight"),
    [
        (Probe(), None, False),
        (Probe(headers=(("ORIGIN", A),)), A, False),
        (Probe(method="GET", headers=((METHOD, "PUT"),)), None, False),
        (Probe(method="OPTIONS"), None, False),
        (options(Method=""), A, True),
    ],
)
def test_what_a_request_is(probe, origin, is_preflight):
    assert (probe.origin, probe.is_preflight) == (origin, is_preflight)


@pytest.mark.parametrize(
    ("probe", "expected"),
    [
        (
            Probe(),
            Request(
                origin="null", url="https://api.invalid/", credentials="omit", use_preflight=True
            ),
        ),
        (
            Probe(method="PUT", path="/api", headers=(("Origin", A),)),
            Request(method="PUT", origin=A, url=API, credentials="omit"),
        ),
        (
            options(Method="PUT", Headers="x-a,,x-b"),
            Request(
                method="PUT",
                origin=A,
                url=API,
                headers=[("x-a", "x"), ("x-b", "x")],
                credentials="omit",
            ),
        ),
        (
            options(Method="GET"),
            Request(origin=A, url=API, credentials="omit", use_preflight=True),
        ),
        (
            options(Method="GET", Headers="x-a"),
            Request(origin=A, url=API, headers=[("x-a", "x")], credentials="omit"),
        ),
    ],
)
def test_the_page_behind_a_request(probe, expected):
    """The flag stands for what is asked about though neither its method nor a header needs it."""
    assert probe.page_request() == expected


def test_the_page_behind_a_request_with_cookies():
    assert Probe().page_request("include").credentials == "include"


def test_an_exchange_is_shown_as_far_as_cors_and_caches_look_at_it():
    probe = Probe(method="PUT", path="/api", headers=(("Origin", A), ("X-A", "1")))
    headers = [("VARY", "Origin"), ("Server", "x"), ("access-control-allow-origin", "*")]
    exchange = Exchange(probe=probe, response=Response(status=201, headers=headers))
    assert exchange.cors_headers == [("access-control-allow-origin", "*")]
    assert (exchange.get("vary"), exchange.get("X-B")) == ("Origin", None)
    assert str(exchange) == (
        f"PUT /api\nOrigin: {A}\nX-A: 1\n-> 201\naccess-control-allow-origin: *\nVARY: Origin"
    )


def test_a_failure_is_shown_instead_of_the_status():
    exchange = Exchange(probe=Probe(), response=Response(status=500), failure="ValueError: no")
    assert str(exchange) == "GET /\n-> ValueError: no"


@pytest.mark.parametrize("value", ["\x1b[2J\xe9", "\x1b", "\xe9", "a\tb"])
def test_no_control_character_and_nothing_beyond_ascii_is_shown(value):
    assert str(Probe(headers=(("X-A", value),))) == f"GET /\nX-A: {value!a}"

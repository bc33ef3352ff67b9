"""What a request on the wire says about the page that asked for it, and how both are shown."""

import subprocess

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


@pytest.mark.parametrize(
    ("probe", "base", "command"),
    [
        (Probe(), "$URL", 'curl -si "$URL/"'),
        (Probe(method="HEAD", path="/a"), "http://h:1", "curl -si --head http://h:1/a"),
        (Probe(path="/a?b&c"), "http://h", "curl -si 'http://h/a?b&c'"),
        (
            Probe(method="OPTIONS", headers=(("Origin", "null"), ("X-A", "it's"))),
            "$URL",
            r"""curl -si -X OPTIONS "$URL/" -H 'Origin: null' -H 'X-A: it'\''s'""",
        ),
        (Probe(method="a b"), "$URL", """curl -si -X 'a b' "$URL/\""""),
        (
            Probe(headers=(("X-A", "\xe4'\\\x01"),)),
            "$URL",
            r"""curl -si "$URL/" -H $'X-A: \xe4\'\\\x01'""",
        ),
    ],
)
def test_a_request_is_shown_as_a_command_for_a_shell(probe, base, command):
    assert probe.as_curl(base) == command


def test_the_shell_reads_it_as_it_was_meant():
    """A quote, a backslash, a control character and a byte beyond ASCII come back as they are."""
    value = "'\\ \x01\xe4\"$HOME`x`"
    probe = Probe(headers=(("X-A", value),))
    script = probe.as_curl().replace("curl -si", "printf %s:", 1)
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=True)  # noqa: S603, S607
    assert done.stdout.decode("latin-1").endswith(f":X-A: {value}:")


def test_the_names_that_a_preflight_asks_for():
    headers = (("Access-Control-Request-Headers", "x-a,,x-b"),)
    assert Probe(headers=headers).requested_headers == ("x-a", "x-b")
    assert Probe().requested_headers == ()

"""What a shell has to do (docs/reuse.md), asked of each framework alike."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from corecors import Policy, Rules, browser, evaluate
from corecors.conformance import Expectation, Probe, assert_conformant

from .clients import FRAMEWORKS, OWN, Answer, Ask, Setting

PAGE = "https://app.example"
OTHER = "https://evil.example"
POLICY = Policy(
    origins=[PAGE, "https://*.example.org"],
    methods=["GET", "PUT"],
    allow_headers=["X-A"],
    expose_headers=["X-Total"],
    supports_credentials=True,
    max_age=600,
)
EXPECTED = Expectation(
    path="/hello",
    origins=POLICY.origins,
    methods=POLICY.methods,
    headers=POLICY.allow_headers,
    exposed=POLICY.expose_headers,
    credentials=True,
    max_age=600,
)
FROM_PAGE = {"Origin": PAGE}
PREFLIGHT = {**FROM_PAGE, "Access-Control-Request-Method": "PUT"}


@pytest.fixture
def ran() -> list[str]:
    return []


Make = Callable[[object], Ask]
Send = Callable[..., Answer]


@pytest.fixture(params=FRAMEWORKS, ids=lambda make: make.__name__)
def make(request: pytest.FixtureRequest, ran: list[str]) -> Iterator[Make]:
    with ExitStack() as stack:
        loop = asyncio.new_event_loop()
        stack.callback(loop.close)
        yield lambda policy: request.param(Setting(policy, ran, stack, loop))


@pytest.fixture
def ask(make: Make) -> Send:
    asking = make(POLICY)
    return lambda method, path, headers: asking(method, path, headers.items())


def expected(method: str, headers: dict[str, str]) -> dict[str, str]:
    decision = evaluate(POLICY, method, headers.get("Origin"), headers)
    return {name.lower(): value for name, value in decision.fields}


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("origin", [PAGE, "https://a.example.org", OTHER, "null"])
def test_a_request_gets_what_the_core_decides(ask, method, origin):
    headers = {"Origin": origin}
    answer = ask(method, "/hello", headers)
    assert answer.status == 200
    assert answer.cors == expected(method, headers)
    assert answer.vary == ["Accept-Encoding", "Origin"]


def test_a_request_without_origin_gets_what_the_core_decides(ask):
    answer = ask("GET", "/hello", {})
    assert answer.cors == expected("GET", {})
    assert answer.vary == ["Accept-Encoding", "Origin"]


@pytest.mark.parametrize("asked", [{}, {"Access-Control-Request-Headers": "x-a"}])
@pytest.mark.parametrize("path", ["/hello", "/crash", "/no/such/path"])
def test_a_preflight_is_answered_before_any_view(ask, ran, path, asked):
    headers = {**PREFLIGHT, **asked}
    answer = ask("OPTIONS", path, headers)
    assert (answer.status, ran) == (204, [])
    assert answer.cors == expected("OPTIONS", headers)
    assert answer.cors["access-control-allow-methods"] == "GET, PUT"
    assert "Access-Control-Request-Method" in answer.vary


@pytest.mark.parametrize(
    "asked",
    [
        {"Access-Control-Request-Method": "DELETE"},
        {"Access-Control-Request-Headers": "x-b"},
        {"Origin": OTHER},
    ],
)
def test_a_refused_preflight_gets_what_the_core_decides(ask, asked):
    headers = {**PREFLIGHT, **asked}
    assert ask("OPTIONS", "/hello", headers).cors == expected("OPTIONS", headers)


def test_options_without_a_preflight_is_the_views_own(ask, ran):
    answer = ask("OPTIONS", "/hello", FROM_PAGE)
    assert (answer.status, ran) == (200, ["hello"])
    assert answer.cors == expected("OPTIONS", FROM_PAGE)


@pytest.mark.parametrize(("path", "status"), [("/no/such/path", 404), ("/crash", 500)])
def test_errors_can_be_read_too(ask, path, status):
    answer = ask("GET", path, FROM_PAGE)
    assert (answer.status, answer.cors) == (status, expected("GET", FROM_PAGE))
    assert answer.vary.count("Origin") == 1


def test_the_views_own_origin_stands_alone(ask):
    answer = ask("GET", "/own", FROM_PAGE)
    assert answer.cors == {name.lower(): value for name, value in OWN.items()}
    assert len(answer.get("access-control-allow-origin")) == 1


@pytest.mark.parametrize(("path", "vary"), [("/star", ["*"]), ("/origin", ["origin"])])
def test_vary_says_nothing_twice(ask, path, vary):
    assert ask("GET", path, FROM_PAGE).vary == vary


def test_rules_decide_by_the_path(make):
    ask = make(Rules([("/hello", POLICY), ("/other", Policy(send_wildcard=True))]))
    origin = "access-control-allow-origin"
    assert ask("GET", "/hello", FROM_PAGE.items()).cors[origin] == PAGE
    assert ask("GET", "/other", FROM_PAGE.items()).cors[origin] == "*"
    assert ask("GET", "/none", FROM_PAGE.items()).cors == {}
    assert ask("OPTIONS", "/other", PREFLIGHT.items()).status == 204


def test_two_origins_are_none(make):
    """Lines of one name are one value, so that nobody is answered as one of several."""
    ask = make(POLICY)
    answer = ask("GET", "/hello", [*FROM_PAGE.items(), *FROM_PAGE.items()])
    assert answer.cors == {}
    assert answer.vary.count("Origin") == 1


def test_it_is_conformant(make):
    """The suite finds no rule of the Fetch standard that it breaks."""
    ask = make(POLICY)

    def client(probe: Probe) -> browser.Response:
        answer = ask(probe.method, probe.path, probe.headers)
        return browser.Response(status=answer.status, headers=answer.lines)

    assert_conformant(client, EXPECTED, examples=5)

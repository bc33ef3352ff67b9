"""The assertions for application authors' own tests."""

import pytest

from corecors.browser import Outcome, Response
from corecors.conformance import (
    INVARIANTS,
    Exchange,
    Expectation,
    Finding,
    Probe,
    Report,
    assert_browser_allows,
    assert_browser_refuses,
    assert_conformant,
    assertions,
)
from tests.unit.conformance.support import ORIGIN, A, right


def with_etag(probe):
    response = right(probe)
    extra = (("ETag", "1"), ("X-Secret", "2"))
    return Response(status=response.status, headers=(*response.headers, *extra))


def test_an_allowed_request_returns_what_the_page_may_read():
    response = assert_browser_allows(with_etag, origin=A, path="/api")
    assert response == Response(status=200, headers=[("ETag", "1")])


def test_a_preflight_is_sent_where_a_browser_sends_one():
    asked = []

    def client(probe):
        asked.append(probe)
        return right(probe)

    assert_browser_allows(client, origin=A, method="put", headers={"X-A": "1"})
    assert [probe.method for probe in asked] == ["OPTIONS", "PUT"]
    assert [probe.is_preflight for probe in asked] == [True, False]
    assert asked[1].headers == (("Origin", A), ("X-A", "1"))


def test_a_refusal_that_was_not_expected_explains_the_step():
    with pytest.raises(AssertionError) as caught:
        assert_browser_allows(right, origin="https://evil.example", path="/api", method="PUT")
    assert (
        str(caught.value)
        == """\
the browser refuses the page: preflight: Access-Control-Allow-Origin is missing \
(CORS-preflight fetch step 7, CORS check step 2)
OPTIONS /api
Origin: https://evil.example
Access-Control-Request-Method: PUT
-> 200
Vary: Origin"""
    )


class Recorder:
    """A client that remembers what it was asked, and answers everything alike."""

    def __init__(self, response):
        self.asked = []
        self.response = response

    def __call__(self, probe):
        self.asked.append(probe)
        return self.response


@pytest.mark.parametrize("fetch", [assert_browser_allows, assert_browser_refuses])
def test_by_default_a_page_gets_the_root(fetch):
    client = Recorder(Response(headers={ORIGIN: A if fetch is assert_browser_allows else "null"}))
    fetch(client, origin=A)
    assert client.asked == [Probe(headers=(("Origin", A),))]


@pytest.mark.parametrize("fetch", [assert_browser_allows, assert_browser_refuses])
def test_the_request_is_the_one_that_was_told(fetch):
    """Both see the path, the method as it is normalized, the headers and the credentials."""
    granted = {
        ORIGIN: A,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Allow-Methods": "DELETE",
        "Access-Control-Allow-Headers": "x-a",
    }
    asked = (
        ("Origin", A),
        ("Access-Control-Request-Method", "DELETE"),
        ("Access-Control-Request-Headers", "x-a"),
    )
    expected = [
        Probe(method="OPTIONS", path="/api", headers=asked),
        Probe(method="DELETE", path="/api", headers=(("Origin", A), ("X-A", "1"))),
    ]
    told = {
        "path": "/api",
        "method": "delete",
        "headers": {"X-A": "1"},
        "credentials": "include",
    }
    client = Recorder(Response(headers=granted))
    if fetch is assert_browser_allows:
        fetch(client, origin=A, **told)
    else:
        with pytest.raises(AssertionError):
            fetch(client, origin=A, **told)
    assert client.asked == expected
    granted["Access-Control-Allow-Credentials"] = "false"
    client = Recorder(Response(headers=granted))
    if fetch is assert_browser_allows:
        with pytest.raises(AssertionError):
            fetch(client, origin=A, **told)
    else:
        fetch(client, origin=A, **told)
    assert client.asked == expected[:1]


def test_the_status_is_that_of_the_answer_whatever_it_is():
    client = Recorder(Response(status=404, headers=[(ORIGIN, A), ("X-A", "1"), ("Expires", "0")]))
    response = assert_browser_allows(client, origin=A)
    assert response == Response(status=404, headers=[("Expires", "0")])


def test_a_refused_preflight_is_the_answer_though_the_rest_would_be_allowed():
    client = Recorder(Response(headers={ORIGIN: A}))
    outcome = assert_browser_refuses(client, origin=A, method="PUT")
    reason = "preflight: the method 'PUT' is not in Access-Control-Allow-Methods"
    assert outcome == Outcome(allowed=False, step="CORS-preflight fetch step 7.5", reason=reason)
    assert len(client.asked) == 1


def test_what_a_browser_does_not_even_send_is_refused():
    client = Recorder(Response())
    outcome = assert_browser_refuses(client, origin=A, method="TRACE")
    assert outcome.reason == "a page may not use the method 'TRACE'"
    assert client.asked == []
    with pytest.raises(AssertionError) as caught:
        assert_browser_allows(client, origin=A, method="TRACE")
    assert str(caught.value) == (
        "the browser refuses the page: a page may not use the method 'TRACE' (Request class)"
    )


def test_a_refused_request_returns_the_reason():
    outcome = assert_browser_refuses(right, origin=A, credentials="include")
    assert outcome.reason == "Access-Control-Allow-Credentials is missing"


def test_a_permission_that_was_not_expected_shows_the_exchange():
    with pytest.raises(AssertionError) as caught:
        assert_browser_refuses(Recorder(Response(headers={ORIGIN: "*"})), origin=A)
    assert str(caught.value) == (
        f"the browser lets the page on: {ORIGIN} is * (CORS check step 3)\n"
        f"GET /\nOrigin: {A}\n-> 200\n{ORIGIN}: *"
    )


ADVICE = INVARIANTS[1]


def test_a_whole_implementation_is_right_or_each_finding_is_shown(monkeypatch):
    """The findings and the number of examples are the runner's."""
    exchange = Exchange(probe=Probe(), response=Response())
    findings = [
        Finding(invariant=invariant, problem="no", exchanges=(exchange,))
        for invariant in (INVARIANTS[0], INVARIANTS[3], ADVICE)
    ]
    expected = Expectation(origins=A)
    seen = []

    unjudged = []

    def run(*arguments, **options):
        seen.append((arguments, options))
        return Report(
            expectation=expected,
            findings=tuple(findings),
            checked=(),
            skipped=(),
            inconclusive=tuple(unjudged),
        )

    monkeypatch.setattr(assertions, "run", run)
    with pytest.raises(AssertionError) as caught:
        assert_conformant(right, expected)
    first = 'not conformant: one origin: no\ncurl -si "$URL/"'
    assert str(caught.value) == f"{first}\n\n{findings[0]}\n\n{findings[1]}"
    with pytest.raises(AssertionError) as caught:
        assert_conformant(right, expected, strict=True)
    assert str(caught.value) == "\n\n".join([first, *map(str, findings)])
    del findings[:2]
    assert_conformant(right, expected, examples=5)
    assert [options for _, options in seen] == [{"examples": 25}, {"examples": 25}, {"examples": 5}]
    assert {arguments for arguments, _ in seen} == {(right, expected)}
    unjudged[:] = [(INVARIANTS[4], "no page is let in")]
    with pytest.raises(AssertionError) as caught:
        assert_conformant(right, expected)
    assert str(caught.value) == "not judged\n5. refused origins: no page is let in"

"""The assertions for application authors' own tests."""

import pytest

from corecors.browser import Response
from corecors.conformance import assert_browser_allows, assert_browser_refuses
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


def test_what_a_browser_does_not_even_send_is_refused():
    outcome = assert_browser_refuses(right, origin=A, method="TRACE")
    assert outcome.reason == "a page may not use the method 'TRACE'"


def test_a_refused_request_returns_the_reason():
    outcome = assert_browser_refuses(right, origin=A, credentials="include")
    assert outcome.reason == "Access-Control-Allow-Credentials is missing"


def test_a_permission_that_was_not_expected_shows_the_exchange():
    with pytest.raises(AssertionError, match="(?s)the browser lets the page on.*" + ORIGIN):
        assert_browser_refuses(right, origin=A)

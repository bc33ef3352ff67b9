"""What can be expected, and what is told of what cannot."""

import pytest

from corecors.browser import Response
from corecors.conformance import Exchange, Expectation, Probe


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"origins": ()}, "at least one origin"),
        ({"origins": "a.example"}, "'a.example' is not an origin such as"),
        ({"origins": "https://A.example/"}, "is not an origin such as"),
        ({"origins": "https://a.*"}, "is not an origin such as"),
        ({"origins": "*", "path": "api"}, "the path 'api' is not the path of a URL"),
        ({"origins": "*", "path": "/\xe9"}, "percent-encoded"),
        ({"origins": "*", "methods": "GET, PUT"}, "'GET, PUT' is not the name of a method or"),
        ({"origins": "*", "headers": [""]}, "'' is not the name"),
        ({"origins": "*", "exposed": ["a b"]}, "'a b' is not the name"),
        ({"origins": "*", "max_age": -1}, "the maximum age -1 is negative"),
    ],
)
def test_what_cannot_be_expected_is_refused(options, said):
    with pytest.raises(ValueError, match=said.replace("*", r"\*")):
        Expectation(**options)


@pytest.mark.parametrize(
    ("pattern", "admitted", "refused"),
    [
        ("*", ["https://a.example", "null"], []),
        ("null", ["null"], ["https://a.example"]),
        ("https://a.example", ["https://a.example"], ["https://axexample", "http://a.example"]),
        (
            "https://*.a.example:8443",
            ["https://b.a.example:8443", "https://c.b.a.example:8443"],
            ["https://a.example:8443", "https://ba.example:8443", "https://b.a.example"],
        ),
        ("http://[::1]:3000", ["http://[::1]:3000"], ["http://[::1]"]),
    ],
)
def test_origins_are_admitted_whole(pattern, admitted, refused):
    expected = Expectation(origins=pattern)
    assert all(map(expected.admits, [*admitted, *expected.witnesses]))
    assert not any(map(expected.admits, refused))


def test_an_exchange_is_shown_without_control_characters():
    probe = Probe(headers=(("Origin", "\x1b[2J\xe9"),))
    response = Response(status=204, headers={"Vary": "Origin", "Server": "x"})
    assert str(Exchange(probe=probe, response=response)) == (
        "GET /\nOrigin: '\\x1b[2J\\xe9'\n-> 204\nVary: Origin"
    )

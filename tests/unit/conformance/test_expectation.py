"""What can be expected, and what is told of what cannot."""

import re

import attrs
import pytest

from corecors.conformance import Expectation
from tests.unit.conformance.support import A

PATH = "is not the path of a URL: it begins with / and is percent-encoded"
ORIGIN = "is not an origin such as https://app.example:8443"
NAME = "is not the name of a method or a header"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"origins": ()}, "at least one origin must be expected to be allowed"),
        ({"origins": "a.example"}, f"'a.example' {ORIGIN}"),
        ({"origins": ["null", "https://A.example/"]}, f"'https://A.example/' {ORIGIN}"),
        ({"origins": "*.a.example"}, f"'*.a.example' {ORIGIN}"),
        ({"origins": "https://*.a://*.b"}, f"'https://*.a://*.b' {ORIGIN}"),
        ({"origins": "*", "path": "api"}, f"the path 'api' {PATH}"),
        ({"origins": "*", "path": "/a b"}, f"the path '/a b' {PATH}"),
        ({"origins": "*", "path": "/\xe9"}, f"the path '/\xe9' {PATH}"),
        ({"origins": "*", "error_paths": ["/a", "b"]}, f"the path 'b' {PATH}"),
        ({"origins": "*", "send": "PUT,HEAD"}, f"'PUT,HEAD' {NAME}"),
        ({"origins": "*", "methods": "GET, PUT"}, f"'GET, PUT' {NAME}"),
        ({"origins": "*", "headers": [""]}, f"'' {NAME}"),
        ({"origins": "*", "exposed": ["a", "a b"]}, f"'a b' {NAME}"),
        ({"origins": "*", "max_age": -1}, "the maximum age -1 is negative"),
    ],
)
def test_what_cannot_be_expected_is_refused(options, said):
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        Expectation(**options)


def test_what_is_expected():
    """One text stands for itself; each is kept once, in the order in which it was given."""
    expected = Expectation(
        origins=iter([A, "null", A]), methods="PUT", headers=["*", "X-A", "*"], max_age=0
    )
    said = attrs.astuple(expected, filter=attrs.filters.exclude(attrs.fields(Expectation).patterns))
    assert said == ("/", (A, "null"), ("PUT",), ("*", "X-A"), None, False, 0, (), ())
    assert (expected.credentials_mode, Expectation(origins=A).max_age) == ("omit", None)
    assert Expectation(origins=A, credentials=True).credentials_mode == "include"


@pytest.mark.parametrize(
    ("origins", "witnesses"),
    [
        ("*", (A, "https://b.example:8443", "null")),
        (["null", A, "*"], ("null", A, "https://b.example:8443")),
        ("https://*.a.example", ("https://a.a.example", "https://b.c.a.example")),
    ],
)
def test_origins_that_are_let_in(origins, witnesses):
    assert Expectation(origins=origins).witnesses == witnesses


@pytest.mark.parametrize(
    ("pattern", "admitted", "refused"),
    [
        ("*", ["https://a.example", "null"], []),
        ("null", ["null"], ["https://a.example"]),
        ("https://a.example", ["https://a.example"], ["https://axexample", "http://a.example"]),
        (
            "https://*.a.example:8443",
            ["https://b.a.example:8443", "https://c.b.a.example:8443"],
            [
                "https://a.example:8443",
                "https://ba.example:8443",
                "https://b.a.example",
                "https://B.a.example:8443",
                "https://.a.example:8443",
            ],
        ),
        ("http://[::1]:3000", ["http://[::1]:3000"], ["http://[::1]"]),
    ],
)
def test_origins_are_admitted_whole(pattern, admitted, refused):
    expected = Expectation(origins=pattern)
    assert all(map(expected.admits, [*admitted, *expected.witnesses]))
    assert not any(map(expected.admits, refused))

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from corecors import Answer, Policy, Verdict
from corecors._answer import Field, make_answer

A = "https://a"
ORIGIN = ("Access-Control-Allow-Origin", A)
CREDENTIALS = ("Access-Control-Allow-Credentials", "true")
MAX_AGE = ("Access-Control-Max-Age", "0")
EXPOSED = ("Access-Control-Expose-Headers", "X-A, X-B")
PUT = ("Access-Control-Allow-Methods", "PUT")
X_A = ("Access-Control-Allow-Headers", "x-a")
METHOD = "Access-Control-Request-Method"
HEADERS = "Access-Control-Request-Headers"
BY_METHOD = ("Origin", METHOD)
BY_HEADERS = ("Origin", METHOD, HEADERS)

FULL = Policy(
    origins=[A, "https://b"],
    methods="PUT",
    allow_headers="X-A",
    expose_headers="X-B, X-A",
    supports_credentials=True,
    max_age=0,
)
SHARED = (ORIGIN, EXPOSED, CREDENTIALS)


@pytest.mark.parametrize(
    ("asked", "verdict", "more", "vary"),
    [
        (("PUT", ""), Verdict.PREFLIGHT_ALLOWED, (PUT, MAX_AGE), BY_HEADERS),
        (("PUT", ","), Verdict.PREFLIGHT_ALLOWED, (PUT, MAX_AGE), BY_HEADERS),
        (("PUT", "x-a"), Verdict.PREFLIGHT_ALLOWED, (X_A, PUT, MAX_AGE), BY_HEADERS),
        (("PUT", "x-a,x-b"), Verdict.HEADERS_REFUSED, (X_A, PUT, MAX_AGE), BY_HEADERS),
        (("PUT", "x-b"), Verdict.HEADERS_REFUSED, (PUT, MAX_AGE), BY_HEADERS),
        (("PUT", "x-a," * 257), Verdict.HEADERS_REFUSED, (PUT, MAX_AGE), BY_HEADERS),
        (("put", "x-a"), Verdict.METHOD_REFUSED, (), BY_METHOD),
        (("DELETE", ""), Verdict.METHOD_REFUSED, (), BY_METHOD),
        (("POST", ""), Verdict.PREFLIGHT_SAFELISTED, (), BY_METHOD),
        (("HEAD", " ,\t"), Verdict.PREFLIGHT_SAFELISTED, (), BY_METHOD),
        (("POST", "x-a"), Verdict.METHOD_REFUSED, (), BY_METHOD),
        (("POST", "," * 8_193), Verdict.METHOD_REFUSED, (), BY_METHOD),
        (("post", ""), Verdict.METHOD_REFUSED, (), BY_METHOD),
    ],
)
def test_a_preflight_is_the_actual_answer_and_more(
    asked: tuple[str, str], verdict: Verdict, more: tuple[Field, ...], vary: tuple[str, ...]
) -> None:
    """Fetch, "CORS-preflight fetch", step 7: the method, then the names of the headers."""
    assert FULL.answer("GET", A) == make_answer(Verdict.ALLOWED, SHARED, ("Origin",), A)
    assert FULL.answer("OPTIONS", A, *asked) == make_answer(verdict, SHARED + more, vary, A)


def test_the_constant_origin_does_not_vary_by_origin() -> None:
    """D11: never for one literal that matched."""
    policy = Policy(origins=A, allow_headers=())
    assert policy.answer("GET", A).vary == ()
    assert policy.answer("OPTIONS", A, "PUT").vary == (METHOD,)
    assert policy.answer("OPTIONS", A, "X").vary == (METHOD,)


@pytest.mark.parametrize(
    ("options", "vary"),
    [
        ({}, ("Origin",)),
        ({"origins": A}, ("Origin",)),
        ({"origins": re.compile("a")}, ("Origin",)),
        ({"origins": "https://*.a"}, ("Origin",)),
        ({"origins": lambda _: False}, ("Origin",)),
        ({"origins": []}, ()),
        ({"vary_header": False}, ()),
    ],
)
def test_a_refusal_sends_nothing_but_vary(options: dict[str, Any], vary: tuple[str, ...]) -> None:
    """D11: where another origin could have got more; on a preflight the same (I3)."""
    policy = Policy(**options)
    refusal = make_answer(Verdict.ORIGIN_REFUSED, vary=vary)
    assert policy.answer("GET", "not an origin") == refusal
    assert policy.answer("OPTIONS", "not an origin", "PUT", "x-a", "true") == refusal


@pytest.mark.parametrize("origin", [A, "not an origin", None])
@pytest.mark.parametrize("asked", [(), ("PUT", "x-a"), ("X",)])
def test_without_vary_header_no_answer_has_a_vary(origin: str | None, asked: Any) -> None:
    """D11: `vary_header=False` switches all of it off."""
    assert Policy(vary_header=False).answer("OPTIONS", origin, *asked).vary == ()


@pytest.mark.parametrize(
    ("options", "value", "vary"),
    [
        # Any origin: a constant, except with credentials.
        ({}, "*", ()),
        ({"send_wildcard": True}, "*", ()),
        ({"origins": ["*", A]}, "*", ()),
        ({"supports_credentials": True}, None, ("Origin",)),
        # The single literal; constant where it is the only pattern.
        ({"origins": A}, A, ()),
        ({"origins": A, "supports_credentials": True}, A, ()),
        ({"origins": "null"}, "null", ()),
        ({"origins": "HTTPS://A"}, "HTTPS://A", ("Origin",)),
        ({"origins": [A, re.compile("b")]}, A, ("Origin",)),
        ({"origins": [A, "https://*.b"]}, A, ("Origin",)),
        # None.
        ({"origins": [A, "https://b"]}, None, ("Origin",)),
        ({"origins": "https://*.a"}, None, ("Origin",)),
        ({"origins": re.compile("a")}, None, ("Origin",)),
        ({"origins": lambda _: True}, None, ("Origin",)),
        ({"origins": []}, None, ()),
        ({"always_send": False}, None, ("Origin",)),
        ({"origins": A, "always_send": False}, None, ("Origin",)),
        ({"origins": A, "always_send": False, "vary_header": False}, None, ()),
    ],
)
@pytest.mark.parametrize("origin", [None, ""])
def test_a_request_without_origin_gets_any_or_the_single_literal(
    options: dict[str, Any], value: str | None, vary: tuple[str, ...], origin: str | None
) -> None:
    """D5, D11: with several literals none; and `Vary` where another request may get another."""
    policy = Policy(**options)
    answer = policy.answer("GET", origin)
    assert (answer.verdict, answer.matched, answer.vary) == (Verdict.NO_ORIGIN, None, vary)
    assert dict(answer.fields).get("Access-Control-Allow-Origin") == value
    assert policy.answer("OPTIONS", origin, "PUT").verdict is Verdict.NO_ORIGIN


@pytest.mark.parametrize(
    ("options", "value"),
    [
        ({"send_wildcard": True}, "*"),
        ({"origins": [A, "*"], "send_wildcard": True}, "*"),
        ({}, A),
        ({"origins": A, "send_wildcard": True}, A),
    ],
)
def test_everybody_gets_the_wildcard_with_send_wildcard_only(
    options: dict[str, Any], value: str
) -> None:
    """Otherwise the origin is reflected."""
    assert Policy(**options).answer("GET", A).fields == (("Access-Control-Allow-Origin", value),)


@pytest.mark.parametrize("asked", [("GET", A), ("OPTIONS", A, "PUT")])
def test_a_callable_is_asked_for_every_request(asked: tuple[str, ...]) -> None:
    """It may answer differently each time (D4)."""
    answers = iter([True, False])
    policy = Policy(origins=lambda origin: next(answers))
    assert [policy.answer(*asked).verdict.refused for _ in range(2)] == [False, True]


class Passing:
    """A matcher that fails once, as a signal handler's timeout or a full stack may make it."""

    def __init__(self, matcher: Any, failures: Iterator[Exception]) -> None:
        self._matcher = matcher
        self._failures = failures

    def __getattr__(self, name: str) -> Any:
        return getattr(self._matcher, name)

    def match(self, origin: str) -> object:
        for failure in self._failures:
            raise failure
        return self._matcher.match(origin)


@pytest.mark.parametrize("asked", [("GET", A), ("OPTIONS", A, "PUT")])
def test_a_passing_exception_is_not_kept(asked: tuple[str, ...]) -> None:
    """It refuses the request in which it was raised, and says nothing about the origin (I8)."""
    policy = Policy(origins=[A, "https://b"])
    error = RecursionError()
    policy.plan.origins = Passing(policy.plan.origins, iter([error]))  # type: ignore[assignment]
    refused = make_answer(Verdict.ORIGIN_REFUSED, vary=("Origin",), matched=error)
    assert policy.answer(*asked) == refused
    assert policy.answer(*asked).verdict.allowed


@pytest.mark.parametrize(("length", "kept"), [(512, True), (513, False)])
def test_short_answers_to_origins_are_kept(length: int, kept: bool) -> None:
    """A hostile client cannot make a policy remember much."""
    policy = Policy()
    origin = A.ljust(length, "a")
    assert (policy.answer("GET", origin) is policy.answer("GET", origin)) is kept


@pytest.mark.parametrize(("length", "kept"), [(512, True), (513, False)])
@pytest.mark.parametrize("longest", [0, 1, 2])
def test_short_answers_to_preflights_are_kept(longest: int, length: int, kept: bool) -> None:
    """The origin, the method and the names count together."""
    policy = Policy(methods="*")
    texts = [A, "PUT", "x-a"]
    texts[longest] += "a" * (length - len("".join(texts)))
    assert (policy.answer("OPTIONS", *texts) is policy.answer("OPTIONS", *texts)) is kept


def test_each_policy_keeps_answers_of_its_own() -> None:
    """What one has answered is no answer of another."""
    policies = Policy(methods="PUT", allow_headers="X-A"), Policy(methods="GET")
    verdicts = [policy.answer("OPTIONS", A, "PUT", "x-a").verdict for policy in policies]
    assert verdicts == [Verdict.PREFLIGHT_ALLOWED, Verdict.METHOD_REFUSED]


@pytest.mark.parametrize(("allowed", "value"), [(True, "true"), (False, "false")])
def test_a_private_network_is_answered_behind_the_shared_lines(allowed: bool, value: str) -> None:
    """As 6.0.2 does, on any method, `false` included; a refusal says nothing."""
    policy = Policy(origins=[A, "https://b"], methods="PUT", allow_private_network=allowed)
    private = ("Access-Control-Allow-Private-Network", value)
    assert policy.answer("GET", A, private_network="true").fields == (ORIGIN, private)
    assert policy.answer("GET", A, private_network="TRUE").fields == (ORIGIN,)
    assert policy.answer("OPTIONS", A, "PUT", None, "true").fields == (ORIGIN, private, PUT)
    assert policy.answer("OPTIONS", A, "PUT", None, "1").fields == (ORIGIN, PUT)
    assert policy.answer("GET", "https://c", private_network="true").fields == ()


def test_a_preflight_is_options_with_a_requested_method() -> None:
    """Fetch, "HTTP requests"; methods are case-sensitive."""
    actual = FULL.answer("GET", A)
    others: list[Answer] = [
        FULL.answer("OPTIONS", A),
        FULL.answer("OPTIONS", A, ""),
        FULL.answer("options", A, "PUT"),
        FULL.answer("GET", A, "PUT", "x-a"),
    ]
    assert others == [actual] * 4


@pytest.mark.parametrize(
    ("origins", "asked", "prefix"),
    [
        (r"https://a\.(x|y)", ("GET", "https://a.x.evil.io"), r"https://a\.(x|y)"),
        (r"https://a\.(x|y)", ("OPTIONS", "https://a.x.evil.io", "PUT"), r"https://a\.(x|y)"),
        (r"https://a\.(x|y)", ("GET", "https://a.x"), None),
        (r"https://a\.(x|y)", ("GET", "https://b"), None),
        (r"https://a\.(x|y)", ("GET", "https://a.x evil.io"), None),
        (A, ("GET", A + ".evil.io"), None),
    ],
)
def test_a_refusal_names_the_regex_that_only_its_beginning_matches(
    origins: str, asked: tuple[str, ...], prefix: str | None
) -> None:
    """D1: found once for each answer that is kept, so that no shell matches a second time."""
    answer = Policy(origins=origins).answer(*asked)
    assert answer.prefix == prefix
    assert prefix is None or answer._replace(prefix=None) == make_answer(
        Verdict.ORIGIN_REFUSED, vary=("Origin",)
    )

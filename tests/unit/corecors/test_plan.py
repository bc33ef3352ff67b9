from __future__ import annotations

import re
from typing import Any

import pytest

from corecors import Policy, Verdict
from corecors._decision import HEADERS_REFUSED, Grant, Outcome, outcome

CREDENTIALS = (("Access-Control-Allow-Credentials", "true"),)
MAX_AGE = (("Access-Control-Max-Age", "0"),)
EXPOSED = (("Access-Control-Expose-Headers", "X-A, X-B"),)
METHOD = "Access-Control-Request-Method"
HEADERS = "Access-Control-Request-Headers"


def test_an_echoed_origin_has_every_outcome_ready() -> None:
    """What does not depend on the request is built once, and only what belongs there is sent."""
    policy = Policy(
        origins=["https://a", "https://b"],
        expose_headers="X-B, X-A",
        supports_credentials=True,
        max_age=0,
    )
    assert policy.plan.answer_origin("https://a")[1] == Grant(
        actual=outcome(Verdict.ALLOWED, EXPOSED + CREDENTIALS, ("Origin",)),
        preflight_allowed=outcome(
            Verdict.PREFLIGHT_ALLOWED, CREDENTIALS + MAX_AGE, ("Origin", METHOD, HEADERS)
        ),
        preflight_safelisted=outcome(Verdict.PREFLIGHT_SAFELISTED, CREDENTIALS, ("Origin", METHOD)),
        method_refused=outcome(Verdict.METHOD_REFUSED, CREDENTIALS, ("Origin", METHOD)),
        headers_refused=outcome(
            Verdict.HEADERS_REFUSED, CREDENTIALS + MAX_AGE, ("Origin", METHOD, HEADERS)
        ),
    )


def test_the_constant_origin_does_not_vary_by_origin() -> None:
    """D11: never for one literal that matched."""
    plan = Policy(origins="https://a", allow_headers=()).plan
    assert plan.answer_origin("https://a")[1] == Grant(
        actual=outcome(Verdict.ALLOWED),
        preflight_allowed=outcome(Verdict.PREFLIGHT_ALLOWED, vary=(METHOD,)),
        preflight_safelisted=outcome(Verdict.PREFLIGHT_SAFELISTED, vary=(METHOD,)),
        method_refused=outcome(Verdict.METHOD_REFUSED, vary=(METHOD,)),
        headers_refused=outcome(Verdict.HEADERS_REFUSED, vary=(METHOD,)),
    )


@pytest.mark.parametrize(
    ("options", "vary"),
    [
        ({}, ("Origin",)),
        ({"origins": "https://a"}, ("Origin",)),
        ({"origins": len}, ("Origin",)),
        ({"origins": []}, ()),
        ({"vary_header": False}, ()),
    ],
)
def test_a_refusal_sends_nothing_but_vary(options: dict[str, Any], vary: tuple[str, ...]) -> None:
    """D11: where another origin could have got more."""
    refusal = outcome(Verdict.ORIGIN_REFUSED, vary=vary)
    assert Policy(**options).plan.answer_origin("not an origin")[1] == Grant(*(refusal,) * 5)


def test_without_vary_header_no_outcome_has_a_vary() -> None:
    """D11: `vary_header=False` switches all of it off."""
    plan = Policy(vary_header=False).plan
    answers = [plan.answer_origin("https://a"), plan.answer_origin("no origin"), plan.no_origin]
    grants = [grant for _, grant in answers]
    assert {made.vary for grant in grants for made in _outcomes(grant)} == {()}


def _outcomes(grant: Grant) -> list[Outcome]:
    return [
        grant.actual,
        grant.preflight_allowed,
        grant.preflight_safelisted,
        grant.method_refused,
        grant.headers_refused,
    ]


@pytest.mark.parametrize(
    ("options", "value", "vary"),
    [
        # Any origin: a constant, except with credentials.
        ({}, "*", ()),
        ({"send_wildcard": True}, "*", ()),
        ({"origins": ["*", "https://a"]}, "*", ()),
        ({"supports_credentials": True}, None, ("Origin",)),
        # The single literal; constant where it is the only pattern.
        ({"origins": "https://a"}, "https://a", ()),
        ({"origins": "https://a", "supports_credentials": True}, "https://a", ()),
        ({"origins": "null"}, "null", ()),
        ({"origins": "HTTPS://A"}, "HTTPS://A", ("Origin",)),
        ({"origins": ["https://a", re.compile("b")]}, "https://a", ("Origin",)),
        ({"origins": ["https://a", "https://*.b"]}, "https://a", ("Origin",)),
        # None.
        ({"origins": ["https://a", "https://b"]}, None, ("Origin",)),
        ({"origins": "https://*.a"}, None, ("Origin",)),
        ({"origins": re.compile("a")}, None, ("Origin",)),
        ({"origins": len}, None, ("Origin",)),
        ({"origins": []}, None, ()),
        ({"always_send": False}, None, ("Origin",)),
        ({"origins": "https://a", "always_send": False}, None, ("Origin",)),
        ({"origins": "https://a", "always_send": False, "vary_header": False}, None, ()),
    ],
)
def test_a_request_without_origin_gets_any_or_the_single_literal(
    options: dict[str, Any], value: str | None, vary: tuple[str, ...]
) -> None:
    """D5, D11: with several literals none; and `Vary` where another request may get another."""
    (made, allow_origin, fields, found, _), grant = Policy(**options).plan.no_origin
    assert (made, allow_origin, fields, found) == (grant.actual, value, (), None)
    assert made.vary == vary
    assert {made.verdict for made in _outcomes(grant)} == {Verdict.NO_ORIGIN}


@pytest.mark.parametrize(
    ("options", "value"),
    [
        ({"send_wildcard": True}, "*"),
        ({"origins": ["https://a", "*"], "send_wildcard": True}, "*"),
        ({}, "https://a"),
        ({"origins": "https://a", "send_wildcard": True}, "https://a"),
    ],
)
def test_everybody_gets_the_wildcard_with_send_wildcard_only(
    options: dict[str, Any], value: str
) -> None:
    """Otherwise the origin is reflected."""
    assert Policy(**options).plan.answer_origin("https://a")[0][1] == value


def test_a_callable_is_asked_for_every_request() -> None:
    """It may answer differently each time."""
    answers = iter([True, False])
    plan = Policy(origins=lambda origin: next(answers)).plan
    verdicts = [plan.answer_origin("https://a")[0][0].verdict for _ in range(2)]
    assert verdicts == [Verdict.ALLOWED, Verdict.ORIGIN_REFUSED]


@pytest.mark.parametrize(("length", "kept"), [(512, True), (513, False)])
def test_short_answers_to_origins_are_kept(length: int, kept: bool) -> None:
    """A hostile client cannot make a policy remember much."""
    answer = Policy().plan.answer_origin
    origin = "https://a".ljust(length, "a")
    assert (answer(origin) is answer(origin)) is kept


@pytest.mark.parametrize(("length", "kept"), [(512, True), (513, False)])
@pytest.mark.parametrize("longest", [0, 1, 2])
def test_short_answers_to_preflights_are_kept(longest: int, length: int, kept: bool) -> None:
    """The origin, the method and the names count together."""
    answer = Policy(methods="*").plan.answer_preflight
    texts = ["https://a", "PUT", "x-a"]
    texts[longest] += "a" * (length - len("".join(texts)))
    origin, method, headers = texts
    asked = origin, method, headers, False
    assert (answer(asked) is answer(asked)) is kept


def test_a_callable_is_asked_for_every_preflight() -> None:
    """And what it said before is forgotten."""
    answers = iter([True, False])
    plan = Policy(origins=lambda origin: next(answers)).plan
    verdicts = [plan.answer_preflight(("https://a", "PUT", "", False))[0].verdict for _ in "ab"]
    assert verdicts == [Verdict.PREFLIGHT_ALLOWED, Verdict.ORIGIN_REFUSED]


def test_each_policy_keeps_answers_of_its_own() -> None:
    """What one has answered is no answer of another."""
    asked = "https://a", "PUT", "x-a", False
    policies = Policy(methods="PUT", allow_headers="X-A"), Policy(methods="GET")
    verdicts = [policy.plan.answer_preflight(asked)[0].verdict for policy in policies]
    assert verdicts == [Verdict.PREFLIGHT_ALLOWED, Verdict.METHOD_REFUSED]


def test_the_answer_to_a_preflight_is_whole() -> None:
    """The outcome, the origin, the names, what matched, and all of it as lines."""
    plan = Policy(origins="https://*.a", methods="PUT", allow_headers="X-A").plan
    _, grant = plan.answer_origin("https://x.a")
    names = ("Access-Control-Allow-Headers", "x-a"), ("Access-Control-Allow-Methods", "PUT")
    vary = ("Vary", f"Origin, {METHOD}, {HEADERS}")
    assert plan.answer_preflight(("https://x.a", "PUT", "x-a,x-b", False)) == (
        grant.headers_refused,
        "https://x.a",
        names,
        "https://*.a",
        (("Access-Control-Allow-Origin", "https://x.a"), *names, vary),
    )


def test_the_answer_for_a_private_network_is_another_one() -> None:
    """Though all else is the same."""
    answer = Policy(allow_private_network=True).plan.answer_preflight
    fields = [answer(("https://a", "PUT", "", private))[2] for private in (False, True)]
    methods = ("Access-Control-Allow-Methods", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT")
    assert fields == [
        (methods,),
        (methods, ("Access-Control-Allow-Private-Network", "true")),
    ]


def test_a_preflight_is_answered_by_both_lists_of_the_policy() -> None:
    """The methods and the request headers that may be asked for."""
    assert Policy(methods="PUT", allow_headers="X-A").plan.preflight("PUT", "x-a,x-b") == (
        HEADERS_REFUSED,
        (("Access-Control-Allow-Headers", "x-a"), ("Access-Control-Allow-Methods", "PUT")),
    )


@pytest.mark.parametrize(("allowed", "value"), [(True, "true"), (False, "false")])
def test_private_network_is_answered_either_way(allowed: bool, value: str) -> None:
    """As 6.0.2 does, `false` included."""
    name = "Access-Control-Allow-Private-Network"
    assert Policy(allow_private_network=allowed).plan.private_network == (name, value)

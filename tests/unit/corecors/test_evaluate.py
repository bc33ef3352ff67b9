from __future__ import annotations

import copy
import pickle
import re
import sys
from types import MappingProxyType
from typing import Any

import attrs
import pytest

from corecors import Decision, Policy, Rules, Verdict, evaluate
from corecors._answer import NO_RULE, make_answer

A, B = "https://a.example", "https://b.example"
METHOD, HEADERS = "Access-Control-Request-Method", "Access-Control-Request-Headers"
PRIVATE = "Access-Control-Request-Private-Network"

ORIGIN = ("Access-Control-Allow-Origin", A)
CREDENTIALS = ("Access-Control-Allow-Credentials", "true")
EXPOSED = ("Access-Control-Expose-Headers", "X-A")
SHARED = (ORIGIN, EXPOSED, CREDENTIALS)
MAX_AGE = ("Access-Control-Max-Age", "60")
BOTH = ("Access-Control-Allow-Methods", "GET, PUT")

POLICY = Policy(
    origins=[A, B],
    methods="GET, PUT",
    allow_headers="X-A, Authorization",
    expose_headers="X-A",
    supports_credentials=True,
    max_age=60,
)


def decided(verdict: Verdict, *fields: tuple[str, str], vary: tuple[str, ...]) -> Decision:
    return Decision(make_answer(verdict, fields, vary, A), policy=POLICY)


BY_METHOD = ("Origin", METHOD)
BY_HEADERS = ("Origin", METHOD, HEADERS)


@pytest.mark.parametrize(
    ("method", "headers", "expected"),
    [
        ("GET", {}, decided(Verdict.ALLOWED, *SHARED, vary=("Origin",))),
        ("BREW", {}, decided(Verdict.ALLOWED, *SHARED, vary=("Origin",))),
        # A preflight is OPTIONS with Access-Control-Request-Method, and nothing else is.
        ("OPTIONS", {}, decided(Verdict.ALLOWED, *SHARED, vary=("Origin",))),
        (
            "OPTIONS",
            {METHOD: ""},
            decided(Verdict.ALLOWED, *SHARED, vary=("Origin",)),
        ),
        (
            "options",
            {METHOD: "PUT"},
            decided(Verdict.ALLOWED, *SHARED, vary=("Origin",)),
        ),
        (
            "GET",
            {METHOD: "PUT", HEADERS: "x-a"},
            decided(Verdict.ALLOWED, *SHARED, vary=("Origin",)),
        ),
        (
            "OPTIONS",
            {METHOD: "PUT"},
            decided(
                Verdict.PREFLIGHT_ALLOWED,
                *SHARED,
                BOTH,
                MAX_AGE,
                vary=BY_HEADERS,
            ),
        ),
        (
            "OPTIONS",
            {METHOD: "PUT", HEADERS: ""},
            decided(
                Verdict.PREFLIGHT_ALLOWED,
                *SHARED,
                BOTH,
                MAX_AGE,
                vary=BY_HEADERS,
            ),
        ),
        (
            "OPTIONS",
            {METHOD: "PUT", HEADERS: ","},
            decided(
                Verdict.PREFLIGHT_ALLOWED,
                *SHARED,
                BOTH,
                MAX_AGE,
                vary=BY_HEADERS,
            ),
        ),
        (
            "OPTIONS",
            {METHOD.lower(): "PUT", HEADERS.upper(): "authorization,x-a"},
            decided(
                Verdict.PREFLIGHT_ALLOWED,
                *SHARED,
                ("Access-Control-Allow-Headers", "authorization, x-a"),
                BOTH,
                MAX_AGE,
                vary=BY_HEADERS,
            ),
        ),
        (
            "OPTIONS",
            {METHOD: "PUT", HEADERS: "x-a,x-b"},
            decided(
                Verdict.HEADERS_REFUSED,
                *SHARED,
                ("Access-Control-Allow-Headers", "x-a"),
                BOTH,
                MAX_AGE,
                vary=BY_HEADERS,
            ),
        ),
        (
            "OPTIONS",
            {METHOD: "PUT", HEADERS: "x-b"},
            decided(
                Verdict.HEADERS_REFUSED,
                *SHARED,
                BOTH,
                MAX_AGE,
                vary=BY_HEADERS,
            ),
        ),
        (
            "OPTIONS",
            {METHOD: "DELETE"},
            decided(Verdict.METHOD_REFUSED, *SHARED, vary=BY_METHOD),
        ),
        (
            "OPTIONS",
            {METHOD: "put", HEADERS: "x-a"},
            decided(Verdict.METHOD_REFUSED, *SHARED, vary=BY_METHOD),
        ),
        # GET, HEAD and POST need no listing where no header is asked for.
        (
            "OPTIONS",
            {METHOD: "POST"},
            decided(Verdict.PREFLIGHT_SAFELISTED, *SHARED, vary=BY_METHOD),
        ),
        (
            "OPTIONS",
            {METHOD: "POST", HEADERS: " ,\t"},
            decided(Verdict.PREFLIGHT_SAFELISTED, *SHARED, vary=BY_METHOD),
        ),
        (
            "OPTIONS",
            {METHOD: "POST", HEADERS: "x-a"},
            decided(Verdict.METHOD_REFUSED, *SHARED, vary=BY_METHOD),
        ),
        (
            "OPTIONS",
            {METHOD: "POST", HEADERS: "," * 8_193},
            decided(Verdict.METHOD_REFUSED, *SHARED, vary=BY_METHOD),
        ),
    ],
)
def test_an_allowed_origin_is_answered_by_what_it_asks(
    method: str, headers: dict[str, str], expected: Decision
) -> None:
    """A preflight gets what the actual request gets, and -Headers, -Methods and -Max-Age (I6)."""
    assert evaluate(POLICY, method, A, headers) == expected


Shared = tuple[dict[str, str], Verdict]

NOTHING: Shared = ({}, Verdict.ORIGIN_REFUSED)
ONLY_VARY: Shared = ({"Vary": "Origin"}, Verdict.ORIGIN_REFUSED)


def shared(value: str, vary: bool = True) -> Shared:
    headers = {"Access-Control-Allow-Origin": value}
    return ({**headers, "Vary": "Origin"} if vary else headers), Verdict.ALLOWED


def without(value: str | None, vary: bool = True) -> Shared:
    headers = {} if value is None else {"Access-Control-Allow-Origin": value}
    return ({**headers, "Vary": "Origin"} if vary else headers), Verdict.NO_ORIGIN


def raises(origin: str) -> bool:
    raise LookupError(origin)


@pytest.mark.parametrize(
    ("options", "origin", "expected"),
    [
        # Any origin is reflected, or answered by `*`.
        ({}, A, shared(A)),
        ({}, "null", shared("null")),
        ({}, "not an origin", ONLY_VARY),
        ({}, None, without("*", vary=False)),
        ({}, "", without("*", vary=False)),
        ({"send_wildcard": True}, A, shared("*", vary=False)),
        ({"send_wildcard": True}, "not an origin", shared("*", vary=False)),
        ({"send_wildcard": True}, None, without("*", vary=False)),
        ({"always_send": False}, None, without(None)),
        ({"always_send": False}, A, shared(A)),
        ({"vary_header": False}, A, shared(A, vary=False)),
        ({"vary_header": False}, "a b", NOTHING),
        # One literal is a constant; its refusal is not.
        ({"origins": A}, A, shared(A, vary=False)),
        ({"origins": A}, "HTTPS://A.example", shared("HTTPS://A.example")),
        ({"origins": A}, B, ONLY_VARY),
        ({"origins": A}, None, without(A, vary=False)),
        ({"origins": A, "always_send": False}, None, without(None)),
        ({"origins": "HTTPS://A.example"}, A, shared(A)),
        # Several are not.
        ({"origins": [A, B]}, A, shared(A)),
        ({"origins": [A, B]}, None, without(None)),
        ({"origins": [A, "https://*.b.example"]}, None, without(A)),
        ({"origins": "https://*.b.example"}, "https://a.b.example", shared("https://a.b.example")),
        ({"origins": r"https://.*\.example"}, A, shared(A)),
        ({"origins": r"https://.*\.example"}, A + ".evil.io", ONLY_VARY),
        # Callables.
        ({"origins": lambda origin: True}, A, shared(A)),
        ({"origins": lambda origin: False}, A, ONLY_VARY),
        ({"origins": lambda origin: None}, A, ONLY_VARY),
        ({"origins": raises}, A, ONLY_VARY),
        ({"origins": raises}, None, without(None)),
        # Nobody.
        ({"origins": []}, A, NOTHING),
        ({"origins": []}, None, without(None, vary=False)),
    ],
)
def test_the_origin_decides_what_is_shared(
    options: dict[str, Any], origin: str | None, expected: Shared
) -> None:
    """D5, D6, D11: one value, no echo of what is no origin, and `Vary` where it is needed."""
    assert tuple(evaluate(Policy(**options), "GET", origin)) == expected


def test_a_refused_origin_gets_nothing_on_a_preflight_either() -> None:
    """I3: not even with Access-Control-Request-Private-Network."""
    asked = {METHOD: "PUT", HEADERS: "x-a", PRIVATE: "true"}
    refused = evaluate(POLICY, "OPTIONS", "https://evil.example", asked)
    assert refused == Decision(make_answer(Verdict.ORIGIN_REFUSED, vary=("Origin",)), policy=POLICY)


def test_a_preflight_without_origin_is_answered_all_the_same() -> None:
    """As 6.0.2 does; no browser sends one."""
    headers, verdict = evaluate(Policy(methods="PUT"), "OPTIONS", None, {METHOD: "PUT"})
    assert verdict is Verdict.NO_ORIGIN
    assert headers == {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "PUT",
        "Vary": f"{METHOD}, {HEADERS}",
    }


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
@pytest.mark.parametrize(("allowed", "value"), [(True, "true"), (False, "false")])
def test_private_network_is_answered_where_it_is_asked_for(
    method: str, allowed: bool, value: str
) -> None:
    """On any method, `false` included, as 6.0.2 does; only the value `true` asks."""
    policy = Policy(origins=[A, B], methods="PUT", allow_private_network=allowed)
    field = ("Access-Control-Allow-Private-Network", value)
    for asked in ({}, {METHOD: "PUT"}):
        without = evaluate(policy, method, A, asked)
        assert evaluate(policy, method, A, {**asked, PRIVATE: "TRUE"}) == without
        fields = (without.fields[0], field, *without.fields[1:])
        expected = make_answer(without.verdict, fields, without.vary, A)
        assert evaluate(policy, method, A, {**asked, PRIVATE: "true"}).answer == expected


def test_a_callable_that_raises_is_a_refusal_that_carries_the_exception() -> None:
    """D4: never an error of the request; the reason names the type, the shell logs the rest."""
    refused = evaluate(Policy(origins=raises), "GET", A)
    assert refused.verdict is Verdict.ORIGIN_REFUSED
    assert refused.reason == "a callable in origins raised LookupError"
    assert isinstance(refused.error, LookupError)
    assert refused.error.__traceback__ is not None
    assert refused.pattern is None


def test_a_callable_is_asked_once_and_never_without_an_origin() -> None:
    """D4: with the origin and nothing else."""
    asked: list[str] = []

    def function(origin: str) -> bool:
        asked.append(origin)
        return True

    policy = Policy(origins=function)
    evaluate(policy, "OPTIONS", A, {METHOD: "PUT"})
    evaluate(policy, "GET", None)
    evaluate(policy, "GET", "")
    assert asked == [A]


def test_an_interrupt_is_not_a_refusal() -> None:
    """Only exceptions are caught, not what ends the program."""
    with pytest.raises(SystemExit):
        evaluate(Policy(origins=lambda _: sys.exit()), "GET", A)


@pytest.mark.parametrize(
    ("origins", "pattern"),
    [
        ("*", "*"),
        (A, A),
        ("https://*.example", "https://*.example"),
        ([r"https://x.*", r"https://a.*"], r"https://a.*"),
        (re.compile("https://a.*"), re.compile("https://a.*")),
        (callable, callable),
    ],
)
def test_a_decision_names_the_pattern_that_matched(origins: Any, pattern: object) -> None:
    """Also where regexes have been joined."""
    policy = Policy(origins=origins) if origins is not callable else Policy(origins=_admit)
    expected = _admit if pattern is callable else pattern
    assert evaluate(policy, "GET", A).pattern == expected


def test_the_wildcard_that_is_sent_is_the_pattern_that_matched() -> None:
    """Also for what is no origin: nothing is compared then."""
    policy = Policy(origins=[A, "*"], send_wildcard=True)
    assert evaluate(policy, "GET", "not an origin").pattern == "*"


def _admit(origin: str) -> bool:
    return True


def test_the_rule_that_covers_the_path_decides_and_is_named() -> None:
    """The first one, finally: a refusal by it is not given to the next."""
    own, rest = Policy(origins=A), Policy()
    rules = Rules([("/api/*", own), (re.compile("/"), rest)])
    refused = evaluate(rules, "GET", B, {}, "/api/x")
    assert (refused.verdict, refused.rule, refused.policy) == (
        Verdict.ORIGIN_REFUSED,
        "/api/*",
        own,
    )
    allowed = evaluate(rules, "GET", B, path="/apisecret")
    assert (allowed.verdict, allowed.rule, allowed.policy) == (
        Verdict.ALLOWED,
        re.compile("/"),
        rest,
    )


def test_a_path_that_no_rule_covers_gets_nothing() -> None:
    """Not even `Vary`."""
    assert evaluate(Rules([("/api", Policy())]), "GET", A, path="/") == Decision(NO_RULE)


def test_the_empty_pattern_is_a_rule_like_another() -> None:
    """A falsy pattern is named, too."""
    assert evaluate(Rules([("", Policy())]), "GET", A, path="").rule == ""


def test_the_path_is_the_root_if_none_is_given() -> None:
    """The path of a request for a server as a whole."""
    assert evaluate(Rules([("/", Policy())]), "GET", A).rule == "/"


def test_without_rules_the_path_does_not_matter() -> None:
    """And no rule is named."""
    anywhere = evaluate(Policy(), "GET", A, path="\0")
    assert (anywhere.verdict, anywhere.rule) == (Verdict.ALLOWED, None)


def test_any_mapping_of_headers_will_do() -> None:
    """Names in any case; nothing in it is changed."""
    headers = MappingProxyType({METHOD.upper(): "PUT", "X-Other": "x", "x" * len(METHOD): "GET"})
    assert evaluate(POLICY, "OPTIONS", A, headers).verdict is Verdict.PREFLIGHT_ALLOWED


# --- the record of an answer

DECISION = evaluate(Rules([("/api/*", POLICY)]), "GET", A, path="/api/x")


def test_a_decision_unpacks_to_headers_and_verdict() -> None:
    """The headers are a plain dict of all there is to set, `Vary` included."""
    headers, verdict = DECISION
    assert headers == {
        "Access-Control-Allow-Origin": A,
        "Access-Control-Expose-Headers": "X-A",
        "Access-Control-Allow-Credentials": "true",
        "Vary": "Origin",
    }
    assert verdict is Verdict.ALLOWED
    assert (DECISION.headers, DECISION.verdict, DECISION.allowed) == (headers, verdict, True)


def test_a_decision_has_by_name_what_led_to_it() -> None:
    """The lines, what they depend on, why, the rule, the item, and the policy."""
    assert (DECISION.fields, DECISION.vary) == (SHARED, ("Origin",))
    assert (DECISION.reason, DECISION.rule) == ("the origin is allowed", "/api/*")
    assert (DECISION.pattern, DECISION.error, DECISION.policy) == (A, None, POLICY)


def test_each_decision_has_headers_of_its_own() -> None:
    """Who changes the dict of one changes no other, nor the policy's answers."""
    headers, _ = evaluate(POLICY, "GET", A)
    headers["X"] = "y"
    assert "X" not in evaluate(POLICY, "GET", A).headers


def test_decisions_of_one_policy_differ_in_their_answers() -> None:
    """Of two exceptions, in their types: the text may hold an address in memory."""

    def fails(origin: str) -> bool:
        raise KeyError if origin == A else ValueError

    assert evaluate(POLICY, "GET", A) != evaluate(POLICY, "GET", B)
    policy = Policy(origins=fails)
    assert evaluate(policy, "GET", A) != evaluate(policy, "GET", B)


def test_decisions_are_values() -> None:
    """Equal and hashable by value, but for the exception, of which each has its own."""
    policy = Policy(origins=raises)
    first, second = evaluate(policy, "GET", A), evaluate(policy, "GET", A)
    assert first.error is not second.error
    assert (first == second, first != second, hash(first) == hash(second)) == (True, False, True)
    assert hash(evaluate(POLICY, "GET", A)) != hash(first)
    others = evaluate(POLICY, "GET", B), evaluate(POLICY, "GET", A), tuple(first), None
    assert [first == other for other in others] == [False] * 4
    assert pickle.loads(pickle.dumps(DECISION)) == DECISION == copy.copy(DECISION)  # noqa: S301 (our own)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        first.rule = "x"


def test_the_repr_of_a_decision_leaves_out_the_policy() -> None:
    """A decision is read in logs."""
    assert repr(evaluate(Policy(send_wildcard=True), "GET", A)) == (
        "Decision(verdict=Verdict.ALLOWED, headers={'Access-Control-Allow-Origin': '*'}, "
        "reason='the origin is allowed', rule=None, pattern='*')"
    )

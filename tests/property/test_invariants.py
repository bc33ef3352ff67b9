"""The invariants I1 to I11 of the contract, each a property of `corecors.evaluate`.

`I12`, that the shell sends what the core decides, is tested where the shell is. A counterexample
that was found once stays as an `@example`.
"""

from __future__ import annotations

import copy
import pickle
import re
from typing import Any

import attrs
import pytest
from hypothesis import assume, event, example, given
from hypothesis import strategies as st

from corecors import Decision, Policy, Rules, Verdict, browser, evaluate
from corecors._patterns import read_all
from corecors._plan import Plan
from tests.property import naive, strategies
from tests.property.strategies import (
    ATTACKS,
    NEAR_METHODS,
    REQUEST_HEADERS,
    REQUEST_METHOD,
    REQUEST_PRIVATE_NETWORK,
    Ask,
    Kind,
    Pattern,
    Setup,
)

Exchange = tuple[Setup, Ask]

ALLOW_ORIGIN = "Access-Control-Allow-Origin"
ALLOW_CREDENTIALS = "Access-Control-Allow-Credentials"
ALLOW_METHODS = "Access-Control-Allow-Methods"
ALLOW_HEADERS = "Access-Control-Allow-Headers"
ALLOW_PRIVATE_NETWORK = "Access-Control-Allow-Private-Network"
EXPOSE_HEADERS = "Access-Control-Expose-Headers"
MAX_AGE = "Access-Control-Max-Age"

ONLY_ON_PREFLIGHTS = {ALLOW_METHODS, ALLOW_HEADERS, MAX_AGE}

exchanges = strategies.exchanges()


def members(value: str | None) -> list[str]:
    """The members of a header that the core joins by a comma and a space."""
    return value.split(", ") if value else []


def setup_of(**options: Any) -> Setup:
    """For an `@example`: a policy whose patterns are of no further interest."""
    return Setup(Policy(**options), (), options)


# --- I1: one Access-Control-Allow-Origin


@given(exchanges)
def test_i1_allow_origin_is_one_value_that_the_request_or_the_policy_names(e: Exchange) -> None:
    """`*`, or the request's `Origin` byte for byte, or, without `Origin`, the one literal.

    Fetch, "CORS check" and "`Origin` header".
    """
    setup, ask = e
    decision = ask.of(setup.policy)
    names = [name.lower() for name, _ in decision.fields]
    assert len(names) == len(set(names))
    value = decision.headers.get(ALLOW_ORIGIN)
    if ask.origin:
        assert value in {None, "*", ask.origin}
    elif value not in {None, "*"}:
        assert [naive.same(str(value), literal) for literal in literals(setup)] == [True]


def literals(setup: Setup) -> set[str]:
    """The literals of a policy, each in lower case, but for `null`, which has only one spelling."""
    kinds = {Kind.LITERAL, Kind.IPV6, Kind.NULL}
    values = [pattern.value for pattern in setup.patterns if pattern.kind in kinds]
    return {text if naive.lower(text) == "null" else naive.lower(text) for text in values}


# --- I2: credentials


@given(exchanges)
def test_i2_no_wildcard_with_credentials(e: Exchange) -> None:
    """Access-Control-Allow-Credentials is `true` or absent, and never beside `*`.

    Fetch, "CORS protocol and credentials".
    """
    setup, ask = e
    for asked_for in (ask, ask._replace(origin=None)):
        headers = asked_for.of(setup.policy).headers
        credentials = headers.get(ALLOW_CREDENTIALS)
        if setup.policy.supports_credentials and ALLOW_ORIGIN in headers:
            assert credentials == "true"
            assert headers[ALLOW_ORIGIN] != "*"
        else:
            assert credentials is None


# --- I3: a refused origin


@given(exchanges)
def test_i3_a_refused_origin_gets_no_cors_header(e: Exchange) -> None:
    """A refusal of the origin says nothing but `Vary` (Fetch, "HTTP responses")."""
    setup, ask = e
    decision = ask.of(setup.policy)
    if decision.verdict in {Verdict.ORIGIN_REFUSED, Verdict.NO_RULE}:
        assert set(decision.headers) <= {"Vary"}
    else:
        assert ALLOW_ORIGIN in decision.headers or decision.verdict is Verdict.NO_ORIGIN


# --- I4: the browser is of the same opinion


@given(st.data())
def test_i4_actual_requests_are_allowed_exactly_if_the_browser_shares_the_response(
    data: Any,
) -> None:
    """The verdict about a request itself is the browser's CORS check of the response."""
    setup = data.draw(strategies.setups())
    origin = data.draw(strategies.browser_origins(setup.patterns))
    decision = evaluate(setup.policy, data.draw(st.sampled_from(["GET", "PUT"])), origin)
    event(decision.verdict.name)
    allowed = decision.allowed
    shared = browser.cors_check(origin, "omit", decision.headers).allowed
    with_cookies = browser.cors_check(origin, "include", decision.headers).allowed
    assert shared == allowed
    assert with_cookies == (allowed and setup.policy.supports_credentials)


def page_request(**options: Any) -> browser.Request:
    return browser.Request(origin="https://a.example", url="https://api.test/", **options)


@st.composite
def preflights(draw: st.DrawFn) -> tuple[Setup, browser.Request]:
    setup = draw(strategies.setups())
    return setup, draw(strategies.page_requests(setup))


# A header may be named `*`: listed among the allowed ones, it would stand for all others.
@example((setup_of(allow_headers="[^x].*"), page_request(headers={"*": "x", "X-Secret": "x"})))
@example((setup_of(methods="PUT"), page_request(use_preflight=True)))
@example((setup_of(methods="*"), page_request(method="*")))
@example((setup_of(methods="Egg"), page_request(method="Egg")))
@given(preflights())
def test_i4_preflights_are_allowed_exactly_if_the_browser_sends_the_request(
    preflight: tuple[Setup, browser.Request],
) -> None:
    """The verdict about a preflight is the browser's preflight check of the response.

    Fetch, "CORS-preflight fetch" and "CORS-safelisted method".
    """
    setup, request = preflight
    headers = dict(browser.preflight_request_headers(request))
    decision = evaluate(setup.policy, "OPTIONS", request.origin, headers)
    event(decision.verdict.name)
    response = browser.Response(headers=decision.headers)
    assert _sends(request, response, "omit") == decision.allowed
    assert _sends(request, response, "include") == (
        decision.allowed and setup.policy.supports_credentials
    )


def _sends(
    request: browser.Request, response: browser.Response, credentials: browser.Credentials
) -> bool:
    return browser.preflight_check(attrs.evolve(request, credentials=credentials), response).allowed


# --- I5: caches


def with_vary(setup: Setup) -> Policy:
    return attrs.evolve(setup.policy, vary_header=True)


def sent(ask: Ask) -> dict[str, str]:
    """All headers of a request that a `Vary` of ours can name."""
    return {**ask.headers, **({} if ask.origin is None else {"Origin": ask.origin})}


@given(st.data())
def test_i5_a_stored_response_leads_to_the_verdict_of_a_fresh_one(data: Any) -> None:
    """What a cache may reuse for another origin, or none, decides as an answer of its own.

    Fetch, "CORS protocol and HTTP caches".
    """
    setup = data.draw(strategies.setups())
    policy = with_vary(setup)
    some = strategies.browser_origins(setup.patterns)
    first = data.draw(st.one_of(st.none(), some, some))
    second = data.draw(some)
    stored = browser.Response(headers=evaluate(policy, "GET", first).headers)
    before, now = Ask("GET", first, {}), Ask("GET", second, {})
    reused = browser.may_reuse(sent(before), stored, sent(now))
    event(f"reused: {reused}")
    if reused:
        fresh = evaluate(policy, "GET", second).headers
        for credentials in ("omit", "include"):
            assert (
                browser.cors_check(second, credentials, stored.headers).allowed
                == browser.cors_check(second, credentials, fresh).allowed
            )


@given(st.data())
def test_i5_a_stored_preflight_leads_to_the_verdict_of_a_fresh_one(data: Any) -> None:
    """The same for the answers to preflights, whatever they ask for."""
    setup = data.draw(strategies.setups())
    policy = with_vary(setup)
    request = data.draw(strategies.page_requests(setup))
    other = data.draw(strategies.page_requests(setup))
    now = dict(browser.preflight_request_headers(request))
    fresh = answer_to_preflight(policy, now)
    for before in neighbours(request, other):
        stored = answer_to_preflight(policy, before)
        if browser.may_reuse(before, stored, now, "OPTIONS", ignore_method=True):
            for credentials in ("omit", "include"):
                assert _sends(request, stored, credentials) == _sends(request, fresh, credentials)


def answer_to_preflight(policy: Policy, headers: dict[str, str]) -> browser.Response:
    decision = evaluate(policy, "OPTIONS", headers["Origin"], headers)
    return browser.Response(headers=decision.headers)


def neighbours(request: browser.Request, other: browser.Request) -> list[dict[str, str]]:
    """The preflights of another request, and of ones that differ from the first in one thing."""
    requests = [
        other,
        attrs.evolve(request, origin=other.origin),
        attrs.evolve(request, headers=other.headers),
        attrs.evolve(request, headers=()),
        *(attrs.evolve(request, method=method) for method in strategies.PAGE_METHODS),
    ]
    return [dict(browser.preflight_request_headers(each)) for each in requests]


@given(exchanges)
def test_i5_vary_names_only_what_the_request_can_have_and_can_be_switched_off(
    e: Exchange,
) -> None:
    """`Vary` is of three names at most, each once, and absent with `vary_header=False`."""
    setup, ask = e
    vary = members(ask.of(setup.policy).headers.get("Vary"))
    assert len(vary) == len(set(vary))
    if not setup.policy.vary_header:
        assert vary == []
    elif ask.is_preflight:
        assert set(vary) <= {"Origin", REQUEST_METHOD, REQUEST_HEADERS}
    else:
        assert set(vary) <= {"Origin"}


# --- I6: preflights


@given(exchanges)
def test_i6_preflight_headers_are_sent_on_preflights_only(e: Exchange) -> None:
    """-Methods, -Headers and -Max-Age are for preflights; what else is sent is the same."""
    setup, ask = e
    headers = ask.of(setup.policy).headers
    actual = ask._replace(method="GET").of(setup.policy).headers
    assert not ONLY_ON_PREFLIGHTS & set(actual)
    shared = {name: value for name, value in headers.items() if name not in ONLY_ON_PREFLIGHTS}
    assert shared == {**actual, **({"Vary": headers["Vary"]} if "Vary" in headers else {})}


@given(exchanges)
def test_i6_what_a_preflight_asked_for_is_named(e: Exchange) -> None:
    """An allowed preflight names the method, and each header; no `*` stands for any of them.

    Fetch, "CORS non-wildcard request-header name": it could not stand for `Authorization`.
    """
    setup, ask = e
    decision = ask.of(setup.policy)
    listed = {naive.lower(name) for name in members(decision.headers.get(ALLOW_HEADERS))}
    methods = members(decision.headers.get(ALLOW_METHODS))
    requested = {
        naive.lower(name.strip(" \t")) for name in ask.headers.get(REQUEST_HEADERS, "").split(",")
    } - {""}
    assert listed <= requested
    if decision.verdict is Verdict.PREFLIGHT_ALLOWED:
        assert ask.headers[REQUEST_METHOD] in methods
        assert listed == requested
    if decision.verdict is Verdict.METHOD_REFUSED:
        assert methods == []
    if decision.verdict is Verdict.HEADERS_REFUSED:
        asked_for = ask.headers[REQUEST_HEADERS]
        assert listed < requested or naive.allowed_names(["*"], asked_for) == (set(), False)


# --- I7: nothing is smuggled in


@given(exchanges)
def test_i7_every_value_is_from_the_policy_or_the_request(e: Exchange) -> None:
    """No value has a line break or NUL, and each member of a list is known."""
    setup, ask = e
    policy, headers = setup.policy, ask.of(setup.policy).headers
    values = dict(headers)
    assert not any(re.search("[\r\n\0]", text) for pair in values.items() for text in pair)
    values.pop("Vary", None)
    assert values.pop(ALLOW_ORIGIN, "*") in {"*", ask.origin, *map(str, policy.origins)}
    assert values.pop(ALLOW_CREDENTIALS, "true") == "true"
    assert values.pop(MAX_AGE, str(policy.max_age)) == str(policy.max_age)
    assert members(values.pop(EXPOSE_HEADERS, None)) in ([], list(policy.expose_headers))
    assert values.pop(ALLOW_PRIVATE_NETWORK, None) in {None, "true", "false"}
    known = {*policy.methods, *map(str.upper, policy.methods), ask.headers.get(REQUEST_METHOD)}
    assert set(members(values.pop(ALLOW_METHODS, None))) <= known
    for name in members(values.pop(ALLOW_HEADERS, None)):
        assert naive.is_token(name)
        assert name in ask.headers[REQUEST_HEADERS]
    assert values == {}


# --- I8: no request raises, or costs much

anything = st.one_of(
    st.text(), st.sampled_from(["", "\0", "\ud800", "x" * 9_000, "," * 9_000, "[" * 3_000, "\xff"])
)


@given(
    st.data(),
    anything,
    st.one_of(st.none(), anything),
    st.dictionaries(
        st.one_of(
            st.sampled_from([REQUEST_METHOD, REQUEST_HEADERS, REQUEST_PRIVATE_NETWORK]), anything
        ),
        anything,
        max_size=4,
    ),
    anything,
)
def test_i8_no_text_of_a_request_raises(
    data: Any, method: str, origin: str | None, headers: dict[str, str], path: str
) -> None:
    """Every text is decided about, under a policy and under rules, and a shell could log it."""
    policy = data.draw(strategies.setups()).policy
    rules = data.draw(strategies.rules_of([policy]))
    broken = Policy(origins=[strategies.raise_broken])
    for either in (policy, rules, broken):
        decision = evaluate(either, method, origin, headers, path)
        assert isinstance(decision.verdict, Verdict)
        assert isinstance(repr(decision), str)


class Recorder:
    """A callable that notes what it is asked about, and stands for a regex that does."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.began: list[str] = []

    def __call__(self, text: str) -> bool:
        self.asked.append(text)
        return False

    def fullmatch(self, text: str) -> bool:
        return self(text)

    def match(self, text: str) -> bool:
        """Answer whether the beginning matches, which a refusal asks besides (D1)."""
        self.began.append(text)
        return False


@given(st.data())
def test_i8_others_code_and_regexes_see_bounded_text_at_most_once(data: Any) -> None:
    """A callable is asked once at most, never without `Origin`; no pattern sees a long text."""
    setup = data.draw(strategies.setups())
    ask = data.draw(strategies.asks(setup))
    function = Recorder()
    origins: Any = Recorder()
    names: Any = Recorder()
    policy = attrs.evolve(setup.policy, origins=[*setup.policy.origins, function])
    plan = Plan(policy, read_all(policy.origins))
    plan.origins.regexes = (origins,)
    plan._header_names.regexes = (names,)
    object.__setattr__(policy, "plan", plan)
    for origin in (ask.origin, *near(list(setup.patterns[:1]))):
        for recorder in (function, origins, names):
            recorder.asked.clear()
            recorder.began.clear()
        ask._replace(origin=origin).of(policy)
        assert function.asked in ([], [origin])
        assert origins.asked in ([], [origin])
        assert origins.began in ([], origins.asked)
        assert all(0 < len(text) <= 2_048 for text in function.asked + origins.asked)
        assert len(names.asked) <= 256
        assert sum(map(len, names.asked)) <= 8_192


# --- I9: more is never less


@st.composite
def widenings(draw: st.DrawFn) -> tuple[Setup, Policy, Ask]:
    """A policy, one that has the same and more in another order, and a request."""
    setup = draw(strategies.setups())
    origins = [pattern.value for pattern in draw(st.lists(strategies.patterns, max_size=2))]
    options = {
        **setup.options,
        "origins": [*setup.options["origins"], *setup.options["origins"][:1], *origins],
        "methods": [*setup.options["methods"], *draw(strategies.methods)],
        "allow_headers": [*setup.options["allow_headers"], *draw(strategies.allow_headers)],
    }
    assume(strategies.is_valid(options))
    for name in ("origins", "methods", "allow_headers"):
        options[name] = draw(st.permutations(options[name]))
    return setup, Policy(**options), draw(strategies.asks(setup))


def widening(ask: Ask, narrow: dict[str, Any], **more: Any) -> tuple[Setup, Policy, Ask]:
    return setup_of(**narrow), Policy(**{**narrow, **more}), ask


def asked(**headers: str) -> Ask:
    names = {"method": REQUEST_METHOD, "headers": REQUEST_HEADERS}
    sent_headers = {names[key]: value for key, value in headers.items()}
    return Ask("OPTIONS", "https://a.example", sent_headers)


# A list of over 8,192 bytes is refused, also where it names nothing and the method is safelisted.
@example(widening(asked(method="GET", headers="," * 9_000), {"methods": ()}, methods=("GET",)))
# A callable that raises takes nothing from the ones after it.
@example(
    widening(
        Ask("GET", "https://a.example", {}),
        {"origins": [strategies.admit_all]},
        origins=[strategies.raise_broken, strategies.admit_all],
    )
)
@given(widenings())
def test_i9_adding_never_revokes_a_permission(w: tuple[Setup, Policy, Ask]) -> None:
    """What a policy allows, one with more origins, methods or headers allows too."""
    setup, wider, ask = w
    before, after = ask.of(setup.policy), ask.of(wider)
    event(f"allowed: {before.allowed} to {after.allowed}")
    assert before.allowed <= after.allowed


def compared(decision: Decision) -> tuple[Any, ...]:
    return decision.headers, decision.verdict, decision.reason


@given(st.data())
def test_i9_order_and_duplicates_do_not_matter(data: Any) -> None:
    """The same items in another order, and some twice, are the same policy and decide the same."""
    setup = data.draw(strategies.setups())
    ask = data.draw(strategies.asks(setup))
    options = dict(setup.options)
    for name in ("origins", "methods", "allow_headers", "expose_headers"):
        items = list(options[name])
        options[name] = data.draw(st.permutations([*items, *items[:2]]))
    other = Policy(**options)
    assert other == setup.policy
    assert hash(other) == hash(setup.policy)
    assert ask.of(other).headers == ask.of(setup.policy).headers
    assert ask.of(other).verdict == ask.of(setup.policy).verdict


# --- I10: values


# A callable that returns no bool: each decision has an exception of its own.
RAISING = (setup_of(origins=[strategies.answer_with_text]), Ask("GET", "https://a.example", {}))


@example(RAISING)
@given(exchanges)
def test_i10_the_same_arguments_have_the_same_answer(e: Exchange) -> None:
    """Nothing is remembered between two decisions, and nobody can change one afterwards."""
    setup, ask = e
    first, second = ask.of(setup.policy), ask.of(setup.policy)
    assert first == second
    assert tuple(first) == tuple(second)
    first.headers.clear()
    assert ask.of(setup.policy) == second
    assert ask.of(setup.policy).headers == second.headers
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        first.policy = None


@example(RAISING)
@given(exchanges)
def test_i10_a_policy_is_a_value(e: Exchange) -> None:
    """Equal policies are made by evolve, pickle and copy, and decide the same."""
    setup, ask = e
    policy, decision = setup.policy, ask.of(setup.policy)
    for same in (
        attrs.evolve(policy),
        attrs.evolve(attrs.evolve(policy, max_age=1), max_age=policy.max_age),
        pickle.loads(pickle.dumps(policy)),  # noqa: S301 (our own)
        copy.copy(policy),
        copy.deepcopy(policy),
        Policy(**setup.options),
    ):
        assert same == policy
        assert hash(same) == hash(policy)
        assert ask.of(same) == decision
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        policy.origins = ()  # type: ignore[misc]


@given(exchanges)
def test_i10_a_policy_survives_its_repr(e: Exchange) -> None:
    """The repr of a policy without callables, evaluated, is the policy."""
    setup, ask = e
    if not any(map(callable, setup.policy.origins)):
        made = eval(repr(setup.policy), {"Policy": Policy, "re": re})  # noqa: S307 (our own)
        assert made == setup.policy
        assert ask.of(made) == ask.of(setup.policy)


@given(st.data())
def test_i10_rules_are_values(data: Any) -> None:
    """Rules, too, are equal and hashable by value, and survive pickle."""
    setup = data.draw(strategies.setups())
    rules = data.draw(strategies.rules_of([setup.policy, Policy()]))
    path = data.draw(strategies.paths)
    for same in (Rules(rules.entries), pickle.loads(pickle.dumps(rules))):  # noqa: S301 (our own)
        assert same == rules
        assert hash(same) == hash(rules)
        assert same.find(path) == rules.find(path)


# --- I11: a naive matcher


def near(patterns: list[Pattern]) -> list[str]:
    """What the patterns admit, and each attack on it."""
    witnesses = [witness for pattern in patterns for witness in pattern.witnesses[:1]]
    attacked = [attack(origin) for origin in witnesses for attack in ATTACKS.values()]
    return [origin for origin in (*witnesses, *attacked) if origin]


def is_named(decision: Decision, pair: tuple[Kind, Any]) -> bool:
    kind, value = pair
    return bool(decision.pattern == ("*" if kind is Kind.ANY else value))


NULLS = [Pattern(Kind.NULL, "null", ("null",)), Pattern(Kind.LITERAL, "NULL", ("NULL",))]

# Joined as they are, the second one would refer to the group of the first.
NUMBERED = [
    Pattern(Kind.COMPILED, re.compile("https://(x|y)"), ("https://x",)),
    Pattern(Kind.COMPILED, re.compile(r"https://(a|b)\1"), ("https://aa",)),
]


@example(NULLS[:1])
@example(NULLS[1:])
@example(NULLS)
@example(NUMBERED)
@given(
    st.one_of(
        st.lists(strategies.patterns, min_size=1, max_size=3),
        st.lists(strategies.regexes, min_size=2, max_size=4),  # joined, where that can be
    )
)
def test_i11_origins_are_matched_as_naively(patterns: list[Pattern]) -> None:
    """An origin is admitted exactly if one pattern, taken alone, admits it; and that is named."""
    pairs = [(pattern.kind, pattern.value) for pattern in patterns]
    policy = Policy(origins=[pattern.value for pattern in patterns])
    for origin in near(patterns):
        decision = evaluate(policy, "GET", origin)
        assert decision.allowed == naive.admits_origin(pairs, origin)
        assert decision.allowed == (decision.pattern is not None)
        if decision.allowed:
            assert any(naive.admits_origin([p], origin) for p in pairs if is_named(decision, p))


@given(strategies.methods, st.data())
def test_i11_methods_are_matched_as_naively(methods: tuple[str, ...], data: Any) -> None:
    """A method is listed exactly if a name is that method, or its upper case is, or is `*`."""
    policy = Policy(methods=methods)
    drawn = data.draw(strategies.requested_methods(methods))
    for name in (drawn, *methods, *(change(name) for name in methods for change in NEAR_METHODS)):
        decision = evaluate(policy, "OPTIONS", "https://a.example", {REQUEST_METHOD: name})
        assert (ALLOW_METHODS in decision.headers) == naive.allows_method(methods, name)


@given(strategies.allow_headers, strategies.requested_headers)
def test_i11_request_headers_are_matched_as_naively(patterns: Any, requested: str) -> None:
    """Exactly the requested names that one pattern allows are listed, once each, sorted."""
    policy = Policy(allow_headers=patterns)
    for text in (requested, *strategies.TOO_MANY_NAMES):
        asked_for = {REQUEST_METHOD: "PUT", REQUEST_HEADERS: text}
        decision = evaluate(policy, "OPTIONS", "https://a.example", asked_for)
        listed = members(decision.headers.get(ALLOW_HEADERS))
        names, complete = naive.allowed_names(patterns, text)
        assert sorted(map(naive.lower, listed)) == sorted(names)
        assert listed == sorted(listed)
        assert decision.allowed == complete


POLICIES = [Policy(origins=f"https://{name}.example") for name in "abc"]


@example(Rules([("api/*", POLICIES[0])]), "api/x")
@example(Rules([("//api/*", POLICIES[0])]), "//api/x")
@given(strategies.rules_of(POLICIES), strategies.paths)
def test_i11_paths_are_matched_as_naively(rules: Rules, path: str) -> None:
    """The first rule whose pattern, taken alone, covers the path decides."""
    expected = next((e for e in rules.entries if naive.covers(e.pattern, path)), None)
    assert rules.find(path) == expected
    assert rules.everywhere in {None, expected}
    assert rules.find(path) is expected
    verdict = evaluate(rules, "GET", path=path).verdict
    assert (verdict is Verdict.NO_RULE) == (expected is None)

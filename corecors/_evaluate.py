"""The decision: classify the request, then one small step per question.

Nothing here depends on a framework, reads a clock or writes a log. The only code of others
that runs is a callable in `origins`, and what it raises becomes a refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Union

from ._decision import Answer, Decision, Verdict, answer_of
from ._origins import matched_by
from ._plan import Plan
from ._policy import Policy
from ._rules import Rule, Rules
from .headers import (
    ALLOW_ORIGIN,
    REQUEST_HEADERS,
    REQUEST_METHOD,
    REQUEST_PRIVATE_NETWORK,
)

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


def evaluate(
    policy: Union[Policy, Rules],
    method: str,
    origin: str | None = None,
    headers: Mapping[str, str] = _NO_HEADERS,
    path: str = "/",
) -> Decision:
    """Decide what a request gets under a policy, or under the rule that covers its path.

    A pure function (Fetch, "CORS protocol"). `origin` is the request's `Origin`, None without
    one; `headers` maps request header names, in any case, to their values; `path` is decoded
    once, as routed, and matters only for `Rules`. No text of a request raises, and the work is
    bounded by its length.

    >>> policy = Policy(origins=["https://app.example", "https://*.example.org"])
    >>> headers, verdict = evaluate(policy, method="GET", origin="https://app.example")
    >>> headers
    {'Access-Control-Allow-Origin': 'https://app.example', 'Vary': 'Origin'}
    >>> evaluate(policy, method="GET", origin="https://evil.example").reason
    'the origin is not in origins'
    """
    rule = policy.find(path) if isinstance(policy, Rules) else Rule("*", policy)
    if rule is None:
        return Decision(verdict=Verdict.NO_RULE, reason=Verdict.NO_RULE.value)
    asked = _asked(headers)
    answer = decide(
        rule.policy.plan,
        method,
        origin,
        asked.get(REQUEST_METHOD.lower()),
        asked.get(REQUEST_HEADERS.lower()),
        asked.get(REQUEST_PRIVATE_NETWORK.lower()),
    )
    return decision(answer, rule if isinstance(policy, Rules) else None, rule.policy, origin)


def _asked(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def decide(
    plan: Plan,
    method: str,
    origin: str | None,
    requested_method: str | None,
    requested_headers: str | None,
    private_network: str | None,
) -> Answer:
    """Decide as `evaluate` does, from the values of the request's headers."""
    if method == "OPTIONS" and requested_method:
        return plan.answer_preflight(
            (origin or "", requested_method, requested_headers or "", private_network == "true")
        )
    actual, _ = plan.answer_origin(origin) if origin else plan.no_origin
    made, allow_origin, _, found, _ = actual
    if allow_origin is None or private_network != "true":
        return actual
    return answer_of(made, allow_origin, (plan.private_network,), found)


def decision(
    answer: Answer, rule: Rule | None, policy: Policy | None, origin: str | None
) -> Decision:
    """Make the readable record of an answer."""
    outcome, allow_origin, fields, found, _ = answer
    error = found if isinstance(found, Exception) else None
    if allow_origin is not None:
        fields = ((ALLOW_ORIGIN, allow_origin), *outcome.fields, *fields)
    return Decision(
        verdict=outcome.verdict,
        fields=fields,
        vary=outcome.vary,
        reason=_reason(outcome.verdict, error),
        rule=None if rule is None else rule.pattern,
        pattern=None if error else _pattern(policy, found, origin),
        error=error,
        policy=policy,
    )


def _pattern(policy: Policy | None, found: object, origin: str | None) -> object:
    if policy is None or origin is None:
        return found
    return matched_by(policy.plan.origins, found, origin)


def _reason(verdict: Verdict, error: Exception | None) -> str:
    if error is not None:
        return f"a callable in origins raised {type(error).__name__}"
    return verdict.value

"""A policy made ready: all that does not depend on the request, built when the policy is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import attrs

from ._decision import Answer, Field, Grant, Outcome, Verdict, answer_of, outcome
from ._fields import HeaderMatcher, compile_headers, compile_methods, join
from ._kept import kept
from ._origins import OriginMatcher, compile_origins
from ._preflight import Preflight, preflight_of
from .headers import (
    ALLOW_CREDENTIALS,
    ALLOW_PRIVATE_NETWORK,
    EXPOSE_HEADERS,
    MAX_AGE,
    ORIGIN,
    REQUEST_HEADERS,
    REQUEST_METHOD,
)

if TYPE_CHECKING:
    from ._policy import Policy


OriginAnswer = tuple[Answer, Grant]
"""The whole answer to a request that is no preflight, and what a preflight may come to."""

AnswerOrigin = Callable[[str], OriginAnswer]

Asked = tuple[str, str, str, bool]
"""What a CORS-preflight request asks: the origin ("" for none), the method, the header names, and
whether it is for a private network."""

AnswerPreflight = Callable[[Asked], Answer]


@attrs.frozen(eq=False)
class Plan:
    """What `evaluate` reads of a policy."""

    origins: OriginMatcher
    preflight: Preflight
    no_origin: OriginAnswer
    """What a request without `Origin` gets."""
    answer_origin: AnswerOrigin
    """What an `Origin` gets."""
    private_network: Field
    answer_preflight: AnswerPreflight = attrs.field(init=False)
    """What a CORS-preflight request gets."""

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "answer_preflight", answer_preflight_of(self))


def make_plan(policy: Policy) -> Plan:
    """Compile a checked policy."""
    origins = compile_origins(policy.origins)
    allow_headers = compile_headers(policy.allow_headers)
    return Plan(
        origins=origins,
        preflight=preflight_of(compile_methods(policy.methods), allow_headers),
        no_origin=_no_origin(policy, origins, allow_headers),
        answer_origin=answer_origin_of(policy, origins, allow_headers),
        private_network=(
            ALLOW_PRIVATE_NETWORK,
            "true" if policy.allow_private_network else "false",
        ),
    )


def answer_origin_of(
    policy: Policy, origins: OriginMatcher, allow_headers: HeaderMatcher
) -> AnswerOrigin:
    """Make the function that says what an `Origin` gets (Fetch, "CORS check", steps 1 to 4).

    No answer of callables is kept, since they may answer differently each time.
    """
    refused = _refused(policy, Verdict.ORIGIN_REFUSED)
    constant = _grant(policy, allow_headers, vary_origin=False)
    echoed = _grant(policy, allow_headers, vary_origin=True)
    any_origin = _origin_answer(constant, "*", "*")
    wildcard = origins.any and policy.send_wildcard

    def answer(origin: str) -> OriginAnswer:
        if wildcard:
            return any_origin
        try:
            found = origins.match(origin)
        except Exception as error:  # noqa: BLE001 (a callable of the user's may raise anything)
            return _origin_answer(refused, None, error)
        if found is None:
            return _origin_answer(refused, None, None)
        grant = constant if origin == origins.constant else echoed
        return _origin_answer(grant, origin, found)

    return answer if origins.callables else kept(answer, len)


def answer_preflight_of(plan: Plan) -> AnswerPreflight:
    """Make the function that says what a CORS-preflight request gets."""

    def answer(asked: Asked) -> Answer:
        origin, method, headers, private_network = asked
        actual, grant = plan.answer_origin(origin) if origin else plan.no_origin
        _, allow_origin, _, found, _ = actual
        if allow_origin is None:
            return actual
        position, fields = plan.preflight(method, headers)
        if private_network:
            fields = (*fields, plan.private_network)
        return answer_of(grant[position], allow_origin, fields, found)

    return answer if plan.origins.callables else kept(answer, _length)


def _length(asked: Asked) -> int:
    return sum(map(len, asked[:3]))


def _origin_answer(grant: Grant, allow_origin: str | None, found: object) -> OriginAnswer:
    return answer_of(grant.actual, allow_origin, (), found), grant


def _no_origin(
    policy: Policy, origins: OriginMatcher, allow_headers: HeaderMatcher
) -> OriginAnswer:
    """Answer a request without `Origin` (option `always_send`, D5)."""
    value, constant = origins.only_literal, origins.constant is not None
    if origins.any:
        # Fetch, "CORS check": `*` is never sent together with credentials.
        value, constant = None if policy.supports_credentials else "*", True
    if value is None or not policy.always_send:
        return _origin_answer(_refused(policy, Verdict.NO_ORIGIN), None, None)
    grant = _grant(policy, allow_headers, vary_origin=not constant, verdict=Verdict.NO_ORIGIN)
    return _origin_answer(grant, value, None)


def _refused(policy: Policy, verdict: Verdict) -> Grant:
    """Send nothing, and vary by `Origin` where another one could have got more (D11)."""
    vary = (ORIGIN,) if policy.origins and policy.vary_header else ()
    return Grant(*[outcome(verdict, vary=vary)] * len(Grant._fields))


def _grant(
    policy: Policy,
    allow_headers: HeaderMatcher,
    *,
    vary_origin: bool,
    verdict: Verdict | None = None,
) -> Grant:
    by_origin = (ORIGIN,) if vary_origin else ()
    by_method = (*by_origin, REQUEST_METHOD)
    depends = allow_headers.depends_on_request
    by_headers = (*by_method, REQUEST_HEADERS) if depends else by_method
    credentials = _if(policy.supports_credentials, ALLOW_CREDENTIALS, "true")
    exposed = _if(bool(policy.expose_headers), EXPOSE_HEADERS, join(policy.expose_headers))
    max_age = _if(policy.max_age is not None, MAX_AGE, str(policy.max_age))

    def made(of: Verdict, fields: tuple[Field, ...], vary: tuple[str, ...]) -> Outcome:
        return outcome(verdict or of, fields, vary if policy.vary_header else ())

    return Grant(
        actual=made(Verdict.ALLOWED, exposed + credentials, by_origin),
        preflight_allowed=made(Verdict.PREFLIGHT_ALLOWED, credentials + max_age, by_headers),
        preflight_safelisted=made(Verdict.PREFLIGHT_SAFELISTED, credentials, by_method),
        method_refused=made(Verdict.METHOD_REFUSED, credentials, by_method),
        headers_refused=made(Verdict.HEADERS_REFUSED, credentials + max_age, by_headers),
    )


def _if(condition: bool, name: str, value: str) -> tuple[Field, ...]:
    return ((name, value),) if condition else ()

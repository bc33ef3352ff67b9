"""`evaluate`: ask a policy, or the rule that covers a path, and read the answer by name.

Nothing here depends on a framework, reads a clock or writes a log. The only code of others
that runs is a callable in `origins`, and what it raises becomes a refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn, Optional, TypeVar, Union

import attrs

from ._answer import NO_RULE, Answer, Field, Verdict
from ._policy import Policy
from ._rules import PathPattern, Rules
from .headers import REQUEST_HEADERS, REQUEST_METHOD, REQUEST_PRIVATE_NETWORK

if TYPE_CHECKING:
    from typing_extensions import Self

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_REQUEST_METHOD = REQUEST_METHOD.lower()
_REQUEST_HEADERS = REQUEST_HEADERS.lower()
_PRIVATE_NETWORK = REQUEST_PRIVATE_NETWORK.lower()
_LENGTHS = frozenset(map(len, (_REQUEST_METHOD, _REQUEST_HEADERS, _PRIVATE_NETWORK)))


class Decision(tuple[dict[str, str], Verdict]):
    """An answer to be read: the pair (headers, verdict), and by name what led to it.

    >>> headers, verdict = evaluate(Policy(send_wildcard=True), "GET", "https://a.example")
    >>> headers, verdict.allowed
    ({'Access-Control-Allow-Origin': '*'}, True)
    """

    answer: Answer
    """What a shell writes."""
    rule: Optional[PathPattern]
    """The path pattern that covered the request, where rules were asked."""
    policy: Optional[Policy]
    """The policy that decided, or None where no rule covers the path."""

    def __new__(
        cls,
        answer: Answer,
        rule: Optional[PathPattern] = None,
        policy: Optional[Policy] = None,
    ) -> Self:
        return _record(cls, answer, rule, policy)

    @property
    def headers(self) -> dict[str, str]:
        """All headers to set, `Vary` included, in a dict of this decision's own."""
        return self[0]

    @property
    def verdict(self) -> Verdict:
        """What was decided."""
        return self[1]

    @property
    def allowed(self) -> bool:
        """Return what `verdict.allowed` says."""
        return self.verdict.allowed

    @property
    def fields(self) -> tuple[Field, ...]:
        """The `Access-Control-*` lines to set."""
        return self.answer.fields

    @property
    def vary(self) -> tuple[str, ...]:
        """The request header names to add to `Vary`."""
        return self.answer.vary

    @property
    def reason(self) -> str:
        """Why, in plain words."""
        return self.answer.reason

    @property
    def pattern(self) -> object:
        """The item of `origins` that let the origin in."""
        return None if self.error is not None else self.answer.matched

    @property
    def error(self) -> Optional[Exception]:
        """What a callable in `origins` raised; the origin is refused then."""
        return self.answer.error

    def __repr__(self) -> str:
        return (
            f"Decision(verdict={self.verdict}, headers={self.headers!r}, reason={self.reason!r}, "
            f"rule={self.rule!r}, pattern={self.pattern!r})"
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Decision) and self._key() == other._key()

    def __ne__(self, other: object) -> bool:
        return not self == other  # tuple has one of its own

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[Any, ...]:
        """Compare by value, but for an exception, of which each decision has its own."""
        error = self.error
        answer = self.answer if error is None else self.answer._replace(matched=type(error))
        return answer, self.rule, self.policy

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise attrs.exceptions.FrozenInstanceError

    def __reduce__(self) -> tuple[Any, ...]:
        return Decision, (self.answer, self.rule, self.policy)


_Decision = TypeVar("_Decision", bound=Decision)


def _record(
    cls: type[_Decision], answer: Answer, rule: Optional[PathPattern], policy: Optional[Policy]
) -> _Decision:
    # A function, since it costs a fifth less than the call of a class.
    self = tuple.__new__(cls, (dict(answer.lines), answer.verdict))
    named = self.__dict__
    named["answer"], named["rule"], named["policy"] = answer, rule, policy
    return self


def evaluate(
    policy: Union[Policy, Rules],
    method: str,
    origin: Optional[str] = None,
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
    if isinstance(policy, Rules):
        rule = policy.find(path)
        if rule is None:
            return Decision(NO_RULE)
        answer = _ask(rule.policy, method, origin, headers)
        return _record(Decision, answer, rule.pattern, rule.policy)
    return _record(Decision, _ask(policy, method, origin, headers), None, policy)


def _ask(policy: Policy, method: str, origin: str | None, headers: Mapping[str, str]) -> Answer:
    requested_method = requested_headers = private_network = None
    for name, value in headers.items():
        if len(name) in _LENGTHS:  # the length alone tells nearly every other name apart
            lower = name.lower()
            if lower == _REQUEST_METHOD:
                requested_method = value
            elif lower == _REQUEST_HEADERS:
                requested_headers = value
            elif lower == _PRIVATE_NETWORK:
                private_network = value
    return policy.answer(method, origin, requested_method, requested_headers, private_network)

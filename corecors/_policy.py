"""The frozen `Policy`: what an option may be, and which options exclude each other."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from numbers import Number
from typing import TYPE_CHECKING, Any, Optional

import attrs

from ._answer import Answer
from ._header_names import check_allow_headers, check_names, convert_names
from ._patterns import ANY, BROKEN, STAR, Patterns, convert_origins, read_all
from ._plan import Plan
from ._value import Value
from .errors import PolicyError, Problem

if TYPE_CHECKING:
    from ._nearest import Nearest

ALL_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

_FLAGS = (
    "supports_credentials",
    "send_wildcard",
    "vary_header",
    "always_send",
    "allow_private_network",
)


_MAX_AGE_LIMIT = 10**20  # as many digits as a text may have


def _convert_max_age(value: Any) -> Any:
    """Turn seconds in any accepted shape into an int, 0 at the least (D9)."""
    if isinstance(value, timedelta):
        return max(int(value.total_seconds()), 0)
    if isinstance(value, str):
        return _digits(value.strip()) if value.strip() else None  # an empty environment variable
    number: Any = value
    if isinstance(value, bool) or not isinstance(value, Number):
        return value
    try:
        seconds = int(number)  # of an IntEnum, too, the digits are sent
    except (TypeError, ValueError, OverflowError):  # a complex number, a NaN, an infinity
        return value
    return max(seconds, 0) if seconds == number else value


def _digits(text: str) -> Any:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 20):
        return text
    return max(int(text), 0)


def _convert_flag(value: Any) -> Any:
    return value if isinstance(value, (str, bytes)) else bool(value)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Policy(Value):
    """Who may read what: the options of Flask-CORS for one resource, checked and compiled.

    Immutable, hashable, equal by value; `attrs.evolve(policy, max_age=60)` makes a changed copy.
    Every list-like option takes one value, an iterable of them, or a comma-separated string.

    Raises `PolicyError` (a `ValueError`) that names every problem of the given values.

    >>> policy = Policy(origins=["https://app.example", "https://*.example.org"], max_age=600)
    >>> policy.origins
    ('https://*.example.org', 'https://app.example')
    >>> attrs.evolve(policy, max_age=0) == Policy(origins=reversed(policy.origins), max_age="0")
    True
    """

    # The order of a list never matters (I9): equality and hash see the set (I10).
    origins: tuple[Any, ...] = attrs.field(default=(STAR,), converter=convert_origins, eq=frozenset)
    """`*`, origins, globs such as `https://*.host` and `http://host:*`, regexes, callables."""
    methods: tuple[str, ...] = attrs.field(
        default=ALL_METHODS, converter=convert_names, eq=frozenset
    )
    """The methods that a CORS-preflight request may ask for, exact in case; `*` for any."""
    allow_headers: tuple[Any, ...] = attrs.field(
        default=(STAR,), converter=convert_names, eq=frozenset
    )
    """The request header names that may be asked for: names, regexes, or `*` for any."""
    expose_headers: tuple[str, ...] = attrs.field(default=(), converter=convert_names, eq=frozenset)
    """The response header names that the page may read besides the safelisted ones."""
    supports_credentials: bool = attrs.field(default=False, converter=_convert_flag)
    """Let the page send cookies and read the answer (Access-Control-Allow-Credentials)."""
    max_age: Optional[int] = attrs.field(default=None, converter=_convert_max_age)
    """Seconds (int, str of digits, timedelta) that a browser may remember a preflight answer."""
    send_wildcard: bool = attrs.field(default=False, converter=_convert_flag)
    """Answer `*` instead of the request's origin where any origin is allowed."""
    vary_header: bool = attrs.field(default=True, converter=_convert_flag)
    """Tell caches which request headers the answer depends on."""
    always_send: bool = attrs.field(default=True, converter=_convert_flag)
    """Send Access-Control-Allow-Origin on requests without `Origin`, where it is a constant."""
    allow_private_network: bool = attrs.field(default=False, converter=_convert_flag)
    """Answer `true` to Access-Control-Request-Private-Network."""

    plan: Plan = attrs.field(init=False, eq=False, repr=False)
    """The compiled form of this policy, for the modules of the core."""
    is_pure: bool = attrs.field(init=False, eq=False, repr=False)
    """Whether equal requests always get equal answers: no callable stands in `origins`. A shell
    that may ask twice about one request keeps the answer of a policy that is not pure (D4)."""

    def __attrs_post_init__(self) -> None:
        # Here and not in attrs validators, which `attrs.validators.set_disabled` switches off.
        patterns = read_all(self.origins)
        problems = tuple(_problems(self, patterns))
        if problems:
            raise PolicyError(problems)
        written: Any = self  # pyright takes an attrs field with a converter for another type
        plan = Plan(written, patterns)
        object.__setattr__(self, "plan", plan)
        object.__setattr__(self, "is_pure", not plan.origins.callables)

    def answer(
        self,
        method: str,
        origin: Optional[str] = None,
        requested_method: Optional[str] = None,
        requested_headers: Optional[str] = None,
        private_network: Optional[str] = None,
    ) -> Answer:
        """Answer a request: five texts in, header lines out. For shells: all say the same (I12).

        Give the method, and the values of `Origin` and of the request headers
        `Access-Control-Request-Method`, `-Headers` and `-Private-Network`, None for those that
        the request has not. Several lines of one header are joined by a comma, as HTTP has it.
        Nothing is raised, whatever the texts hold, and the work is bounded by their length.

        >>> answer = Policy(max_age=600).answer("OPTIONS", "https://a.example", "PUT", "x-a")
        >>> answer.verdict.name, dict(answer.lines)["Access-Control-Allow-Headers"]
        ('PREFLIGHT_ALLOWED', 'x-a')
        """
        # Fetch, "HTTP requests": what a CORS-preflight request is.
        plan = self.plan
        if method == "OPTIONS" and requested_method:
            asked = (origin, requested_method, requested_headers, private_network)
            return plan.preflight_answers.get(asked) or plan.preflight(*asked)
        answer = plan.actual_answers.get(origin) or plan.actual(origin)
        return plan.for_private_network(answer) if private_network == "true" else answer

    def nearest(self, origin: str) -> Optional[Nearest]:
        """Name the item of `origins` that a refused origin comes nearest to, and what differs.

        For logs and tools: it decides nothing. None where the origin is admitted, or where no item
        is near. The work is bounded, but more than that of an answer, and nothing of it is kept.

        >>> Policy(origins="http://localhost:3000").nearest("http://localhost:5173")
        Nearest(item='http://localhost:3000', differs=('port',))
        """
        from ._nearest import nearest  # noqa: PLC0415 (only a refusal asks for it)

        return nearest(self.plan.origins, origin)

    def __getstate__(self) -> dict[str, Any]:
        return attrs.asdict(self, recurse=False, filter=lambda field, _: field.init)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]  # a frozen value is unpickled by making it


def _problems(policy: Policy, patterns: Patterns) -> Iterable[Problem]:
    yield from _check_origins(patterns)
    yield from check_names("methods", policy.methods)
    yield from check_allow_headers(policy.allow_headers)
    yield from check_names("expose_headers", policy.expose_headers)
    yield from _check_max_age(policy.max_age)
    for name in _FLAGS:
        yield from _check_flag(name, getattr(policy, name))
    yield from _check_wildcard(policy, patterns)


def _check_origins(patterns: Patterns) -> Iterable[Problem]:
    """Report each item of `origins` that can never work (D3)."""
    for pattern in patterns.of_kind(BROKEN):
        from ._advice import advice  # noqa: PLC0415 (rarely needed, and not small)

        code, what = pattern.complaint
        yield Problem(
            code=code,
            option="origins",
            given=pattern.item,
            what=what,
            advice=advice(pattern),
        )


def _check_max_age(value: object) -> Iterable[Problem]:
    if value is None:
        return
    if isinstance(value, int) and not isinstance(value, bool):
        if value < _MAX_AGE_LIMIT:
            return
        value = hex(value)  # more digits than Python writes as a decimal
    yield Problem(
        code="max-age",
        option="max_age",
        given=value,
        what="is not a whole number of seconds",
        advice="write max_age=600, or timedelta(minutes=10)",
    )


def _check_flag(option: str, value: object) -> Iterable[Problem]:
    if not isinstance(value, bool):
        yield Problem(
            code="flag",
            option=option,
            given=value,
            what="is not a bool",
            advice=f"write {option}=True or {option}=False",
        )


def _check_wildcard(policy: Policy, patterns: Patterns) -> Iterable[Problem]:
    """Fetch, "CORS protocol and credentials": `*` and credentials exclude each other."""
    if patterns.of_kind(ANY) and policy.supports_credentials and policy.send_wildcard:
        yield Problem(
            code="wildcard-with-credentials",
            option="send_wildcard",
            given=True,
            what='with origins="*" and supports_credentials=True is refused by every browser',
            advice="list the origins, or leave send_wildcard off",
        )

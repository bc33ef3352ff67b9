"""A policy compiled: what does not depend on the request is built once, when the policy is made.

The methods stand in the order in which Fetch asks: the CORS check of any request, then what a
CORS-preflight request adds. A preflight's answer is the answer to the actual request, and more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

from ._answer import Answer, Field, Verdict, make_answer
from ._cache import Cache, Key
from ._header_names import HeaderMatcher, requested_names
from ._methods import MethodTable
from ._origins import OriginMatcher, prefix_only
from ._patterns import Patterns
from .headers import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    ALLOW_PRIVATE_NETWORK,
    EXPOSE_HEADERS,
    MAX_AGE,
    ORIGIN,
    REQUEST_HEADERS,
    REQUEST_METHOD,
    SAFELISTED_METHODS,
    join,
)

if TYPE_CHECKING:
    from typing import Protocol

    class Options(Protocol):
        """The checked options of a policy; `Policy` has them."""

        @property
        def origins(self) -> tuple[Any, ...]: ...
        @property
        def methods(self) -> tuple[str, ...]: ...
        @property
        def allow_headers(self) -> tuple[Any, ...]: ...
        @property
        def expose_headers(self) -> tuple[str, ...]: ...
        @property
        def supports_credentials(self) -> bool: ...
        @property
        def max_age(self) -> Optional[int]: ...
        @property
        def send_wildcard(self) -> bool: ...
        @property
        def vary_header(self) -> bool: ...
        @property
        def always_send(self) -> bool: ...
        @property
        def allow_private_network(self) -> bool: ...


Asked = tuple[Optional[str], str, Optional[str], Optional[str]]
"""What a CORS-preflight request asks: the origin, the method, the header names, and whether it is
for a private network."""


class Plan:
    """What `Policy.answer` asks; it is never changed, and what it keeps changes no answer."""

    def __init__(self, options: Options, patterns: Patterns) -> None:
        self.origins: OriginMatcher = OriginMatcher(patterns)
        self._methods = MethodTable(options.methods)
        self._header_names = HeaderMatcher(options.allow_headers)
        self._shared = _shared_fields(options)
        self._max_age = _field(MAX_AGE, options.max_age)
        self._private_network = _field(
            ALLOW_PRIVATE_NETWORK, "true" if options.allow_private_network else "false"
        )
        self._varies = options.vary_header
        self._wildcard = self.origins.any and options.send_wildcard
        # A refusal says nothing (I3), but varies where another origin could have got more (D11).
        vary = (ORIGIN,) if options.origins and options.vary_header else ()
        self._refused = make_answer(Verdict.ORIGIN_REFUSED, vary=vary)
        self._without_origin = self._answer_without_origin(options)
        self.actual_answers: Cache[Optional[str], Answer] = Cache()
        self.preflight_answers: Cache[Asked, Answer] = Cache()

    def actual(self, origin: str | None) -> Answer:
        """Answer a request that is no preflight (Fetch, "CORS check")."""
        answer = self._check(origin) if origin else self._without_origin
        return self._keep(self.actual_answers, origin, answer, len(origin or ""))

    def preflight(
        self, origin: str | None, method: str, headers: str | None, private_network: str | None
    ) -> Answer:
        """Answer a CORS-preflight request (Fetch, "CORS-preflight fetch", step 7)."""
        answer = self.actual_answers.get(origin) or self.actual(origin)
        if answer.fields:
            answer = self._answer_preflight(answer, method, headers or "", private_network)
        asked = (origin, method, headers, private_network)
        length = sum(len(text or "") for text in asked)
        return self._keep(self.preflight_answers, asked, answer, length)

    def _keep(self, cache: Cache[Key, Answer], key: Key, answer: Answer, length: int) -> Answer:
        """Keep only what the request determines: callables may say something else next time (D4).

        What matching raised, once, for whatever reason, says nothing about the origin either (I8).
        """
        if self.origins.callables or answer.error is not None:
            return answer
        return cache.keep(key, answer, length)

    def _check(self, origin: str) -> Answer:
        """Fetch, "CORS check", steps 1 to 4: an `Origin` gets `*`, itself, or nothing (I1)."""
        if self._wildcard:
            return self._allow("*", "*", vary_by_origin=False)
        try:
            item = self.origins.match(origin)
            prefix = prefix_only(self.origins, origin) if item is None else None
        except Exception as error:  # noqa: BLE001 (a callable of the user's may raise anything)
            return self._refused._replace(matched=error)
        if item is None:
            return self._refused if prefix is None else self._refused._replace(prefix=prefix)
        return self._allow(origin, item, vary_by_origin=origin != self.origins.constant)

    def _allow(self, allow_origin: str, matched: object, *, vary_by_origin: bool) -> Answer:
        fields = ((ALLOW_ORIGIN, allow_origin), *self._shared)
        vary = (ORIGIN,) if vary_by_origin and self._varies else ()
        return make_answer(Verdict.ALLOWED, fields, vary, matched)

    def _answer_without_origin(self, options: Options) -> Answer:
        """Answer a request without `Origin` (option `always_send`, D5)."""
        value, constant = self.origins.only_literal, self.origins.constant is not None
        if self.origins.any:
            # Fetch, "CORS check", step 3: `*` is never sent together with credentials (I2).
            value, constant = None if options.supports_credentials else "*", True
        if value is None or not options.always_send:
            return self._refused._replace(verdict=Verdict.NO_ORIGIN)
        answer = self._allow(value, None, vary_by_origin=not constant)
        return answer._replace(verdict=Verdict.NO_ORIGIN)

    def _answer_preflight(
        self, actual: Answer, method: str, headers: str, private_network: str | None
    ) -> Answer:
        """Add to the answer for an allowed origin what the preflight asks about."""
        verdict, fields = self._judge(method, headers)
        vary = self._vary_of_preflights(actual, verdict)
        if actual.verdict is Verdict.NO_ORIGIN:
            verdict = actual.verdict
        if private_network == "true":
            actual = self.for_private_network(actual)
        return make_answer(verdict, actual.fields + fields, vary, actual.matched)

    def _judge(self, method: str, headers: str) -> tuple[Verdict, tuple[Field, ...]]:
        """Fetch, "CORS-preflight fetch", steps 7.5 to 7.7: the method, then the header names.

        Both are named, never `*`, which does not cover `Authorization` (I6; Fetch,
        "CORS non-wildcard request-header name").
        """
        listing = self._methods.listing(method)
        if listing is None:
            if method in SAFELISTED_METHODS and requested_names(headers) == {}:
                return Verdict.PREFLIGHT_SAFELISTED, ()
            return Verdict.METHOD_REFUSED, ()
        names, complete = self._header_names.select(headers) if headers else ("", True)
        verdict = Verdict.PREFLIGHT_ALLOWED if complete else Verdict.HEADERS_REFUSED
        allow_headers = _field(ALLOW_HEADERS, names or None)
        return verdict, (*allow_headers, (ALLOW_METHODS, listing), *self._max_age)

    def _vary_of_preflights(self, actual: Answer, verdict: Verdict) -> tuple[str, ...]:
        """Name what the answer depends on (D11): the header names only where they were read.

        Fetch, "CORS protocol and HTTP caches", has only `Origin`; but some caches keep preflights
        too (I5).
        """
        if not self._varies:
            return ()
        vary = (*actual.vary, REQUEST_METHOD)
        reads_names = verdict in (Verdict.PREFLIGHT_ALLOWED, Verdict.HEADERS_REFUSED)
        if reads_names and self._header_names.depends_on_request:
            vary = (*vary, REQUEST_HEADERS)
        return vary

    def for_private_network(self, answer: Answer) -> Answer:
        """Say whether the page may ask a private network: on any method, `false` too, as 6.0.2."""
        if not answer.fields:
            return answer
        fields = answer.fields + self._private_network
        return make_answer(answer.verdict, fields, answer.vary, answer.matched)


def _shared_fields(options: Options) -> tuple[Field, ...]:
    """Build what goes with every Access-Control-Allow-Origin, on preflights too (as 6.0.2)."""
    exposed = join(options.expose_headers) if options.expose_headers else None
    credentials = "true" if options.supports_credentials else None
    return (*_field(EXPOSE_HEADERS, exposed), *_field(ALLOW_CREDENTIALS, credentials))


def _field(name: str, value: object) -> tuple[Field, ...]:
    return () if value is None else ((name, str(value)),)

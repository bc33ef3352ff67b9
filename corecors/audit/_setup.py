"""What set-up looks for in a valid policy: cheap, and no look at what a regex admits but two."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .._origins import ANY, is_regex_origin, is_serialized_origin
from .._policy import Policy
from .._regexes import compiled
from ..headers import ascii_lower, is_token
from ._finding import Finding

# A pattern that admits an origin which nobody can have named admits any.
WITNESSES = ("https://corecors-witness.example", "http://corecors-witness.example:8080")

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def check(policy: Policy) -> Iterable[Finding]:
    """Report what a policy admits to everybody with credentials, and what can never match."""
    yield from _check_credentials(policy)
    yield from _check_literals(policy)
    yield from _check_tokens(policy)
    yield from _check_header_patterns(policy)
    yield from _check_exposed(policy)


def _check_credentials(policy: Policy) -> Iterable[Finding]:
    if not policy.supports_credentials:
        return
    for pattern in policy.origins:
        witness = _witness(pattern)
        if witness is not None:
            yield Finding(
                code="any-origin-with-credentials",
                option="supports_credentials",
                given=True,
                what=f"with origins={pattern!r} lets every site, {witness} too, "
                "act with the cookies of your users",
                advice="list the origins that may",
            )


def _witness(pattern: Any) -> str | None:
    if pattern == ANY:
        return WITNESSES[0]
    if not is_regex_origin(pattern):
        return None
    regex = compiled(pattern)
    return next((origin for origin in WITNESSES if regex.fullmatch(origin)), None)


def _check_literals(policy: Policy) -> Iterable[Finding]:
    for pattern in _odd_literals(policy):
        advice = _origin_meant(pattern)
        if advice is not None:
            yield Finding(
                code="origin-never-sent",
                option="origins",
                given=pattern,
                what="is not an origin as a browser writes it and matches none",
                advice=advice,
            )


def _odd_literals(policy: Policy) -> Iterable[str]:
    """List what may be no origin as a browser writes it; there may be many, and few are odd."""
    origins = policy.plan.origins
    for pattern in policy.origins:
        if pattern in origins.odd:
            if pattern != "null":
                yield pattern
        elif pattern in origins.literals and pattern.endswith((":80", ":443")):
            yield pattern


def _origin_meant(literal: str) -> str | None:
    text = ascii_lower(literal)
    if "://" not in text:
        return f'write "https://{text.strip("/")}"'
    scheme, _, rest = text.partition("://")
    host = re.split("[/?#]", rest, maxsplit=1)[0]
    port = _DEFAULT_PORTS.get(scheme)
    if port and host.endswith(port):
        host = host[: -len(port)]
    if host != rest:
        return f'write "{scheme}://{host}"'
    return None if is_serialized_origin(text) else 'write an origin such as "https://app.example"'


def _check_tokens(policy: Policy) -> Iterable[Finding]:
    for method in policy.methods:
        if not is_token(method):
            yield Finding(
                code="method-not-a-token",
                option="methods",
                given=method,
                what="is not one method name and has no effect",
                advice="separate the names by commas, or write a list",
            )


def _check_header_patterns(policy: Policy) -> Iterable[Finding]:
    for pattern in policy.allow_headers:
        if isinstance(pattern, str) and re.fullmatch(r"[\w-]+[-_]\*", pattern):
            yield Finding(
                code="header-glob",
                option="allow_headers",
                given=pattern,
                what="is a regular expression that no such header name matches",
                advice=f'write "{pattern[:-1]}.*"',
            )


def _check_exposed(policy: Policy) -> Iterable[Finding]:
    # Fetch, "CORS protocol and credentials": `*` is a name like any other then.
    if policy.supports_credentials and ANY in policy.expose_headers:
        yield Finding(
            code="expose-any-with-credentials",
            option="expose_headers",
            given=ANY,
            what="exposes nothing to requests with credentials",
            advice="list the names of the response headers",
        )

"""What set-up looks for in a valid policy: cheap, and no look at what a regex admits but two."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .._patterns import ANY, GLOB, REGEX, STAR, Pattern
from .._policy import Policy
from ..headers import is_token, looks_like_regex

if TYPE_CHECKING:
    from ._finding import Finding

# A pattern that admits an origin which nobody can have named admits any.
_STRANGERS = ("https://corecors-witness.example", "http://corecors-witness.example:8080")


def _finding(**fields: Any) -> Finding:
    """Make a finding; nearly every policy has none, and its class takes as long as ten modules."""
    from ._finding import Finding  # noqa: PLC0415 (only who has a finding waits for it)

    return Finding(**fields)


def check(policy: Policy) -> Iterable[Finding]:
    """Report what a policy admits to everybody with credentials, and what can never match."""
    yield from _check_credentials(policy)
    yield from _check_origins(policy)
    yield from _check_send_wildcard(policy)
    yield from _check_tokens(policy)
    yield from _check_header_patterns(policy)
    yield from _check_exposed(policy)


def _check_credentials(policy: Policy) -> Iterable[Finding]:
    if not policy.supports_credentials:
        return
    for pattern in policy.plan.origins.patterns.others:
        if _admits_every_site(pattern):
            yield _finding(
                code="any-origin-with-credentials",
                option="supports_credentials",
                given=True,
                what=f"with origins={pattern.item!r} lets every site act with the cookies of your "
                "users",
                advice="list the origins that may",
            )
        elif pattern.item == "null":
            yield _finding(
                code="null-origin",
                option="origins",
                given="null",
                what="admits null, which every site can send from a sandboxed frame, to act with "
                "the cookies of your users",
                advice="list the origins that may",
                witness="null",
            )


def _admits_every_site(pattern: Pattern) -> bool:
    if pattern.kind == GLOB:
        glob = pattern.glob
        return glob is not None and glob.any_host and glob.scheme in ("http", "https")
    if pattern.kind == REGEX:
        regex = pattern.regex
        return regex is not None and any(map(regex.fullmatch, _STRANGERS))
    return pattern.kind == ANY


def _check_origins(policy: Policy) -> Iterable[Finding]:
    """Find texts that are no origins, and what is meant; there may be many, and few are odd."""
    patterns = policy.plan.origins.patterns
    odd = [text for text in patterns.plain if _may_be_odd_origin(text)]
    others = [pattern for pattern in patterns.others if _may_be_odd(pattern)]
    if odd or others:
        from .._advice import is_odd, meant, written  # noqa: PLC0415 (rarely needed, and not small)

        for text in (*odd, *(pattern.item for pattern in others)):
            if is_odd(text):
                yield _never_sent(text, written(meant(text)))
        for pattern in others:
            if pattern.glob is not None and pattern.glob.open_end:
                yield _open_end(pattern)


def _may_be_odd_origin(text: str) -> bool:
    """Say quickly whether a plain origin may have an odd port or an odd scheme."""
    return text.endswith((":80", ":443")) or text[-6:-5] == ":" or text.startswith("ws")


def _may_be_odd(pattern: Pattern) -> bool:
    return isinstance(pattern.item, str) and pattern.item not in (STAR, "null")


def _never_sent(text: str, advice: str) -> Finding:
    if text == "/*":
        code, what = "origin-is-path", 'is a pattern for paths, and is read as "*"'
    else:
        code, what = "origin-never-sent", "is not an origin as a browser writes it and matches none"
    return _finding(code=code, option="origins", given=text, what=what, advice=advice)


def _open_end(pattern: Pattern) -> Finding:
    closed = re.sub(r"\.\*(?=$|:)", ".com", pattern.item)
    return _finding(
        code="open-end",
        option="origins",
        given=pattern.item,
        what="does not say where the host ends: anybody can register such a name",
        advice="list the hosts that may" if "*" in closed else f'list the hosts, as in "{closed}"',
    )


def _check_send_wildcard(policy: Policy) -> Iterable[Finding]:
    if policy.send_wildcard and policy.origins and not policy.plan.origins.any:
        yield _finding(
            code="send-wildcard-without-effect",
            option="send_wildcard",
            given=True,
            what='has no effect beside origins other than "*"',
            advice="leave it out",
        )


def _check_tokens(policy: Policy) -> Iterable[Finding]:
    for method in policy.methods:
        if not is_token(method):
            yield _finding(
                code="method-not-a-token",
                option="methods",
                given=method,
                what="is not one method name and has no effect",
                advice="separate the names by commas, or write a list",
            )


def _check_header_patterns(policy: Policy) -> Iterable[Finding]:
    for pattern in policy.allow_headers:
        if isinstance(pattern, str) and re.fullmatch(r"[\w-]+[-_]\*", pattern):
            yield _finding(
                code="header-glob",
                option="allow_headers",
                given=pattern,
                what="is a regular expression that no such header name matches",
                advice=f'write "{pattern[:-1]}.*"',
            )
        elif isinstance(pattern, str) and not is_token(pattern) and not looks_like_regex(pattern):
            yield _finding(
                code="header-not-a-token",
                option="allow_headers",
                given=pattern,
                what="is not one header name and has no effect",
                advice="separate the names by commas, or write a list",
            )


def _check_exposed(policy: Policy) -> Iterable[Finding]:
    # Fetch, "CORS protocol and credentials": `*` is a name like any other then.
    if policy.supports_credentials and STAR in policy.expose_headers:
        yield _finding(
            code="expose-any-with-credentials",
            option="expose_headers",
            given=STAR,
            what="exposes nothing to requests with credentials",
            advice="list the names of the response headers",
        )

"""The kinds of origin pattern, and a matcher that is one look-up however many there are.

A string is read, in this order, as: any origin (`*`), a serialized origin or other literal,
a wildcard pattern (`scheme://*.host`, `scheme://host:*`), or a regular expression.
A regular expression must match the whole `Origin` (D1); what looks like an origin is one (D2).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, Optional, Union, cast

from ._lists import as_items
from ._regexes import compile_text, compiled, joined
from .errors import Problem
from .headers import (
    MAX_ORIGIN_BYTES,
    ascii_lower,
    is_field_text,
    is_plain_origin,
    is_reflectable,
    looks_like_regex,
)

OriginCallable = Callable[[str], bool]
RegexItem = Union[str, "re.Pattern[str]"]
OriginPattern = Union[str, "re.Pattern[str]", OriginCallable]
"""One item of the option `origins`."""

ANY = "*"

_HOST = r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*"
_IPV6 = r"\[[0-9a-f]*:[0-9a-f:.]*\]"
_SCHEME = r"[a-z][a-z0-9+.-]*"

# A serialized origin in lower case, as browsers write it (Fetch, "`Origin` header"), or a
# wildcard pattern (D2): `scheme://*.host`, `scheme://host:*`, and both together.
_parse = re.compile(rf"({_SCHEME})://(\*\.)?({_HOST}|{_IPV6})(:[0-9]{{1,5}}|:\*)?").fullmatch


def _parse_origin(text: str) -> re.Match[str] | None:
    return None if "*" in text else _parse(ascii_lower(text))


def is_serialized_origin(text: str) -> bool:
    """Say whether a text is `scheme://host` with or without a port, IPv6 included.

    >>> [is_serialized_origin(t) for t in ("https://a.example", "http://[::1]:80", "https://a/")]
    [True, True, False]
    """
    return _parse_origin(text) is not None


def is_wildcard(text: str) -> bool:
    """Say whether a text is a wildcard pattern (D2).

    >>> [is_wildcard(t) for t in ("https://*.a.example", "http://localhost:*", "https://a.*")]
    [True, True, False]
    """
    return "*" in text and _parse(ascii_lower(text)) is not None


def is_literal(pattern: object) -> bool:
    """Say whether a pattern is compared as text, not matched."""
    return isinstance(pattern, str) and (
        not looks_like_regex(pattern) or is_serialized_origin(pattern)
    )


def convert_origins(value: Any) -> tuple[Any, ...]:
    """Normalise the option `origins`: a tuple without duplicates, strings first and sorted.

    >>> convert_origins("https://b.example, https://a.example")
    ('https://a.example', 'https://b.example')
    """
    value = (None,) if value is None else value  # which is reported, and not an empty list
    unique = dict.fromkeys(ANY if item == ".*" else item for item in as_items(value))
    strings = sorted(item for item in unique if isinstance(item, str))
    return (*strings, *(item for item in unique if not isinstance(item, str)))


def check_origins(origins: tuple[Any, ...]) -> Iterable[Problem]:
    """Report every origin that can never work (D3)."""
    for origin in origins:
        if isinstance(origin, str) and is_plain_origin(origin):
            continue
        complaint = _complaint(origin)
        if complaint is not None:
            code, what, advice = complaint
            yield Problem(code=code, option="origins", given=origin, what=what, advice=advice)


def _complaint(origin: Any) -> tuple[str, str, str] | None:
    if isinstance(origin, str):
        return _text_complaint(origin)
    if isinstance(origin, re.Pattern):
        if isinstance(origin.pattern, str):
            return None
        return "origin-bytes", "is a pattern of bytes", "compile the pattern from a str"
    if not callable(origin):
        return (
            "origin-type",
            "is neither a string, a compiled regex nor a callable",
            'write an origin such as "https://app.example"',
        )
    if inspect.iscoroutinefunction(origin):
        return "origin-async", "is a coroutine function", "give a function that returns a bool"
    return None


def _text_complaint(origin: str) -> tuple[str, str, str] | None:
    if not is_field_text(origin):
        return (
            "origin-characters",
            "has characters that no header can carry",
            'write an ASCII origin such as "https://app.example" (a host as punycode)',
        )
    if origin == ANY or is_literal(origin) or is_wildcard(origin):
        return None
    if origin.startswith("*"):
        return (
            "origin-without-scheme",
            "has no scheme",
            f'write "https://{_with_dot(origin)}" for the hosts below it',
        )
    if compile_text(origin) is None:
        return (
            "origin-regex",
            "is not a valid regular expression",
            'escape it, or write an origin such as "https://*.app.example"',
        )
    return None


def _with_dot(origin: str) -> str:
    return origin if origin.startswith("*.") else "*." + origin.lstrip("*")


class OriginMatcher(NamedTuple):
    """What is compiled once from the option `origins`.

    `match` costs a constant number of look-ups for literals and wildcard patterns, one search
    for all regexes that can be joined, and one call for each callable, in this order.
    """

    any: bool
    """`*` is among the patterns."""
    literals: dict[str, str]
    """Each literal by its text in lower case, and by its text as written."""
    odd: frozenset[str]
    """The literals that are not as plain as nearly every origin: `is_plain_origin` says no."""
    hosts: dict[str, dict[str, str]]
    """`scheme://host` of wildcard patterns by the port (`:*` for any) that goes with it."""
    subdomains: dict[str, dict[str, str]]
    """The same for the patterns that begin with `*.`."""
    depth: int
    """The largest number of labels that a host in `subdomains` has."""
    regexes: tuple[re.Pattern[str], ...]
    """All regexes, joined into as few as can be."""
    regex_items: tuple[tuple[RegexItem, re.Pattern[str]], ...]
    """Each regex as written and as compiled, to tell which one it was."""
    callables: tuple[OriginCallable, ...]
    only_literal: Optional[str]
    """The literal, where the policy has exactly one (D5)."""
    constant: Optional[str]
    """The only pattern, where it is a literal as a browser writes it: the answer never varies."""

    def match(self, origin: str) -> object:
        """Give what matched (a pattern, or a joined regex), or None; callables may raise.

        >>> compile_origins(("https://*.a.example",)).match("https://x.a.example")
        'https://*.a.example'
        """
        if not is_reflectable(origin):
            return None  # nobody's code sees it, and no answer repeats it (D6)
        found = self.match_text(origin)
        return _first_that_admits(self.callables, origin) if found is None else found

    def match_text(self, origin: str) -> object:
        """Give what matched of an origin that is reflectable, callables apart."""
        found = self.literals.get(origin)
        if found is not None:
            return found
        if self.any:
            return ANY
        if self.literals:
            found = self._folded(origin)
            if found is not None:
                return found
        return self._match_beyond_literals(origin)

    def _folded(self, origin: str) -> str | None:
        # `null` is compared byte for byte (Fetch, "`Origin` header": %s"null").
        folded = ascii_lower(origin)
        return None if folded == "null" else self.literals.get(folded)

    def _match_beyond_literals(self, origin: str) -> object:
        if self.hosts or self.subdomains:
            found = self._match_wildcard(origin)
            if found is not None:
                return found
        for regex in self.regexes:
            if regex.fullmatch(origin):
                return regex
        return None

    def _match_wildcard(self, origin: str) -> str | None:
        parts = _parse_origin(origin)
        if parts is None:
            return None
        scheme, _, host, port = parts.groups("")
        found = _for_port(self.hosts.get(f"{scheme}://{host}"), port)
        return found or self._match_subdomain(scheme, host, port)

    def _match_subdomain(self, scheme: str, host: str, port: str) -> str | None:
        dot = len(host)
        for _ in range(self.depth):
            dot = host.rfind(".", 0, dot)
            if dot < 0:
                break
            found = _for_port(self.subdomains.get(f"{scheme}://{host[dot + 1 :]}"), port)
            if found is not None:
                return found
        return None


def _for_port(ports: dict[str, str] | None, port: str) -> str | None:
    if ports is None:
        return None
    return ports.get(port) or ports.get(":*")


def _first_that_admits(functions: Iterable[OriginCallable], origin: str) -> object:
    """Ask one after the other; a broken one takes nothing from the others, whatever the order."""
    error: Exception | None = None
    for function in functions:
        try:
            if _asked(function, origin):
                return function
        except Exception as raised:  # noqa: BLE001, PERF203 (each may raise anything)
            error = raised if error is None else error
    if error is not None:
        raise error
    return None


def _asked(function: OriginCallable, origin: str) -> bool:
    answer: object = function(origin)
    if answer is True or answer is False:
        return answer
    if inspect.iscoroutine(answer):
        answer.close()
    raise TypeError(f"the callable in origins returned {type(answer).__name__}, not a bool")


def compile_origins(origins: tuple[Any, ...]) -> OriginMatcher:
    """Compile checked origins into a matcher.

    >>> compile_origins(("https://a.example",)).constant
    'https://a.example'
    """
    plain = {item: item for item in origins if isinstance(item, str) and is_plain_origin(item)}
    others = [item for item in origins if item not in plain]
    literals = [item for item in others if is_literal(item)]
    wildcards = [item for item in others if isinstance(item, str) and is_wildcard(item)]
    regex_items = tuple((item, compiled(item)) for item in others if is_regex_origin(item))
    subdomains = _by_host(text for text in wildcards if "://*." in text)
    folded = _folded_literals(plain, literals)
    only = next(iter(folded.values())) if len(folded) == 1 else None
    return OriginMatcher(
        any=ANY in origins,
        literals={**folded, **{text: text for text in literals}},
        odd=frozenset(literals),
        hosts=_by_host(text for text in wildcards if "://*." not in text),
        subdomains=subdomains,
        depth=max((key.count(".") + 1 for key in subdomains), default=0),
        regexes=joined(regex for _, regex in regex_items),
        regex_items=regex_items,
        callables=tuple(cast(OriginCallable, item) for item in others if callable(item)),
        only_literal=only,
        constant=only if len(folded) == len(origins) and only in folded else None,
    )


def _folded_literals(plain: dict[str, str], others: list[str]) -> dict[str, str]:
    folded = dict(plain)
    for text in others:
        folded_text = ascii_lower(text)
        key = text if folded_text == "null" else folded_text
        folded[key] = min(text, folded.get(key, text))
    return folded


def _by_host(patterns: Iterable[str]) -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = {}
    for pattern in patterns:
        parts = _parse(ascii_lower(pattern))
        assert parts is not None  # noqa: S101 (only wildcard patterns come here)
        scheme, _, host, port = parts.groups("")
        table.setdefault(f"{scheme}://{host}", {})[port] = pattern
    return table


def matched_by(matcher: OriginMatcher, found: object, origin: str) -> object:
    """Name the item of `origins` behind what `OriginMatcher.match` found."""
    if not isinstance(found, re.Pattern):
        return found
    return next(item for item, regex in matcher.regex_items if regex.fullmatch(origin))


def prefix_only(matcher: OriginMatcher, origin: str) -> RegexItem | None:
    r"""Give the regex that matches the beginning of a refused origin and not all of it (D1).

    >>> matcher = compile_origins((r"https://.*\.a\.example",))
    >>> prefix_only(matcher, "https://x.a.example.evil.example")
    'https://.*\\.a\\.example'
    """
    if len(origin) > MAX_ORIGIN_BYTES or not any(regex.match(origin) for regex in matcher.regexes):
        return None
    return next(item for item, regex in matcher.regex_items if regex.match(origin))


def is_regex_origin(item: object) -> bool:
    """Say whether an item of `origins` is matched as a regular expression."""
    if isinstance(item, str):
        return looks_like_regex(item) and not (item == ANY or is_literal(item) or is_wildcard(item))
    return isinstance(item, re.Pattern)

"""A matcher for all items of `origins` that is one look-up however many there are.

What an item is, `_patterns` has read; a regular expression must match the whole `Origin` (D1).
"""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Optional

from ._globs import parse_origin
from ._patterns import (
    ANY,
    CALLABLE,
    GLOB,
    LITERAL,
    REGEX,
    STAR,
    OriginCallable,
    Pattern,
    Patterns,
)
from ._regexes import RegexItem, RegexSet, joined_items
from .headers import ascii_lower, is_reflectable

Ports = dict[str, str]
"""Globs by the port that they are for."""


class OriginMatcher(NamedTuple):
    """What is compiled once from the option `origins`.

    `match` costs a constant number of look-ups for literals and wildcard patterns, one search
    for all regexes that can be joined, and one call for each callable, in this order.
    """

    any: bool
    """`*` is among the patterns."""
    literals: dict[str, str]
    """Each literal by its text in lower case, and by its text as written."""
    hosts: dict[str, Ports]
    """`scheme://host` of the globs in which only the port is open."""
    subdomains: dict[str, Ports]
    """`scheme://host` of the globs for all that is below a host."""
    tails: Mapping[str, RegexSet]
    """The other globs by `scheme://` and the labels that an origin must end with, if any."""
    depth: int
    """The largest number of labels in a key of `subdomains` or `tails`."""
    regexes: tuple[re.Pattern[str], ...]
    """All regexes, joined into as few as can be."""
    regex_names: tuple[tuple[RegexItem, ...], ...]
    """The items that each of `regexes` stands for, in the order of its groups."""
    regex_items: tuple[tuple[RegexItem, re.Pattern[str]], ...]
    """Each regex as written and as compiled, to tell which one it was."""
    callables: tuple[OriginCallable, ...]
    only_literal: Optional[str]
    """The literal, where the policy has exactly one (D5)."""
    constant: Optional[str]
    """The only pattern, where it is a literal as a browser writes it: the answer never varies."""
    patterns: Patterns
    """What each item is."""

    def match(self, origin: str) -> object:
        """Give the item that matched, or None; callables may raise.

        >>> from ._patterns import read_all
        >>> compile_origins(read_all(("https://*.a.example",))).match("https://x.a.example")
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
            return STAR
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
        if self.hosts or self.subdomains or self.tails:
            found = self._match_glob(origin)
            if found is not None:
                return found
        for number, regex in enumerate(self.regexes):
            found_by = regex.fullmatch(origin)
            if found_by:
                names = self.regex_names[number]
                return names[0] if len(names) == 1 else names[(found_by.lastindex or 1) - 1]
        return None

    def _match_glob(self, origin: str) -> str | None:
        folded = ascii_lower(origin)
        parts = parse_origin(folded)
        if parts is not None:
            scheme, host, port = parts
            found = _for_port(self.hosts.get(f"{scheme}://{host}"), port)
            found = found or self._match_tail(folded, *parts)
            if found is not None:
                return found
        scheme, separator, _ = folded.partition("://")
        regexes = self.tails.get(scheme + separator)
        return None if regexes is None else regexes.match(folded)

    def _match_tail(self, origin: str, scheme: str, host: str, port: str) -> str | None:
        dot = len(host)
        for _ in range(self.depth):
            dot = host.rfind(".", 0, dot)
            if dot < 0:
                break
            tail = f"{scheme}://{host[dot + 1 :]}"
            found = _for_port(self.subdomains.get(tail), port)
            if found is None and tail in self.tails:
                found = self.tails[tail].match(origin)
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


def compile_origins(patterns: Patterns) -> OriginMatcher:
    """Compile what has been read, and found to be good, into a matcher.

    >>> from ._patterns import read_all
    >>> compile_origins(read_all(("https://a.example",))).constant
    'https://a.example'
    """
    literals = [pattern.item for pattern in patterns.of_kind(LITERAL)]
    folded = _folded_literals(patterns.plain, literals)
    only = next(iter(folded.values())) if len(folded) == 1 else None
    is_alone = len(patterns.plain) + len(patterns.others) == len(folded)
    hosts, subdomains, tails = _compile_globs(patterns.of_kind(GLOB))
    regex_items = tuple((p.item, p.regex) for p in patterns.of_kind(REGEX) if p.regex is not None)
    groups = joined_items(regex_items)
    return OriginMatcher(
        any=bool(patterns.of_kind(ANY)),
        literals={**folded, **{text: text for text in literals}},
        hosts=hosts,
        subdomains=subdomains,
        tails=tails,
        depth=max((key.count(".") + 1 for key in (*subdomains, *tails)), default=0),
        regexes=tuple(regex for regex, _ in groups),
        regex_names=tuple(names for _, names in groups),
        regex_items=regex_items,
        callables=tuple(pattern.item for pattern in patterns.of_kind(CALLABLE)),
        only_literal=only,
        constant=only if is_alone and only in folded else None,
        patterns=patterns,
    )


def _folded_literals(plain: dict[str, str], others: list[str]) -> dict[str, str]:
    folded = dict(plain)
    for text in others:
        folded_text = ascii_lower(text)
        key = text if folded_text == "null" else folded_text
        folded[key] = min(text, folded.get(key, text))
    return folded


def _compile_globs(
    patterns: Iterable[Pattern],
) -> tuple[dict[str, Ports], dict[str, Ports], Mapping[str, RegexSet]]:
    hosts: dict[str, Ports] = defaultdict(dict)
    subdomains: dict[str, Ports] = defaultdict(dict)
    tails: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for pattern in patterns:
        glob: Any = pattern.glob
        if glob.path:
            continue  # no origin has one
        if STAR not in glob.host:
            hosts[f"{glob.scheme}://{glob.host}"][glob.port] = pattern.item
        elif glob.is_below:
            subdomains[f"{glob.scheme}://{glob.host[2:]}"][glob.port] = pattern.item
        else:
            tails[f"{glob.scheme}://{glob.tail}"].append((pattern.item, glob.regex))
    sets = {tail: RegexSet(items) for tail, items in tails.items()}
    return dict(hosts), dict(subdomains), sets


def prefix_only(matcher: OriginMatcher, origin: str) -> RegexItem | None:
    r"""Give the regex that matches the beginning of a refused origin and not all of it (D1).

    >>> from ._patterns import read_all
    >>> matcher = compile_origins(read_all((r"https://.*\.a\.example",)))
    >>> prefix_only(matcher, "https://x.a.example.evil.example")
    'https://.*\\.a\\.example'
    """
    if not is_reflectable(origin) or not any(regex.match(origin) for regex in matcher.regexes):
        return None
    return next(item for item, regex in matcher.regex_items if regex.match(origin))

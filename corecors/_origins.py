"""A matcher for all items of `origins` that is one look-up however many there are.

What an item is, `_patterns` has read; a regular expression must match the whole `Origin` (D1).
"""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Optional

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


class OriginMatcher:
    """What is compiled once from the option `origins`, read and found to be good.

    `match` costs a constant number of look-ups for literals and wildcard patterns, one search
    for all regexes that can be joined, and one call for each callable, in this order.

    >>> from ._patterns import read_all
    >>> OriginMatcher(read_all(("https://a.example",))).constant
    'https://a.example'
    """

    def __init__(self, patterns: Patterns) -> None:
        self.patterns: Patterns = patterns
        """What each item is."""
        self.any: bool = bool(patterns.of_kind(ANY))
        """`*` is among the patterns."""

        texts = [pattern.item for pattern in patterns.of_kind(LITERAL)]
        folded = _folded_literals(patterns.plain, texts)
        is_alone = len(patterns.plain) + len(patterns.others) == len(folded)
        self.literals: dict[str, str] = {**folded, **{text: text for text in texts}}
        """Each literal by its text in lower case, and by its text as written."""
        only = next(iter(folded.values())) if len(folded) == 1 else None
        self.only_literal: Optional[str] = only
        """The literal, where the policy has exactly one (D5)."""
        self.constant: Optional[str] = only if is_alone and only in folded else None
        """The only pattern, where a browser writes it so: then no answer varies."""

        self.hosts: dict[str, Ports] = {}
        """`scheme://host` of the globs in which only the port is open."""
        self.subdomains: dict[str, Ports] = {}
        """`scheme://host` of the globs for all that is below a host."""
        self.tails: dict[str, RegexSet] = {}
        """The other globs by `scheme://` and the labels that an origin must end with, if any."""
        self._sort_globs(patterns.of_kind(GLOB))
        self.depth: int = max(
            (key.count(".") + 1 for key in (*self.subdomains, *self.tails)), default=0
        )
        """The largest number of labels in a key of `subdomains` or `tails`."""

        self.regex_items: tuple[tuple[RegexItem, re.Pattern[str]], ...] = tuple(
            (p.item, p.regex) for p in patterns.of_kind(REGEX) if p.regex is not None
        )
        """Each regex as written and as compiled, to tell which one it was."""
        groups = joined_items(self.regex_items)
        self.regexes: tuple[re.Pattern[str], ...] = tuple(regex for regex, _ in groups)
        """All regexes, joined into as few as can be."""
        self.regex_names: tuple[tuple[RegexItem, ...], ...] = tuple(names for _, names in groups)
        """The items that each of `regexes` stands for, in the order of its groups."""

        self.callables: tuple[OriginCallable, ...] = tuple(
            pattern.item for pattern in patterns.of_kind(CALLABLE)
        )

    def _sort_globs(self, patterns: Iterable[Pattern]) -> None:
        tails: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for pattern in patterns:
            glob: Any = pattern.glob
            if glob.path:
                continue  # no origin has one
            if STAR not in glob.host:
                ports = self.hosts.setdefault(f"{glob.scheme}://{glob.host}", {})
                ports[glob.port] = pattern.item
            elif glob.is_below:
                ports = self.subdomains.setdefault(f"{glob.scheme}://{glob.host[2:]}", {})
                ports[glob.port] = pattern.item
            else:
                tails[f"{glob.scheme}://{glob.tail}"].append((pattern.item, glob.regex))
        self.tails.update((tail, RegexSet(items)) for tail, items in tails.items())

    def match(self, origin: str) -> object:
        """Give the item that matched, or None; callables may raise.

        >>> from ._patterns import read_all
        >>> OriginMatcher(read_all(("https://*.a.example",))).match("https://x.a.example")
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


def _folded_literals(plain: dict[str, str], others: list[str]) -> dict[str, str]:
    folded = dict(plain)
    for text in others:
        folded_text = ascii_lower(text)
        key = text if folded_text == "null" else folded_text
        folded[key] = min(text, folded.get(key, text))
    return folded


def prefix_only(matcher: OriginMatcher, origin: str) -> RegexItem | None:
    r"""Give the regex that matches the beginning of a refused origin and not all of it (D1).

    >>> from ._patterns import read_all
    >>> matcher = OriginMatcher(read_all((r"https://.*\.a\.example",)))
    >>> prefix_only(matcher, "https://x.a.example.evil.example")
    'https://.*\\.a\\.example'
    """
    if not is_reflectable(origin) or not any(regex.match(origin) for regex in matcher.regexes):
        return None
    return next(item for item, regex in matcher.regex_items if regex.match(origin))

"""Lists of names as options, and which request header names `allow_headers` allows (D8)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ._lists import as_items
from ._regexes import compile_text, joined
from .errors import Problem
from .headers import (
    MAX_REQUEST_HEADERS_BYTES,
    MAX_REQUEST_HEADERS_NAMES,
    TOKEN_CHARACTERS,
    ascii_lower,
    is_field_text,
    is_token,
    join,
    looks_like_regex,
)

ANY = "*"

_NO_TOKEN_CHARACTERS = str.maketrans("", "", TOKEN_CHARACTERS + ",")


def convert_names(value: Any) -> tuple[Any, ...]:
    """Normalise a list of names: a sorted tuple without duplicates; strings split at commas.

    >>> convert_names("X-B, X-A,X-B")
    ('X-A', 'X-B')
    """
    unique = dict.fromkeys(ANY if item == ".*" else item for item in as_items(value))
    strings = sorted(item for item in unique if isinstance(item, str))
    return (*strings, *(item for item in unique if not isinstance(item, str)))


def check_names(option: str, names: tuple[Any, ...]) -> Iterable[Problem]:
    """Report what cannot be a name, or could not be sent as one."""
    for name in names:
        if not isinstance(name, str):
            yield _name_problem(option, name, "type", "is not a string")
        elif not is_field_text(name):
            yield _name_problem(option, name, "characters", "has characters no header can carry")


def _name_problem(option: str, name: object, code: str, what: str) -> Problem:
    example = "GET" if option == "methods" else "X-Example"
    return Problem(
        code=f"{option.replace('_', '-')}-{code}",
        option=option,
        given=name,
        what=what,
        advice=f'write a name such as "{example}"',
    )


def check_allow_headers(patterns: tuple[Any, ...]) -> Iterable[Problem]:
    """Report every item of `allow_headers` that can never match (D3)."""
    yield from check_names(
        "allow_headers", tuple(item for item in patterns if not _is_text_regex(item))
    )
    for pattern in patterns:
        if _is_broken_regex(pattern):
            yield Problem(
                code="allow-headers-regex",
                option="allow_headers",
                given=pattern,
                what="is not a valid regular expression",
                advice='write header names such as "X-Example", or a regex such as "X-.*"',
            )


def _is_broken_regex(item: object) -> bool:
    if not isinstance(item, str) or item == ANY or not looks_like_regex(item):
        return False
    return compile_text(item) is None


def _is_text_regex(item: object) -> bool:
    return isinstance(item, re.Pattern) and isinstance(item.pattern, str)


class HeaderMatcher:
    """What is compiled once from checked patterns of header names.

    Names have no case (RFC 9110, 5.1).

    >>> HeaderMatcher((re.compile("X-Co-.*"),)).select("x-co-a")
    ('x-co-a', True)
    """

    def __init__(self, patterns: tuple[Any, ...]) -> None:
        texts = [item for item in patterns if isinstance(item, str) and item != ANY]
        regexes = [re.compile(text, re.IGNORECASE) for text in texts if looks_like_regex(text)]
        regexes += [
            re.compile(item.pattern, item.flags | re.IGNORECASE)
            for item in patterns
            if isinstance(item, re.Pattern)
        ]
        self.any = ANY in patterns
        self.literals = frozenset(ascii_lower(text) for text in texts if not looks_like_regex(text))
        self.regexes = joined(regexes)

    @property
    def depends_on_request(self) -> bool:
        """Return whether any requested name could be allowed at all."""
        return self.any or bool(self.literals) or bool(self.regexes)

    def select(self, requested: str) -> tuple[str, bool]:
        """Return the value of Access-Control-Allow-Headers, and whether nothing is missing in it.

        The names are sorted, in the client's spelling, each once and each a token (D8). A text
        of over 8,192 bytes or 256 names is refused before anything is matched.

        >>> HeaderMatcher(("X-A",)).select("x-a,x-b")
        ('x-a', False)
        """
        names = requested_names(requested)
        if names is None:
            return "", False
        allowed = names if self.any else {key: names[key] for key in names if self._allows(key)}
        complete = len(allowed) == len(names)
        if requested.translate(_NO_TOKEN_CHARACTERS):
            tokens = {key: name for key, name in allowed.items() if is_token(name)}
            return join(sorted(tokens.values())), complete and len(tokens) == len(allowed)
        return join(sorted(allowed.values())), complete

    def _allows(self, name: str) -> bool:
        # A regex may match the name `*`, which a browser would take for all names.
        if name == ANY:
            return False
        return name in self.literals or any(regex.fullmatch(name) for regex in self.regexes)


def requested_names(requested: str) -> dict[str, str] | None:
    """Return the requested names by their lower case, or None where the text is over a limit (D8).

    >>> requested_names("X-A, x-b,,")
    {'x-a': 'X-A', 'x-b': 'x-b'}
    """
    if len(requested) > MAX_REQUEST_HEADERS_BYTES or _has_too_many(requested):
        return None
    parts = requested.split(",")
    if " " in requested or "\t" in requested:
        parts = [part.strip(" \t") for part in parts]
    names = dict(zip(ascii_lower(",".join(parts)).split(","), parts))
    names.pop("", None)
    return names


def _has_too_many(requested: str) -> bool:
    """Count the names, of which none is empty, without taking the text apart."""
    if requested.count(",") < MAX_REQUEST_HEADERS_NAMES:
        return False
    text = requested
    for blank in " \t":
        if blank in text:  # to look costs less than to replace nothing
            text = text.replace(blank, "")
    while ",," in text:
        text = text.replace(",,", ",")
    return text.strip(",").count(",") >= MAX_REQUEST_HEADERS_NAMES

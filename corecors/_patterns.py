"""What an item of `origins` is: read once, by one grammar, for everybody who asks.

A string is read in this order (D2): any origin; a serialized origin or another literal; a glob; a
regular expression. Whether a broken one can be mended is for `_advice` to say.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any, NamedTuple, Optional, Union

from ._globs import Glob, parse_origin
from ._globs import parse as parse_glob
from ._lists import as_items
from ._regexes import compile_text
from .headers import is_plain_origin, looks_like_regex

OriginCallable = Callable[[str], bool]
OriginPattern = Union[str, re.Pattern[str], OriginCallable]
"""One item of the option `origins`."""

STAR = "*"

ANY = "any"
LITERAL = "literal"
GLOB = "glob"
REGEX = "regex"
CALLABLE = "callable"
BROKEN = "broken"
"""The kinds of a pattern; `broken` is what can never work, and is refused at set-up (D3)."""


class Pattern(NamedTuple):
    """What one item of `origins` is.

    >>> read("https://*.a.example").kind, read("https?://a.example").kind, read("*:80").kind
    ('glob', 'regex', 'broken')
    """

    item: Any
    """The item as it stands in `origins`."""
    kind: str
    glob: Optional[Glob] = None
    """The parts of a glob."""
    regex: Optional[re.Pattern[str]] = None
    """The compiled form of a regex."""
    complaint: tuple[str, str] = ("", "")
    """Of what is broken: a short code, and what is wrong."""


class Patterns(NamedTuple):
    """All items of `origins`, read. There may be very many, and nearly all of them are plain."""

    plain: dict[str, str]
    """The literals that are as plain as nearly every origin (`is_plain_origin`), by themselves."""
    others: tuple[Pattern, ...]

    def of_kind(self, kind: str) -> list[Pattern]:
        """Give those of one kind; of literals, those that are not plain."""
        return [pattern for pattern in self.others if pattern.kind == kind]


def convert_origins(value: Any) -> tuple[Any, ...]:
    """Normalise the option `origins`: a tuple without duplicates, strings first and sorted.

    >>> convert_origins("https://b.example, https://a.example")
    ('https://a.example', 'https://b.example')
    """
    value = (None,) if value is None else value  # which is reported, and not an empty list
    unique = dict.fromkeys(STAR if item == ".*" else item for item in as_items(value))
    strings = sorted(item for item in unique if isinstance(item, str))
    return (*strings, *(item for item in unique if not isinstance(item, str)))


def read_all(origins: tuple[Any, ...]) -> Patterns:
    """Read the items of `origins` as converted."""
    plain = {item: item for item in origins if isinstance(item, str) and is_plain_origin(item)}
    return Patterns(plain, tuple(read(item) for item in origins if item not in plain))


def read(item: Any) -> Pattern:
    """Say what one item of `origins` is."""
    if isinstance(item, str):
        return _read_text(item)
    if isinstance(item, re.Pattern):
        if isinstance(item.pattern, str):
            return Pattern(item, REGEX, regex=item)
        return _broken(item, "origin-bytes", "is a pattern of bytes")
    if not callable(item):
        what = "is neither a string, a compiled regex nor a callable"
        return _broken(item, "origin-type", what)
    if inspect.iscoroutinefunction(item):
        return _broken(item, "origin-async", "is a coroutine function")
    return Pattern(item, CALLABLE)


def _broken(item: Any, code: str, what: str) -> Pattern:
    return Pattern(item, BROKEN, complaint=(code, what))


def _read_text(text: str) -> Pattern:
    if text in (STAR, ".*", "/*"):
        return Pattern(text, ANY)
    if parse_origin(text) is not None:
        return Pattern(text, LITERAL)
    if text == "null":
        return Pattern(text, LITERAL)
    glob = parse_glob(text)
    if glob is not None:
        return Pattern(text, GLOB, glob=glob)
    from ._complaints import complaint_of  # noqa: PLC0415 (rarely needed, and not small)

    complaint = complaint_of(text)
    if complaint is not None:
        return Pattern(text, BROKEN, complaint=complaint)
    if not looks_like_regex(text):
        return Pattern(text, LITERAL)
    regex = compile_text(text)
    if regex is None:
        return _broken(text, "origin-regex", "is not a valid regular expression")
    return Pattern(text, REGEX, regex=regex)

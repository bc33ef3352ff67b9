"""What an item of `origins` is: read once, by one grammar, for everybody who asks.

A string is read in this order (D2): any origin; a serialized origin or another literal; a glob; a
regular expression. Whether a broken one can be mended is for `_advice` to say.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any, NamedTuple, Optional, Union

from ._globs import HOST, IPV6, PORT, SCHEME, Glob
from ._globs import parse as parse_glob
from ._later import later
from ._lists import as_items
from ._regexes import compile_text
from .headers import ascii_lower, is_field_text, is_plain_origin, looks_like_regex

OriginCallable = Callable[[str], bool]
OriginPattern = Union[str, "re.Pattern[str]", OriginCallable]
"""One item of the option `origins`."""

STAR = "*"

ANY = "any"
LITERAL = "literal"
GLOB = "glob"
REGEX = "regex"
CALLABLE = "callable"
BROKEN = "broken"
"""The kinds of a pattern; `broken` is what can never work, and is refused at set-up (D3)."""

# A serialized origin in lower case, as browsers write it (Fetch, "`Origin` header").
_origin = later(rf"({SCHEME})://({HOST}|{IPV6})({PORT})?")

# Several items in one text. A "|" alone may be part of a regex, so that more is asked of it.
_separator = later(r"[\s;|]*[\s;][\s;|]*")
_part = later(r"://|^[a-z0-9*_.:/[\]-]+$", re.IGNORECASE)
_host = later(r"://|[a-z0-9*-]\.[a-z*]|localhost", re.IGNORECASE)

# A glob but for its scheme; and how a regex begins that can match an origin all the same.
_without_scheme = later(r"(?:[a-z0-9_*-]+\.)*[a-z0-9_*-]+(?::[0-9]+|:\*)?(?:/\*?)?", re.IGNORECASE)
_SCHEMES = (
    "https",
    "app",
    "capacitor",
    "chrome-extension",
    "file",
    "ionic",
    "moz-extension",
    "tauri",
)


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


def parse_origin(text: str) -> Optional[tuple[str, str, str]]:
    """Take a serialized origin apart: scheme, host and port in lower case, IPv6 included.

    >>> parse_origin("http://[::1]:80"), parse_origin("https://a.example/")
    (('http', '[::1]', ':80'), None)
    """
    found = _origin().fullmatch(ascii_lower(text))
    return None if found is None else (found[1], found[2], found[3] or "")


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
    complaint = _complaint(text)
    if complaint is not None:
        return Pattern(text, BROKEN, complaint=complaint)
    if not looks_like_regex(text):
        return Pattern(text, LITERAL)
    glob = parse_glob(text)
    if glob is not None:
        return Pattern(text, GLOB, glob=glob)
    if text.startswith(STAR) or _is_glob_without_scheme(text):
        if "://" in text:
            return _broken(text, "origin-any-scheme", "has a * for its scheme")
        return _broken(text, "origin-without-scheme", "has no scheme")
    regex = compile_text(text)
    if regex is None:
        return _broken(text, "origin-regex", "is not a valid regular expression")
    return Pattern(text, REGEX, regex=regex)


def _complaint(text: str) -> Optional[tuple[str, str]]:
    if not is_field_text(text):
        return "origin-characters", "has characters that no header can carry"
    if _is_written_list(text):
        return "origin-json", "is in quotation marks or brackets, as JSON is"
    if len(parts_of(text)) > 1:
        return "origin-joined", "is several origins in one text"
    if text.startswith(".") and not looks_like_regex(text):
        return "origin-without-scheme", "has no scheme"
    return None


def _is_written_list(text: str) -> bool:
    """Say whether a text is a string or list as a programming language writes it."""
    if text.startswith(("'", '"', "{")) or text.endswith(("'", '"')):
        return True
    if not text.startswith("["):
        return False
    # A regex that is one class of characters matches one of them, and no origin.
    one_class = text.find("]") == len(text) - 1
    if one_class:
        return parse_origin(f"http://{text}") is None
    return text.endswith("]") and parse_origin(text[1:-1]) is not None


def _is_glob_without_scheme(text: str) -> bool:
    if STAR not in text or _without_scheme().fullmatch(text) is None:
        return False
    beginning, any_text, _ = text.lower().partition(".*")
    return not any_text or not any(scheme.startswith(beginning) for scheme in _SCHEMES)


def parts_of(text: str) -> list[str]:
    r"""Split where several origins are joined by spaces, `;` or `|`, and nowhere else.

    >>> parts_of("https://a.example;https://*.b.example"), parts_of(r"https://a\.b|https://c")
    (['https://a.example', 'https://*.b.example'], ['https://a\\.b|https://c'])
    """
    parts = [part for part in _separator().split(text) if part]
    if len(parts) > 1 and all(map(_part().search, parts)) and any(map(_host().search, parts)):
        return parts
    if "|" in text:
        parts = [part for part in text.split("|") if part]
        if len(parts) > 1 and all(map(_is_origin_or_glob, parts)):
            return parts
    return [text]


def _is_origin_or_glob(text: str) -> bool:
    return parse_origin(text) is not None or parse_glob(text) is not None

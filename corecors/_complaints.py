"""What in a text of `origins` can never work (D3): imported for what is no origin and no glob."""

from __future__ import annotations

import re
from typing import Optional

from ._globs import parse as parse_glob
from ._globs import parse_origin
from .headers import is_field_text, looks_like_regex

# Several items in one text. A "|" alone may be part of a regex, so that more is asked of it.
_SEPARATOR = re.compile(r"[\s;|]*[\s;][\s;|]*")
_IS_PART = re.compile(r"://|^[a-z0-9*_.:/[\]-]+$", re.IGNORECASE).search
_HAS_HOST = re.compile(r"://|[a-z0-9*-]\.[a-z*]|localhost", re.IGNORECASE).search

# A glob but for its scheme; and how a regex begins that can match an origin all the same.
_WITHOUT_SCHEME = re.compile(
    r"(?:[a-z0-9_*-]+\.)*[a-z0-9_*-]+(?::[0-9]+|:\*)?(?:/\*?)?", re.IGNORECASE
).fullmatch
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


def complaint_of(text: str) -> Optional[tuple[str, str]]:
    """Say what is wrong with a text that is neither an origin nor a glob: a code, and words.

    >>> complaint_of("localhost:*"), complaint_of("https://a")
    (('origin-without-scheme', 'has no scheme'), None)
    """
    if not is_field_text(text):
        return "origin-characters", "has characters that no header can carry"
    if _is_written_list(text):
        return "origin-json", "is in quotation marks or brackets, as JSON is"
    if len(parts_of(text)) > 1:
        return "origin-joined", "is several origins in one text"
    is_star = text.startswith("*")
    if is_star and "://" in text:
        return "origin-any-scheme", "has a * for its scheme"
    if is_star or _is_glob_without_scheme(text) or _begins_with_dot(text):
        return "origin-without-scheme", "has no scheme"
    return None


def _begins_with_dot(text: str) -> bool:
    return text.startswith(".") and not looks_like_regex(text)


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
    if "*" not in text or _WITHOUT_SCHEME(text) is None:
        return False
    beginning, any_text, _ = text.lower().partition(".*")
    return not any_text or not any(scheme.startswith(beginning) for scheme in _SCHEMES)


def parts_of(text: str) -> list[str]:
    r"""Split where several origins are joined by spaces, `;` or `|`, and nowhere else.

    >>> parts_of("https://a.example;https://*.b.example"), parts_of(r"https://a\.b|https://c")
    (['https://a.example', 'https://*.b.example'], ['https://a\\.b|https://c'])
    """
    parts = [part for part in _SEPARATOR.split(text) if part]
    if len(parts) > 1 and all(map(_IS_PART, parts)) and any(map(_HAS_HOST, parts)):
        return parts
    if "|" in text:
        parts = [part for part in text.split("|") if part]
        if len(parts) > 1 and all(map(_is_origin_or_glob, parts)):
            return parts
    return [text]


def _is_origin_or_glob(text: str) -> bool:
    return parse_origin(text) is not None or parse_glob(text) is not None

"""Texts as the Infra standard compares and cuts them; what each other module here is built from."""

from __future__ import annotations

import re

_TO_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_TO_UPPER = {lower: upper for upper, lower in _TO_LOWER.items()}

# Infra, "HTTP tab or space"; "HTTP whitespace" adds the two newline bytes.
TAB_OR_SPACE = "\t "
WHITESPACE = "\t\n\r "

# RFC 9110 section 5.6.2: token = 1*tchar. Both `method` and `field-name` are a token.
TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


def words(text: str) -> frozenset[str]:
    """Return the words of a text that is written with spaces between them."""
    return frozenset(text.split())


def ascii_lower(text: str) -> str:
    """Write A to Z in lower case and leave the rest (Infra, byte-lowercase)."""
    return text.translate(_TO_LOWER)


def ascii_upper(text: str) -> str:
    """Write a to z in upper case and leave the rest (Infra, byte-uppercase)."""
    return text.translate(_TO_UPPER)

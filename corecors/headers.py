"""The header names of CORS and their grammar: what every shell needs, whatever its framework.

What must live here: constants of the Fetch standard and of RFC 9110, each with its clause.
What must not: anything that decides.
"""

from __future__ import annotations

from collections.abc import Iterable

from ._later import later

__all__ = [
    "ALLOW_CREDENTIALS",
    "ALLOW_HEADERS",
    "ALLOW_METHODS",
    "ALLOW_ORIGIN",
    "ALLOW_PRIVATE_NETWORK",
    "EXPOSE_HEADERS",
    "MAX_AGE",
    "MAX_ORIGIN_BYTES",
    "MAX_REQUEST_HEADERS_BYTES",
    "MAX_REQUEST_HEADERS_NAMES",
    "MERGED",
    "ORIGIN",
    "REQUEST_HEADERS",
    "REQUEST_METHOD",
    "REQUEST_PRIVATE_NETWORK",
    "SAFELISTED_METHODS",
    "TOKEN_CHARACTERS",
    "VARY",
    "ascii_lower",
    "is_field_text",
    "is_plain_origin",
    "is_reflectable",
    "is_token",
    "join",
    "looks_like_regex",
    "split",
]

# Fetch, "HTTP responses" (the CORS protocol): what a server says.
ALLOW_ORIGIN = "Access-Control-Allow-Origin"
ALLOW_CREDENTIALS = "Access-Control-Allow-Credentials"
ALLOW_METHODS = "Access-Control-Allow-Methods"
ALLOW_HEADERS = "Access-Control-Allow-Headers"
MAX_AGE = "Access-Control-Max-Age"
EXPOSE_HEADERS = "Access-Control-Expose-Headers"

# Fetch, "HTTP requests" (the CORS protocol): what a browser asks.
ORIGIN = "Origin"
REQUEST_METHOD = "Access-Control-Request-Method"
REQUEST_HEADERS = "Access-Control-Request-Headers"

# Private Network Access, superseded by Local Network Access; kept for Flask-CORS' option.
ALLOW_PRIVATE_NETWORK = "Access-Control-Allow-Private-Network"
REQUEST_PRIVATE_NETWORK = "Access-Control-Request-Private-Network"

VARY = "Vary"

# Fetch, "CORS-safelisted method": these need no listing.
SAFELISTED_METHODS = frozenset({"GET", "HEAD", "POST"})

# No request text longer than these is ever matched, echoed or parsed further.
MAX_ORIGIN_BYTES = 2_048
MAX_REQUEST_HEADERS_BYTES = 8_192
MAX_REQUEST_HEADERS_NAMES = 256

# RFC 9110, 5.6.2: token = 1*tchar
TOKEN_CHARACTERS = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

MERGED = frozenset(
    name.lower() for name in (ALLOW_ORIGIN, ALLOW_CREDENTIALS, ALLOW_PRIVATE_NETWORK, MAX_AGE, VARY)
)
"""The names, in lower case, of the lines that must not stand twice on a response: where it has one
of its own, `Answer.changes` says what becomes of it."""

# Visible ASCII without quotes and comma: whatever a serialized origin can hold, and little more.
_REFLECTABLE = bytes({*range(0x21, 0x7F)} - {*b"\"',"}).decode("ascii")

# RFC 9110, 5.5, as far as WSGI can send it: Latin-1 without controls, but for the tab.
_FIELD_TEXT = bytes((0x09, *range(0x20, 0x7F), *range(0x80, 0x100))).decode("latin-1")

# 6.0.2 reads a string as a regular expression when it holds one of these.
_OF_REGEXES = frozenset("*\\]?$^[()")


def is_token(text: str) -> bool:
    """Say whether a text is a token: nothing is left of it without token characters.

    >>> is_token("M-SEARCH"), is_token("GET,PUT"), is_token("")
    (True, False, False)
    """
    return bool(text) and not text.strip(TOKEN_CHARACTERS)


def is_reflectable(text: str) -> bool:
    """Say whether a text could be an origin, so that it may be echoed under `*` (D6)."""
    return 0 < len(text) <= MAX_ORIGIN_BYTES and not text.strip(_REFLECTABLE)


def is_field_text(text: str) -> bool:
    """Say whether a header can carry a text (I7)."""
    return not text.strip(_FIELD_TEXT)


def join(names: Iterable[str]) -> str:
    """Join names as every list-like header of CORS is written.

    >>> join(["GET", "PUT"])
    'GET, PUT'
    """
    return ", ".join(names)


def split(value: str) -> list[str]:
    """Return the members of a list-like header (RFC 9110, 5.6.1): the empty ones do not count.

    >>> split("Origin, ,Cookie")
    ['Origin', 'Cookie']
    """
    return [member for part in value.split(",") if (member := part.strip(" \t"))]


_plain_origin = later(r"[a-z][a-z0-9+.-]*://[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?::[0-9]{1,5})?")


def is_plain_origin(text: str) -> bool:
    """Say whether a text is a tuple origin as browsers write it, but for IPv6.

    >>> is_plain_origin("https://a.example:8443"), is_plain_origin("https://*.a.example")
    (True, False)
    """
    return _plain_origin().fullmatch(text) is not None


_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def ascii_lower(text: str) -> str:
    """Lower-case A to Z and nothing else (Infra, "ASCII lowercase").

    >>> ascii_lower("HTTPS://A.Example")
    'https://a.example'
    """
    return text.lower() if text.isascii() else text.translate(_ASCII_LOWER)


def looks_like_regex(text: str) -> bool:
    r"""Say whether Flask-CORS reads a string as a regular expression.

    >>> looks_like_regex(r"https://.*\.example"), looks_like_regex("https://a.example")
    (True, False)
    """
    return not _OF_REGEXES.isdisjoint(text)

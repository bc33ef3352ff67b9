"""Fetch, "Headers": reading a list of headers, and which names and values count as safe."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping
from typing import Final, Optional, Union, cast

from .dialect import STANDARD, Dialect
from .infra import TAB_OR_SPACE, TOKEN, WHITESPACE, ascii_lower, words
from .methods import is_forbidden_method

Headers = Union[Mapping[str, str], Iterable[tuple[str, str]]]


class Failure(enum.Enum):
    """Say that a header is present but breaks its grammar, which is not the same as absent."""

    FAILURE = "failure"


FAILURE: Final = Failure.FAILURE

# Fetch, "Headers": header value; and what Web IDL lets through as a ByteString.
NOT_IN_VALUE = re.compile(r"[\0\r\n]|[^\x00-\xff]")

# Fetch, "Headers": CORS-unsafe request-header byte, and the values of the safelisted headers.
_UNSAFE_BYTE = re.compile(r'[\x00-\x08\x0a-\x1f"():<>?@\[\\\]{}\x7f]')
_LANGUAGE_VALUE = re.compile(r"[0-9A-Za-z *,\-.;=]*")
_SINGLE_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)")

# Fetch, "Headers", get, decode, and split: up to the next comma outside a quoted string; a quoted
# string that is never closed runs to the end.
_MEMBER = re.compile(r',((?:[^",]|"(?:[^"\\]|\\.)*(?:"|\\?\Z))*)', re.DOTALL)
_SAFELISTED_TYPES = words("application/x-www-form-urlencoded multipart/form-data text/plain")
NO_CORS_REQUEST_HEADERS = words("accept accept-language content-language content-type")
NON_WILDCARD_REQUEST_HEADERS = words("authorization")
_METHOD_OVERRIDES = words("x-http-method x-http-method-override x-method-override")
_FORBIDDEN_REQUEST_HEADERS = words(
    """
    accept-charset accept-encoding access-control-request-headers access-control-request-method
    connection content-length cookie cookie2 date dnt expect host keep-alive origin referer
    set-cookie te trailer transfer-encoding upgrade via
    """
)
SAFELISTED_RESPONSE_HEADERS = words(
    "cache-control content-language content-length content-type expires last-modified pragma"
)
FORBIDDEN_RESPONSE_HEADERS = words("set-cookie set-cookie2")

# Chromium, IsCorsSafelistedHeader: the client hints without a forbidden prefix, and their values.
_CLIENT_HINTS = {
    **dict.fromkeys(words("device-memory downlink dpr"), re.compile(r"[0-9]+(?:\.[0-9]+)?")),
    **dict.fromkeys(words("rtt viewport-width width"), re.compile(r"[0-9]+")),
    "ect": re.compile(r"slow-2g|[234]g"),
    "intervention": re.compile(r".*"),
    "save-data": re.compile(r"[Oo][Nn]"),
}
_SAFELISTED_VALUE_LIMIT = 128
_SAFELISTED_TOTAL_LIMIT = 1024


def as_pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    """Return the headers as pairs, whichever of the two shapes they have."""
    # A mapping is an iterable too, of its keys: only a cast says which of the two shapes it is.
    if isinstance(headers, Mapping):
        return tuple(cast("Mapping[str, str]", headers).items())
    return tuple(headers)


def values_of(headers: Headers, name: str) -> list[str]:
    """List the header values of one name, a value each line, without the space around them."""
    wanted = ascii_lower(name)
    pairs = as_pairs(headers)
    return [value.strip(TAB_OR_SPACE) for key, value in pairs if ascii_lower(key) == wanted]


def split(value: str) -> list[str]:
    """Split at commas outside quoted strings (Fetch, "Headers", get, decode, and split)."""
    return [member.strip(TAB_OR_SPACE) for member in _MEMBER.findall("," + value)]


def get(headers: Headers, name: str) -> Optional[str]:
    """Combine all values of a header with ", ", or return None if there are none.

    Fetch, "Headers", get, step 2.

    >>> get([("Vary", "Origin"), ("vary", "Accept")], "VARY")
    'Origin, Accept'
    """
    values = values_of(headers, name)
    return ", ".join(values) if values else None


def extract_list(headers: Headers, name: str) -> Union[list[str], Failure, None]:
    """Parse a header whose grammar is `#field-name` or `#method`: a list of tokens.

    None is absent and `FAILURE` is malformed. Empty members are skipped, as RFC 9110 section 5.6.1
    asks of a recipient. Fetch, "Headers", extract header list values; "HTTP new-header syntax".

    >>> extract_list({"Access-Control-Allow-Methods": "PUT,, Egg"}, "Access-Control-Allow-Methods")
    ['PUT', 'Egg']
    >>> extract_list({"Access-Control-Allow-Methods": "P U T"}, "Access-Control-Allow-Methods")
    <Failure.FAILURE: 'failure'>
    """
    value = get(headers, name)
    if value is None:
        return None
    members = [member.strip(TAB_OR_SPACE) for member in value.split(",")]
    tokens = [member for member in members if member]
    return tokens if all(map(TOKEN.fullmatch, tokens)) else FAILURE


def names_in(headers: Headers, name: str) -> list[str]:
    """Read a list header where failure and absence both mean that nothing is named."""
    tokens = extract_list(headers, name)
    return tokens if isinstance(tokens, list) else []


def is_forbidden_request_header(name: str, value: str = "") -> bool:
    """Tell whether the browser silently drops this header when a page sets it.

    The value counts only for the method overrides. Fetch, "Headers", forbidden request-header.

    >>> is_forbidden_request_header("Sec-Fetch-Mode"), is_forbidden_request_header("X-Origin")
    (True, False)
    >>> is_forbidden_request_header("X-HTTP-Method-Override", "put, Trace")
    True
    """
    lower = ascii_lower(name)
    if lower in _FORBIDDEN_REQUEST_HEADERS or lower.startswith(("proxy-", "sec-")):
        return True
    return lower in _METHOD_OVERRIDES and any(map(is_forbidden_method, split(value)))


def _is_safelisted_type(value: str) -> bool:
    # MIME Sniffing, "Parsing a MIME type": only steps 1 to 9 can fail, and parameters come later.
    type_, _, rest = value.strip(WHITESPACE).partition("/")
    subtype = rest.partition(";")[0].rstrip(WHITESPACE)
    return not _UNSAFE_BYTE.search(value) and ascii_lower(f"{type_}/{subtype}") in _SAFELISTED_TYPES


def _is_safelisted_range(value: str) -> bool:
    # Fetch, "Headers", parse a single range header value, with allowWhitespace false.
    found = _SINGLE_RANGE.fullmatch(value)
    if found is None or not found[1]:
        return False
    return not found[2] or int(found[1]) <= int(found[2])


def is_safelisted_request_header(name: str, value: str, dialect: Dialect = STANDARD) -> bool:
    """Tell whether this one header, with this value, needs no preflight.

    The limits on all headers together are in `unsafe_request_header_names`. Fetch, "Headers",
    CORS-safelisted request-header.

    >>> is_safelisted_request_header("Content-Type", "Text/Plain;charset=utf-8")
    True
    >>> is_safelisted_request_header("Content-Type", "application/json")
    False
    """
    lower = ascii_lower(name)
    if len(value) > _SAFELISTED_VALUE_LIMIT:
        return False
    if lower == "accept":
        return not _UNSAFE_BYTE.search(value)
    if lower in {"accept-language", "content-language"}:
        return _LANGUAGE_VALUE.fullmatch(value) is not None
    if lower == "content-type":
        return _is_safelisted_type(value)
    if dialect.client_hints_are_safelisted and lower in _CLIENT_HINTS:
        return _CLIENT_HINTS[lower].fullmatch(value) is not None
    return lower == "range" and _is_safelisted_range(value)


def unsafe_request_header_names(headers: Headers, dialect: Dialect = STANDARD) -> tuple[str, ...]:
    """Return the names that need a preflight: lower case, sorted, each once.

    Safelisted headers count as unsafe too when their values exceed 1,024 bytes together. Fetch,
    "Headers", CORS-unsafe request-header names.

    >>> unsafe_request_header_names({"X-B": "1", "Authorization": "t", "Accept": "text/html"})
    ('authorization', 'x-b')
    """
    pairs = as_pairs(headers)
    safe = [is_safelisted_request_header(*pair, dialect) for pair in pairs]
    size = sum(len(value) for (_, value), is_safe in zip(pairs, safe) if is_safe)
    everything = size > _SAFELISTED_TOTAL_LIMIT
    unsafe = [name for (name, _), is_safe in zip(pairs, safe) if everything or not is_safe]
    return tuple(sorted(set(map(ascii_lower, unsafe))))

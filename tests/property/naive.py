"""The matching of origins, methods, header names and paths, said in a few obvious lines.

Slow, with no tables, no index and no joined regexes: an oracle for the ones that the core compiles.
The kind of an origin pattern is told, not guessed, so that the core's reading of it is tested too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import ascii_letters, digits
from typing import Any

from tests.property.strategies import Kind

TOKEN_CHARACTERS = set("!#$%&'*+-.^_`|~" + digits + ascii_letters)
LABEL_CHARACTERS = set("-_" + digits + ascii_letters)


def admits_origin(patterns: Iterable[tuple[Kind, Any]], origin: str) -> bool:
    """Say whether one of the patterns admits the origin; a broken callable does not."""
    return may_be_origin(origin) and any(_admits(kind, value, origin) for kind, value in patterns)


def may_be_origin(text: str) -> bool:
    """Say whether a text is short, visible ASCII without a quote or a comma (D6)."""
    visible = (character for character in text if "!" <= character <= "~")
    return 0 < len(text) <= 2_048 and "".join(visible) == text and not set(text) & set("\"',")


def _admits(kind: Kind, value: Any, origin: str) -> bool:
    if kind is Kind.NULL or value == "NULL":
        return bool(origin == value)
    if kind in {Kind.LITERAL, Kind.IPV6}:
        return same(value, origin)
    if kind is Kind.ANY:
        return True
    if kind is Kind.TEXT_REGEX:
        return re.fullmatch(value, origin, re.IGNORECASE) is not None
    if kind is Kind.COMPILED:
        return value.fullmatch(origin) is not None
    if kind is Kind.CALLABLE:
        return _answers_true(value, origin)
    return _admits_glob(value, origin)


def _answers_true(function: Any, origin: str) -> bool:
    try:
        return function(origin) is True
    except Exception:  # noqa: BLE001 (whatever it raises)
        return False


def _admits_glob(value: str, origin: str) -> bool:
    """Compare scheme, port, and then label by label (D2)."""
    while "**" in value:
        value = value.replace("**", "*")
    scheme, _, rest = lower(value).partition("://")
    own_scheme, _, own_rest = lower(origin).partition("://")
    host, port = _split_port(rest)
    own_host, own_port = _split_port(own_rest)
    if host == "*" or (host.endswith("*") and not host.endswith(".*")):
        port = port or ":*"
    if scheme != own_scheme or not _fits_port(port, own_port):
        return False
    if host == "*":
        return _may_be_host(own_host) or (not own_rest and scheme not in {"http", "https"})
    if not host.endswith(".*"):
        host = host.rstrip("*")  # the end of a host is never open
    if "[" in host:
        return host == own_host
    return _fits_labels(host.split("."), own_host.split("."))


def _fits_port(port: str, own: str) -> bool:
    number = own[1:]
    may_be_port = not own or (1 <= len(number) <= 5 and set(number) <= set(digits))
    return may_be_port if port == ":*" else port == own


def _may_be_host(host: str) -> bool:
    if host.startswith("["):
        inner = host[1:-1]
        return host.endswith("]") and ":" in inner and set(inner) <= set("0123456789abcdef:.")
    return bool(host) and set(host) <= LABEL_CHARACTERS | {"."}


def _fits_labels(labels: list[str], own: list[str]) -> bool:
    others = [label for label in labels if label != "*"]
    is_below = labels == ["*", *others]
    is_address = bool(others) and set("".join(others)) <= set(digits) and not is_below
    if labels[0] == "*" and not is_address:
        # One label at least; all that are too many are of it.
        first, own = own[: len(own) - len(labels) + 1], own[len(own) - len(labels) + 1 :]
        if not first or not all(_is_label(label) for label in first):
            return False
        labels = labels[1:]
    return len(labels) == len(own) and all(
        _fits_label(label, own_label, is_address) for label, own_label in zip(labels, own)
    )


def _is_label(label: str) -> bool:
    return bool(label) and set(label) <= LABEL_CHARACTERS


def _fits_label(label: str, own: str, is_address: bool) -> bool:
    if label == "*" and is_address:
        return own in {str(number) for number in range(256)}
    if label == "*":
        return _is_label(own)
    if "*" not in label:
        return label == own
    before, _, after = label.partition("*")
    if not own.startswith(before):
        return False
    rest = own[len(before) :]
    return any(
        set(rest[:length]) <= LABEL_CHARACTERS - {"_"} and _fits_label(after, rest[length:], False)
        for length in range(1, len(rest) + 1)
    )


def _split_port(text: str) -> tuple[str, str]:
    """Split at the colon after the host, where there is one: IPv6 hosts end with a bracket."""
    host, colon, port = text.rpartition(":")
    return (host, colon + port) if colon and "]" not in port else (text, "")


def same(first: str, second: str) -> bool:
    """Compare as texts in which the case of A to Z and nothing else is no matter."""
    return lower(first) == lower(second)


def lower(text: str) -> str:
    """Lower-case A to Z and nothing else."""
    return "".join(c.lower() if c in ascii_letters else c for c in text)


def allows_method(methods: Iterable[str], requested: str) -> bool:
    """Say whether a method may be listed as requested."""
    if not is_token(requested):
        return False
    for name in methods:
        if name in {"*", ".*"} or (requested in {name, name.upper()} and requested != "*"):
            return True
    return False


def allowed_names(patterns: Iterable[Any], requested: str) -> tuple[set[str], bool]:
    """Give the allowed ones of the requested header names, in lower case; and if those are all."""
    names = {lower(name.strip(" \t")) for name in requested.split(",")} - {""}
    count = len([name for name in requested.split(",") if name.strip(" \t")])
    if len(requested) > 8_192 or count > 256:
        return set(), False
    allowed = {
        name
        for name in names
        if is_token(name) and any(_allows_name(pattern, name) for pattern in patterns)
    }
    return allowed, allowed == names


def _allows_name(pattern: Any, name: str) -> bool:
    if isinstance(pattern, re.Pattern):
        found = re.fullmatch(pattern.pattern, name, pattern.flags | re.IGNORECASE)
        return found is not None and name != "*"
    if pattern in {"*", ".*"}:
        return True
    if any(character in pattern for character in "*\\]?$^[()"):
        return re.fullmatch(pattern, name, re.IGNORECASE) is not None and name != "*"
    return same(pattern, name)


def is_token(text: str) -> bool:
    """Say whether a text is a token of HTTP (RFC 9110, 5.6.2)."""
    return bool(text) and set(text) <= TOKEN_CHARACTERS


def covers(pattern: Any, path: str) -> bool:
    """Say whether a path pattern, taken alone, covers a path."""
    if isinstance(pattern, re.Pattern):
        return pattern.match(path) is not None
    if pattern in {"*", ".*", "/*"}:
        return True
    literal = pattern[:-1].rstrip("/")
    if pattern.endswith("/*") and not any(c in literal for c in "*\\]?$^[()"):
        return not literal or path == literal or path.startswith(literal + "/")
    if any(c in pattern for c in "*\\]?$^[()"):
        return re.match(pattern, path) is not None
    return bool(pattern == path)

"""An item of `origins` as a tree: what it admits, whatever kind of item it is."""

from __future__ import annotations

import re
from typing import Any

from .._origins import is_literal, is_regex_origin
from .._regexes import compiled
from ..headers import ascii_lower
from ._budget import UndecidedError
from ._nodes import Chars, Node, Repeat, optional, series
from ._reading import Reading, read

_LABEL = Repeat(Chars(frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")), 1, None)
_DIGIT = Chars(frozenset("0123456789"))
_ANY_PORT = optional(":", Repeat(_DIGIT, 1, 5))
_SUBDOMAINS = Repeat(series(_LABEL, "."), 1, None)


def read_item(item: Any) -> Reading:
    """Return what an item of `origins` admits, a text or a regex; raise `UndecidedError` or tell.

    Origins are lower-case here, as browsers send them.
    """
    if is_literal(item):
        return _plain(series(item if item == "null" else ascii_lower(item)), item)
    if is_regex_origin(item):
        return _read_regex(compiled(item))
    return _plain(_wildcard(ascii_lower(item)), item)


def _plain(node: Node, item: str) -> Reading:
    return Reading(node, node, item)


def _read_regex(regex: re.Pattern[str]) -> Reading:
    try:
        return read(regex)
    except RecursionError as error:
        raise UndecidedError("it is too deep") from error


def _wildcard(text: str) -> Node:
    scheme, _, rest = text.partition("://")
    port: Node = series()
    if rest.endswith(":*"):
        rest, port = rest[:-2], _ANY_PORT
    subdomains: Node = series()
    if rest.startswith("*."):
        rest, subdomains = rest[2:], _SUBDOMAINS
    return series(scheme, "://", subdomains, rest, port)

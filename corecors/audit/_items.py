"""An item of `origins` as a tree: what it admits, whatever kind of item it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .._globs import Glob
from .._patterns import GLOB, LITERAL
from .._patterns import read as read_pattern
from ..headers import ascii_lower
from ._budget import UndecidedError
from ._nodes import Chars, Node, Repeat, choice, optional, series
from ._reading import Reading, read

_DIGITS = frozenset("0123456789")
_INSIDE = Repeat(Chars(frozenset("abcdefghijklmnopqrstuvwxyz-") | _DIGITS), 1, None)
_LABEL_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz-_") | _DIGITS
_LABEL = Repeat(Chars(_LABEL_CHARACTERS), 1, None)
_LABELS = series(_LABEL, Repeat(series(".", _LABEL), 0, None))
_OCTET = choice(map(str, range(256)))
_ANY_PORT = optional(":", Repeat(Chars(_DIGITS), 1, 5))
_HEXADECIMAL = frozenset("abcdef") | _DIGITS
_IPV6 = series(
    *("[", Repeat(Chars(_HEXADECIMAL), 0, None), ":"),
    *(Repeat(Chars(_HEXADECIMAL | {":", "."}), 0, None), "]"),
)
_ANY_HOST = choice([Repeat(Chars(_LABEL_CHARACTERS | {"."}), 1, None), _IPV6])
_NOTHING = choice([])


def is_literal(item: Any) -> bool:
    """Return whether an item of `origins` is compared as a text."""
    return read_pattern(item).kind == LITERAL


def literals(items: Iterable[Any]) -> list[str]:
    """Return the items of `origins` that are compared as texts."""
    return list(filter(is_literal, items))


def as_sent(literal: str) -> str:
    """Return a literal in lower case, as browsers send it; `null` has one spelling (D6)."""
    return literal if literal == "null" else ascii_lower(literal)


def read_item(item: Any) -> Reading:
    """Return what an item of `origins` admits, a text or a regex; raise `UndecidedError` or tell.

    Origins are lower-case here, as browsers send them.
    """
    pattern = read_pattern(item)
    if pattern.kind == LITERAL:
        return _plain(series(as_sent(item)), item)
    if pattern.kind == GLOB and pattern.glob is not None:
        return _plain(_glob(pattern.glob), item)
    assert pattern.regex is not None  # noqa: S101 (a policy has no broken items)
    return read_regex(pattern.regex)


def _plain(node: Node, item: str) -> Reading:
    return Reading(node, node, item)


def read_regex(regex: re.Pattern[str]) -> Reading:
    """Read a regex of any option; raise `UndecidedError` where that cannot be done."""
    try:
        return read(regex)
    except RecursionError as error:
        raise UndecidedError("it is too deep") from error


def _glob(glob: Glob) -> Node:
    if glob.path:
        return _NOTHING
    port = _ANY_PORT if glob.port == ":*" else series(glob.port)
    rest = series(_host(glob), port)
    return series(glob.scheme, "://", optional(rest) if glob.may_lack_host else rest)


def _host(glob: Glob) -> Node:
    if glob.any_host:
        return _ANY_HOST
    first, *others = glob.host.split(".")
    star = _OCTET if glob.is_address else _LABEL
    parts: list[Node] = [_LABELS if first == "*" and star is _LABEL else _label(first, star)]
    for label in others:
        parts += [series("."), _label(label, star)]
    return series(*parts)


def _label(label: str, star: Node) -> Node:
    if label == "*":
        return star
    parts: list[Node] = []
    for text in label.split("*"):
        parts += [_INSIDE, series(text)]
    return series(*parts[1:])

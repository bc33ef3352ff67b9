"""How an expected origin is written: a literal, a glob, a regex, or `*` for any.

The meaning of a glob is that of this project's own configuration (contract, D2), in code of its
own: the suite shares nothing with what it tests.
"""

from __future__ import annotations

import re
from functools import lru_cache

import attrs
from hypothesis import find
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample, Unsatisfiable

from corecors import browser

from .searching import settings_for

__all__ = ["Pattern", "is_sent", "read"]

# Desktop shells and extensions send these too, though no URL parser gives them an origin.
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*://[a-z0-9._-]*")
_GLOB = re.compile(
    r"([a-z][a-z0-9+.-]*)://([a-z0-9_*-]+(?:\.[a-z0-9_*-]+)*)(?::([0-9]+|\*))?", re.ASCII
)
_REGEX = re.compile(r"[\\\[\](){}|+?^$]|\.\*")
_LITERAL = re.compile(r"[a-z0-9.:/_\[\]-]*")
_LABEL, _PART = "[a-z0-9_-]+", "[a-z0-9-]+"
_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IN_ORIGINS = "abcdefghijklmnopqrstuvwxyz0123456789-._:/"


@attrs.frozen
class Pattern:
    """One expected origin: what it is written as, what it matches, and examples of that."""

    text: str
    regex: str
    witnesses: tuple[str, ...]

    def admits(self, origin: str) -> bool:
        """Tell whether it matches the whole of an origin."""
        return re.fullmatch(self.regex, origin, re.ASCII) is not None


def is_sent(origin: str) -> bool:
    """Tell whether a browser can send this as `Origin`.

    No label of a host but the last is empty (RFC 1034 section 3.1). A host whose last label is a
    number is an IPv4 address to a URL parser, and written as one (URL, "ends in a number checker").
    """
    if browser.serialize_origin(origin) != origin:  # "null" is serialized as itself
        return _OTHER_SCHEME.fullmatch(origin) is not None
    host = re.sub(r":[0-9]+$", "", origin.partition("://")[2])
    if host.startswith(".") or ".." in host:  # no name that anybody can have
        return False
    if not re.search(r"(?:^|\.)[0-9]+\.?$", host):
        return True
    return re.fullmatch(rf"{_BYTE}(?:\.{_BYTE}){{3}}", host) is not None


@lru_cache(maxsize=256)
def read(text: str) -> Pattern:
    """Read an expected origin, in this order: `*`, a literal, a glob, a regex.

    >>> read("http://localhost:*").witnesses
    ('http://localhost', 'http://localhost:3000')
    """
    if text == "*":
        return Pattern(text, ".*", ("https://a.example", "https://b.example:8443", "null"))
    if _LITERAL.fullmatch(text) and is_sent(text):
        return Pattern(text, re.escape(text), (text,))
    glob = _GLOB.fullmatch(text)
    if glob is not None:
        return _glob(text, glob[1], glob[2], glob[3] or "")
    if _REGEX.search(text):
        return _regex(text)
    raise ValueError(f"{text!r} is not an origin such as https://app.example:8443")


Piece = tuple[str, str, str]  # a regex, and two texts that it matches


def _glob(text: str, scheme: str, host: str, port: str) -> Pattern:
    if re.search(r"[^*.]\*+$", host):  # `localhost*` is `localhost:*`
        host, port = host.rstrip("*"), port or "*"
    if host == "*" and not port:
        port = "*"
    labels = host.split(".")
    pieces = [_same(f"{scheme}://")]
    for index in range(len(labels)):
        pieces += [_same(".")] * bool(index) + [_label(labels, index)]
    pieces.append(("(?::[0-9]+)?", "", ":3000") if port == "*" else _same(port and f":{port}"))
    regex, first, second = map("".join, zip(*pieces))
    return Pattern(text, regex, tuple(dict.fromkeys((first, second))))


def _same(text: str) -> Piece:
    return re.escape(text), text, text


def _label(labels: list[str], index: int) -> Piece:
    label = labels[index]
    if "*" not in label:
        return _same(label)
    if label != "*":
        first, second = (label.replace("*", part) for part in ("a", "b-1"))
        return re.escape(label).replace(r"\*", _PART), first, second
    others = [other for other in labels if other != "*"]
    if not others:
        return rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]+\])", "a.example", "b.example"
    if all(other.isdigit() for other in others):
        return _BYTE, "1", "23"
    return (rf"{_LABEL}(?:\.{_LABEL})*", "a", "b.c") if index == 0 else (_LABEL, "a", "b")


def _regex(text: str) -> Pattern:
    """Read a regex; Hypothesis finds the shortest origins that it matches."""
    try:
        compiled = re.compile(text, re.ASCII)
        origins = st.from_regex(compiled, fullmatch=True, alphabet=_IN_ORIGINS).filter(_is_usual)
        first = _found(origins)
        other = _found(origins.filter(lambda origin: origin != first), first)
        longer = _found(origins.filter(lambda origin: len(origin) > len(first)), other)
    except (NoSuchExample, Unsatisfiable) as error:
        raise ValueError(f"the regex {text!r} matches no origin that a browser sends") from error
    except Exception as error:  # whatever `re` raises, or Hypothesis cannot draw
        raise ValueError(f"{text!r} is no regex for origins: {error}") from error
    return Pattern(text, text, tuple(dict.fromkeys((first, longer))))


def _is_usual(origin: str) -> bool:
    """Tell whether a server that has this regex may be expected to let this origin in."""
    host = origin.partition("://")[2]
    return is_sent(origin) and re.search(r"(?:^|[.-])(?:[.-]|$)", host) is None


def _found(origins: st.SearchStrategy[str], otherwise: str = "") -> str:
    try:
        return find(origins, bool, settings=settings_for(200))
    except (NoSuchExample, Unsatisfiable):
        if not otherwise:
            raise
        return otherwise

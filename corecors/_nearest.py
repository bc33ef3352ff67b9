"""Which item of `origins` a refused origin comes nearest to: for logs and tools, never to decide.

The work is bounded: a few variations of the origin are matched, and a number of items compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import NamedTuple, Optional

from ._origins import OriginMatcher, prefix_only
from ._patterns import GLOB, LITERAL
from .headers import ascii_lower, is_reflectable

# What can differ, the smallest difference first, and how it is said of the item.
DIFFERENCES = {
    "prefix": "matches only the beginning of it",
    "case": "is written in another case",
    "dot": "has no dot at the end of the host",
    "slash": "has a slash or a path at the end",
    "port": "has another port",
    "scheme": "has another scheme",
    "loopback": "names the local host in another way",
    "subdomain": "is for another subdomain",
}
_RANK = {name: rank for rank, name in enumerate(DIFFERENCES)}

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_MOST_ITEMS = 1_000


class Nearest(NamedTuple):
    """The item of `origins` that a refused origin comes nearest to, and in what they differ.

    >>> from corecors import Policy
    >>> nearest = Policy(origins="http://localhost:3000").nearest("https://localhost:5173")
    >>> nearest.item, nearest.differs
    ('http://localhost:3000', ('port', 'scheme'))
    >>> print(nearest.what)
    has another port and has another scheme
    """

    item: object
    """The item as it stands in `origins`."""
    differs: tuple[str, ...]
    """What differs: `prefix` alone (a regex matches only the beginning of the origin, D1), or some
    of `case`, `dot`, `slash`, `port`, `scheme`, `loopback` (`127.0.0.1` is not `localhost`) and
    `subdomain`."""

    @property
    def what(self) -> str:
        """What is different about the item, in plain words."""
        return " and ".join(DIFFERENCES[name] for name in self.differs)


class _Parts(NamedTuple):
    scheme: str
    host: str
    port: str
    path: str


def _parts(text: str) -> _Parts:
    scheme, separator, rest = ascii_lower(text).rpartition("://")
    authority, slash, path = (rest if separator else ascii_lower(text)).partition("/")
    host, colon, port = authority.rpartition(":")
    if not colon or port.endswith("]"):
        host, colon, port = authority, "", ""
    return _Parts(scheme, host, colon + port, slash + path)


def nearest(matcher: OriginMatcher, origin: str) -> Optional[Nearest]:
    """Find the item that a refused origin comes nearest to; None where none is near.

    No callable is asked, and none is found.
    """
    if not is_reflectable(origin) or matcher.match_text(origin) is not None:
        return None
    prefix = prefix_only(matcher, origin)
    if prefix is not None:
        return Nearest(prefix, ("prefix",))
    parts = _parts(origin)
    found = [*_by_variation(matcher, parts, origin), *_by_comparison(matcher, parts, origin)]
    return min(found, key=_distance, default=None)


def _distance(found: Nearest) -> list[int]:
    return [len(found.differs), *(_RANK[name] for name in found.differs)]


def _by_variation(matcher: OriginMatcher, parts: _Parts, origin: str) -> Iterator[Nearest]:
    """Match what differs from the origin in one thing: this sees all items, regexes too."""
    for name, variation in _variations(parts, origin):
        found = None if variation == origin else matcher.match_text(variation)
        if found is not None:
            yield Nearest(found, (name,))


def _variations(parts: _Parts, origin: str) -> Iterator[tuple[str, str]]:
    yield "case", ascii_lower(origin)
    if not (parts.scheme and parts.host):
        return
    scheme, host, port, _ = parts
    yield "slash", f"{origin}/"
    yield "dot", f"{scheme}://{host.rstrip('.')}{port}"
    yield "port", f"{scheme}://{host}"
    yield "scheme", f"{'http' if scheme == 'https' else 'https'}://{host}{port}"
    if host in _LOOPBACK:
        yield from (("loopback", f"{scheme}://{other}{port}") for other in _LOOPBACK)
        return
    yield "subdomain", f"{scheme}://www.{host}{port}"
    above = host.partition(".")[2]
    if "." in above:
        yield "subdomain", f"{scheme}://{above}{port}"


def _by_comparison(matcher: OriginMatcher, parts: _Parts, origin: str) -> Iterator[Nearest]:
    """Compare the origin with items part by part; of very many, with the first ones."""
    patterns = matcher.patterns
    items = chain(
        ((text, None) for text in patterns.plain),
        ((p.item, p.glob) for p in patterns.others if p.kind in (LITERAL, GLOB)),
    )
    for item, glob in islice(items, _MOST_ITEMS):
        if ascii_lower(item) == ascii_lower(origin):
            yield Nearest(item, ("case",))
        else:
            differs = tuple(_differences(_Parts(*glob) if glob else _parts(item), parts))
            if differs and "" not in differs:
                yield Nearest(item, tuple(sorted(differs, key=_RANK.__getitem__)))


def _differences(item: _Parts, origin: _Parts) -> Iterator[str]:
    """Name what differs; an empty name stands for hosts that have nothing in common."""
    if item.path:
        yield "slash"
    if item.port not in (origin.port, ":*"):
        yield "port"
    if item.scheme != origin.scheme:
        yield "scheme"
    below = item.host.startswith("*.") and origin.host.endswith(item.host[1:])
    if item.host != origin.host and not below:
        yield _difference_of_hosts(item.host, origin.host)


def _difference_of_hosts(item: str, origin: str) -> str:
    if item == origin.rstrip("."):
        return "dot"
    if item in _LOOPBACK and origin in _LOOPBACK:
        return "loopback"
    base = item.removeprefix("*.")
    shorter, longer = sorted((base, origin), key=len)
    related = "." in shorter and (shorter == longer or longer.endswith("." + shorter))
    return "subdomain" if related else ""

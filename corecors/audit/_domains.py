"""Which domains a pattern names: what all hosts that it admits end, or begin, with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ._nodes import ANY_TEXT, Node, choice, optional, series
from ._search import Graph
from ._suffixes import LOCAL, is_public, registrable

_MOST_TEXTS = 200
_MOST_BRANCHES = 8
_LONGEST = 100


class Names(NamedTuple):
    """The domains that a pattern names."""

    owned: tuple[str, ...]
    """Registrable domains, each with one owner."""
    public: tuple[str, ...]
    """Public suffixes, under which everybody can have a name."""
    is_open: bool
    """Whether a host may end in any way."""


def named(graph: Graph) -> Names:
    """Return the domains that the domains in a graph belong to, as far as they are fixed."""
    endings = set(_endings(graph))
    owned: set[str] = set()
    public: set[str] = set()
    for ending, is_whole in endings:
        host = ending.strip(".")
        if host and is_public(host) and not is_whole:
            public.add(host)
        elif host:
            owned.add(registrable(host))
    is_open = ("", False) in endings
    if is_open:
        beginnings = (text.rstrip(".") for text, _ in _beginnings(graph))
        owned |= {registrable(text) for text in beginnings if "." in text or text in LOCAL}
    return Names(tuple(sorted(owned - public)), tuple(sorted(public)), is_open)


_Walk = Iterable[tuple[str, bool]]
"""Fixed texts; whether each is the whole host."""


def _endings(graph: Graph) -> _Walk:
    ends = [
        node
        for node in graph.living
        if graph.places[node].is_domain and (graph.accepts(node) or ":" in graph.edges(node))
    ]

    def before(node: int) -> Iterable[tuple[str, int]]:
        for source, characters in graph.came[node].items():
            if source in graph.living and graph.places[source].is_host:
                for character in characters:
                    yield character, source

    return _fixed(
        graph, ends, before, lambda node: graph.places[node].is_host_start, lambda c, text: c + text
    )


def _beginnings(graph: Graph) -> _Walk:
    starts = [node for node in graph.living if graph.places[node].is_host_start]

    def after(node: int) -> Iterable[tuple[str, int]]:
        for character, there in graph.edges(node).items():
            if graph.places[there].is_host:
                yield character, there

    return _fixed(graph, starts, after, graph.accepts, lambda c, text: text + c)


def _fixed(
    graph: Graph,
    first: Iterable[int],
    neighbours: Callable[[int], Iterable[tuple[str, int]]],
    is_last: Callable[[int], bool],
    added: Callable[[str, str], str],
) -> _Walk:
    """Walk on for as long as one of a few characters must come next."""
    stack = [("", frozenset(first))]
    count = 0
    while stack:
        text, nodes = stack.pop()
        count += 1
        if any(map(is_last, nodes)):
            yield text, True
        following: dict[str, set[int]] = {}
        for node in nodes:
            for character, there in neighbours(node):
                following.setdefault(character, set()).add(there)
        is_fixed = all(graph.alone[c] for c in following) and len(following) <= _MOST_BRANCHES
        if is_fixed and count < _MOST_TEXTS and len(text) < _LONGEST:
            stack += [(added(c, text), frozenset(nodes)) for c, nodes in following.items()]
        elif following:
            yield text, False


_SCHEMES = choice(["http", "https"])
_PORT = optional(":", ANY_TEXT)


def under(domains: Iterable[str]) -> Node:
    """Return the pattern of all origins with a host of these, or beneath one of them."""
    return series(_SCHEMES, "://", optional(ANY_TEXT, "."), choice(domains), _PORT)


def beneath(domain: str) -> Node:
    """Return the pattern of all origins with a host beneath this one."""
    return series(_SCHEMES, "://", ANY_TEXT, "." + domain, _PORT)

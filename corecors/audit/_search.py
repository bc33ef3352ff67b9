"""Searches in products of automata, breadth first: what is found first is the shortest."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple, Optional, Protocol, TypeVar

from ._budget import Budget
from ._grammar import SETS, Place
from ._machine import Machine

Base = TypeVar("Base", bound=Hashable)


class Language(Protocol[Base]):
    """Texts, as what comes after what: a grammar, or a graph that was made of one."""

    @property
    def order(self) -> str:
        """All characters, the ones first that are liked best."""
        ...

    @property
    def start(self) -> Base: ...
    def step(self, place: Base, character: str, /) -> Optional[Base]: ...
    def accepts(self, place: Base, /) -> bool: ...


class Acceptor(Protocol):
    """What reads a text, a character after the other, and accepts it or not; a `Machine`, say."""

    @property
    def start(self) -> Any: ...
    @property
    def sets(self) -> Iterable[frozenset[str]]: ...
    def step(self, state: Any, character: str, /) -> Any: ...
    def accepts(self, state: Any, /) -> bool: ...
    def is_alive(self, state: Any, /) -> bool: ...


def tell_apart(order: str, sets: Iterable[frozenset[str]]) -> dict[str, bool]:
    """Choose one character for all those that are in the same sets; tell whether it is alone.

    >>> tell_apart("abcd", [frozenset("a")])
    {'a': True, 'b': False}
    """
    distinct = list(set(sets))
    classes: dict[tuple[bool, ...], list[str]] = {}
    for character in order:
        key = tuple(character in one for one in distinct)
        classes.setdefault(key, []).append(character)
    return {members[0]: len(members) == 1 for members in classes.values()}


class _Moves(dict[Any, list[tuple[str, Any]]]):
    """Where the characters lead from each place of a language, looked up once."""

    def __init__(self, language: Language[Any], characters: Iterable[str]) -> None:
        super().__init__()
        self._language, self._characters = language, characters

    def __missing__(self, place: Any) -> list[tuple[str, Any]]:
        steps = ((one, self._language.step(place, one)) for one in self._characters)
        found = self[place] = [(one, there) for one, there in steps if there is not None]
        return found


class Hit(NamedTuple):
    """A text that may end: where it ends in the language, and which acceptors accept it."""

    place: Any
    accepted: Sequence[bool]
    text: Callable[[], str]


def walk(
    language: Language[Base],
    acceptors: Sequence[Acceptor],
    budget: Budget,
    characters: Iterable[str] | None = None,
    alive: int = 0,
) -> Iterator[Hit]:
    """Yield the texts of a language, shortest first, one for all that end in the same states.

    The first `alive` acceptors have to accept; what they cannot accept any more is left out.
    """
    if characters is None:
        sets = (one for acceptor in acceptors for one in acceptor.sets)
        characters = tell_apart(language.order, (*SETS, *sets))
    symbols = list(characters)
    start = (language.start, tuple(acceptor.start for acceptor in acceptors))
    came: dict[Any, tuple[Any, str]] = {start: (None, "")}
    queue = deque([start])
    moves = _Moves(language, symbols)
    while queue:
        here = queue.popleft()
        place, states = here
        if language.accepts(place):
            accepted = [a.accepts(state) for a, state in zip(acceptors, states)]
            if all(accepted[:alive]):
                yield Hit(place, accepted, partial(_text, came, here))
        budget.spend(len(moves[place]))
        for symbol, following in moves[place]:
            after = tuple([a.step(state, symbol) for a, state in zip(acceptors, states)])
            there = (following, after)
            if there not in came and (not alive or _are_alive(acceptors[:alive], after)):
                came[there] = (here, symbol)
                queue.append(there)


def _are_alive(acceptors: Sequence[Acceptor], states: Sequence[Any]) -> bool:
    return all(acceptor.is_alive(state) for acceptor, state in zip(acceptors, states))


def find(
    language: Language[Base],
    acceptors: Sequence[Acceptor],
    wanted: Callable[[Base, Sequence[bool]], bool],
    budget: Budget,
    characters: Iterable[str] | None = None,
    alive: int = 0,
) -> str | None:
    """Return the shortest text of a language that is wanted, or None where there is none.

    `wanted` is asked about each text that may end, as in `walk`.
    """
    for hit in walk(language, acceptors, budget, characters, alive):
        if wanted(hit.place, hit.accepted):
            return hit.text()
    return None


def _text(came: dict[Any, tuple[Any, str]], here: Any) -> str:
    symbols: list[str] = []
    while here is not None:
        here, symbol = came[here]
        symbols.append(symbol)
    return "".join(reversed(symbols))


class Graph:
    """The texts of a grammar that a machine accepts: only what leads to one of them.

    It is a language itself, so that it can be searched together with other machines.
    """

    def __init__(
        self,
        grammar: Language[Place],
        machine: Machine,
        budget: Budget,
        others: Iterable[frozenset[str]] = (),
    ) -> None:
        """Walk through a grammar and a machine; `others` are more sets to be told apart."""
        alone = tell_apart(grammar.order, (*SETS, *machine.sets, *others))
        self.order = "".join(alone)
        self.alone = alone
        self.start = 0
        self.places: list[Place] = []
        self._ends: set[int] = set()
        self._edges: list[dict[str, int]] = []
        self._explore(grammar, machine, budget)
        self.came = self._keep_living()

    def _explore(self, grammar: Language[Place], machine: Machine, budget: Budget) -> None:
        numbers = {(grammar.start, machine.start): 0}
        queue = deque(numbers)
        moves = _Moves(grammar, self.order)
        while queue:
            place, state = here = queue.popleft()
            edges: dict[str, int] = {}
            self.places.append(place)
            self._edges.append(edges)
            if grammar.accepts(place) and machine.accepts(state):
                self._ends.add(numbers[here])
            budget.spend(len(moves[place]))
            for symbol, following in moves[place]:
                there = (following, machine.step(state, symbol))
                if machine.is_alive(there[1]):
                    if there not in numbers:
                        numbers[there] = len(numbers)
                        queue.append(there)
                    edges[symbol] = numbers[there]

    def _keep_living(self) -> list[dict[int, list[str]]]:
        """Forget what leads nowhere; return from where, and by what, each node is reached."""
        came: list[dict[int, list[str]]] = [{} for _ in self.places]
        for number, edges in enumerate(self._edges):
            for symbol, there in edges.items():
                came[there].setdefault(number, []).append(symbol)
        living = set(self._ends)
        stack = list(living)
        while stack:
            for before in came[stack.pop()]:
                if before not in living:
                    living.add(before)
                    stack.append(before)
        for number, edges in enumerate(self._edges):
            self._edges[number] = {s: there for s, there in edges.items() if there in living}
        self.living = living
        return came

    @property
    def is_empty(self) -> bool:
        """Return whether there is no such text."""
        return not self._ends

    def step(self, place: int, character: str) -> Optional[int]:
        """Return the node after one more character, or None."""
        return self._edges[place].get(character)

    def accepts(self, place: int) -> bool:
        """Return whether a text ends here."""
        return place in self._ends

    def edges(self, place: int) -> dict[str, int]:
        """Return where each character leads."""
        return self._edges[place]

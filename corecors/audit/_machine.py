"""An automaton that is made while it runs: a deterministic state for each set of places.

A place is one in the pattern, with what looks ahead still demand. Looks behind are followed from
the beginning of the text on. Nothing is built that no text leads to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ._budget import Budget, UndecidedError
from ._nodes import Chars, Choice, Look, Node, Repeat, Series

_MOST_OPERATIONS = 10_000

_DONE, _CHARS, _SPLIT, _AHEAD, _BEHIND = range(5)


class _Operation(NamedTuple):
    kind: int
    after: int = 0
    """Where it goes on."""
    other: int = 0
    """Where it goes on too, or where the look begins, or which look behind it is."""
    allowed: frozenset[str] = frozenset()
    negated: bool = False


class _Demand(NamedTuple):
    """What a look ahead still demands, or forbids, of the rest of the text."""

    negated: bool
    threads: frozenset[_Thread]


class _Thread(NamedTuple):
    place: int
    demands: frozenset[_Demand]


class _State(NamedTuple):
    """All threads that are alive, and how far each look behind is."""

    threads: frozenset[_Thread]
    behind: tuple[frozenset[_Thread], ...]


_NO_DEMANDS: frozenset[_Demand] = frozenset()
_NO_THREADS: frozenset[_Thread] = frozenset()
_MATCHED = _Thread(0, _NO_DEMANDS)


class Machine:
    """The automaton of one pattern; its states are numbers, in the order in which they were met.

    >>> from ._nodes import series, optional
    >>> machine = Machine(series("a", optional("b")), Budget())
    >>> [machine.matches(text) for text in ("a", "ab", "abb", "")]
    [True, True, False, False]
    """

    def __init__(self, node: Node, budget: Budget) -> None:
        self._budget = budget
        self._operations = [_Operation(_DONE)]
        self._trackers: list[int] = []
        begin = self._place(node, 0)
        self._states: list[_State] = []
        self._numbers: dict[_State, int] = {}
        self._steps: list[dict[str, int]] = []
        # A look behind may begin anywhere in the text.
        first = tuple(self._follow([_Thread(begin, _NO_DEMANDS)], ()) for begin in self._trackers)
        self._first_behind = first
        threads = self._follow([_Thread(begin, _NO_DEMANDS)], _seen(first))
        self.start = self._number(_State(threads, first))

    @property
    def sets(self) -> Iterable[frozenset[str]]:
        """Which characters the pattern tells apart."""
        return {op.allowed for op in self._operations if op.kind == _CHARS}

    def step(self, state: int, character: str) -> int:
        """Return the state after one more character."""
        steps = self._steps[state]
        found = steps.get(character)
        if found is None:
            found = self._number(self._stepped(self._states[state], character))
            steps[character] = found
        return found

    def accepts(self, state: int) -> bool:
        """Return whether the text may end here."""
        return any(map(_may_end, self._states[state].threads))

    def is_alive(self, state: int) -> bool:
        """Return whether there may be a text that goes on from here."""
        return bool(self._states[state].threads)

    def matches(self, text: str) -> bool:
        """Return whether the pattern matches the whole text."""
        state = self.start
        for character in text:
            state = self.step(state, character)
        return self.accepts(state)

    def _number(self, state: _State) -> int:
        number = self._numbers.get(state)
        if number is None:
            number = self._numbers[state] = len(self._states)
            self._states.append(state)
            self._steps.append({})
        return number

    def _stepped(self, state: _State, character: str) -> _State:
        behind = tuple(
            self._advance(threads, character, ()) | first
            for threads, first in zip(state.behind, self._first_behind)
        )
        return _State(self._advance(state.threads, character, _seen(behind)), behind)

    def _advance(
        self, threads: frozenset[_Thread], character: str, seen: tuple[bool, ...]
    ) -> frozenset[_Thread]:
        self._budget.spend(len(threads) + 1)
        moved: list[_Thread] = []
        for place, demands in threads:
            operation = self._operations[place]
            if operation.kind == _CHARS and character in operation.allowed:
                left = self._demands_after(demands, character, seen)
                if left is not None:
                    moved.append(_Thread(operation.after, left))
        return self._follow(moved, seen)

    def _demands_after(
        self, demands: frozenset[_Demand], character: str, seen: tuple[bool, ...]
    ) -> frozenset[_Demand] | None:
        """Return what is still demanded after a character, or None where a demand is broken."""
        left: list[_Demand] = []
        for negated, threads in demands:
            after = self._advance(threads, character, seen)
            finished = (t for t in threads if t.place == 0)
            after |= self._kept(finished, character, seen)
            met = _settled(_Demand(negated, after))
            if met is False:
                return None
            if met is None:
                left.append(_Demand(negated, after))
        return frozenset(left) if left else _NO_DEMANDS

    def _kept(
        self, finished: Iterable[_Thread], character: str, seen: tuple[bool, ...]
    ) -> frozenset[_Thread]:
        """Go on with looks that have matched but for what they demand of the rest themselves."""
        kept: list[_Thread] = []
        for _, demands in finished:
            left = self._demands_after(demands, character, seen)
            if left is not None:
                kept.append(_Thread(0, left))
        return frozenset(kept) if kept else _NO_THREADS

    def _follow(self, threads: list[_Thread], seen: tuple[bool, ...]) -> frozenset[_Thread]:
        """Follow what takes no character."""
        reached: set[_Thread] = set()
        stack = threads
        visited = set(stack)
        while stack:
            thread = stack.pop()
            operation = self._operations[thread.place]
            if operation.kind in {_DONE, _CHARS}:
                reached.add(thread)
                continue
            self._budget.spend(1)
            for follower in self._followers(thread, operation, seen):
                if follower not in visited:
                    visited.add(follower)
                    stack.append(follower)
        return frozenset(reached)

    def _followers(
        self, thread: _Thread, operation: _Operation, seen: tuple[bool, ...]
    ) -> Iterable[_Thread]:
        demands = thread.demands
        if operation.kind == _SPLIT:
            yield _Thread(operation.after, demands)
            yield _Thread(operation.other, demands)
        elif operation.kind == _BEHIND:
            if seen[operation.other] != operation.negated:
                yield _Thread(operation.after, demands)
        else:
            begin = self._follow([_Thread(operation.other, _NO_DEMANDS)], seen)
            demand = _Demand(operation.negated, begin)
            met = _settled(demand)
            if met is None:
                yield _Thread(operation.after, demands | {demand})
            elif met:
                yield _Thread(operation.after, demands)

    # The program is written from its end to its beginning: each part knows where it goes on.

    def _place(self, node: Node, after: int) -> int:
        if isinstance(node, Chars):
            return self._add(_Operation(_CHARS, after, allowed=node.allowed))
        if isinstance(node, Series):
            for part in reversed(node.parts):
                after = self._place(part, after)
            return after
        if isinstance(node, Choice):
            if not node.options:
                return self._add(_Operation(_CHARS, after))
            places = [self._place(option, after) for option in node.options]
            entry = places.pop()
            while places:
                entry = self._add(_Operation(_SPLIT, places.pop(), entry))
            return entry
        if isinstance(node, Repeat):
            return self._place_repeat(node, after)
        return self._place_look(node, after)

    def _place_repeat(self, node: Repeat, after: int) -> int:
        if node.least > _MOST_OPERATIONS:
            raise UndecidedError("it is too long")
        entry = after
        if node.most is None:
            entry = self._add(_Operation(_SPLIT))
            body = self._place(node.node, entry)
            self._operations[entry] = _Operation(_SPLIT, body, after)
        else:
            for _ in range(node.most - node.least):
                entry = self._add(_Operation(_SPLIT, self._place(node.node, entry), after))
        for _ in range(node.least):
            entry = self._place(node.node, entry)
        return entry

    def _place_look(self, node: Look, after: int) -> int:
        if not node.behind:
            begin = self._place(node.node, 0)
            return self._add(_Operation(_AHEAD, after, begin, negated=node.negated))
        if _has_look(node.node):
            raise UndecidedError("it has a look in a look behind")
        self._trackers.append(self._place(Series((node.node,)), 0))
        number = len(self._trackers) - 1
        return self._add(_Operation(_BEHIND, after, number, negated=node.negated))

    def _add(self, operation: _Operation) -> int:
        if len(self._operations) >= _MOST_OPERATIONS:
            raise UndecidedError("it is too long")
        self._operations.append(operation)
        return len(self._operations) - 1


def _seen(behind: tuple[frozenset[_Thread], ...]) -> tuple[bool, ...]:
    return tuple(_MATCHED in threads for threads in behind)


def _settled(demand: _Demand) -> bool | None:
    """Return whether a demand is met, or None where that depends on the rest of the text."""
    if _MATCHED in demand.threads:
        return not demand.negated
    return None if demand.threads else demand.negated


def _may_end(thread: _Thread) -> bool:
    return thread.place == 0 and all(
        any(map(_may_end, threads)) != negated for negated, threads in thread.demands
    )


def _has_look(node: Node) -> bool:
    if isinstance(node, Chars):
        return False
    if isinstance(node, Look):
        return True
    if isinstance(node, Repeat):
        return _has_look(node.node)
    return any(map(_has_look, node.parts if isinstance(node, Series) else node.options))

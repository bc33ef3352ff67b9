"""What one policy allows and another one does not, as a request.

What a policy allows has parts, each for itself: the origin; credentials; the method, and with it
the header names; what can be read. So the parts are compared one by one, the later ones with an
origin that both policies admit. `evaluate` has the last word about each request.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Optional, Union

import attrs

from .._evaluate import evaluate
from .._patterns import ANY, CALLABLE, STAR
from .._patterns import read as read_pattern
from .._policy import Policy
from .._rules import Rules
from ..headers import (
    ALLOW_CREDENTIALS,
    ALLOW_PRIVATE_NETWORK,
    EXPOSE_HEADERS,
    REQUEST_HEADERS,
    REQUEST_METHOD,
    REQUEST_PRIVATE_NETWORK,
    SAFELISTED_METHODS,
    ascii_lower,
    is_token,
    looks_like_regex,
    split,
)
from ._budget import Budget, UndecidedError
from ._comparison import Comparison, Witness
from ._grammar import OtherOrigins, Place, WebOrigins
from ._items import as_sent, is_literal, literals, read_item, read_regex
from ._machine import Machine
from ._nodes import ANY_CHARACTER, Node, Repeat, choice
from ._paths import path_classes
from ._probing import look_alikes
from ._search import Acceptor, find
from ._texts import NAMES, ListedTexts

_STRANGER = "https://a-stranger.example"
_STRANGE_HEADER = "x-stranger"
_STRANGE_METHOD = "STRANGER"

_DISAGREE = "what was computed is not what `evaluate` says"


def compare(old: Union[Policy, Rules], new: Union[Policy, Rules], steps: int) -> Comparison:
    """Compare what two policies, or two lists of rules, allow."""
    undecided: dict[str, None] = {}
    gained = lost = None
    for path, before, after in path_classes(old, new, steps, undecided):
        if before != after:
            was, now = _Side(old, before), _Side(new, after)
            gained = gained or _Difference(now, was, path, steps).find(undecided)
            lost = lost or _Difference(was, now, path, steps).find(undecided)
    return Comparison(gained=gained, lost=lost, undecided=tuple(undecided))


class _Side(NamedTuple):
    """What is asked about a path, and the policy that decides about it."""

    whole: Union[Policy, Rules]
    policy: Optional[Policy]


class _Known(NamedTuple):
    """Patterns as automata, as far as they can be read."""

    acceptors: tuple[Acceptor, ...]
    unread: tuple[str, ...]
    """Which patterns cannot, and why."""


class _Difference:
    """What `more` allows on a path, and `less` does not."""

    def __init__(self, more: _Side, less: _Side, path: str, steps: int) -> None:
        self._more, self._less, self._path = more, less, path
        patterns = sum(len(side.policy.origins) if side.policy else 0 for side in (more, less))
        self._budget = Budget(steps * (1 + min(patterns, 100)))

    def find(self, undecided: dict[str, None]) -> Witness | None:
        """Return a request, or None; add what could not be decided."""
        more, less = self._more.policy, self._less.policy
        if more is None:
            return None
        reasons: dict[str, None] = {}
        witness = self._first_shown(self._of_origins(more, less, reasons))
        if witness is None and less is not None:
            witness = self._first_shown(self._beside_origins(more, less, reasons))
        if witness is None:
            undecided.update(reasons)
        return witness

    def _first_shown(self, candidates: Iterable[Witness]) -> Witness | None:
        return next(filter(self._shows, candidates), None)

    def _shows(self, witness: Witness) -> bool:
        return is_allowed(self._more.whole, witness) and not is_allowed(self._less.whole, witness)

    # --- origins

    def _of_origins(
        self, more: Policy, less: Policy | None, reasons: dict[str, None]
    ) -> Iterable[Witness]:
        others = less.origins if less is not None else ()
        known = self._known_origins(others)
        is_any = less is not None and less.plan.origins.any
        for item in more.origins:
            if item in others or is_any:
                continue
            for origin, is_computed in self._origins_of(item, known, reasons):
                witness = Witness(origin=origin, path=self._path)
                if is_computed and not self._shows(witness):
                    reasons.update(dict.fromkeys(known.unread or [_DISAGREE]))
                yield witness

    def _origins_of(
        self, item: Any, known: _Known, reasons: dict[str, None]
    ) -> Iterable[tuple[str, bool]]:
        """Yield origins that an item admits and others may not; whether they are known not to."""
        if is_literal(item):
            yield as_sent(item), False
            return
        try:
            machine = Machine(_node_of_origin(item), self._budget)
            for origin in self._beyond(machine, known):
                yield origin, True
        except UndecidedError as error:
            reasons[f"origins={item!r}: {error}"] = None
            for _, origin in look_alikes(_text_of(item)):
                yield origin, False

    def _beyond(self, machine: Machine, known: _Known) -> Iterable[str]:
        """Yield origins of an item, if there are any, that the others do not admit."""
        acceptors = (machine, *known.acceptors)

        def is_beyond(_: Place, accepted: Sequence[bool]) -> bool:
            return not any(accepted[1:])

        def is_usual(place: Place, accepted: Sequence[bool]) -> bool:
            return place.is_domain and place.scheme == "https" and is_beyond(place, accepted)

        for grammar in (WebOrigins(), OtherOrigins()):
            found = find(grammar, acceptors, is_beyond, self._budget, alive=1)
            if found is not None:
                yield find(grammar, acceptors, is_usual, self._budget, alive=1) or found

    def _known_origins(self, items: Iterable[Any]) -> _Known:
        patterns = [item for item in items if not is_literal(item)]
        return self._known("origins", [*map(as_sent, literals(items))], patterns, _node_of_origin)

    def _known(
        self,
        option: str,
        literals: list[str],
        patterns: Iterable[Any],
        read: Callable[[Any], Node],
    ) -> _Known:
        nodes: list[Node] = []
        unread: list[str] = []
        for pattern in patterns:
            try:
                nodes.append(read(pattern))
            except UndecidedError as error:  # noqa: PERF203 (each may be one that cannot be read)
                unread.append(f"{option}={pattern!r}: {error}")
        acceptors: list[Acceptor] = [Machine(choice(nodes), self._budget)] if nodes else []
        acceptors += [ListedTexts(literals)] if literals else []
        return _Known(tuple(acceptors), tuple(unread))

    # --- everything else, with an origin that both admit

    def _beside_origins(
        self, more: Policy, less: Policy, reasons: dict[str, None]
    ) -> Iterable[Witness]:
        origin = next(filter(self._is_shared, self._examples(more, less)), None)
        if origin is None:
            functions = [item for item in more.origins if callable(item)]
            reasons.update({f"origins={item!r}: {_FUNCTION}": None for item in functions})
            return
        witness = Witness(origin=origin, path=self._path)
        yield attrs.evolve(witness, credentials=True)
        yield attrs.evolve(witness, private_network=True)
        for credentials in (False, True):
            for name in more.expose_headers:
                reads = _STRANGE_HEADER if name == STAR else ascii_lower(name)
                yield attrs.evolve(witness, credentials=credentials, reads=reads)
        yield from self._of_methods_and_names(more, less, witness, reasons)

    def _is_shared(self, origin: str) -> bool:
        witness = Witness(origin=origin, path=self._path)
        return is_allowed(self._more.whole, witness) and is_allowed(self._less.whole, witness)

    def _examples(self, more: Policy, less: Policy) -> Iterable[str]:
        """Yield origins that a policy may admit, at least one for each item that can be read."""
        yield _STRANGER
        for item in (*more.origins, *less.origins):
            if is_literal(item):
                yield item
                continue
            try:
                machine = Machine(_node_of_origin(item), self._budget)
                yield from self._beyond(machine, _Known((), ()))
            except UndecidedError:
                yield from (origin for _, origin in look_alikes(_text_of(item)))

    def _of_methods_and_names(
        self, more: Policy, less: Policy, witness: Witness, reasons: dict[str, None]
    ) -> Iterable[Witness]:
        """Fetch, "CORS-preflight fetch", steps 7.5 to 7.7: a method, and names beside a method.

        The methods that need no preflight are allowed by all, as long as no name goes with them.
        """
        methods = list(dict.fromkeys(_methods(more)))
        names = list(dict.fromkeys(self._names(more, less, reasons)))
        for method in methods:
            yield attrs.evolve(witness, method=method)
            for name in names[:1]:
                yield attrs.evolve(witness, method=method, header=name)
        for method in methods[:1]:
            for name in names:
                yield attrs.evolve(witness, method=method, header=name)

    def _names(self, more: Policy, less: Policy, reasons: dict[str, None]) -> Iterable[str]:
        """Yield header names that are allowed: all literals, and for each pattern what shows it."""
        others = less.allow_headers
        literals = [ascii_lower(item) for item in others if _is_name(item)]
        patterns = [item for item in others if not _is_name(item)]
        known = self._known("allow_headers", literals, patterns, _node_of_name)
        for item in more.allow_headers:
            if _is_name(item):
                yield ascii_lower(item)
                continue
            if item == STAR:
                yield _STRANGE_HEADER
            is_new = item not in others and STAR not in others
            try:
                machine = Machine(_node_of_name(item), self._budget)
                for name in self._names_of(machine, known) if is_new else ():
                    reasons.update(dict.fromkeys(known.unread))
                    yield name
                yield from self._names_of(machine, _Known((), ()))
            except UndecidedError as error:
                if is_new:
                    reasons[f"allow_headers={item!r}: {error}"] = None
                yield from _NAME.findall(_text_of(item).lower())

    def _names_of(self, machine: Machine, known: _Known) -> Iterable[str]:
        """Yield the shortest name of an item, if there is one, that the others do not have."""
        acceptors = (machine, *known.acceptors)

        def is_beyond(_: bool, accepted: Sequence[bool]) -> bool:
            return not any(accepted[1:])

        found = find(NAMES, acceptors, is_beyond, self._budget, alive=1)
        if found is not None:
            yield found


_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_ANYTHING = Repeat(ANY_CHARACTER, 1, None)
_FUNCTION = "it is a function"


def _text_of(item: Any) -> str:
    text = item.pattern if isinstance(item, re.Pattern) else item
    return text if isinstance(text, str) else ""


def _node_of_origin(item: Any) -> Node:
    kind = read_pattern(item).kind
    if kind == CALLABLE:
        raise UndecidedError(_FUNCTION)
    return _ANYTHING if kind == ANY else read_item(item).node


def _is_name(item: Any) -> bool:
    return isinstance(item, str) and not looks_like_regex(item)


def _node_of_name(item: Any) -> Node:
    """Read a pattern of header names, which have no case (D8)."""
    if item == STAR:
        return _ANYTHING
    flags = item.flags if isinstance(item, re.Pattern) else 0
    return read_regex(re.compile(_text_of(item), flags | re.IGNORECASE)).node


def _methods(policy: Policy) -> Iterable[str]:
    for name in policy.methods:
        if name == STAR:
            yield _STRANGE_METHOD
        elif is_token(name):
            yield name
            yield name.upper()


def is_allowed(whole: Union[Policy, Rules], witness: Witness) -> bool:
    """Return whether `evaluate` allows a request, its preflight included where it has one."""
    origin, path = witness.origin, witness.path
    asked = {REQUEST_METHOD: witness.method}
    if witness.header is not None:
        asked[REQUEST_HEADERS] = witness.header
    if witness.private_network:
        asked[REQUEST_PRIVATE_NETWORK] = "true"
    if len(asked) > 1 or witness.method not in SAFELISTED_METHODS:
        preflight = evaluate(whole, "OPTIONS", origin, asked, path)
        answered = preflight.headers.get(ALLOW_PRIVATE_NETWORK) == "true"
        if not preflight.allowed or witness.private_network > answered:
            return False
    actual = evaluate(whole, witness.method, origin, path=path)
    if witness.credentials and actual.headers.get(ALLOW_CREDENTIALS) != "true":
        return False
    return actual.allowed and _may_read(actual.headers, witness)


def _may_read(headers: dict[str, str], witness: Witness) -> bool:
    """Fetch, "Main fetch", step 14.1: `*` is a name like any other where there are credentials."""
    if witness.reads is None:
        return True
    names = split(ascii_lower(headers.get(EXPOSE_HEADERS, "")))
    return witness.reads in names or (STAR in names and not witness.credentials)

"""What one item of `origins` admits beyond what it names, each with a witness."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import attrs

from .._evaluate import evaluate
from .._policy import Policy
from ._budget import Budget, UndecidedError
from ._domains import Names, beneath, named, under
from ._finding import Finding, null_origin
from ._grammar import OtherOrigins, Place, WebOrigins
from ._machine import Machine
from ._nodes import ANY_TEXT, Chars, Node, Repeat, choice, optional, series
from ._reading import Reading
from ._search import Graph, find
from ._suffixes import LOCAL

_LOCAL_HOSTS = under(sorted(LOCAL))
_ANY_PORT_AT_ALL = series(ANY_TEXT, ":", Repeat(Chars(frozenset("1")), 1, None))

# A witness ends in a domain that the pattern itself has, or in this one: who reads it believes it.
_USUAL_END = "example"
_TOLD_APART = tuple(map(frozenset, _USUAL_END + "1"))


def _always(_place: Place, _accepted: Sequence[bool]) -> bool:
    return True


_STRANGERS = ("https://a-stranger.example", "http://a-stranger.example")

_Wanted = Callable[[Place, Sequence[bool]], bool]


class Examination:
    """One item of a policy's `origins`, and all origins that it admits."""

    def __init__(self, policy: Policy, item: Any, reading: Reading, budget: Budget) -> None:
        self._policy, self._item, self._reading, self._budget = policy, item, reading, budget
        self._alone = attrs.evolve(policy, origins=(item,))
        self.machine = Machine(reading.node, budget)
        self._graph = self._graph_of(self.machine)
        self._meant_machine, self._meant = self.machine, self._graph
        if reading.meant != reading.node:
            machine = Machine(reading.meant, budget)
            graph = self._graph_of(machine)
            if not graph.is_empty:  # or else the dot is meant as it is written
                self._meant_machine, self._meant = machine, graph
        self._local = Machine(_LOCAL_HOSTS, budget)
        self.is_any = self._is_any()
        """Whether every domain is admitted, with one of the schemes at the least."""

    def findings(self) -> Iterable[Finding]:
        """Yield everything that this item admits and does not name."""
        if self._graph.is_empty and self._find_other() is None:
            yield self._finding(
                "pattern-matches-nothing",
                "matches no origin that a browser sends",
                'write an origin such as "https://app.example"',
            )
            return
        if self.is_any:
            if not self._policy.supports_credentials:
                yield self._any_origin()
            return
        yield from self._other_domains()
        yield from self._null()

    def _graph_of(self, machine: Machine) -> Graph:
        return Graph(WebOrigins(), machine, self._budget, _TOLD_APART)

    def _finding(self, code: str, what: str, advice: str, witness: str | None = None) -> Finding:
        return Finding(
            code=code,
            option="origins",
            given=self._item,
            what=what,
            advice=advice,
            witness=witness and self._confirmed(witness),
        )

    def _confirmed(self, witness: str) -> str:
        """Return a witness that the policy itself admits; nothing else is ever shown."""
        if not evaluate(self._alone, "GET", witness).allowed:
            raise UndecidedError("what was computed is not what `evaluate` says")
        return witness

    # --- searches

    def _find_other(self) -> str | None:
        """Return an origin that no web page has: `null`, or one of a scheme of its own."""
        return find(OtherOrigins(), [self.machine], _always, self._budget, alive=1)

    def _find(
        self, wanted: _Wanted, machines: Sequence[Machine] = (), graph: Graph | None = None
    ) -> str | None:
        """Return the shortest web origin of this item that is wanted."""
        places = (graph or self._graph).places
        return find(
            graph or self._graph,
            machines,
            lambda node, accepted: wanted(places[node], accepted),
            self._budget,
            (graph or self._graph).order,
        )

    def _find_stranger(self, names: Names, graph: Graph, *but: Machine) -> str | None:
        """Return an origin with a domain beyond the names: one to be believed, if there is one.

        `but` are machines that accept what is not of interest.
        """
        refused = [Machine(under(names.owned + names.public), self._budget), *but]
        usual = Machine(_ends_in(names), self._budget)
        found = None
        for secure, demanded in ((False, []), (False, [usual]), (True, [usual])):

            def is_wanted(place: Place, accepted: Sequence[bool], secure: bool = secure) -> bool:
                return (
                    place.has_domain
                    and not any(accepted[: len(refused)])
                    and all(accepted[len(refused) :])
                    and (place.scheme == "https" or not secure)
                )

            better = self._find(is_wanted, [*refused, *demanded], graph)
            if better is None:
                break
            found = better
        return found

    def _is_any(self) -> bool:
        for stranger in _STRANGERS:
            if self.machine.matches(stranger):
                scheme = stranger.partition(":")[0]

                def is_missing(place: Place, accepted: Sequence[bool], s: str = scheme) -> bool:
                    return place.is_domain and place.scheme == s and not accepted[0]

                if find(WebOrigins(), [self.machine], is_missing, self._budget) is None:
                    return True
        return False

    # --- what is said

    def _any_origin(self) -> Finding:
        witness = next(filter(self.machine.matches, _STRANGERS))
        return self._finding(
            "any-origin",
            f"admits every site, {witness} too",
            'write "*", or list the origins that may',
            witness,
        )

    def _other_domains(self) -> Iterable[Finding]:
        names = named(self._meant)
        stranger = self._find_stranger(names, self._meant)
        if stranger is not None:
            yield self._beyond(names, stranger)
        if self._meant is not self._graph:
            stranger = self._find_stranger(names, self._graph, self._meant_machine)
            if stranger is not None:
                yield self._finding(
                    "unescaped-dot",
                    f"admits {stranger} too: an unescaped dot is any character",
                    f"write {self._reading.escaped!r}",
                    stranger,
                )
        for suffix in names.public:
            yield from self._public_suffix(suffix, names)
        if not names.is_open:
            yield from self._any_port()

    def _beyond(self, names: Names, stranger: str) -> Finding:
        code, what = "missing-boundary", "the domain may begin in the middle of a longer name"
        if names.is_open:
            code, what = "open-end", "nothing says where the host ends"
        return self._finding(
            code, f"admits {stranger} too: {what}", f"write {self._instead(names)}", stranger
        )

    def _public_suffix(self, suffix: str, names: Names) -> Iterable[Finding]:
        machines = [Machine(n, self._budget) for n in (under(names.owned), beneath(suffix))]
        for secure in (True, False):

            def is_wanted(place: Place, accepted: Sequence[bool], secure: bool = secure) -> bool:
                is_named, is_beneath = accepted
                scheme = place.scheme == "https" or not secure
                return scheme and is_beneath and not is_named

            stranger = self._find(is_wanted, machines, self._meant)
            if stranger is not None:
                yield self._finding(
                    "public-suffix",
                    f"admits {stranger} too: everybody can have a name under {suffix}",
                    f'write the names that are yours, such as "https://your-name.{suffix}"',
                    stranger,
                )
                return

    def _any_port(self) -> Iterable[Finding]:
        ports = Machine(_ANY_PORT_AT_ALL, self._budget)
        witness = self._find(
            lambda place, accepted: place.has_domain and accepted[0] and not accepted[1],
            [ports, self._local],
            self._meant,
        )
        if witness is not None:
            yield self._finding(
                "any-port",
                f"admits {witness} too: whatever port is served on the host",
                "write the port that is used, or none",
                witness,
            )

    def _null(self) -> Iterable[Finding]:
        if self.machine.matches("null"):
            self._confirmed("null")
            yield null_origin(self._item)

    def example(self) -> str | None:
        """Return the shortest origin that this item admits."""
        return self._find(_always) or self._find_other()

    def is_covered_by(self, other: Examination) -> bool:
        """Return whether another item admits all that this one does."""
        machines = [self.machine, other.machine]
        return all(
            find(grammar, machines, lambda _, accepted: not accepted[1], self._budget, alive=1)
            is None
            for grammar in (WebOrigins(), OtherOrigins())
        )

    def insecure(self) -> str | None:
        """Return an origin with `http:` that this item admits, of a host in the network."""

        def is_insecure(place: Place, accepted: Sequence[bool]) -> bool:
            return place.has_domain and place.scheme == "http" and not accepted[0]

        return self._find(is_insecure, [self._local])

    def is_secure(self) -> bool:
        """Return whether this item admits an origin with `https:`."""
        return self._find(lambda place, _: place.has_domain and place.scheme == "https") is not None

    def _instead(self, names: Names) -> str:
        scheme = "https" if self.is_secure() else "http"
        domains = [*names.owned, *names.public] or ["app.example"]
        texts = [
            f'"http://{domain}:*"' if domain in LOCAL else f'"{scheme}://{prefix}{domain}"'
            for domain in domains
            for prefix in ("", "*.")
        ]
        return " and ".join(list(dict.fromkeys(texts))[:4])


def _ends_in(names: Names) -> Node:
    """Return the pattern of origins with a top-level domain that a reader believes."""
    domains = {name.rpartition(".")[2] for name in (*names.owned, *names.public)}
    return series(ANY_TEXT, ".", choice(sorted(domains | {_USUAL_END})), optional(":", ANY_TEXT))

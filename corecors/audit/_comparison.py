"""How two policies, or two lists of rules, differ: a value, with a request that shows it."""

from __future__ import annotations

from typing import Literal, Optional

import attrs

Relation = Literal["equal", "narrower", "wider", "different"]


@attrs.frozen(kw_only=True)
class Witness:
    """A request that one of two policies allows and the other one does not.

    >>> print(Witness(origin="https://a.example", method="PUT", header="x-a", path="/api"))
    PUT /api from https://a.example with the header x-a
    """

    origin: str
    method: str = "GET"
    header: Optional[str] = None
    """The name of a request header that is sent."""
    path: str = "/"
    credentials: bool = False
    """Whether it has cookies, and the answer may be read all the same."""
    reads: Optional[str] = None
    """The name of a response header that the page may read."""
    private_network: bool = False
    """Whether a page of the public network may ask."""

    def __str__(self) -> str:
        text = f"{self.method} {self.path} from {self.origin}"
        text += f" with the header {self.header}" if self.header else ""
        text += " with credentials" if self.credentials else ""
        text += f" that reads the header {self.reads}" if self.reads else ""
        return text + " to a private network" * self.private_network


@attrs.frozen(kw_only=True)
class Comparison:
    """What a change lets in, and what it keeps out.

    >>> comparison = Comparison(gained=Witness(origin="https://a.example"))
    >>> comparison.relation, comparison.decided
    ('wider', True)
    """

    gained: Optional[Witness] = None
    """A request that only the new one allows; `evaluate` confirmed it."""
    lost: Optional[Witness] = None
    """A request that only the old one allows; `evaluate` confirmed it."""
    undecided: tuple[str, ...] = ()
    """What could not be computed, and why: there may be more requests than the ones shown."""

    @property
    def relation(self) -> Relation:
        """The new one is `equal`, `narrower`, `wider`, or `different`: some more, some less."""
        if self.gained is None:
            return "equal" if self.lost is None else "narrower"
        return "wider" if self.lost is None else "different"

    @property
    def decided(self) -> bool:
        """Whether the relation was computed, for all requests that there are."""
        return not self.undecided

    def __str__(self) -> str:
        lines: list[str] = [self.relation]
        lines += [f"new: {self.gained}"] * (self.gained is not None)
        lines += [f"no more: {self.lost}"] * (self.lost is not None)
        return "\n".join((*lines, *(f"not decided: {text}" for text in self.undecided)))

"""Ask an implementation: each request once, what it answered is remembered and counted."""

from __future__ import annotations

from collections import Counter
from typing import Callable

import attrs

from corecors.browser import Response

from .clients import Client, ClientError, CrashError
from .exchange import Exchange, Probe

__all__ = ["Asker", "StopError", "exchange", "is_mute"]

MOST_IN_A_ROW = 3  # requests without an answer, after which nobody is there
MOST_MUTE = 10  # answers of a server that limits their rate


class StopError(BaseException):
    """It makes no sense to go on. Not an Exception: Hypothesis would try to make it smaller."""


def is_mute(exchange: Exchange) -> bool:
    """Tell whether the answer says nothing of CORS: the server has too much to do.

    RFC 6585 section 4; RFC 9110 section 15.6.4, with the header that promises another answer.
    """
    status = exchange.response.status
    return status == 429 or (status == 503 and exchange.get("Retry-After") is not None)


def exchange(client: Client, probe: Probe) -> Exchange:
    """Send one request; an application that raises is one that fails with status 500."""
    try:
        return Exchange(probe=probe, response=client(probe))
    except CrashError as crash:
        return Exchange(probe=probe, response=Response(status=500), failure=str(crash))


@attrs.define
class Asker:
    """Put requests to a client, and reuse what it answered to the same request.

    >>> asker = Asker(lambda probe: Response())
    >>> asker.ask(Probe()) is asker.ask(Probe()), asker.requests
    (True, 1)
    """

    client: Client
    on_request: Callable[[Exchange], object] = lambda exchange: None
    answered: dict[Probe, Exchange] = attrs.field(init=False, factory=dict)
    statuses: Counter[tuple[str, int]] = attrs.field(init=False, factory=Counter)
    mute: int = attrs.field(init=False, default=0)
    unanswered: int = attrs.field(init=False, default=0)

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return sum(self.statuses.values())

    def ask(self, probe: Probe) -> Exchange:
        """Return what was answered to this request, which is sent if it was not yet."""
        found = self.answered.get(probe)
        return self.ask_again(probe) if found is None else found

    def ask_again(self, probe: Probe) -> Exchange:
        """Send this request, whatever was answered before."""
        try:
            made = exchange(self.client, probe)
            self.unanswered = 0
        except ClientError as error:
            self.unanswered += 1
            if not self.statuses:  # there is nobody to begin with
                raise
            if self.unanswered >= MOST_IN_A_ROW:
                raise StopError(str(error)) from error
            made = Exchange(probe=probe, response=Response(status=500), failure=str(error))
        self.answered.setdefault(probe, made)
        self.statuses[probe.method, made.response.status] += 1
        self.on_request(made)
        self.mute += is_mute(made)
        if self.mute >= MOST_MUTE:
            raise StopError(f"the server limits the rate of requests ({made.response.status})")
        return made

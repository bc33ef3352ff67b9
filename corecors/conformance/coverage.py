"""What a run has tried, and what it has not: a finding that is missing means no more than that."""

from __future__ import annotations

import attrs

from . import cases
from .asking import Asker
from .expectation import Expectation
from .near import refused_origins

__all__ = ["Coverage", "covered"]

# The answers that most often lack what others have: errors, and what a cache asks for again.
_STATUSES = (200, 204, 304, 401, 403, 404, 500)


@attrs.frozen(kw_only=True)
class Coverage:
    """Count what was sent and seen, each in the order in which it came."""

    requests: int = 0
    origins_allowed: tuple[str, ...] = ()
    origins_refused: int = 0
    kinds_refused: tuple[str, ...] = ()
    methods_sent: tuple[str, ...] = ()
    methods_asked: tuple[str, ...] = ()
    headers_asked: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()

    @property
    def methods_never_sent(self) -> tuple[str, ...]:
        """The usual methods that no request was made with."""
        return tuple(name for name in cases.METHODS if name not in self.methods_sent)

    @property
    def statuses_never_seen(self) -> tuple[int, ...]:
        """Statuses whose answers often lack the headers that others have."""
        return tuple(status for status in _STATUSES if status not in self.statuses)


def covered(asker: Asker, expectation: Expectation) -> Coverage:
    """Read from what was asked what was covered; what came at random is not counted."""
    probes = list(asker.answered)
    sent = {probe.origin for probe in probes}
    refused = [(kind, origin) for kind, origin in refused_origins(expectation) if origin in sent]
    preflights = [case.probes[-1] for case in cases.all_requests(expectation)]
    tried = [probe for probe in preflights if probe.is_preflight and probe in asker.answered]
    names = [name for probe in tried for name in probe.requested_headers]
    return Coverage(
        requests=asker.requests,
        origins_allowed=tuple(o for o in expectation.witnesses if o in sent),
        origins_refused=len(refused),
        kinds_refused=tuple(dict.fromkeys(kind for kind, _ in refused)),
        methods_sent=tuple(dict.fromkeys(method for method, _ in asker.statuses)),
        methods_asked=tuple(dict.fromkeys(probe.requested_method or "" for probe in tried)),
        headers_asked=tuple(dict.fromkeys(names)),
        statuses=tuple(sorted({status for _, status in asker.statuses})),
    )

"""Put generated requests to an implementation and keep the smallest that violate an invariant."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Callable, Optional

import attrs
from hypothesis import Phase, find, settings
from hypothesis.errors import Flaky, NoSuchExample
from hypothesis.strategies import SearchStrategy

from corecors.browser import Response

from .clients import Client, ClientError, CrashError
from .exchange import Exchange, Probe
from .expectation import Expectation
from .invariants import INVARIANTS, Invariant

__all__ = ["EXAMPLES", "Finding", "Report", "exchange", "run"]

EXAMPLES = 100


@attrs.frozen(kw_only=True)
class Finding:
    """Say which invariant is violated, by what, and show the smallest exchanges that do so."""

    invariant: Invariant
    problem: str
    exchanges: tuple[Exchange, ...]

    def __str__(self) -> str:
        rule = self.invariant
        shown = "\n".join(map(str, self.exchanges)).replace("\n", "\n    ")
        return (
            f"{rule.number}. {rule.name}: {rule.sentence}\n"
            f"  {self.problem}\n"
            f"    {shown}\n"
            f"  What a user sees: {rule.effect}\n"
            f"  {rule.clause}"
        )


@attrs.frozen(kw_only=True)
class Report:
    """List what was found, what was checked, and what the expectation does not say enough for."""

    expectation: Expectation
    findings: tuple[Finding, ...]
    checked: tuple[Invariant, ...]
    skipped: tuple[Invariant, ...]

    @property
    def conformant(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


class _StopError(BaseException):
    """There is no answer. Not an Exception: Hypothesis would try to make it smaller."""

    def __init__(self, error: ClientError) -> None:
        self.error = error


def run(
    client: Client,
    expectation: Expectation,
    *,
    examples: int = EXAMPLES,
    invariants: Sequence[Invariant] = INVARIANTS,
    on_checked: Callable[[Invariant], object] = lambda invariant: None,
) -> Report:
    """Check the invariants with so many generated requests, and report each one once.

    `on_checked` is called after each invariant. The requests are the same in every run. Raises
    `ClientError` where there is no ordinary answer to begin with, or none within the client's time.
    """
    _greet(client, expectation)
    findings: list[Finding] = []
    checked: list[Invariant] = []
    for invariant in invariants:
        probes = invariant.draws(expectation)
        if probes is not None:
            checked.append(invariant)
            finding = _smallest(client, expectation, invariant, probes, examples)
            findings += [] if finding is None else [finding]
        on_checked(invariant)
    return Report(
        expectation=expectation,
        findings=tuple(findings),
        checked=tuple(checked),
        skipped=tuple(invariant for invariant in invariants if invariant not in checked),
    )


def _greet(client: Client, expectation: Expectation) -> None:
    """Make sure that there is something to test."""
    path = expectation.path
    try:
        status = client(Probe(path=path)).status
    except CrashError as crash:
        raise ClientError(f"an ordinary GET {path} fails: {crash}") from crash
    if status == 404 or status >= 500:
        raise ClientError(f"an ordinary GET {path} is answered with status {status}")


def exchange(client: Client, probe: Probe) -> Exchange:
    """Send one request; an application that raises is one that fails with status 500."""
    try:
        return Exchange(probe=probe, response=client(probe))
    except CrashError as crash:
        return Exchange(probe=probe, response=Response(status=500), failure=str(crash))


def _smallest(
    client: Client,
    expectation: Expectation,
    invariant: Invariant,
    probes: SearchStrategy[tuple[Probe, ...]],
    examples: int,
) -> Optional[Finding]:
    found: list[Finding] = []

    def is_violated(drawn: tuple[Probe, ...]) -> bool:
        try:
            exchanges = tuple(exchange(client, probe) for probe in drawn)
        except ClientError as error:
            raise _StopError(error) from error
        problem = invariant.check(expectation, exchanges)
        if problem is not None:
            found.append(Finding(invariant=invariant, problem=problem, exchanges=exchanges))
        return problem is not None

    # Flaky: the implementation remembers earlier requests. What was seen is true anyway.
    with suppress(NoSuchExample, Flaky):
        try:
            find(probes, is_violated, settings=_settings(examples))
        except _StopError as stop:
            raise stop.error from None
    return min(found, key=_size, default=None)


def _settings(examples: int) -> settings:
    return settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=True,
        phases=(Phase.generate, Phase.shrink),
    )


def _size(finding: Finding) -> tuple[int, int]:
    texts = [text for e in finding.exchanges for pair in e.probe.headers for text in pair]
    return len(texts), sum(map(len, texts))

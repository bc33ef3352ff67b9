"""Put requests to an implementation, and report each hole of each invariant once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from random import Random
from typing import Callable, Optional

import attrs
from hypothesis import find
from hypothesis.errors import Flaky, NoSuchExample

from . import controls
from .asking import Asker, StopError, exchange, is_mute
from .cases import Case
from .clients import Client
from .coverage import Coverage, covered
from .exchange import Exchange, Probe
from .expectation import Expectation
from .invariants import INVARIANTS, Invariant, Kind
from .searching import settings_for

__all__ = ["EXAMPLES", "Finding", "Report", "as_block", "exchange", "run"]

EXAMPLES = 25


@attrs.frozen(kw_only=True)
class Finding:
    """Say which invariant does not hold, for what, and show the smallest exchanges that do so.

    `subject` is the origin, the method or the header that it is about, `others` what shows the
    same hole. `base` is where the server is and `sent` which headers each request had besides, for
    the command that shows it. `is_known` is for a finding of an earlier run, which does not count.
    """

    invariant: Invariant
    problem: str
    exchanges: tuple[Exchange, ...]
    subject: str = ""
    hole: str = ""
    others: tuple[str, ...] = ()
    base: str = "$URL"
    sent: tuple[str, ...] = ()
    is_known: bool = False

    @property
    def key(self) -> str:
        """What tells this finding from others, the same in every run."""
        return f"{self.invariant.number} {self.hole or self.problem}"

    @property
    def said(self) -> str:
        """What is wrong, and with what, on one line."""
        return f"{self.subject}: {self.problem}" if self.subject else self.problem

    @property
    def commands(self) -> tuple[str, ...]:
        """The commands that show it."""
        more = "".join(f" -H '{name}: …'" for name in self.sent)  # the value may be secret
        return tuple(e.probe.as_curl(self.base) + more for e in self.exchanges)

    @property
    def shown(self) -> str:
        """What is wrong, the exchanges and the commands, without what the invariant says."""
        exchanges = "\n".join(map(str, self.exchanges)).replace("\n", "\n    ")
        also = [f"  The same with {_some(self.others)}"] if self.others else []
        commands = [f"  {command}" for command in self.commands]
        return "\n".join([f"  {self.said}", f"    {exchanges}", *also, *commands])

    def __str__(self) -> str:
        return as_block([self])


def as_block(findings: Sequence[Finding]) -> str:
    """Write the findings of one invariant, with what it says around them."""
    rule = findings[0].invariant
    head = f"{rule.number}. {rule.name}: {rule.sentence}"
    end = f"  What a user sees: {rule.effect}\n  {rule.clause}: “{rule.quote}”"
    return "\n".join([head, *(finding.shown for finding in findings), end])


def _some(texts: Sequence[str], most: int = 8) -> str:
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more


@attrs.frozen(kw_only=True)
class Report:
    """List what was found, what was checked, and what could not be.

    `skipped` is what the expectation says nothing about; `inconclusive` what could not be judged,
    each for a reason, `obstacle` the reason why nothing could be.
    """

    expectation: Expectation
    findings: tuple[Finding, ...]
    checked: tuple[Invariant, ...]
    skipped: tuple[Invariant, ...]
    inconclusive: tuple[tuple[Invariant, str], ...] = ()
    obstacle: str = ""
    remark: str = ""
    coverage: Coverage = attrs.field(factory=Coverage)

    @property
    def violations(self) -> tuple[Finding, ...]:
        """What a browser or a cache shows, and is not known."""
        return self._new("violation")

    @property
    def advice(self) -> tuple[Finding, ...]:
        """What nobody notices, and could be better, and is not known."""
        return self._new("advice")

    @property
    def known(self) -> tuple[Finding, ...]:
        """What was found in an earlier run too."""
        return tuple(finding for finding in self.findings if finding.is_known)

    def _new(self, kind: Kind) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.invariant.kind == kind and not f.is_known)

    @property
    def conformant(self) -> bool:
        """Whether nothing is violated and everything could be judged."""
        return not self.violations and not self.inconclusive


def run(
    client: Client,
    expectation: Expectation,
    *,
    examples: int = EXAMPLES,
    invariants: Sequence[Invariant] = INVARIANTS,
    seed: Optional[int] = None,
    base: str = "$URL",
    sent: Sequence[str] = (),
    on_request: Callable[[Exchange], object] = lambda exchange: None,
) -> Report:
    """Check the invariants: what can be listed in full, then so many requests at random for each.

    Each distinct request is sent once, in the same order in every run with the same `seed`.
    `on_request` is called after each. The commands of the findings ask at `base`, and have the
    headers that are named in `sent`. Raises `ClientError` where there is no ordinary answer to
    begin with.
    """
    asker = Asker(client, on_request)
    plain = controls.greet(asker, expectation)
    made = [(invariant, invariant.cases(expectation)) for invariant in invariants]
    judged = [(invariant, cases) for invariant, cases in made if cases]
    report = Report(
        expectation=expectation,
        findings=(),
        checked=tuple(invariant for invariant, _ in judged),
        skipped=tuple(invariant for invariant, cases in made if not cases),
    )
    obstacle = controls.obstacle(asker, expectation, plain)
    if obstacle:
        report = attrs.evolve(
            report, obstacle=obstacle, inconclusive=tuple((rule, obstacle) for rule, _ in judged)
        )
    elif judged:
        report = _Run(asker, expectation, examples, seed, base, tuple(sent)).judge(report, judged)
    return attrs.evolve(report, coverage=covered(asker, expectation))


@attrs.frozen
class _Run:
    """One run, after its controls."""

    asker: Asker
    expectation: Expectation
    examples: int
    seed: Optional[int]
    base: str
    sent: tuple[str, ...]

    def judge(self, report: Report, judged: list[tuple[Invariant, Sequence[Case]]]) -> Report:
        """Return the report with what is found, and with what could not be judged."""
        findings: list[Finding] = []
        reasons = {rule.number: _NOT_REACHED for rule, _ in judged}
        remark = ""
        try:
            remark = controls.remark(self.asker, self.expectation)
            for invariant, cases in sorted(judged, key=_turn):
                found, reasons[invariant.number] = self._holes(invariant, cases)
                findings += found
            changed = controls.changed(self.asker, self.expectation)
            reasons = dict.fromkeys(reasons, changed) if changed else reasons
        except StopError as stop:
            reasons = {n: str(stop) if r == _NOT_REACHED else r for n, r in reasons.items()}
        found_in = {finding.invariant.number for finding in findings}
        unjudged = [
            (rule, reasons[rule.number] or self._vacuous(rule))
            for rule, _ in judged
            if rule.number not in found_in
        ]
        return attrs.evolve(
            report,
            findings=tuple(sorted(findings, key=_order)),
            inconclusive=tuple((rule, reason) for rule, reason in unjudged if reason),
            remark=remark,
        )

    def _vacuous(self, rule: Invariant) -> str:
        """Say why it means nothing that nothing was found, if so."""
        if controls.works(self.asker, self.expectation, rule.needs):
            return ""
        return f"no expected {rule.needs} is let in, so that a refusal says nothing"

    def _holes(self, invariant: Invariant, cases: Sequence[Case]) -> tuple[list[Finding], str]:
        """Return what is found, one finding for each hole, and why it may not be all."""
        holes: dict[str, Finding] = {}
        mute = 0
        for case in cases:
            exchanges = self._asked(invariant, case.probes)
            if any(map(is_mute, exchanges)):
                mute += 1
                continue
            problem = invariant.check(self.expectation, exchanges)
            if problem is None:
                continue
            finding = self._finding(invariant, problem, exchanges, case)
            first = holes.setdefault(finding.key, finding)
            if first is not finding and case.subject not in (first.subject, *first.others):
                others = (*first.others, case.subject)
                holes[finding.key] = attrs.evolve(first, others=others)
            if case.implies_the_rest:
                break
        if not holes:
            found = self._at_random(invariant)
            holes.update({finding.key: finding for finding in found})
        said = f"{mute} of {len(cases)} requests were answered with no more than “later”"
        return list(holes.values()), said if mute else ""

    def _asked(self, invariant: Invariant, probes: Iterable[Probe]) -> tuple[Exchange, ...]:
        ask = self.asker.ask_again if invariant.repeats else self.asker.ask
        return tuple(map(ask, probes))

    def _finding(
        self, invariant: Invariant, problem: str, exchanges: tuple[Exchange, ...], case: Case
    ) -> Finding:
        return Finding(
            invariant=invariant,
            problem=problem,
            exchanges=exchanges,
            subject=case.subject,
            hole=case.hole,
            base=self.base,
            sent=self.sent,
        )

    def _at_random(self, invariant: Invariant) -> list[Finding]:
        probes = invariant.draws(self.expectation)
        if probes is None or not self.examples:
            return []
        found: list[Finding] = []

        def is_violated(drawn: tuple[Probe, ...]) -> bool:
            exchanges = self._asked(invariant, drawn)
            if any(map(is_mute, exchanges)):
                return False
            problem = invariant.check(self.expectation, exchanges)
            if problem is not None:
                case = Case(drawn, _subject(exchanges[-1].probe), "found at random")
                found.append(self._finding(invariant, problem, exchanges, case))
            return problem is not None

        random = None if self.seed is None else Random(self.seed)  # noqa: S311 (no secret)
        # Flaky: the implementation remembers earlier requests. What was seen is true anyway.
        with suppress(NoSuchExample, Flaky):
            find(probes, is_violated, settings=settings_for(self.examples), random=random)
        return [min(reversed(found), key=_size)] if found else []  # the last is the simplest


_NOT_REACHED = "not reached"


def _subject(probe: Probe) -> str:
    """Name what a request was made to try."""
    return ascii(probe.headers[-1][1] if probe.headers else "")[1:-1][:80]


def _turn(judged: tuple[Invariant, object]) -> tuple[bool, bool]:
    """Violations come first, what may end it all last."""
    return judged[0].is_hostile, judged[0].kind == "advice"


def _order(finding: Finding) -> tuple[bool, int]:
    return finding.invariant.kind == "advice", finding.invariant.number


def _size(finding: Finding) -> tuple[int, int]:
    texts = [text for e in finding.exchanges for pair in e.probe.headers for text in pair]
    return len(texts), sum(map(len, texts))

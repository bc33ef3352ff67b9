"""The whole audit of a policy: what each item of `origins` admits, alone and beside the others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple, Optional

import attrs

from .._evaluate import evaluate
from .._patterns import ANY, LITERAL, STAR
from .._patterns import read as read_pattern
from .._policy import Policy
from . import _setup
from ._admits import Examination
from ._budget import Budget, UndecidedError
from ._finding import Finding, null_origin
from ._items import as_sent, literals, read_item
from ._probing import probe
from ._suffixes import LOCAL

# An origin with `http:` and a domain, not an address.
_INSECURE = re.compile(r"http://((?:[a-z0-9_-]+\.)*[0-9]*[a-z_-][a-z0-9_-]*)(?::[0-9]+)?")


class _Examined(NamedTuple):
    """What is known about an item that could be computed."""

    item: Any
    examination: Examination
    example: Optional[str]
    insecure: Optional[str]
    is_secure: bool


def check(policy: Policy, steps: int) -> Iterable[Finding]:
    """Yield what set-up finds, then what each item of `origins` admits that it does not name.

    For each item, `steps` steps of automata are taken at the most; then it is probed.
    """
    quick = list(_setup.check(policy))
    found = list(_check_thoroughly(policy, steps))
    decided = {(finding.code, repr(finding.given)) for finding in found}
    yield from (one for one in quick if (one.code, repr(one.given)) not in decided)
    unsent = {one.given for one in quick if one.code == "origin-never-sent"}
    for finding in found:
        if finding.code != "pattern-matches-nothing" or finding.given not in unsent:
            yield finding


def _check_thoroughly(policy: Policy, steps: int) -> Iterable[Finding]:
    examined: list[_Examined] = []
    for pattern in policy.plan.origins.patterns.others:
        if pattern.kind not in (ANY, LITERAL):
            yield from _check_item(policy, pattern.item, Budget(steps), examined)
    yield from _check_null(policy)
    if policy.supports_credentials:
        yield from _check_schemes(policy, examined)
    yield from _check_covered(policy, examined)


def _check_item(
    policy: Policy, item: Any, budget: Budget, examined: list[_Examined]
) -> Iterable[Finding]:
    if callable(item):
        yield _of_function(item)
        return
    found: list[Finding] = []
    try:
        examination = Examination(policy, item, read_item(item), budget)
        found.extend(examination.findings())
        examined.append(_summary(item, examination, credentials=policy.supports_credentials))
    except UndecidedError as error:
        shown = {finding.code for finding in found}
        pattern = item.pattern if isinstance(item, re.Pattern) else item
        found += [f for f in probe(policy, item, pattern, str(error)) if f.code not in shown]
    yield from found


def _summary(item: Any, examination: Examination, *, credentials: bool) -> _Examined:
    insecure = examination.insecure() if credentials and not examination.is_any else None
    return _Examined(item, examination, examination.example(), insecure, examination.is_secure())


def _of_function(item: Any) -> Finding:
    return Finding(
        code="not-decided",
        option="origins",
        given=item,
        what="is a function: whom it admits cannot be told",
        advice="test it with the origins of strangers",
        decided=False,
    )


def _check_null(policy: Policy) -> Iterable[Finding]:
    if "null" in policy.origins and not policy.plan.origins.any:
        yield null_origin("null")


def _check_schemes(policy: Policy, examined: list[_Examined]) -> Iterable[Finding]:
    """Look for `http:` beside `https:`: who sits in between can be any site without encryption."""
    texts = [*map(as_sent, literals(policy.origins))]
    secure = [text for text in texts if text.startswith("https://")]
    if not secure and not any(one.is_secure for one in examined):
        return
    witnesses = [(one.item, one.insecure) for one in examined if one.insecure is not None]
    witnesses += [(text, text) for text in texts if _is_insecure(text)]
    for item, witness in witnesses:
        yield Finding(
            code="http-with-credentials",
            option="origins",
            given=item,
            what=f"admits {witness}, which anybody on the way can be, to act with cookies",
            advice=f'write "https://{witness[len("http://") :]}"'
            if item == witness
            else "write https://",
            witness=witness,
        )


def _is_insecure(text: str) -> bool:
    found = _INSECURE.fullmatch(text)
    return found is not None and found[1].rpartition(".")[2] not in LOCAL


def _check_covered(policy: Policy, examined: list[_Examined]) -> Iterable[Finding]:
    if policy.plan.origins.any:
        for item in policy.origins:
            if not isinstance(item, str) or read_pattern(item).kind != ANY:
                yield _covered(item, STAR)
        return
    patterns = attrs.evolve(policy, origins=[one.item for one in examined])
    for item in literals(policy.origins):
        decision = evaluate(patterns, "GET", item)
        if decision.allowed:
            yield _covered(item, decision.pattern)
    for number, one in enumerate(examined):
        covering = _covering(one, examined[:number], examined[number + 1 :])
        if covering is not None:
            yield _covered(one.item, covering.item)


def _covering(one: _Examined, before: list[_Examined], after: list[_Examined]) -> _Examined | None:
    """Return an item that admits all that this one does; of two equal ones, the first stays."""
    try:
        for other in (*before, *after):
            if (
                one.example is not None
                and other.examination.machine.matches(one.example)
                and one.examination.is_covered_by(other.examination)
                and (other in before or not other.examination.is_covered_by(one.examination))
            ):
                return other
    except UndecidedError:
        pass  # an item too many does no harm: nothing is said of it
    return None


def _covered(item: Any, other: object) -> Finding:
    return Finding(
        code="covered",
        option="origins",
        given=item,
        what=f"admits nothing that {other!r} does not",
        advice="leave it out",
    )

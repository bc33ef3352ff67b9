"""A report as text, as JSON (`report.schema.json` says how it is made) and as JUnit XML.

One run has a report for each path that was tested.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import metadata
from itertools import groupby
from typing import Any
from xml.etree import ElementTree

from .exchange import Exchange
from .invariants import Invariant
from .runner import Finding, Report, as_block

__all__ = ["SCHEMA", "as_dict", "as_json", "as_junit", "as_text", "as_texts", "version"]

SCHEMA = "corecors-conformance-report-1"


def version() -> str:
    """Return the version of the distribution that this suite came with."""
    try:
        return metadata.version("flask-cors")
    except metadata.PackageNotFoundError:  # the package alone, on the path
        return "unknown"


def as_text(report: Report) -> str:
    """Write what a reader at a terminal needs: each finding, then what was and was not tested."""
    parts = [report.remark] if report.remark else []
    parts += _blocks(report.violations)
    if report.advice:
        parts += ["Advice, which no browser and no cache shows:", *_blocks(report.advice)]
    return "\n\n".join([*parts, "\n".join(_figures(report))])


def _blocks(findings: Sequence[Finding]) -> list[str]:
    groups = groupby(findings, key=lambda finding: finding.invariant.number)
    return [as_block(list(group)) for _, group in groups]


def as_texts(reports: Sequence[Report]) -> str:
    """Write the reports of several paths, each beneath its path."""
    if len(reports) == 1:
        return as_text(reports[0])
    return "\n\n".join(f"{r.expectation.path}\n\n{as_text(r)}" for r in reports)


def _figures(report: Report) -> list[str]:
    if report.obstacle:
        return [f"inconclusive: {report.obstacle}"]
    lines = [
        f"not judged: {rule.number}. {rule.name}: {reason}" for rule, reason in report.inconclusive
    ]
    lines += [f"known: {f.invariant.number}. {f.invariant.name}: {f.said}" for f in report.known]
    lines += _tried(report)
    counts = _counts(report)
    lines.append(
        f"{counts['checked']} invariants checked: {counts['violations']} violations, "
        f"{counts['advice']} pieces of advice, {counts['inconclusive']} not judged; "
        f"{counts['skipped']} not checked (the expectation says nothing about them)"
    )
    return lines


def _tried(report: Report) -> list[str]:
    found = report.coverage
    if not found.requests:
        return []
    asked = ", ".join(found.methods_asked) or "none"
    named = ", ".join(found.headers_asked) or "none"
    never = ", ".join(found.methods_never_sent) or "none"
    unseen = ", ".join(map(str, found.statuses_never_seen)) or "none"
    refused = f"{found.origins_refused} refused, of {len(found.kinds_refused)} kinds"
    return [
        f"{found.requests} requests; origins: {len(found.origins_allowed)} allowed, {refused}",
        f"preflights for the methods {asked}; for the request headers {named}",
        f"not tested: requests with {never}; answers with the status {unseen}",
    ]


def _counts(report: Report) -> dict[str, int]:
    return {
        "requests": report.coverage.requests,
        "checked": len(report.checked),
        "skipped": len(report.skipped),
        "inconclusive": len(report.inconclusive),
        "violations": len(report.violations),
        "advice": len(report.advice),
        "known": len(report.known),
    }


def as_dict(report: Report) -> dict[str, Any]:
    """Write the report of one path as plain values; the keys are stable."""
    said, found = report.expectation, report.coverage
    return {
        "conformant": report.conformant,
        "expectation": {
            "path": said.path,
            "origins": list(said.origins),
            "methods": _listed(said.methods),
            "headers": _listed(said.headers),
            "exposed": _listed(said.exposed),
            "credentials": said.credentials,
            "max_age": said.max_age,
            "send": list(said.send),
            "error_paths": list(said.error_paths),
        },
        "counts": _counts(report),
        "checked": [invariant.number for invariant in report.checked],
        "skipped": [invariant.number for invariant in report.skipped],
        "inconclusive": [
            {"number": rule.number, "name": rule.name, "reason": reason}
            for rule, reason in report.inconclusive
        ],
        "obstacle": report.obstacle,
        "remark": report.remark,
        "findings": [_finding(finding) for finding in report.findings],
        "coverage": {
            "origins_allowed": list(found.origins_allowed),
            "origins_refused": found.origins_refused,
            "kinds_refused": list(found.kinds_refused),
            "methods_asked": list(found.methods_asked),
            "headers_asked": list(found.headers_asked),
            "methods_sent": list(found.methods_sent),
            "methods_never_sent": list(found.methods_never_sent),
            "statuses": list(found.statuses),
            "statuses_never_seen": list(found.statuses_never_seen),
        },
    }


def _listed(names: Any) -> Any:
    return None if names is None else list(names)


def as_json(reports: Sequence[Report], target: str = "") -> str:
    """Write the reports of all paths as JSON."""
    counts = [_counts(report) for report in reports]
    whole = {
        "schema": SCHEMA,
        "version": version(),
        "target": target,
        "conformant": all(report.conformant for report in reports),
        "counts": {name: sum(c[name] for c in counts) for name in counts[0]} if counts else {},
        "reports": [as_dict(report) for report in reports],
    }
    return json.dumps(whole, indent=2)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "number": finding.invariant.number,
        "name": finding.invariant.name,
        "kind": finding.invariant.kind,
        "key": finding.key,
        "known": finding.is_known,
        "clause": finding.invariant.clause,
        "quote": finding.invariant.quote,
        "sentence": finding.invariant.sentence,
        "effect": finding.invariant.effect,
        "subject": finding.subject,
        "others": list(finding.others),
        "problem": finding.said,
        "commands": list(finding.commands),
        "exchanges": [_exchange(exchange) for exchange in finding.exchanges],
    }


def _exchange(exchange: Exchange) -> dict[str, Any]:
    probe, response = exchange.probe, exchange.response
    return {
        "request": {"method": probe.method, "path": probe.path, "headers": _pairs(probe.headers)},
        "response": {"status": response.status, "headers": _pairs(response.headers)},
        "failure": exchange.failure,
        "text": str(exchange),
    }


def _pairs(headers: Sequence[tuple[str, str]]) -> list[list[str]]:
    return [list(pair) for pair in headers]


def as_junit(reports: Sequence[Report], *, strict: bool = False) -> str:
    """Write a JUnit test suite for each path, with a test case for each invariant.

    What could not be judged is an error; advice fails only if `strict`.
    """
    suites = ElementTree.Element("testsuites")
    for report in reports:
        _suite(suites, report, strict)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suites, "unicode")


def _suite(suites: ElementTree.Element, report: Report, strict: bool) -> None:
    name = f"corecors.conformance {report.expectation.path}"
    suite = ElementTree.SubElement(suites, "testsuite", name=_xml(name))
    reasons = {rule.number: reason for rule, reason in report.inconclusive}
    for rule in sorted([*report.checked, *report.skipped], key=lambda rule: rule.number):
        title = f"{rule.number}. {rule.name}"
        case = ElementTree.SubElement(suite, "testcase", name=title, classname=_xml(name))
        _result(case, report, rule, strict)
        if rule.number in reasons:
            ElementTree.SubElement(case, "error", message=_xml(reasons[rule.number]))
        if rule in report.skipped:
            ElementTree.SubElement(case, "skipped")
    totals = {"failures": "failure", "errors": "error", "skipped": "skipped", "tests": "testcase"}
    for attribute, tag in totals.items():
        suite.set(attribute, str(len(list(suite.iter(tag)))))


def _result(case: ElementTree.Element, report: Report, rule: Invariant, strict: bool) -> None:
    findings = [finding for finding in report.findings if finding.invariant is rule]
    if not findings:
        return
    # Control characters are in no XML text, so the problem is written without them.
    text = _xml(as_block(findings))
    new = [finding for finding in findings if not finding.is_known]
    if new and (rule.kind == "violation" or strict):
        message = _xml("; ".join(finding.said for finding in new))
        ElementTree.SubElement(case, "failure", message=message).text = text
    else:
        ElementTree.SubElement(case, "system-out").text = text


def _xml(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)

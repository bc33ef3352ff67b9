"""A report as text, as JSON and as JUnit XML."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

from .exchange import Exchange
from .runner import Finding, Report

__all__ = ["as_dict", "as_json", "as_junit", "as_text"]


def as_text(report: Report) -> str:
    """Write what a reader at a terminal needs: each finding, then the figures."""
    figures = (
        f"{len(report.checked)} invariants checked, {len(report.findings)} violated"
        f", {len(report.skipped)} not (the expectation says nothing about them)"
    )
    return "\n\n".join([*map(str, report.findings), figures])


def as_dict(report: Report) -> dict[str, Any]:
    """Write the report as plain values; the keys are stable."""
    return {
        "conformant": report.conformant,
        "checked": [invariant.number for invariant in report.checked],
        "skipped": [invariant.number for invariant in report.skipped],
        "findings": [_finding(finding) for finding in report.findings],
    }


def as_json(report: Report) -> str:
    """Write `as_dict` as JSON."""
    return json.dumps(as_dict(report), indent=2)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "number": finding.invariant.number,
        "name": finding.invariant.name,
        "clause": finding.invariant.clause,
        "sentence": finding.invariant.sentence,
        "effect": finding.invariant.effect,
        "problem": finding.problem,
        "exchanges": [_exchange(exchange) for exchange in finding.exchanges],
    }


def _exchange(exchange: Exchange) -> dict[str, Any]:
    probe, response = exchange.probe, exchange.response
    return {
        "request": {"method": probe.method, "path": probe.path, "headers": list(probe.headers)},
        "response": {"status": response.status, "headers": list(response.headers)},
        "failure": exchange.failure,
        "text": str(exchange),
    }


def as_junit(report: Report) -> str:
    """Write one JUnit test case for each invariant."""
    findings = {finding.invariant.number: finding for finding in report.findings}
    suite = ElementTree.Element(
        "testsuite",
        name="corecors.conformance",
        tests=str(len(report.checked) + len(report.skipped)),
        failures=str(len(findings)),
        skipped=str(len(report.skipped)),
    )
    for invariant in sorted([*report.checked, *report.skipped], key=lambda i: i.number):
        name = f"{invariant.number}. {invariant.name}"
        case = ElementTree.SubElement(suite, "testcase", name=name, classname=suite.attrib["name"])
        finding = findings.get(invariant.number)
        if finding is not None:
            # Control characters are in no XML text, so the problem is written without them.
            failure = ElementTree.SubElement(case, "failure", message=_xml(finding.problem))
            failure.text = _xml(str(finding))
        if invariant in report.skipped:
            ElementTree.SubElement(case, "skipped")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suite, "unicode")


def _xml(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)

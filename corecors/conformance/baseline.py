"""Findings that are known: an earlier report as JSON, so that only new ones fail."""

from __future__ import annotations

import json
from pathlib import Path

import attrs

from .runner import Report

__all__ = ["Known", "read_baseline", "with_known"]

Known = frozenset[tuple[str, str]]  # (path, key of the finding)


def read_baseline(file: Path) -> Known:
    """Read which findings a report has; what is no report raises ValueError."""
    try:
        reports = json.loads(file.read_text("utf-8"))["reports"]
        return frozenset(
            (report["expectation"]["path"], finding["key"])
            for report in reports
            for finding in report["findings"]
        )
    except (ValueError, LookupError, TypeError) as error:
        raise ValueError(f"{file} is no report that --json has written") from error


def with_known(report: Report, known: Known) -> Report:
    """Mark the findings of a report that are known."""
    path = report.expectation.path
    findings = tuple(
        attrs.evolve(finding, is_known=(path, finding.key) in known) for finding in report.findings
    )
    return attrs.evolve(report, findings=findings)

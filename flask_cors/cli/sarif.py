"""Findings as SARIF 2.1.0, which code hosts show at the lines of a pull request.

Written by hand: what of the format is needed here is one screen of JSON. Of the libraries that the
index has, sarif-om is of 2019, sarif-tools reads such files and brings matplotlib, and
sarif-pydantic brings pydantic.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..version import __version__
from .findings import ALL_KINDS, Found

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_sarif(findings: Iterable[Found]) -> dict[str, Any]:
    """Write findings as one run of one tool."""
    results = list(findings)
    codes = sorted({found.code for found in results})
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "flask cors audit",
                        "version": __version__,
                        "rules": [_rule(code) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(found, codes) for found in results],
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    kind = ALL_KINDS[code]
    rule: dict[str, Any] = {
        "id": code,
        "shortDescription": {"text": kind.meaning},
        "defaultConfiguration": {"level": kind.severity},
    }
    if kind.cwe is not None:
        rule["properties"] = {"tags": ["security", f"external/cwe/cwe-{kind.cwe}"]}
    return rule


def _result(found: Found, codes: list[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": codes.index(found.code),
        "level": found.kind.severity,
        "message": {"text": found.message},
    }
    if found.place is not None:
        result["locations"] = [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(found.place.filename),
                    "region": {"startLine": max(found.place.line, 1)},
                }
            }
        ]
    return result


def _artifact(filename: str) -> dict[str, str]:
    """Write the place of a file: below the working folder, as code hosts have it, or in full."""
    path, here = Path(filename).absolute(), Path.cwd()
    if here in path.parents:
        return {"uri": path.relative_to(here).as_posix(), "uriBaseId": "%SRCROOT%"}
    return {"uri": path.as_uri()}

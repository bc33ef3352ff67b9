"""A report as text, as JSON and as JUnit XML, to the last character."""

import json

import attrs

from corecors.browser import Response
from corecors.conformance import INVARIANTS, Exchange, Expectation, Finding, Probe, Report, report

ONE, TWO, THREE = INVARIANTS[:3]
FINDING = Finding(
    invariant=TWO,
    problem="wrong\x1b <&>",
    exchanges=(
        Exchange(
            probe=Probe(method="PUT", path="/api", headers=(("Origin", "null"),)),
            response=Response(status=201, headers=[("Vary", "\xe9")]),
            failure="ValueError: no",
        ),
    ),
)
FOUND = Report(
    expectation=Expectation(origins="*"),
    findings=(FINDING,),
    checked=(ONE, TWO),
    skipped=(THREE,),
)
CONFORMANT = attrs.evolve(FOUND, findings=())
FIGURES = "2 invariants checked, %d violated, 1 not (the expectation says nothing about them)"
TEXT = (
    f"2. credentials: {TWO.sentence}\n"
    "  wrong\x1b <&>\n"
    "    PUT /api\n"
    "    Origin: null\n"
    "    -> ValueError: no\n"
    "    Vary: '\\xe9'\n"
    f"  What a user sees: {TWO.effect}\n"
    f"  {TWO.clause}"
)


def test_as_text():
    assert report.as_text(FOUND) == f"{TEXT}\n\n{FIGURES % 1}"
    assert report.as_text(CONFORMANT) == FIGURES % 0


def test_as_plain_values():
    finding = {
        "number": 2,
        "name": "credentials",
        "clause": TWO.clause,
        "sentence": TWO.sentence,
        "effect": TWO.effect,
        "problem": "wrong\x1b <&>",
        "exchanges": [
            {
                "request": {"method": "PUT", "path": "/api", "headers": [("Origin", "null")]},
                "response": {"status": 201, "headers": [("Vary", "\xe9")]},
                "failure": "ValueError: no",
                "text": "PUT /api\nOrigin: null\n-> ValueError: no\nVary: '\\xe9'",
            }
        ],
    }
    expected = {"conformant": False, "checked": [1, 2], "skipped": [3], "findings": [finding]}
    assert report.as_dict(FOUND) == expected
    assert report.as_dict(CONFORMANT) == {**expected, "conformant": True, "findings": []}


def test_as_json():
    text = '{\n  "conformant": true,\n  "checked": [\n    1,\n    2\n  ],\n'
    text += '  "skipped": [\n    3\n  ],\n  "findings": []\n}'
    assert report.as_json(CONFORMANT) == text
    assert json.loads(report.as_json(FOUND))["findings"][0]["problem"] == "wrong\x1b <&>"


def test_as_junit():
    """What XML cannot hold is replaced; the cases are in the order of the invariants."""
    shown = (TEXT.replace("\x1b", "\ufffd").replace("&", "&amp;").replace("<", "&lt;")).replace(
        ">", "&gt;"
    )
    case = '<testcase name="%s" classname="corecors.conformance"'
    assert report.as_junit(attrs.evolve(FOUND, checked=(TWO, THREE), skipped=(ONE,))) == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<testsuite name="corecors.conformance" tests="3" failures="1" skipped="1">'
        + (case % "1. one origin" + "><skipped /></testcase>")
        + (case % "2. credentials" + '><failure message="wrong\ufffd &lt;&amp;&gt;">')
        + (shown + "</failure></testcase>")
        + (case % "3. silence" + " />")
        + "</testsuite>"
    )

"""A report as text, as JSON and as JUnit XML, to the last character."""

import json
from importlib import metadata
from pathlib import Path

import attrs
import pytest

from corecors.browser import Response
from corecors.conformance import INVARIANTS, Exchange, Expectation, Finding, Probe, Report, report
from corecors.conformance.coverage import Coverage

ONE, TWO, THREE = INVARIANTS[:3]
SCHEMA = json.loads(Path(report.__file__).with_name("report.schema.json").read_text("utf-8"))
FINDING = Finding(
    invariant=ONE,
    problem="wrong\x1b <&>",
    subject="it",
    hole="hole",
    others=("others",),
    exchanges=(
        Exchange(
            probe=Probe(method="PUT", path="/api", headers=(("Origin", "null"),)),
            response=Response(status=201, headers=[("Vary", "\xe9")]),
            failure="ValueError: no",
        ),
    ),
)
NUMBERS = Coverage(
    requests=9,
    origins_allowed=("https://a.example",),
    origins_refused=3,
    kinds_refused=("null", "another port"),
    methods_sent=("GET", "OPTIONS", "PUT"),
    methods_asked=("PUT",),
    headers_asked=(),
    statuses=(200, 404),
)
FOUND = Report(
    expectation=Expectation(origins="*", methods="PUT"),
    findings=(FINDING,),
    checked=(ONE, TWO),
    skipped=(THREE,),
    coverage=NUMBERS,
)
CONFORMANT = attrs.evolve(FOUND, findings=())
TRIED = """\
9 requests; origins: 1 allowed, 3 refused, of 2 kinds
preflights for the methods PUT; for the request headers none
not tested: requests with HEAD, POST, PATCH, DELETE; answers with the status 204, 304, 401, 403, 500
"""
FIGURES = (
    "2 invariants checked: %d violations, %d pieces of advice, %d not judged; "
    "1 not checked (the expectation says nothing about them)"
)
TEXT = (
    f"1. one origin: {ONE.sentence}\n"
    "  it: wrong\x1b <&>\n"
    "    PUT /api\n"
    "    Origin: null\n"
    "    -> ValueError: no\n"
    "    Vary: '\\xe9'\n"
    "  The same with others\n"
    "  curl -si -X PUT \"$URL/api\" -H 'Origin: null'\n"
    f"  What a user sees: {ONE.effect}\n"
    f"  {ONE.clause}: “{ONE.quote}”"
)
ADVICE = attrs.evolve(FINDING, invariant=TWO, others=())


def test_as_text():
    assert report.as_text(FOUND) == f"{TEXT}\n\n{TRIED}{FIGURES % (1, 0, 0)}"
    assert report.as_text(CONFORMANT) == TRIED + FIGURES % (0, 0, 0)


def test_the_reports_of_several_paths_are_beneath_their_paths():
    other = attrs.evolve(FOUND, expectation=Expectation(origins="*", path="/b"))
    assert report.as_texts([FOUND]) == report.as_text(FOUND)
    assert report.as_texts([FOUND, other]) == (
        f"/\n\n{report.as_text(FOUND)}\n\n/b\n\n{report.as_text(other)}"
    )


def test_advice_comes_after_violations():
    text = report.as_text(attrs.evolve(FOUND, findings=(FINDING, ADVICE)))
    between = "Advice, which no browser and no cache shows:"
    assert text == f"{TEXT}\n\n{between}\n\n{ADVICE}\n\n{TRIED}{FIGURES % (1, 1, 0)}"


def test_what_an_invariant_says_is_said_once_for_all_its_findings():
    other = attrs.evolve(FINDING, problem="late", subject="", others=())
    both = "\n".join([TEXT[: TEXT.index("  What a user")].rstrip("\n"), other.shown])
    end = TEXT[TEXT.index("  What a user") :]
    text = report.as_text(attrs.evolve(FOUND, findings=(FINDING, other)))
    assert text == f"{both}\n{end}\n\n{TRIED}{FIGURES % (2, 0, 0)}"
    assert other.shown.startswith("  late\n    PUT /api\n")


def test_what_could_not_be_judged_is_told():
    unjudged = attrs.evolve(CONFORMANT, inconclusive=((TWO, "late"),), remark="nothing there")
    assert report.as_text(unjudged) == (
        f"nothing there\n\nnot judged: 2. credentials: late\n{TRIED}{FIGURES % (0, 0, 1)}"
    )
    stopped = attrs.evolve(CONFORMANT, obstacle="a login")
    assert report.as_text(stopped) == "inconclusive: a login"
    assert report.as_text(attrs.evolve(CONFORMANT, coverage=Coverage())) == FIGURES % (0, 0, 0)


COUNTS = {
    "requests": 9,
    "checked": 2,
    "skipped": 1,
    "inconclusive": 0,
    "violations": 1,
    "advice": 0,
    "known": 0,
}


def test_as_plain_values():
    finding = {
        "number": 1,
        "name": "one origin",
        "kind": "violation",
        "key": "1 hole",
        "known": False,
        "clause": ONE.clause,
        "quote": ONE.quote,
        "sentence": ONE.sentence,
        "effect": ONE.effect,
        "subject": "it",
        "others": ["others"],
        "problem": "it: wrong\x1b <&>",
        "commands": ["curl -si -X PUT \"$URL/api\" -H 'Origin: null'"],
        "exchanges": [
            {
                "request": {"method": "PUT", "path": "/api", "headers": [["Origin", "null"]]},
                "response": {"status": 201, "headers": [["Vary", "\xe9"]]},
                "failure": "ValueError: no",
                "text": "PUT /api\nOrigin: null\n-> ValueError: no\nVary: '\\xe9'",
            }
        ],
    }
    expected = {
        "conformant": False,
        "expectation": {
            "path": "/",
            "origins": ["*"],
            "methods": ["PUT"],
            "headers": None,
            "exposed": None,
            "credentials": False,
            "max_age": None,
            "send": [],
            "error_paths": [],
        },
        "counts": COUNTS,
        "checked": [1, 2],
        "skipped": [3],
        "inconclusive": [],
        "obstacle": "",
        "remark": "",
        "findings": [finding],
        "coverage": {
            "origins_allowed": ["https://a.example"],
            "origins_refused": 3,
            "kinds_refused": ["null", "another port"],
            "methods_asked": ["PUT"],
            "headers_asked": [],
            "methods_sent": ["GET", "OPTIONS", "PUT"],
            "methods_never_sent": ["HEAD", "POST", "PATCH", "DELETE"],
            "statuses": [200, 404],
            "statuses_never_seen": [204, 304, 401, 403, 500],
        },
    }
    assert report.as_dict(FOUND) == expected
    unjudged = attrs.evolve(FOUND, findings=(), inconclusive=((TWO, "late"),), obstacle="a login")
    assert report.as_dict(unjudged) == {
        **expected,
        "findings": [],
        "counts": {**COUNTS, "violations": 0, "inconclusive": 1},
        "inconclusive": [{"number": 2, "name": "credentials", "reason": "late"}],
        "obstacle": "a login",
    }


def test_as_json(monkeypatch):
    monkeypatch.setattr(report, "version", lambda: "1.2")
    assert json.loads(report.as_json([FOUND, CONFORMANT], "http://h")) == {
        "schema": "corecors-conformance-report-1",
        "version": "1.2",
        "target": "http://h",
        "conformant": False,
        "counts": {**COUNTS, "requests": 18, "checked": 4, "skipped": 2},
        "reports": [report.as_dict(FOUND), report.as_dict(CONFORMANT)],
    }
    assert json.loads(report.as_json([CONFORMANT]))["conformant"]


def test_json_of_no_report_is_written_too(monkeypatch):
    """Two spaces for each level, and no target where none is named."""
    monkeypatch.setattr(report, "version", lambda: "1.2")
    assert (
        report.as_json([])
        == """\
{
  "schema": "corecors-conformance-report-1",
  "version": "1.2",
  "target": "",
  "conformant": true,
  "counts": {},
  "reports": []
}"""
    )


def test_the_names_that_an_expectation_lists_are_in_the_json():
    said = Expectation(origins="*", headers=("X-A",), exposed=("X-B",))
    written = report.as_dict(attrs.evolve(FOUND, expectation=said))["expectation"]
    assert (written["headers"], written["exposed"]) == (["X-A"], ["X-B"])


@pytest.mark.parametrize(
    ("sent", "asked", "statuses", "lines"),
    [
        (
            (),
            ("PUT", "PATCH"),
            (),
            [
                "preflights for the methods PUT, PATCH; for the request headers x-a, x-b",
                (
                    "not tested: requests with GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS; "
                    "answers with the status 200, 204, 304, 401, 403, 404, 500"
                ),
            ],
        ),
        (
            ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"),
            (),
            (200, 204, 304, 401, 403, 404, 500),
            [
                "preflights for the methods none; for the request headers x-a, x-b",
                "not tested: requests with none; answers with the status none",
            ],
        ),
    ],
)
def test_what_was_tried_is_listed(sent, asked, statuses, lines):
    """And what was not; `none` where there is nothing."""
    numbers = attrs.evolve(
        NUMBERS,
        methods_sent=sent,
        methods_asked=asked,
        headers_asked=("x-a", "x-b"),
        statuses=statuses,
    )
    text = report.as_text(attrs.evolve(FOUND, coverage=numbers))
    assert [
        line for line in text.splitlines() if line.startswith(("preflights", "not tested"))
    ] == lines


@pytest.mark.parametrize(
    "text", ["[]", "{}", json.dumps({"schema": "corecors-conformance-report-1"})]
)
def test_the_schema_refuses_what_is_no_report(text):
    jsonschema = pytest.importorskip("jsonschema")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(text), SCHEMA)


@pytest.mark.parametrize(
    "found", [FOUND, CONFORMANT, attrs.evolve(FOUND, inconclusive=((TWO, "late"),))]
)
def test_a_report_is_as_the_schema_says(found):
    """All keys are required, and no others are there: even without jsonschema."""
    written = json.loads(report.as_json([found], "http://h"))
    assert set(written) == set(SCHEMA["required"]) == set(SCHEMA["properties"])
    defined = SCHEMA["$defs"]
    for name, value in (("report", written["reports"][0]), ("counts", written["counts"])):
        assert set(value) == set(defined[name]["required"]) == set(defined[name]["properties"])
    for finding in written["reports"][0]["findings"]:
        assert set(finding) == set(defined["finding"]["required"])
    pytest.importorskip("jsonschema").validate(written, SCHEMA)


def test_the_version_is_that_of_the_distribution(monkeypatch):
    assert report.version() == metadata.version("flask-cors")

    def missing(name):
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(metadata, "version", missing)
    assert report.version() == "unknown"


HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<testsuites>'
CASE = '<testcase name="%s" classname="corecors.conformance /"'


def test_as_junit():
    """What XML cannot hold is replaced; the cases are in the order of the invariants."""
    shown = (TEXT.replace("\x1b", "\ufffd").replace("&", "&amp;").replace("<", "&lt;")).replace(
        ">", "&gt;"
    )
    given = attrs.evolve(
        FOUND, checked=(ONE, THREE), skipped=(TWO,), inconclusive=((THREE, "late"),)
    )
    totals = 'failures="1" errors="1" skipped="1" tests="3"'
    assert report.as_junit([given]) == (
        f'{HEAD}<testsuite name="corecors.conformance /" {totals}>'
        + (CASE % "1. one origin" + '><failure message="it: wrong\ufffd &lt;&amp;&gt;">')
        + (shown + "</failure></testcase>")
        + (CASE % "2. credentials" + "><skipped /></testcase>")
        + (CASE % "3. silence" + '><error message="late" /></testcase>')
        + "</testsuite></testsuites>"
    )


def test_advice_fails_in_junit_only_if_it_is_to():
    given = attrs.evolve(FOUND, checked=(TWO,), skipped=(), findings=(ADVICE,))
    lax, strict = (report.as_junit([given], strict=strict) for strict in (False, True))
    assert 'failures="0"' in lax
    assert "<system-out>2. credentials" in lax
    assert 'failures="1"' in strict
    assert "<system-out>" not in strict

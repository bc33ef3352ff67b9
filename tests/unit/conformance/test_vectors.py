"""The vectors that are shipped are those that this code makes."""

import json
import runpy
import sys
from pathlib import Path

import pytest

import corecors.conformance.vectors
from corecors.conformance.vectors import _printing, browser_vectors, mismatches

FOLDER = Path(corecors.conformance.vectors.__file__).parent
NAMES = ["browser", "server"]


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_what_the_command_prints(name, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["vectors", name])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("corecors.conformance.vectors", run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out == (FOLDER / f"{name}-vectors.json").read_text("utf-8")


@pytest.mark.parametrize("arguments", [[], ["more"], ["browser", "browser"]])
def test_what_is_no_file_is_said(arguments, capsys):
    assert _printing.main(arguments) == 2
    usage = f"usage: python -m corecors.conformance.vectors {' | '.join(NAMES)}\n"
    assert capsys.readouterr().err == usage


@pytest.mark.parametrize("name", NAMES)
def test_a_vector_is_a_line(name):
    lines = _printing.as_text(name).splitlines()
    found = [json.loads(line.rstrip(",")) for line in lines[1:-1]]
    assert found == _printing.FILES[name]()
    head = {"$schema": f"{name}-vectors.schema.json", "format": 1, "vectors": found}
    assert json.loads(_printing.as_text(name)) == head


def test_every_way_to_a_verdict_is_in_it():
    verdicts = [step["verdict"] for vector in browser_vectors() for step in vector["steps"]]
    assert {verdict["step"] for verdict in verdicts} == {
        "CORS check step 2",
        "CORS check step 3",
        "CORS check step 4",
        "CORS check step 5",
        "CORS check step 7",
        "CORS check step 8",
        "CORS-preflight fetch step 7",
        "CORS-preflight fetch step 7, CORS check step 2",
        "CORS-preflight fetch step 7, CORS check step 4",
        "CORS-preflight fetch step 7, CORS check step 8",
        "CORS-preflight fetch step 7.3",
        "CORS-preflight fetch step 7.5",
        "CORS-preflight fetch step 7.6",
        "CORS-preflight fetch step 7.7",
        "HTTP-redirect fetch",
        "Headers class",
        "Main fetch step 12",
        "Request class",
    }


ORIGIN = "Access-Control-Allow-Origin"
CONDITIONS = {
    "status": ({"status": [200, 299]}, [200, 204, 299], [199, 300, 404]),
    "absent": ({"header": ORIGIN, "absent": True}, [{}, {"Vary": "a"}], [{ORIGIN: ""}]),
    "is": (
        {"header": ORIGIN, "is": ["*", "null"]},
        [{ORIGIN: "*"}, {ORIGIN.lower(): "\t null "}],
        [{}, {ORIGIN: "NULL"}, {ORIGIN: "*, null"}, [(ORIGIN, "*"), (ORIGIN, "*")]],
    ),
    "has": (
        {"header": "Vary", "has": ["origin", "*"], "ignore_case": True},
        [{"Vary": "Accept \t, ORIGIN"}, {"vary": "*"}, [("Vary", "Cookie"), ("Vary", "Origin")]],
        [{}, {"Vary": ""}, {"Vary": "Origins"}, {"Vary": "X Origin"}],
    ),
    "has, in this case": (
        {"header": "Vary", "has": ["a"], "ignore_case": False},
        [{"Vary": "b,a"}],
        [{"Vary": "b,A"}],
    ),
    "lacks": (
        {"header": "Vary", "lacks": ["origin", "*"], "ignore_case": True},
        [{}, {"Vary": "Cookie"}],
        [{"Vary": "Origin"}, {"Vary": "Cookie,*"}],
    ),
}


@pytest.mark.parametrize(("condition", "holding", "failing"), CONDITIONS.values(), ids=CONDITIONS)
def test_a_condition_holds_or_not(condition, holding, failing):
    required = {"required": [condition], "forbidden": []}
    forbidden = {"required": [], "forbidden": [[condition]]}
    for answers, problems in ((holding, (0, 1)), (failing, (1, 0))):
        for answer in answers:
            given = (answer, {}) if isinstance(answer, int) else (200, answer)
            found = tuple(len(mismatches(vector, *given)) for vector in (required, forbidden))
            assert found == problems


def test_what_is_forbidden_is_forbidden_as_a_whole():
    both = [{"header": "A", "absent": True}, {"status": [200, 299]}]
    vector = {"required": [], "forbidden": [both]}
    assert mismatches(vector, 404, {}) == mismatches(vector, 200, {"A": "1"}) == []
    assert mismatches(vector, 204, {}) == ["forbidden: A is absent; status 200 to 299 (it is 204)"]


def test_a_mismatch_says_what_there_is():
    conditions = [
        {"header": "A", "is": ["1", "2"]},
        {"header": "B", "has": ["1", "2"], "ignore_case": True},
        {"header": "C", "lacks": ["1", "2"], "ignore_case": True},
    ]
    vector = {"required": conditions, "forbidden": []}
    assert mismatches(vector, 200, {"A": "3", "C": "1"}) == [
        "required: A is 1 or 2 (it is 3)",
        "required: B has 1 or 2 (it is absent)",
        "required: C lacks 1 and 2 (it is 1)",
    ]

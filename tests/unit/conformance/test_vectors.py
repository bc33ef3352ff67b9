"""The vectors that are shipped are those that this code makes."""

import json
import runpy
import sys
from pathlib import Path

import pytest

import corecors.conformance.vectors
from corecors.conformance.vectors import _printing, browser_vectors

FOLDER = Path(corecors.conformance.vectors.__file__).parent
NAMES = ["browser"]


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

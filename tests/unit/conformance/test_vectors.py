"""The vectors that are shipped are those that the browser's half makes."""

import json
import runpy
from pathlib import Path

import pytest

import corecors.conformance
from corecors.conformance import vectors

FILE = Path(corecors.conformance.__file__).with_name("vectors.json")


@pytest.mark.filterwarnings("ignore:.*found in sys.modules")
def test_the_file_is_what_the_command_prints(capsys):
    runpy.run_module("corecors.conformance.vectors", run_name="__main__")
    assert capsys.readouterr().out == FILE.read_text("utf-8")


def test_the_cases_are_made_anew_each_time(capsys):
    """The same without a new module, which what was imported before is not asked about."""
    vectors.main()
    assert capsys.readouterr().out == FILE.read_text("utf-8")


def test_every_way_to_a_verdict_is_in_it():
    verdicts = [vector["verdict"] for vector in json.loads(FILE.read_text("utf-8"))]
    assert len(verdicts) >= 150
    assert {verdict["step"] for verdict in verdicts} >= {
        "CORS check step 2",
        "CORS check step 3",
        "CORS check step 4",
        "CORS check step 5",
        "CORS check step 7",
        "CORS check step 8",
        "CORS-preflight fetch step 7",
        "CORS-preflight fetch step 7, CORS check step 2",
        "CORS-preflight fetch step 7.3",
        "CORS-preflight fetch step 7.5",
        "CORS-preflight fetch step 7.6",
        "CORS-preflight fetch step 7.7",
    }
    assert {verdict["allowed"] for verdict in verdicts} == {True, False}
    assert ["etag", "x-secret"] not in [verdict["readable_headers"] for verdict in verdicts]

"""What an earlier report has is known, and does not fail."""

import re

import attrs
import pytest

from corecors.conformance import Expectation, report, run
from corecors.conformance.baseline import read_baseline, with_known
from tests.unit.conformance.support import EXPECTED, A, right


def open_to_some(probe):
    """A server with two holes."""
    if (probe.origin or "").endswith((".evil.example", ":8444")):
        return right(probe, origins="*")
    return right(probe)


def test_what_is_known_does_not_count(tmp_path):
    """Another hole of the same invariant is new; so is the same one at another path."""
    file = tmp_path / "known.json"
    found = run(open_to_some, EXPECTED)
    first, *others = found.violations
    file.write_text(report.as_json([attrs.evolve(found, findings=(first,))]), "utf-8")
    again = with_known(found, read_baseline(file))
    assert again.known == (attrs.evolve(first, is_known=True),)
    assert again.violations == tuple(others)
    assert len(others) >= 1
    assert again.advice == found.advice
    elsewhere = attrs.evolve(found, expectation=Expectation(origins=A))
    assert with_known(elsewhere, read_baseline(file)) == elsewhere


def test_what_is_known_is_shown_on_a_line(tmp_path):
    found = run(open_to_some, EXPECTED)
    findings = tuple(attrs.evolve(finding, is_known=True) for finding in found.findings)
    known = attrs.evolve(found, findings=findings)
    first = findings[0]
    assert known.conformant
    text = report.as_text(known)
    assert text.startswith(f"known: 5. refused origins: {first.said}\n")
    assert report.as_dict(known)["counts"]["known"] == len(findings)
    assert report.as_dict(known)["findings"][0]["known"] is True
    assert "<failure" not in report.as_junit([known], strict=True)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"reports": [1]}', '{"reports": [{}]}'])
def test_what_is_no_report_is_told(text, tmp_path):
    file = tmp_path / "known.json"
    file.write_text(text)
    said = f"{file} is no report that --json has written"
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        read_baseline(file)

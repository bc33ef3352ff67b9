"""Each numbered rule is cited where it is implemented and where it is tested.

The numbers are those that docs/differences.md and docs/invariants.md define; the clauses of Fetch
are those that docs/invariants.md lists. The browser's half and the conformance suite are the
oracle, and count for neither side.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ORACLE = re.compile(r"corecors/(browser|conformance)\b")


def headings(document: str, letter: str) -> list[str]:
    """Return the numbers that a document has a heading for, but those that are withdrawn."""
    text = (ROOT / "docs" / document).read_text("utf-8")
    found = re.findall(rf"^## ({letter}\d+)\. (.*)$", text, re.MULTILINE)
    return [number for number, title in found if "withdrawn" not in title.lower()]


def clauses() -> list[str]:
    """Return the titles in the table of docs/invariants.md."""
    text = (ROOT / "docs" / "invariants.md").read_text("utf-8")
    table = text[text.index("## Clauses of the standard") :]
    return re.findall(r"^\| (?!clause|---)([^|]+?) \|", table, re.MULTILINE)


def package(name: str) -> Path:
    """Return the folder of a package, installed or not: the wheel is tested too."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def sources(*folders: Path) -> Iterator[str]:
    """Yield the text of all modules in these folders."""
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            name = path.relative_to(folder.parent).as_posix()
            if not ORACLE.match(name) and path != Path(__file__):
                yield path.read_text("utf-8")


IMPLEMENTED = "\n".join(sources(package("corecors"), package("flask_cors")))
TESTED = "\n".join(sources(ROOT / "tests" / "unit", ROOT / "tests" / "property"))
NUMBERS = [*headings("differences.md", "D"), *headings("invariants.md", "I")]


def test_all_of_them_are_defined() -> None:
    """D1 to D20 but the one that is withdrawn, I1 to I12, and some clauses."""
    assert [n for n in NUMBERS if n != "D10"] == [
        *(f"D{number}" for number in range(1, 21) if number != 10),
        *(f"I{number}" for number in range(1, 13)),
    ]
    assert len(clauses()) > 5


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_is_cited_where_it_is_implemented(number: str) -> None:
    assert re.search(rf"\b{number}\b", IMPLEMENTED)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_is_cited_where_it_is_tested(number: str) -> None:
    assert re.search(rf"\b{number}\b", TESTED)


@pytest.mark.parametrize("clause", clauses())
def test_a_clause_of_fetch_is_cited_where_it_is_implemented(clause: str) -> None:
    assert f'"{clause}"' in IMPLEMENTED


@pytest.mark.parametrize("clause", clauses())
def test_a_clause_of_fetch_is_cited_where_it_is_tested(clause: str) -> None:
    assert f'"{clause}"' in TESTED

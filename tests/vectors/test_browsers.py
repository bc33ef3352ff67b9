"""The browser's half of this project does what the vectors say, and no wrong one does."""

from __future__ import annotations

import attrs
import pytest

from corecors.browser import CHROMIUM, STANDARD

from .files import vectors
from .halves import HALVES, spoil
from .replaying import differs, observed, replayed

VECTORS = vectors("browser")


def test_the_model_passes():
    assert [vector["id"] for vector in VECTORS if differs(vector)] == []


@pytest.mark.parametrize("half", HALVES)
def test_a_wrong_half_fails(half, monkeypatch):
    spoil(monkeypatch, HALVES[half])
    assert any(map(differs, VECTORS))


@pytest.mark.parametrize("name", [field.name for field in attrs.fields(type(CHROMIUM))])
def test_each_departure_of_a_dialect_is_in_a_vector(name):
    """Chromium without it is another browser."""
    dialect = attrs.evolve(CHROMIUM, **{name: getattr(STANDARD, name)})
    assert any(
        observed(replayed(vector, dialect)) != observed(vector["steps"])
        for vector in VECTORS
        if "chromium" in vector["dialects"]
    )


def test_dialects_differ_where_the_id_says_so():
    marked = {vector["id"]: vector["dialects"] for vector in VECTORS if "@" in vector["id"]}
    assert marked == {id_: [id_.partition("@")[2]] for id_ in marked}
    others = [vector["dialects"] for vector in VECTORS if "@" not in vector["id"]]
    assert others == [["standard", "chromium"]] * len(others)

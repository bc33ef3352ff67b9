"""The files are what their schemas say, and the schemas say something."""

from __future__ import annotations

import copy

import pytest

from .files import read

jsonschema = pytest.importorskip("jsonschema")


def validator(name: str):
    return jsonschema.Draft202012Validator(read(f"{name}-vectors.schema"))


@pytest.fixture(params=["browser", "server"])
def name(request):
    return request.param


def test_the_schema_is_one(name):
    jsonschema.Draft202012Validator.check_schema(read(f"{name}-vectors.schema"))


def test_the_file_fits(name):
    assert list(validator(name).iter_errors(read(f"{name}-vectors"))) == []


def test_ids_are_unique_and_stable_in_form(name):
    ids = [vector["id"] for vector in read(f"{name}-vectors")["vectors"]]
    assert len(set(ids)) == len(ids)


def test_what_is_missing_or_unknown_does_not_fit(name):
    """Every member of a vector is required, and there are no others."""
    document = read(f"{name}-vectors")
    first = document["vectors"][0]
    assert all(
        list(validator(name).iter_errors({**document, "vectors": [changed]}))
        for changed in [*without_one(first), {**first, "more": 1}]
    )


def without_one(vector):
    for member in vector:
        changed = copy.deepcopy(vector)
        del changed[member]
        yield changed

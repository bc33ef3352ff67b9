"""The seeds of the fuzzer, run without it."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("flask")

from tests.fuzz.targets import SEEDS, TARGETS, bounded

FILES = [pytest.param(path.parent.name, path, id=path.name) for path in sorted(SEEDS.glob("*/*"))]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize(("target", "seed"), FILES)
def test_what_was_found_once_is_mended(target: str, seed: Path) -> None:
    """Each seed: nothing is raised, and it costs no more than its bytes are worth."""
    bounded(TARGETS[target], seed.read_bytes())


def test_each_target_has_seeds() -> None:
    """A fuzzer begins with what is right."""
    assert {path.parent.name for path in SEEDS.glob("*/*")} == set(TARGETS)

"""Under which names anybody can have a host."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pytest

from corecors.audit import _suffixes
from corecors.audit._suffixes import is_public, registrable


@pytest.fixture(params=["listed", "known by heart"])
def suffixes(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "listed":
        pytest.importorskip("publicsuffixlist")
        yield request.param
        return
    _suffixes._listed.cache_clear()
    with mock.patch.object(_suffixes, "find_spec", return_value=None):
        yield request.param
    _suffixes._listed.cache_clear()


@pytest.mark.parametrize("host", ["com", "co.uk", "github.io", "vercel.app"])
def test_public_suffixes_are_known(suffixes: str, host: str) -> None:
    """Those of registries, and those of companies that give out names."""
    assert is_public(host)


@pytest.mark.parametrize(
    "host", ["example", "a.example", "localhost", "lan", "home.arpa", "you.github.io", "10"]
)
def test_names_that_nobody_can_register_are_not_public(suffixes: str, host: str) -> None:
    """RFC 6761, and networks of one's own."""
    assert not is_public(host)


@pytest.mark.parametrize(
    ("host", "owned"),
    [
        ("a.b.example.com", "example.com"),
        ("example.com", "example.com"),
        ("a.b.co.uk", "b.co.uk"),
        ("x.you.github.io", "you.github.io"),
        ("app.internal.corp", "internal.corp"),
        ("localhost", "localhost"),
        ("com", "com"),
    ],
)
def test_the_registrable_part_has_one_owner(suffixes: str, host: str, owned: str) -> None:
    """One label more than the public suffix."""
    assert registrable(host) == owned

"""Expectations for several paths, from one TOML file.

credentials = true             # for every path, unless it says otherwise

[[path]]
path = "/api"
origins = ["https://app.example", "https://*.example.org"]
methods = ["GET", "PUT"]

[[path]]
path = "/public"
origins = "*"
credentials = false
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs

from .expectation import Expectation

__all__ = ["read_expectations"]

_TABLE = "path"
_KEYS = tuple(field.name for field in attrs.fields(Expectation) if field.init)


def read_expectations(file: Path) -> list[Expectation]:
    """Read the file; what is wrong in it raises ValueError with the table that it is in."""
    try:
        # Python 3.11 has it, an older one the extra's tomli.
        toml = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
        given: dict[str, Any] = toml.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error
    tables = given.pop(_TABLE, [])
    if not isinstance(tables, list) or not tables:
        raise ValueError(f"{file}: there is no table [[{_TABLE}]]")
    return [_expectation(f"{file}, [[{_TABLE}]] {n}", {**given, **table})
            for n, table in enumerate(tables, 1)]  # fmt: skip


def _expectation(where: str, table: dict[str, Any]) -> Expectation:
    unknown = sorted(table.keys() - {*_KEYS})
    if unknown:
        raise ValueError(f"{where}: {unknown[0]!r} is none of {', '.join(_KEYS)}")
    if "origins" not in table:
        raise ValueError(f"{where}: it says no origins")
    for key, value in table.items():
        if not _fits(key, value):
            raise ValueError(f"{where}: {key} = {value!r} is not of the type that it must have")
    try:
        return Expectation(**table)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error


def _fits(key: str, value: Any) -> bool:
    if key == "credentials":
        return isinstance(value, bool)
    if key == "max_age":
        return isinstance(value, int) and not isinstance(value, bool)
    texts = value if isinstance(value, list) and key != "path" else [value]
    return all(isinstance(text, str) for text in texts)

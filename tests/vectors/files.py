"""The files, as any other program reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import corecors.conformance.vectors

FOLDER = Path(corecors.conformance.vectors.__file__).parent


def read(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def vectors(name: str) -> list[dict[str, Any]]:
    return read(f"{name}-vectors")["vectors"]

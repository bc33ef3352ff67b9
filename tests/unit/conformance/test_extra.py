"""What becomes of the suite where its extra is not installed."""

import importlib.util
from importlib import reload

import pytest

from corecors.conformance import _extra


def test_the_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Importing the suite says what to install, and not only which module was not found."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'flask-cors\[conformance\]'"):
        reload(_extra)

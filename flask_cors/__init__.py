"""Cross-origin resource sharing for Flask: the names of Flask-CORS, decided by `corecors`."""

import importlib as _importlib
import logging as _logging
from types import ModuleType as _ModuleType

from ._warnings import CORSWarning as CORSWarning
from .decorator import cross_origin
from .extension import CORS
from .version import __version__

__all__ = ["CORS", "__version__", "cross_origin"]

# A library writes nowhere unless asked to, and says nothing below a warning unless asked to.
rootlogger: _logging.Logger = _logging.getLogger(__name__)
rootlogger.addHandler(_logging.NullHandler())

if rootlogger.level == _logging.NOTSET:
    rootlogger.setLevel(_logging.WARNING)


def __getattr__(name: str) -> _ModuleType:
    # `flask_cors.core` without an import of its own, as in Flask-CORS; loaded for those who ask.
    if name == "core":
        return _importlib.import_module(f"{__name__}.core")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Cross-origin resource sharing for Flask: the names of Flask-CORS, decided by `corecors`."""

import logging as _logging
from types import ModuleType as _ModuleType

from ._warnings import CORSWarning as CORSWarning
from .decorator import cross_origin
from .extension import CORS
from .version import __version__

__all__ = ["CORS", "__version__", "cross_origin"]

# Warnings reach the terminal where no logging is set up: no handler of ours stands in their way.
# What is below says nothing unless asked to.
rootlogger: _logging.Logger = _logging.getLogger(__name__)

if rootlogger.level == _logging.NOTSET:
    rootlogger.setLevel(_logging.WARNING)


def __getattr__(name: str) -> _ModuleType:
    # `flask_cors.core` without an import of its own, as in Flask-CORS; loaded for those who ask.
    if name == "core":
        import flask_cors.core as core  # noqa: PLC0415 (a statement that freezers see)

        return core
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Cross-origin resource sharing for Flask: the names of Flask-CORS, decided by `corecors`."""

import logging as _logging

from ._warnings import CORSWarning as CORSWarning
from .decorator import cross_origin
from .extension import CORS
from .version import __version__

__all__ = ["CORS", "__version__", "cross_origin"]

# A library writes nowhere unless asked to, and says nothing below a warning unless asked to.
rootlogger = _logging.getLogger(__name__)
rootlogger.addHandler(_logging.NullHandler())

if rootlogger.level == _logging.NOTSET:
    rootlogger.setLevel(_logging.WARNING)

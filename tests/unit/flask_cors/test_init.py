"""The names and the logger that an import of `flask_cors` gives."""

import importlib
import logging

import pytest

import flask_cors


def test_the_names_are_those_of_6_0_2(flask_cors_602):
    """`CORS`, `cross_origin` and `__version__`, besides the warning's class."""
    assert set(flask_cors.__all__) == {"CORS", "__version__", "cross_origin"}
    assert set(flask_cors_602.__all__) <= set(flask_cors.__all__)
    assert issubclass(flask_cors.CORSWarning, UserWarning)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("flask_cors.extension", "CORS"),
        ("flask_cors.decorator", "cross_origin"),
        ("flask_cors.version", "__version__"),
    ],
)
def test_a_name_is_found_in_its_old_module(module, name):
    """Code in the wild imports from the modules of 6.0.2 as well."""
    assert getattr(importlib.import_module(module), name) is getattr(flask_cors, name)


def test_warnings_reach_the_terminal_where_no_logging_is_set_up():
    """No handler of this package stands in the way of Python's last resort."""
    assert flask_cors.rootlogger is logging.getLogger("flask_cors")
    assert flask_cors.rootlogger.handlers == []
    assert flask_cors.rootlogger.level == logging.WARNING


@pytest.mark.parametrize("level", [logging.NOTSET, logging.DEBUG, logging.ERROR])
def test_a_level_that_was_set_before_the_import_stays(monkeypatch, level):
    """The logging configuration of an application may come first."""
    logger = logging.getLogger("flask_cors")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "level", level)
    spec = importlib.util.find_spec("flask_cors")
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    assert logger.level == (level or logging.WARNING)
    logger._cache.clear()

"""Debug mode says why, and changes nothing else; what it says can be sent and shown."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import event, given
from hypothesis import strategies as st
from werkzeug.test import create_environ

from corecors import Policy, Verdict
from tests.property import strategies
from tests.property.strategies import Ask, Setup
from tests.property.test_shell import app_of, as_routed, sent

REASON = "X-CORS-Reason"


class Kept(logging.Handler):
    """Keeps the records, written out."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        record.getMessage()
        self.records.append(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's name)
        raise AssertionError(record)


KEPT = Kept()


@pytest.fixture(autouse=True, scope="module")
def _kept() -> Iterator[None]:
    logger = logging.getLogger("flask_cors")
    level, logger.propagate = logger.level, False
    logger.addHandler(KEPT)
    yield
    logger.removeHandler(KEPT)
    logger.setLevel(level)
    logger.propagate = True


def debugging(way: str, setup: Setup) -> Flask:
    app = app_of(way, setup.options)
    app.debug = True
    return app


def reason_of(app: Flask, ask: Ask) -> str | None:
    # Of no origin that may ask: a page of the application's own is never refused.
    environ = create_environ("/any", "http://server.invalid", method=ask.method)
    if ask.origin is not None:
        environ["HTTP_ORIGIN"] = ask.origin
    for name, value in ask.headers.items():
        environ["HTTP_" + name.upper().replace("-", "_")] = value
    lines: list[tuple[str, str]] = []
    app(environ, lambda _, headers, *__: lines.extend(headers)).close()
    values = [value for name, value in lines if name == REASON]
    assert len(values) <= 1
    return values[0] if values else None


@given(strategies.exchanges(), st.sampled_from(["extension", "resource", "decorator"]))
def test_debug_mode_changes_no_header_of_cors(exchange: tuple[Setup, Ask], way: str) -> None:
    setup, ask = exchange
    assert sent(debugging(way, setup), ask) == as_routed(ask).of(setup.policy).headers


@given(strategies.exchanges(), st.sampled_from(["extension", "resource", "decorator"]))
def test_a_refusal_has_a_reason_and_a_line(exchange: tuple[Setup, Ask], way: str) -> None:
    """One line, in ASCII, of a bounded length; nothing that the client sent is advised."""
    setup, ask = exchange
    app = debugging(way, setup)
    verdict = as_routed(ask).of(setup.policy).verdict
    event(verdict.name)
    KEPT.records.clear()
    reason = reason_of(app, ask)
    told = [record for record in KEPT.records if record.name == "flask_cors.decision"]
    assert (reason is not None) == verdict.refused
    assert len(told) == verdict.refused
    for text in (reason or "x", *(record.getMessage() for record in told)):
        assert text.isascii()
        assert text.isprintable()
        assert len(text) < 3_000
    if verdict is Verdict.ORIGIN_REFUSED:
        assert f"write {ask.origin}" not in str(reason)
    for record in told:
        assert record.__dict__["cors_verdict"] == verdict.name
        assert record.levelno >= logging.WARNING


@given(
    st.text(st.characters(max_codepoint=255), min_size=1, max_size=400),
    st.text(st.characters(max_codepoint=255), min_size=1, max_size=400),
    st.text(st.characters(max_codepoint=255), max_size=400),
)
def test_no_text_of_a_client_breaks_the_reason(origin: str, method: str, names: str) -> None:
    """I7, I8: whatever bytes a request has, the header can be sent and the line be shown."""
    options: dict[str, Any] = {"origins": r"https://.*\.a" if len(names) % 2 else "*"}
    options |= {"methods": ["GET"], "allow_headers": ["X-A"]}
    setup = Setup(Policy(**options), (), options)
    headers = {
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": names,
    }
    KEPT.records.clear()
    reason = reason_of(debugging("extension", setup), Ask("OPTIONS", origin, headers))
    for text in (reason or "x", *(record.getMessage() for record in KEPT.records)):
        assert text.isascii()
        assert text.isprintable()
        assert len(text) < 3_000

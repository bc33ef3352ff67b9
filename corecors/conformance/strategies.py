"""Requests at random, beyond those that are tried in full: what nobody has thought of.

Each is made from an `Expectation` and draws the requests of one check, in the order in which they
are sent. None instead of a strategy: there is nothing to draw from.
"""

from __future__ import annotations

from typing import Optional

from hypothesis import strategies as st

from corecors import browser

from . import cases
from .exchange import Probe
from .expectation import Expectation
from .near import refused_origins
from .patterns import is_sent

__all__ = [
    "Probes",
    "hostile_requests",
    "refused_requests",
    "unexpected_headers",
    "unexpected_methods",
]

Probes = st.SearchStrategy[tuple[Probe, ...]]

_IN_HOST = "abcdefghijklmnopqrstuvwxyz0123456789-."
_LABELS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)
_IN_TOKEN = st.text(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_", min_size=1, max_size=4
)
# No line break and no NUL: no server lets them through to what is tested here.
_HOSTILE = st.text(
    st.characters(min_codepoint=1, max_codepoint=255, exclude_characters="\r\n"), min_size=1
)


def _changed(texts: st.SearchStrategy[str], alphabet: str) -> st.SearchStrategy[str]:
    """Change a text in one place: something goes, something comes."""

    def change(drawn: tuple[str, int, int, str]) -> str:
        text, at, length, new = drawn
        at %= len(text) + 1
        return text[:at] + new + text[at + length :]

    places = st.integers(0, 80), st.integers(0, 2)
    return st.tuples(texts, *places, st.text(alphabet, max_size=3)).map(change)


def refused_origins_drawn(expected: Expectation) -> Optional[st.SearchStrategy[str]]:
    """Draw origins that a browser can send and the expectation refuses, made from expected ones."""
    known = [origin for _, origin in refused_origins(expected)]
    if not known:
        return None
    witnesses = st.sampled_from(expected.witnesses)
    longer = st.tuples(witnesses, _LABELS).map(".".join)
    drawn = st.one_of(longer, _changed(witnesses, _IN_HOST))
    # A text that happens to be admitted after all gives way to one that is not.
    return drawn.map(lambda o: o if is_sent(o) and not expected.admits(o) else known[0])


def refused_requests(expected: Expectation) -> Optional[Probes]:
    """Draw one request of a page that is refused."""
    origins = refused_origins_drawn(expected)
    if origins is None:
        return None
    return origins.map(lambda origin: (cases.actual(expected, origin),))


def unexpected_methods(expected: Expectation) -> Optional[Probes]:
    """Draw one preflight of a page that is let in, for a method that is not."""
    known = cases.near_methods(expected) if cases.unexpected_methods(expected) else []
    if not known:
        return None
    allowed = {*cases.methods_of(expected)}
    names = st.one_of(_IN_TOKEN, _changed(st.sampled_from(sorted(allowed | {"PUT"})), "SXx-_"))

    def usable(name: str) -> str:
        method = browser.normalize_method(name)
        spare = not name or method in allowed or method in cases.HARMLESS
        return known[0] if spare or browser.is_forbidden_method(name) else method

    first = expected.witnesses[0]
    return names.map(lambda name: (cases.preflight(expected, first, usable(name)),))


def unexpected_headers(expected: Expectation) -> Optional[Probes]:
    """Draw one preflight of a page that is let in, with a request header that is not."""
    if not cases.unexpected_headers(expected):
        return None
    known = {name.lower() for name in expected.headers or ()}
    made = _changed(st.sampled_from(sorted(known | {"x-evil"})), "abcdexyz-_0123456789")
    first = expected.witnesses[0]

    def usable(name: str) -> str:
        spare = not name or name.lower() in known or not cases.needs_leave(name)
        return "x-evil" if spare else name

    return made.map(lambda name: (cases.preflight(expected, first, "GET", usable(name)),))


def hostile_requests(expected: Expectation) -> Probes:
    """Draw one request whose `Origin`, or what a preflight asks for, is arbitrary text."""
    return st.tuples(_HOSTILE, st.integers(0, 3)).map(
        lambda drawn: (cases.hostile_probes(expected, drawn[0])[drawn[1]],)
    )

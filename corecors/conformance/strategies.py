"""Strategies: requests to an implementation, from origins near and far, and hostile text.

Each is made from an `Expectation` and draws the requests of one check, in the order in which they
are sent. None instead of a strategy: the expectation says nothing that could be checked.
"""

from __future__ import annotations

import re
from typing import Callable, Optional

from hypothesis import strategies as st

from corecors import browser

from .exchange import API, Probe
from .expectation import Expectation

__all__ = [
    "UNKNOWN_METHOD",
    "Probes",
    "actual",
    "actual_requests",
    "allowed_preflights",
    "any_requests",
    "hostile_requests",
    "look_alike_methods",
    "pairs_of_requests",
    "preflight",
    "refused_origins",
    "refused_requests",
    "unexpected_headers",
    "unexpected_methods",
]

Probes = st.SearchStrategy[tuple[Probe, ...]]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
UNKNOWN_METHOD = "QQ"
_SOME_HEADERS = ("x-requested-with", "authorization", "content-type")

# Each takes an origin that is let in to one that mostly must not be. (CWE-942, CWE-185, CWE-20)
NEAR: tuple[Callable[[str], str], ...] = (
    lambda origin: origin + ".evil.example",
    lambda origin: origin + "x",
    lambda origin: origin.replace("://", "://evil", 1),
    lambda origin: origin.replace("://", "://evil.", 1),
    lambda origin: re.sub(r"://[^.]*\.", "://", origin, count=1),
    lambda origin: re.sub(r":[0-9]+$", "", origin) + ":8444",
    lambda origin: re.sub(r":[0-9]+$", "", origin),
    lambda origin: origin.replace("https:", "http:", 1),
    lambda origin: origin.replace("http:", "https:", 1),
    lambda origin: origin[:-1],
    lambda origin: re.sub(r"\.([^.]*)$", r"x\1", origin),
    lambda origin: re.sub(r"://([^.]*)\.", r"://\1x", origin),
)
_FAR = ("https://evil.example", "http://localhost:3000", "http://[::1]:8080", "null")
_LABELS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)

# No line break and no NUL: no server lets them through to what is tested here.
_HOSTILE_TEXT = st.text(
    st.characters(min_codepoint=1, max_codepoint=255, exclude_characters="\r\n"), min_size=1
)
_HOSTILE = st.one_of(
    st.sampled_from(
        [
            "*",
            "https://",
            "https://a.example, https://evil.example",
            "https://a.example https://evil.example",
            '"https://a.example"',
            "https://a.example\x7f",
            "https://\xe4.example",
            "https://[::1",
            "https://a.example:99999999999999999999",
            ",,,",
            "x" * 3_000,
            "(" * 1_000,
            "\\",
        ]
    ),
    _HOSTILE_TEXT,
)


def actual(expected: Expectation, origin: Optional[str]) -> Probe:
    """Make the simplest request of a page, or, without an origin, of anything else."""
    headers = () if origin is None else (("Origin", origin),)
    return Probe(path=expected.path, headers=headers)


def preflight(expected: Expectation, origin: str, method: str, *names: str) -> Probe:
    """Make a preflight as a browser does (Fetch, "CORS-preflight fetch" steps 3 to 5).

    Unlike a browser's it may name safelisted headers, and hostile text.
    """
    asked = (("Origin", origin), ("Access-Control-Request-Method", method))
    listed = ",".join(sorted({name.lower() for name in names}))
    headers = (*asked, ("Access-Control-Request-Headers", listed)) if listed else asked
    return Probe(method="OPTIONS", path=expected.path, headers=headers)


def _one(strategy: st.SearchStrategy[Probe]) -> Probes:
    return strategy.map(lambda probe: (probe,))


def _is_sent(origin: str) -> bool:
    """Tell whether a browser can send this, and from another host than the tested one."""
    return browser.serialize_origin(origin) == origin != API  # as "null" is too


def refused_origins(expected: Expectation) -> Optional[st.SearchStrategy[str]]:
    """Draw origins that a browser can send and the expectation refuses, most of them near."""
    witnesses = expected.witnesses
    near = [change(witness) for witness in witnesses for change in NEAR]
    known = [o for o in (*near, *_FAR) if _is_sent(o) and not expected.admits(o)]
    if not known:
        return None
    labels = st.tuples(st.sampled_from(witnesses), _LABELS).map(".".join)
    # A text that happens to be admitted after all gives way to one that is not.
    drawn = labels.map(lambda o: o if _is_sent(o) and not expected.admits(o) else known[0])
    return st.one_of(st.sampled_from(known), drawn)


def _allowed(expected: Expectation) -> st.SearchStrategy[str]:
    return st.sampled_from(expected.witnesses)


def _methods(expected: Expectation) -> tuple[str, ...]:
    """Return methods that the expectation allows; what it does not say is not used."""
    methods = expected.methods or ()
    named = METHODS if "*" in methods else tuple(m for m in methods if m != "HEAD")
    return named or ("GET",)


def _headers(expected: Expectation) -> tuple[str, ...]:
    names = expected.headers or ()
    return (*(n for n in names if n != "*"), *(_SOME_HEADERS if "*" in names else ()))


def actual_requests(expected: Expectation) -> Probes:
    """Draw one request of a page that is let in."""
    return _one(_allowed(expected).map(lambda origin: actual(expected, origin)))


def allowed_preflights(expected: Expectation) -> Probes:
    """Draw one preflight that is expected to succeed."""
    names = _headers(expected)
    subsets = st.lists(st.sampled_from(names), max_size=3) if names else st.just([])
    methods = st.sampled_from(_methods(expected))
    drawn = st.tuples(_allowed(expected), methods, subsets)
    return _one(drawn.map(lambda t: preflight(expected, t[0], t[1], *t[2])))


def _requests(
    expected: Expectation, origins: st.SearchStrategy[str]
) -> tuple[st.SearchStrategy[Probe], ...]:
    method = _methods(expected)[-1]
    return (
        origins.map(lambda origin: actual(expected, origin)),
        origins.map(lambda origin: preflight(expected, origin, method, *_headers(expected)[:1])),
    )


def refused_requests(expected: Expectation) -> Optional[Probes]:
    """Draw one request or preflight of a page that is refused."""
    origins = refused_origins(expected)
    return None if origins is None else _one(st.one_of(*_requests(expected, origins)))


def any_requests(expected: Expectation) -> Probes:
    """Draw two requests or preflights, let in or not, with and without `Origin`.

    Two, since what an implementation remembers of one request shows in the next.
    """
    refused = refused_origins(expected)
    origins = _allowed(expected) if refused is None else st.one_of(_allowed(expected), refused)
    one = st.one_of(st.just(actual(expected, None)), *_requests(expected, origins))
    return st.lists(one, min_size=1, max_size=2).map(tuple)


def pairs_of_requests(expected: Expectation) -> Probes:
    """Draw a request, and another for the same URL that a cache might answer with its response."""
    refused = refused_origins(expected)
    origins = _allowed(expected) if refused is None else st.one_of(_allowed(expected), refused)
    first = st.one_of(st.none(), origins)
    return st.tuples(
        first.map(lambda origin: actual(expected, origin)),
        origins.map(lambda origin: actual(expected, origin)),
    )


def _near_methods(expected: Expectation) -> list[str]:
    """List tokens that resemble an allowed method, and known ones, none of them allowed."""
    listed = ", ".join(expected.methods or ())
    words = re.findall("[A-Za-z]+", listed)
    near = [text for word in words for text in (word[:1], word[1:], word[:-1], word + "S")]
    candidates = [*near, *METHODS, "LOCK"]
    return [
        name
        for name in candidates
        if name
        and browser.normalize_method(name) not in (expected.methods or ())
        and not browser.is_safelisted_method(browser.normalize_method(name))
    ]


def _restricts(names: Optional[tuple[str, ...]]) -> bool:
    return names is not None and "*" not in names


def unexpected_methods(expected: Expectation) -> Optional[Probes]:
    """Draw one preflight of a page that is let in, for a method that is not."""
    if not _restricts(expected.methods):
        return None
    drawn = st.tuples(_allowed(expected), st.sampled_from(_near_methods(expected)))
    return _one(drawn.map(lambda t: preflight(expected, *t)))


def look_alike_methods(expected: Expectation) -> Optional[Probes]:
    """Draw a preflight for a method that resembles none, and one for any other unexpected one."""
    if not _restricts(expected.methods):
        return None
    drawn = st.tuples(_allowed(expected), st.sampled_from(_near_methods(expected)))
    return drawn.map(lambda t: (preflight(expected, t[0], UNKNOWN_METHOD), preflight(expected, *t)))


def unexpected_headers(expected: Expectation) -> Optional[Probes]:
    """Draw one preflight of a page that is let in, with a request header that is not."""
    if not _restricts(expected.headers):
        return None
    known = [name.lower() for name in expected.headers or ()]
    near = [t for name in known for t in (name + "-evil", "x-" + name, name[:-1], name[1:])]
    names = [n for n in (*near, "x-evil", *_SOME_HEADERS) if n and n not in known]
    drawn = st.tuples(_allowed(expected), st.just("GET"), st.sampled_from(names))
    return _one(drawn.map(lambda t: preflight(expected, *t)))


def hostile_requests(expected: Expectation) -> Probes:
    """Draw one request whose `Origin`, or what a preflight asks for, is arbitrary text."""
    pairs = st.tuples(_allowed(expected), _HOSTILE)
    return _one(
        st.one_of(
            _HOSTILE.map(lambda text: actual(expected, text)),
            _HOSTILE.map(lambda text: preflight(expected, text, "PUT", "x-a")),
            pairs.map(lambda t: preflight(expected, *t)),
            pairs.map(lambda t: preflight(expected, t[0], "PUT", t[1])),
        )
    )

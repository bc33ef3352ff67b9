"""The requests that are tried in full, each with what it is about and which hole it may show.

A function of the expectation each, in the order in which they are sent: the simplest first, since
of several that show the same the first is reported. An empty list: nothing to be checked is said.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from typing import Optional

import attrs

from corecors import browser

from .exchange import Probe
from .expectation import Expectation
from .near import ANY, refused_origins

__all__ = [
    "HARMLESS",
    "METHODS",
    "UNKNOWN_METHOD",
    "Case",
    "actual",
    "actual_requests",
    "all_requests",
    "allowed_preflights",
    "hostile_requests",
    "look_alike_methods",
    "page_requests",
    "pairs_of_requests",
    "preflight",
    "refused_requests",
    "repeated_requests",
    "unexpected_headers",
    "unexpected_methods",
    "upload_preflights",
]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
UNKNOWN_METHOD = "QQ"
SOME_HEADERS = ("x-requested-with", "authorization", "content-type")
OTHER_HEADERS = (
    "x-evil",
    *SOME_HEADERS,
    "x-api-key",
    "x-csrf-token",
    "x-forwarded-for",
    "x-http-method-override",
)


@attrs.frozen
class Case:
    """Some requests in their order, what they are about, and the name of the hole they show."""

    probes: tuple[Probe, ...]
    subject: str
    hole: str = ""
    implies_the_rest: bool = False
    """Where this is a hole, the cases after it show no other one."""


def actual(
    expected: Expectation, origin: Optional[str], method: str = "GET", path: str = ""
) -> Probe:
    """Make the simplest request of a page, or, without an origin, of anything else."""
    headers = () if origin is None else (("Origin", origin),)
    return Probe(method=method, path=path or expected.path, headers=headers)


def preflight(expected: Expectation, origin: str, method: str, *names: str) -> Probe:
    """Make a preflight as a browser does (Fetch, "CORS-preflight fetch" steps 3 to 5).

    Unlike a browser's it may name safelisted headers, and hostile text.
    """
    asked = (("Origin", origin), ("Access-Control-Request-Method", method))
    listed = ",".join(sorted({name.lower() for name in names}))
    headers = (*asked, ("Access-Control-Request-Headers", listed)) if listed else asked
    return Probe(method="OPTIONS", path=expected.path, headers=headers)


def methods_of(expected: Expectation) -> tuple[str, ...]:
    """List the methods that are expected to be allowed, as a page's browser writes them."""
    methods = expected.methods or ()
    named = METHODS if "*" in methods else methods
    return tuple(dict.fromkeys(map(browser.normalize_method, named)))


def headers_of(expected: Expectation) -> tuple[str, ...]:
    """List request headers that are expected to be allowed, and that need it."""
    names = expected.headers or ()
    listed = (*(n for n in names if n != "*"), *(SOME_HEADERS if "*" in names else ()))
    return tuple(filter(needs_leave, listed))


def needs_leave(name: str) -> bool:
    """Tell whether a page needs a preflight's leave to send this request header."""
    is_sent = not browser.is_forbidden_request_header(name, "x")
    return is_sent and bool(browser.unsafe_request_header_names([(name, "x")]))


def page_requests(expected: Expectation) -> list[Case]:
    """Make one request of each page that is let in."""
    return [Case((actual(expected, origin),), origin) for origin in expected.witnesses]


def _other_answers(expected: Expectation, origin: str) -> list[Case]:
    """Make the requests whose answers most often lack what others have: by method, and errors."""
    sent = [(method, expected.path, f"answers to {method}") for method in expected.send]
    errors = [("GET", path, f"answers at {path}") for path in expected.error_paths]
    return [
        Case((actual(expected, origin, method, path),), f"{method} {path} from {origin}", hole)
        for method, path, hole in (*sent, *errors)
    ]


def actual_requests(expected: Expectation) -> list[Case]:
    """Make one request of each page that is let in, and of the first those of other answers."""
    return [*page_requests(expected), *_other_answers(expected, expected.witnesses[0])]


def _usual_preflight(expected: Expectation, origin: str) -> Probe:
    """Make a preflight whose method and header are expected to be allowed."""
    unsafe = [name for name in methods_of(expected) if not browser.is_safelisted_method(name)]
    return preflight(expected, origin, (unsafe or ["GET"])[0], *headers_of(expected)[:1])


def allowed_preflights(expected: Expectation) -> list[Case]:
    """Make each preflight that is expected to succeed, and that a browser makes for a page.

    For the first origin each method and each header alone, and all headers at once; for every
    other one method and one header.
    """
    unsafe = [name for name in methods_of(expected) if not browser.is_safelisted_method(name)]
    names = headers_of(expected)
    if not unsafe and not names:
        return []
    first, *others = expected.witnesses
    found = [Case((preflight(expected, first, name),), f"{name} from {first}") for name in unsafe]
    # For every method that is allowed, GET is too: no browser asks for it.
    asking = next(iter(methods_of(expected)), "GET")
    for listed in (*((name,) for name in names), names[:20]):
        said = f"the request header {', '.join(listed)} from {first}"
        found += [Case((preflight(expected, first, asking, *listed),), said)] if listed else []
    found += [Case((_usual_preflight(expected, origin),), origin) for origin in others]
    return found


def upload_preflights(expected: Expectation) -> list[Case]:
    """Make preflights that only an upload listener or a streamed body causes."""
    safe = [name for name in methods_of(expected) if browser.is_safelisted_method(name)]
    first = expected.witnesses[0]
    return [Case((preflight(expected, first, name),), name, name) for name in safe]


def refused_requests(expected: Expectation) -> list[Case]:
    """Make a request and a preflight of each page that is refused."""
    refused = refused_origins(expected)
    found = [
        Case((probe,), f"{origin} ({kind})", kind, kind == ANY)
        for kind, origin in refused
        for probe in (actual(expected, origin), _usual_preflight(expected, origin))
    ]
    return [*found, *(case for _, o in refused[:1] for case in _other_answers(expected, o))]


def pairs_of_requests(expected: Expectation) -> list[Case]:
    """Make a request, and another for the same URL that a cache might answer with its response."""
    refused = [origin for _, origin in refused_origins(expected)][:2]
    pages = [*expected.witnesses, *refused]
    found = [
        Case(tuple(actual(expected, o) for o in (None, page)), page, "without Origin, then a page")
        for page in pages
    ]
    for first, second in itertools.permutations(pages, 2):
        probes = (actual(expected, first), actual(expected, second))
        found.append(Case(probes, f"{second} after {first}", "one page, then another"))
    return found


def repeated_requests(expected: Expectation) -> list[Case]:
    """Make a request of a page, one of another, and the first again."""
    refused = [origin for _, origin in refused_origins(expected)][:1]
    others: list[Optional[str]] = [*expected.witnesses[1:3], *refused, None]
    first = expected.witnesses[0]
    found: list[Case] = []
    for other in others:
        one, two = actual(expected, first), actual(expected, other)
        subject = f"{first} after {other or 'a request without Origin'}"
        # Twice before, since the very first answer may be another's already.
        found.append(Case((one, one, two, one), subject, "after another's request"))
    return found


# These need nobody's leave; OPTIONS is what a preflight is itself, and as safe as it is.
# (Fetch, CORS-safelisted method; RFC 9110 section 9.2.1)
HARMLESS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


def near_methods(expected: Expectation) -> list[str]:
    """List known methods and tokens that resemble an allowed one, none of them allowed."""
    allowed = methods_of(expected)
    near = [
        text
        for word in dict.fromkeys(re.findall("[A-Za-z]+", ", ".join(expected.methods or ())))
        for text in (word[:1], word[1:], word[:-1], word + "S", "X" + word)
    ]
    cased = [other for name in allowed for other in (name.lower(), name.capitalize())]
    candidates = [*METHODS, "patch", *cased, *near, "LOCK", "PROPFIND"]
    normalized = dict.fromkeys(browser.normalize_method(name) for name in candidates if name)
    return [name for name in normalized if name not in allowed and name not in HARMLESS]


def _restricts(names: Optional[tuple[str, ...]]) -> bool:
    return names is not None and "*" not in names


def unexpected_methods(expected: Expectation) -> list[Case]:
    """Make preflights of pages that are let in, for methods that are not.

    All of them for the first origin, the known ones for the others.
    """
    if not _restricts(expected.methods):
        return []
    near, (first, *others) = near_methods(expected), expected.witnesses
    found = [Case((preflight(expected, first, name),), name, name) for name in near]
    known = [name for name in near if name in METHODS]
    for origin, name in itertools.product(others, known):
        found.append(Case((preflight(expected, origin, name),), f"{name} from {origin}", name))
    return found


def look_alike_methods(expected: Expectation) -> list[Case]:
    """Make a preflight for a method that resembles none, and one for any other unexpected one."""
    if not _restricts(expected.methods):
        return []
    first = expected.witnesses[0]
    far = preflight(expected, first, UNKNOWN_METHOD)
    return [
        Case((far, preflight(expected, first, name)), name, "parts of a method")
        for name in near_methods(expected)
    ]


def unexpected_headers(expected: Expectation) -> list[Case]:
    """Make preflights of pages that are let in, with a request header that is not.

    All of them for the first origin, one for the others.
    """
    if not _restricts(expected.headers):
        return []
    known = [name.lower() for name in expected.headers or ()]
    near = [
        text
        for name in known
        for text in (
            f"{name}-evil", f"x-{name}", name[:-1], name[1:], f"{name}x", name.replace("-", "_")
        )
    ]  # fmt: skip
    names = [
        name
        for name in dict.fromkeys((*OTHER_HEADERS, *near))
        if name.strip("-_") and name not in known and needs_leave(name)
    ]
    method = next(iter(methods_of(expected)), "GET")
    first, *others = expected.witnesses
    found = [Case((preflight(expected, first, method, name),), name, name) for name in names]
    for origin in others:
        probe = preflight(expected, origin, method, names[0])
        found.append(Case((probe,), f"{names[0]} from {origin}", names[0]))
    return found


HOSTILE = (
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
)


_PLACES = (
    "text in Origin",
    "text in the Origin of a preflight",
    "text for the method",
    "text for the headers",
)


def hostile_probes(expected: Expectation, text: str) -> list[Probe]:
    """Put a text in each place where a header's value decides."""
    first = expected.witnesses[0]
    return [
        actual(expected, text),
        preflight(expected, text, "PUT", "x-a"),
        preflight(expected, first, text),
        preflight(expected, first, "PUT", text),
    ]


def hostile_requests(expected: Expectation) -> list[Case]:
    """Make requests whose `Origin`, or what a preflight asks for, no browser writes."""
    shouted = [origin.upper() for origin in expected.witnesses[:3] if origin.upper() != origin]
    texts = [*HOSTILE, *shouted]
    return [
        Case((probe,), ascii(text)[:60], place)
        for text in texts
        for place, probe in zip(_PLACES, hostile_probes(expected, text))
    ]


def all_requests(expected: Expectation) -> list[Case]:
    """List every request of the other functions but hostile ones; a hole has no name here."""
    makers: Iterable[list[Case]] = (
        [Case((actual(expected, None),), "a request without Origin")],
        actual_requests(expected),
        allowed_preflights(expected),
        refused_requests(expected),
        unexpected_methods(expected),
        unexpected_headers(expected),
    )
    return [
        attrs.evolve(case, hole="", implies_the_rest=False) for cases in makers for case in cases
    ]

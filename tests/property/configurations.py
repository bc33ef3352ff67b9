"""Random applications and random requests to them, near to what they allow and far from it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from importlib.util import find_spec
from typing import Any, NamedTuple, Optional

from hypothesis import strategies as st

from tests.property import strategies
from tests.property.applications import BEHAVIOURS, Extension, Listed, Request, Setup, View
from tests.property.differences import (
    BROKEN_AGES,
    BROKEN_HEADERS,
    BROKEN_ORIGINS,
    BROKEN_PATHS,
    ODD_KEYS,
    ODD_OPTIONS,
)
from tests.property.strategies import Kind, Pattern

REQUESTS = 8
"""How many requests each application gets."""

# Hypothesis draws the bounds of a range more often than a number within.
_ONE_IN_FORTY = st.integers(0, 39).map(lambda number: number == 7)


@st.composite
def _rarely(draw: st.DrawFn, rare: Any, usual: st.SearchStrategy[Any]) -> Any:
    return rare if draw(_ONE_IN_FORTY) else draw(usual)


# --- options

_SHAPES = st.sampled_from(["list", "list", "tuple", "set", "single", "commas"])


@st.composite
def _origins(draw: st.DrawFn) -> Listed:
    items = draw(st.lists(strategies.patterns, min_size=1, max_size=3))
    if draw(_ONE_IN_FORTY):
        items.append(Pattern(Kind.TEXT_REGEX, draw(st.sampled_from(BROKEN_ORIGINS)), ()))
    return Listed(tuple(items), draw(_SHAPES))


_ANY_OR_ONE = st.one_of(
    st.just(Listed((Pattern(Kind.ANY, "*", ("https://a.example",)),), "single")),
    st.just(Listed((Pattern(Kind.LITERAL, "https://a.example", ("https://a.example",)),))),
)


def _listed(items: st.SearchStrategy[tuple[Any, ...]]) -> st.SearchStrategy[Listed]:
    return st.builds(Listed, items, _SHAPES)


_MAX_AGES = st.sampled_from([0, 600, "600", -5, "0", timedelta(minutes=10), timedelta(0), 600.0])

_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "origins": st.one_of(_origins(), _origins(), _ANY_OR_ONE),
    "methods": _rarely(None, _listed(strategies.methods)),
    "allow_headers": _rarely(
        Listed(("X-A", *BROKEN_HEADERS)),
        _rarely(None, _listed(strategies.allow_headers)),
    ),
    "expose_headers": _listed(strategies.expose_headers),
    "supports_credentials": st.booleans(),
    "max_age": _rarely("soon", _MAX_AGES),
    "send_wildcard": st.sampled_from([True, False, False]),
    "vary_header": st.sampled_from([True, False, False]),
    "always_send": st.booleans(),
    "allow_private_network": st.booleans(),
    "automatic_options": st.booleans(),
    "intercept_exceptions": st.booleans(),
}
_POLICY = [name for name in _VALUES if name not in {"automatic_options", "intercept_exceptions"}]
_EXTENSION = [*_POLICY, "intercept_exceptions"]
_DECORATOR = [*_POLICY, "automatic_options"]


@st.composite
def _options(draw: st.DrawFn, names: list[str], most: int) -> dict[str, Any]:
    chosen = draw(st.lists(st.sampled_from(["origins", *names]), max_size=most, unique=True))
    options = {name: draw(_VALUES[name]) for name in chosen}
    if draw(_ONE_IN_FORTY):
        options[draw(st.sampled_from(ODD_OPTIONS))] = "odd"
    return options


_RESOURCE_OPTIONS = _options(_POLICY, 3)
_EXTENSION_OPTIONS = _options(_EXTENSION, 4)
_DECORATOR_OPTIONS = _options(_DECORATOR, 4)
_PATH_PATTERNS = st.sampled_from(
    [
        *["/*", "*", "/api", "/api/x", "/outer/*", r"/api/v1/.*", r"/files/.*", "/api/v1/*"],
        *["/api/*", "/api/*", "/api/*", "/ap", "/files/%61", "/files/a", "/files/a b"],
        *[r"/(api|outer)/inner", r"^/outer.*x$", r"/outer/(inner/)?files/a$", r".*/a b"],
        *[re.compile("/API", re.IGNORECASE), re.compile(r"/api/v\d"), re.compile(".*/files/a$")],
    ]
)
_RESOURCES = st.one_of(
    st.dictionaries(_PATH_PATTERNS, _RESOURCE_OPTIONS, min_size=1, max_size=3),
    st.dictionaries(_PATH_PATTERNS, _RESOURCE_OPTIONS, min_size=1, max_size=3),
    st.lists(_PATH_PATTERNS, min_size=1, max_size=3),
    _PATH_PATTERNS,
)


@st.composite
def _extensions(draw: st.DrawFn) -> Extension:
    options = draw(_EXTENSION_OPTIONS)
    if draw(st.booleans()):
        options["resources"] = draw(_RESOURCES)
    if draw(_ONE_IN_FORTY):
        options["resources"] = [*BROKEN_PATHS, "/*"]
    shape = draw(st.integers(0, 7))
    if shape > 1:
        return Extension(options)
    init_app = draw(_EXTENSION_OPTIONS) if shape == 0 else None
    again = draw(_EXTENSION_OPTIONS) if draw(st.booleans()) else None
    if again is not None and draw(st.booleans()):
        again["resources"] = draw(_RESOURCES)
    return Extension(options, init_app, again)


# --- applications

_RULES = st.sampled_from(
    ["/api/x", "/api", "/api/", "/apisecret", "/api/v1/<name>", *["/files/<path:name>"] * 2, "/x"]
)
_KINDS = st.sampled_from(
    [
        *["function"] * 5,
        "class",
        "class",
        "method",
        "method",
        "two",
        "two",
        "bare",
        "bound",
        "stacked",
    ]
    + (["async"] if find_spec("asgiref") else [])
)
_DOES = st.sampled_from(["text", "text", "text", *BEHAVIOURS])
_VIEW_METHODS = st.sampled_from([("GET",), ("GET", "POST"), ("GET", "OPTIONS"), ("PUT", "PATCH")])


@st.composite
def _views(draw: st.DrawFn) -> View:
    kind = draw(_KINDS)
    decorated = kind in {"bound", "stacked"} or draw(st.booleans())
    second = kind == "stacked" or (kind == "two" and draw(st.booleans()))
    return View(
        rule=draw(_RULES),
        cors=draw(_DECORATOR_OPTIONS) if decorated else None,
        kind=kind,
        does=draw(_DOES),
        methods=draw(_VIEW_METHODS) if kind == "function" else ("GET",),
        home=draw(st.sampled_from(["", "", "outer", "inner"])),
        second=draw(_DECORATOR_OPTIONS) if second else None,
        args=("*",) if kind == "function" and decorated and draw(_ONE_IN_FORTY) else (),
    )


_SOME_EXTENSIONS = st.lists(_extensions(), max_size=2).map(tuple)
_FEW_EXTENSIONS = st.one_of(st.just(()), st.just(()), _SOME_EXTENSIONS)
_CONFIG = st.one_of(st.just({}), _options(_EXTENSION, 3))
_LATE = st.one_of(*[st.just({})] * 9, _options(["origins"], 1))


@st.composite
def setups(draw: st.DrawFn) -> Setup:
    """Applications of every kind that the contract speaks of."""
    views = draw(st.lists(_views(), min_size=1, max_size=2))
    homes = {view.home for view in views}
    extensions = draw(_SOME_EXTENSIONS)
    decorated = any(view.cors is not None or view.kind == "bare" for view in views)
    if not decorated:
        extensions = extensions or (Extension(),)
    config = draw(_CONFIG)
    if decorated:
        config = _without_broken(config)
    return Setup(
        config=config,
        odd_config={draw(st.sampled_from(ODD_KEYS)): "odd"} if draw(_ONE_IN_FORTY) else {},
        extensions=extensions,
        outer=draw(_FEW_EXTENSIONS) if homes & {"outer", "inner"} else (),
        inner=draw(_FEW_EXTENSIONS) if "inner" in homes else (),
        views=tuple(views),
        late_config=_without_broken(draw(_LATE)),
        propagate=draw(_ONE_IN_FORTY),
    )


def _without_broken(options: dict[str, Any]) -> dict[str, Any]:
    """Leave out what set-up cannot refuse: a decorator has no configuration before a request."""
    return {name: value for name, value in options.items() if not _breaks(value)}


def _breaks(value: Any) -> bool:
    items = value.items if isinstance(value, Listed) else (value,)
    values = [item.value if isinstance(item, Pattern) else item for item in items]
    broken = (*BROKEN_ORIGINS, *BROKEN_HEADERS, *BROKEN_AGES)
    return any(isinstance(value, (str, float)) and value in broken for value in values)


# --- requests

_PREFIX = {"": "", "outer": "/outer", "inner": "/outer/inner"}
_NAMES = st.sampled_from(
    ["a", "b", "a%20b", "%61", "%2561", "%252561", "a%2Fb", "a%252Fb", "a+b", "%2e%2e", "%C3%A9"]
)
_SPELLINGS = st.sampled_from(
    [
        *[lambda path: path] * 9,
        lambda path: path.rstrip("/"),
        lambda path: path + "/",
        lambda path: path.replace("a", "%61"),
        lambda path: path.replace("a", "%2561"),
        lambda path: path.upper(),
        lambda path: "/nowhere" + path,
        lambda path: path + "/../x",
    ]
)
_METHODS = st.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "LOCK"])
_NETWORK = st.sampled_from(["true", "true", "false", "TRUE", ""])


def as_wsgi(text: str) -> str:
    """A header value as a WSGI server hands it on: Latin-1, without line breaks."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        text = text.encode("utf-8", "surrogatepass").decode("latin-1")
    return re.sub("[\r\n\0]", "", text)


@st.composite
def _origins_near(draw: st.DrawFn, patterns: tuple[Pattern, ...]) -> str:
    """Origins of every kind; the ones that begin like an admitted one are the holes of 6.0.2."""
    origin = draw(strategies.origins(patterns))
    return origin + draw(st.sampled_from([*[""] * 7, ".evil.example", "x", ":80"]))


@st.composite
def requests(draw: st.DrawFn, setup: Setup) -> Request:
    """Requests to the paths of an application, half of them preflights."""
    view = setup.views[draw(st.integers(0, len(setup.views) - 1))]
    path = draw(_SPELLINGS)(_PREFIX[view.home] + re.sub("<.*>", draw(_NAMES), view.rule))
    origin = draw(_origins_near(_patterns(setup))) if draw(st.integers(0, 5)) else None
    headers: dict[str, str] = {}
    if draw(st.booleans()):
        method = "OPTIONS"
        if draw(st.integers(0, 9)):
            headers["requested_method"] = draw(strategies.requested_methods(_methods(setup)))
        if draw(st.booleans()):
            headers["requested_headers"] = draw(strategies.requested_headers)
    else:
        method = draw(_METHODS)
    if draw(st.integers(0, 3)) == 0:
        headers["private_network"] = draw(_NETWORK)
    if origin is not None:
        origin = as_wsgi(origin)
    values = {name: as_wsgi(value) for name, value in headers.items()}
    return Request(path, method, origin, **values)


def _option_sets(setup: Setup) -> Iterable[Any]:
    yield setup.config
    yield setup.late_config
    for extension in (*setup.extensions, *setup.outer, *setup.inner):
        yield from (extension.options, extension.init_app or {}, extension.again or {})
        resources = extension.options.get("resources")
        if isinstance(resources, dict):
            yield from resources.values()
    for view in setup.views:
        yield from (view.cors or {}, view.second or {})


def _patterns(setup: Setup) -> tuple[Pattern, ...]:
    return tuple(
        pattern
        for options in _option_sets(setup)
        if "origins" in options
        for pattern in options["origins"].items
        if pattern.witnesses
    )


def _methods(setup: Setup) -> tuple[str, ...]:
    found = [
        name
        for options in _option_sets(setup)
        if options.get("methods") is not None
        for name in options["methods"].items
    ]
    return tuple(found) or strategies.METHODS


class Case(NamedTuple):
    """An application, and what it is asked, in this order."""

    setup: Setup
    requests: tuple[Request, ...]


@st.composite
def cases(draw: st.DrawFn, setup: Optional[Setup] = None) -> Case:
    """An application and some requests to it."""
    setup = setup or draw(setups())
    return Case(setup, tuple(draw(requests(setup)) for _ in range(REQUESTS)))

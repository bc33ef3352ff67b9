"""What the property tests draw from: policies, and requests near to and far from what they allow.

An origin pattern is drawn together with its kind and with origins that it admits, so that requests
can begin at a permission and move away from it one attack at a time. `test_strategies.py` holds
these strategies to what they promise.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable
from itertools import product
from typing import Any, NamedTuple

from hypothesis import strategies as st

from corecors import Decision, Policy, Rules, browser, evaluate

# --- origin patterns


class Kind(enum.Enum):
    ANY = "any origin"
    LITERAL = "a serialized origin, or another literal text"
    IPV6 = "a serialized origin with an IPv6 host"
    NULL = "null"
    SUBDOMAIN = "scheme://*.host"
    PORT = "scheme://host:*"
    BOTH = "scheme://*.host:*"
    GLOB = "another glob"
    TEXT_REGEX = "a regex in its string form"
    COMPILED = "a compiled regex"
    CALLABLE = "a callable"


class Pattern(NamedTuple):
    kind: Kind
    value: Any
    witnesses: tuple[str, ...]
    """Some origins that it admits; of a callable, some that it is asked about."""


BROKEN = LookupError("a callable of the user's that is broken")


def admit_all(origin: str) -> bool:
    return True


def admit_none(origin: str) -> bool:
    return False


def admit_secure(origin: str) -> bool:
    return origin.startswith("https://")


def admit_short(origin: str) -> bool:
    return len(origin) < 20


def answer_with_text(origin: str) -> Any:
    return origin


def raise_broken(origin: str) -> bool:
    raise BROKEN.with_traceback(None)


CALLABLES = (admit_all, admit_none, admit_secure, admit_short, answer_with_text, raise_broken)

_LABELS = st.sampled_from(["a", "b", "ab", "x-1", "s3", "k", "example"])
_PORTS = st.sampled_from(["", "", ":80", ":443", ":3000", ":8443", ":65535"])
_SCHEMES = st.sampled_from(["https", "https", "http"])

hosts = st.one_of(
    st.lists(_LABELS, min_size=1, max_size=3).map(".".join),
    st.sampled_from(["localhost", "127.0.0.1"]),
)
ipv6_hosts = st.sampled_from(["[::1]", "[2001:db8::1]", "[::ffff:7f00:1]"])


def _spelt(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from([text, text, text, text.upper(), text.title()])


@st.composite
def _serialized(draw: st.DrawFn, among: st.SearchStrategy[str] = hosts) -> str:
    return f"{draw(_SCHEMES)}://{draw(among)}{draw(_PORTS)}"


@st.composite
def _literals(draw: st.DrawFn) -> Pattern:
    other = st.sampled_from(["https://a.example/", "localhost:3000", "file://", "app://-", "NULL"])
    origin = draw(st.one_of(_serialized(), _serialized(), _serialized(), other))
    return Pattern(Kind.LITERAL, draw(_spelt(origin)) if origin != "NULL" else origin, (origin,))


@st.composite
def _ipv6(draw: st.DrawFn) -> Pattern:
    origin = draw(_serialized(ipv6_hosts))
    return Pattern(Kind.IPV6, draw(_spelt(origin)), (origin,))


@st.composite
def _subdomains(draw: st.DrawFn) -> Pattern:
    scheme, host, port = draw(_SCHEMES), draw(hosts), draw(_PORTS)
    witnesses = (f"{scheme}://a.{host}{port}", f"{scheme}://x-1.b.{host}{port}")
    return Pattern(Kind.SUBDOMAIN, draw(_spelt(f"{scheme}://*.{host}{port}")), witnesses)


@st.composite
def _any_port(draw: st.DrawFn) -> Pattern:
    base = f"{draw(_SCHEMES)}://{draw(st.one_of(hosts, ipv6_hosts))}"
    return Pattern(Kind.PORT, draw(_spelt(f"{base}:*")), (base, f"{base}:3000"))


@st.composite
def _both(draw: st.DrawFn) -> Pattern:
    scheme, host = draw(_SCHEMES), draw(hosts)
    witnesses = (f"{scheme}://a.{host}", f"{scheme}://x-1.b.{host}:8443")
    return Pattern(Kind.BOTH, draw(_spelt(f"{scheme}://*.{host}:*")), witnesses)


# A glob, and some origins that it admits.
_GLOBS = (
    ("{scheme}://app-*.{host}{port}", "{scheme}://app-1.{host}{port}"),
    ("{scheme}://*-a.{host}", "{scheme}://b-2-a.{host}"),
    ("{scheme}://a*b*c.{host}", "{scheme}://axb-c.{host}"),
    ("{scheme}://a.*.{host}:*", "{scheme}://a.x.{host}", "{scheme}://a.x_1.{host}:3000"),
    ("{scheme}://*.a.*.{host}", "{scheme}://x.a.b.{host}", "{scheme}://x.y.a.b.{host}"),
    ("{scheme}://192.168.*.*{port}", "{scheme}://192.168.0.255{port}"),
    ("{scheme}://*", "{scheme}://{host}", "{scheme}://{host}:3000", "{scheme}://[::1]"),
    ("{scheme}://*:3000", "{scheme}://{host}:3000"),
    ("{scheme}://{host}*", "{scheme}://{host}", "{scheme}://{host}:3000"),
    ("{scheme}://{host}*{port}", "{scheme}://{host}{port}"),
    ("{scheme}://a.*", "{scheme}://a.example"),
    ("{scheme}://*.b.*", "{scheme}://x.b.example"),
)


@st.composite
def _globs(draw: st.DrawFn) -> Pattern:
    names = {"scheme": draw(_SCHEMES), "host": draw(hosts), "port": draw(_PORTS)}
    value, *witnesses = (text.format(**names) for text in draw(st.sampled_from(_GLOBS)))
    return Pattern(Kind.GLOB, draw(_spelt(value)), tuple(witnesses))


_TEXT_REGEXES = (
    (r"https://.*\.{host}", "https://x.{host}"),
    (r"https?://{host}", "http://{host}"),
    (r"^https://{host}(:[0-9]{{1,5}})?$", "https://{host}:8443"),
    (r"http://(a|b|{host})\.example", "http://b.example"),
    (r"https://[a-z]{{2,3}}\.{host}", "https://ab.{host}"),
    (r".*\.{host}|null\b", "https://x.{host}"),
)
# Written so that joining them with others by "|" would change what they match.
_COMPILED_REGEXES = (
    *_TEXT_REGEXES,
    (r"https://(a|b)\.\1\.{host}", "https://a.a.{host}"),
    (r"https://(?P<label>[a-z]+)\.(?P=label)\.{host}", "https://ab.ab.{host}"),
    (r"(?i)https://{host}", "HTTPS://{host}"),
    (r"https://{host}(?#a remark)", "https://{host}"),
    (r"(http)?(?(1)|x)s?://{host}", "http://{host}"),
)
_VERBOSE_REGEX = (r"https:// {host}  # a remark", "https://{host}")
_FLAGS = (re.RegexFlag(0), re.IGNORECASE, re.ASCII, re.MULTILINE | re.DOTALL)


@st.composite
def _text_regexes(draw: st.DrawFn) -> Pattern:
    host = draw(hosts)
    text, witness = draw(st.sampled_from(_TEXT_REGEXES))
    value = text.format(host=re.escape(host))
    return Pattern(Kind.TEXT_REGEX, value, (witness.format(host=host),))


@st.composite
def _compiled_regexes(draw: st.DrawFn) -> Pattern:
    host = draw(hosts)
    verbose = draw(st.sampled_from([False, False, False, True]))
    text, witness = _VERBOSE_REGEX if verbose else draw(st.sampled_from(_COMPILED_REGEXES))
    flags = draw(st.sampled_from(_FLAGS)) | (re.VERBOSE if verbose else 0)
    value = re.compile(text.format(host=re.escape(host)), flags)
    return Pattern(Kind.COMPILED, value, (witness.format(host=host),))


def _callables() -> st.SearchStrategy[Pattern]:
    asked = ("https://a.example", "http://a.example", "https://a-rather-long-host.example")
    return st.sampled_from(CALLABLES).map(lambda value: Pattern(Kind.CALLABLE, value, asked))


KINDS: dict[Kind, st.SearchStrategy[Pattern]] = {
    Kind.ANY: st.sampled_from(["*", ".*"]).map(
        lambda value: Pattern(Kind.ANY, value, ("https://a.example", "null"))
    ),
    Kind.LITERAL: _literals(),
    Kind.IPV6: _ipv6(),
    Kind.NULL: st.just(Pattern(Kind.NULL, "null", ("null",))),
    Kind.SUBDOMAIN: _subdomains(),
    Kind.PORT: _any_port(),
    Kind.BOTH: _both(),
    Kind.GLOB: _globs(),
    Kind.TEXT_REGEX: _text_regexes(),
    Kind.COMPILED: _compiled_regexes(),
    Kind.CALLABLE: _callables(),
}

# `*` counts double: it is the default, and the flags that matter most go with it.
patterns = st.one_of(KINDS[Kind.ANY], *KINDS.values())
regexes = st.one_of(KINDS[Kind.TEXT_REGEX], KINDS[Kind.COMPILED])


# --- origins

# Each takes an origin that was allowed to a text that mostly is not; the names are for reports.
ATTACKS: dict[str, Callable[[str], str]] = {
    "suffix": lambda origin: origin + ".evil.example",
    "longer name": lambda origin: origin + "x",
    "user name": lambda origin: origin + "@evil.example",
    "path": lambda origin: origin + "/",
    "trailing dot": lambda origin: origin + ".",
    "port": lambda origin: origin + ":8443",
    "other port": lambda origin: re.sub(r":[0-9]+$", ":1", origin),
    "empty port": lambda origin: origin + ":",
    "port of letters": lambda origin: origin + ":80a",
    "prefix of the host": lambda origin: origin.replace("://", "://evil", 1),
    "subdomain": lambda origin: origin.replace("://", "://evil.", 1),
    "empty label": lambda origin: origin.replace("://", "://.", 1),
    "apex": lambda origin: re.sub(r"://[^.]*\.", "://", origin),
    "in a path": lambda origin: "https://evil.example/" + origin,
    "other scheme": lambda origin: origin.replace("https:", "http:", 1),
    "longer scheme": lambda origin: "x" + origin,
    "no scheme": lambda origin: origin.partition("://")[2],
    "upper case": str.upper,
    "swapped case": str.swapcase,
    "dot for any": lambda origin: origin.replace(".", "x"),
    "two origins": lambda origin: origin + " https://evil.example",
    "list": lambda origin: "https://evil.example," + origin,
    "quoted": lambda origin: f'"{origin}"',
    "space": lambda origin: " " + origin,
    "line feed": lambda origin: origin + "\n",
    "header injection": lambda origin: origin + "\r\nSet-Cookie: a=b",
    "NUL": lambda origin: origin + "\0",
    "delete": lambda origin: origin + "\x7f",
    "sharp s": lambda origin: origin.replace("ss", "ß").replace("s", "ſ"),
    "Kelvin sign": lambda origin: origin.replace("k", "\u212a").replace("a", "\xe4"),
    "surrogate": lambda origin: origin + "\ud800",
    "2,048 bytes": lambda origin: _lengthened(origin, 2_048),
    "2,049 bytes": lambda origin: _lengthened(origin, 2_049),
    "100,000 bytes": lambda origin: _lengthened(origin, 100_000),
}


def _lengthened(origin: str, size: int) -> str:
    """Fill a subdomain until the whole has this size."""
    scheme, separator, rest = origin.partition("://")
    return f"{scheme}{separator}{'x' * (size - len(origin) - 1)}.{rest}"


_ATTACKS = st.sampled_from(list(ATTACKS.values()))
_NEARNESS = st.sampled_from(["admitted"] * 4 + ["attacked"] * 2 + ["unrelated"])
_UNRELATED = st.one_of(_serialized(), _serialized(ipv6_hosts), st.just("null"), st.text())
_UNRELATED_BROWSERS = st.one_of(_serialized(), _serialized(ipv6_hosts), st.just("null"))


def _witness(draw: st.DrawFn, some: tuple[Pattern, ...]) -> str:
    """An origin that these patterns admit, or, where there are none, any."""
    if not some:
        return draw(_serialized())
    # Not `sampled_from`: a new strategy for each example costs more than the rest of it.
    witnesses = some[draw(st.integers(0, len(some) - 1))].witnesses
    return witnesses[draw(st.integers(0, len(witnesses) - 1))]


@st.composite
def origins(draw: st.DrawFn, some: tuple[Pattern, ...] = ()) -> str:
    """Values of `Origin`: admitted ones, one attack away, unrelated, and arbitrary text."""
    nearness = draw(_NEARNESS)
    if nearness == "unrelated":
        return draw(_UNRELATED)
    witness = _witness(draw, some)
    return draw(_ATTACKS)(witness) if nearness == "attacked" else witness


@st.composite
def browser_origins(draw: st.DrawFn, some: tuple[Pattern, ...] = ()) -> str:
    """Values of `Origin` that a browser can send: serialized origins and `null`."""
    nearness = draw(_NEARNESS)
    if nearness == "unrelated":
        return browser.serialize_origin(draw(_UNRELATED_BROWSERS))
    origin = _witness(draw, some)
    if nearness == "attacked":
        origin = draw(_ATTACKS)(origin)
    origin = browser.serialize_origin(origin)
    return origin if _has_usual_host(origin) else "null"


def _has_usual_host(origin: str) -> bool:
    """Leave out hosts that URL parsers accept and no name server can know (`a"b`, 2,049 bytes)."""
    return len(origin) <= 2_048 and _USUAL_ORIGIN.fullmatch(origin) is not None


_USUAL_ORIGIN = re.compile(r"https?://[\[\]:.a-z0-9_-]+")


# --- methods and header names

METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")
_METHOD_NAMES = st.sampled_from(
    [*METHODS, "get", "patch", "Egg", "MGET", "POSTPONE", "M-SEARCH", "*", ".*", "NOT A TOKEN"]
)
methods = st.one_of(
    st.just(METHODS), st.just(METHODS), st.lists(_METHOD_NAMES, max_size=4).map(tuple)
)

HEADER_NAMES = ("X-A", "x-b", "Authorization", "Content-Type", "X-Secret", "Not A Token", "x-co-1")
HEADER_REGEXES = (
    r"X-Co-[0-9]",
    r"^x-.*$",
    r"[^x].*",
    re.compile(r"X-Co-\w+"),
    re.compile(r"x-(a|b|k)", re.IGNORECASE),
    re.compile(r"(?!x-secret).*"),
    re.compile(r"(X)-(\w)\2"),
    re.compile(r"x - a  # a remark", re.VERBOSE),
)
_ALLOW_HEADERS = st.lists(st.sampled_from([*HEADER_NAMES, *HEADER_REGEXES]), max_size=3).map(tuple)
_ANY_HEADER = st.sampled_from([("*",), (".*",), ("X-A", "*")])
allow_headers = st.one_of(_ANY_HEADER, _ALLOW_HEADERS, _ALLOW_HEADERS)
expose_headers = st.lists(st.sampled_from(["X-A", "x-b", "ETag", "*"]), max_size=2).map(tuple)

_TOKENS = st.text("!#$%&'*+-.^_`|~09AZaz", min_size=1, max_size=6)


NEAR_METHODS: list[Callable[[str], str]] = [
    str.upper,
    str.lower,
    str.title,
    lambda name: name[1:],
    lambda name: name[:-1],
    lambda name: name + "S",
    lambda name: f"{name}, PUT",
    lambda name: f" {name}",
    lambda name: f"{name}\n",
    lambda name: name.replace("E", "\u0415"),
]
_NEAR_METHODS = st.sampled_from(NEAR_METHODS)
_ODD_METHODS = st.one_of(st.sampled_from(["", ",", "E", "*", "GET,HEAD", "\0"]), _TOKENS, st.text())


@st.composite
def requested_methods(draw: st.DrawFn, some: tuple[str, ...] = METHODS) -> str:
    """Values of Access-Control-Request-Method: allowed, nearly allowed, odd and hostile."""
    nearness = draw(_NEARNESS)
    if nearness == "unrelated":
        return draw(_ODD_METHODS)
    names = (*some, *some, *METHODS)
    name = names[draw(st.integers(0, len(names) - 1))]
    return draw(_NEAR_METHODS)(name) if nearness == "attacked" else name


_NAMES = st.one_of(
    st.sampled_from([*HEADER_NAMES, "X-K", "x-aa", "x-co-", "x-co-1-evil", "accept", "*"]), _TOKENS
)
_NAME_LISTS = st.lists(_NAMES, max_size=4)
_SEPARATORS = st.sampled_from([",", ", ", " ,\t", ",,", ";", "\r\n"])

# Both limits of D8, from both sides.
TOO_MANY_NAMES = ("x-a," * 256, "x-a," * 257)
HOSTILE_HEADER_LISTS = (
    'x-a,bad header,"q"',
    ",, ,\t,",
    "," * 9_000,
    *TOO_MANY_NAMES,
    ",".join(f"x-{number}" for number in range(256)),
    ",".join(f"x-{number}" for number in range(257)),
    "x-" + "a" * 8_190,
    "x-" + "a" * 8_191,
    "x-\u212a,x-\xe4,x-\ud800",
    "x-a\r\nset-cookie: a=b",
)

requested_headers = st.one_of(
    st.just(""),
    _NAME_LISTS.map(lambda names: ",".join(sorted({name.lower() for name in names}))),
    _NAME_LISTS.map(lambda names: ",".join(sorted({name.lower() for name in names}))),
    st.tuples(_SEPARATORS, _NAME_LISTS).map(lambda t: t[0].join(t[1])),
    st.sampled_from(HOSTILE_HEADER_LISTS),
    st.text(),
)


# --- policies

FLAGS = ("supports_credentials", "send_wildcard", "always_send", "vary_header")
_FLAG_SETS = st.sampled_from([dict(zip(FLAGS, s)) for s in product([True, False], repeat=4)])
_PATTERN_LISTS = st.one_of(
    st.lists(patterns, min_size=1, max_size=4), st.lists(patterns, max_size=1)
).map(tuple)
_MAX_AGES = st.sampled_from([None, 0, 600, "86400"])


class Setup(NamedTuple):
    """A policy, and what it was made from."""

    policy: Policy
    patterns: tuple[Pattern, ...]
    options: dict[str, Any]


def is_valid(options: dict[str, Any]) -> bool:
    """Leave out the one combination that is refused: `*` for credentials."""
    any_origin = any(origin in {"*", ".*"} for origin in _texts(options["origins"]))
    return not (any_origin and options["supports_credentials"] and options["send_wildcard"])


def _texts(items: Iterable[Any]) -> list[str]:
    return [item for item in items if isinstance(item, str)]


@st.composite
def setups(draw: st.DrawFn) -> Setup:
    """Policies of every kind of pattern and every combination of flags."""
    chosen = draw(_PATTERN_LISTS)
    options = {
        **draw(_FLAG_SETS),
        "origins": [pattern.value for pattern in chosen],
        "methods": draw(methods),
        "allow_headers": draw(allow_headers),
        "expose_headers": draw(expose_headers),
        "max_age": draw(_MAX_AGES),
        "allow_private_network": draw(st.booleans()),
    }
    if not is_valid(options):
        options["send_wildcard" if draw(st.booleans()) else "supports_credentials"] = False
    return Setup(Policy(**options), chosen, options)


# --- requests


class Ask(NamedTuple):
    """The arguments of `evaluate` after the policy."""

    method: str
    origin: str | None
    headers: dict[str, str]
    path: str = "/"

    @property
    def is_preflight(self) -> bool:
        return self.method == "OPTIONS" and bool(self.headers.get(REQUEST_METHOD))

    def of(self, policy: Policy | Rules) -> Decision:
        return evaluate(policy, self.method, self.origin, self.headers, self.path)


REQUEST_METHOD = "Access-Control-Request-Method"
REQUEST_HEADERS = "Access-Control-Request-Headers"
REQUEST_PRIVATE_NETWORK = "Access-Control-Request-Private-Network"

_SHAPES = st.sampled_from(
    ["actual", "actual", "upload", "preflight", "with headers", "with headers"]
)
_SAFELISTED_METHODS = st.sampled_from(["GET", "HEAD", "POST"])
_METHOD_IS_ASKED = st.sampled_from([True, True, False])
_ORIGIN_SENT = st.sampled_from([True] * 7 + [False])
_PRIVATE_NETWORK = st.sampled_from([None] * 4 + ["true", "false", "TRUE"])
_ACTUAL_METHODS = st.sampled_from([*METHODS, "GET", "patch", "", "option", "OPTIONS "])


@st.composite
def asks(draw: st.DrawFn, setup: Setup) -> Ask:
    """Requests with and without `Origin`, more than half of them preflights."""
    origin = draw(origins(setup.patterns)) if draw(_ORIGIN_SENT) else None
    shape = draw(_SHAPES)
    headers = {}
    if shape == "actual":
        method = draw(_ACTUAL_METHODS)
    else:
        method = "OPTIONS"
        upload = shape == "upload"  # a preflight for its own sake, as upload listeners cause it
        safelisted = upload or not draw(_METHOD_IS_ASKED)
        requested = _SAFELISTED_METHODS if safelisted else requested_methods(setup.policy.methods)
        headers[REQUEST_METHOD] = draw(requested)
        if shape == "with headers":
            headers[REQUEST_HEADERS] = draw(requested_headers)
    private_network = draw(_PRIVATE_NETWORK)
    if private_network:
        headers[REQUEST_PRIVATE_NETWORK] = private_network
    return Ask(method, origin, headers)


@st.composite
def exchanges(draw: st.DrawFn) -> tuple[Setup, Ask]:
    """A policy, and a request to it."""
    setup = draw(setups())
    return setup, draw(asks(setup))


PAGE_METHODS = (*METHODS, "put", "patch", "Egg", "MGET", "E", "*", "LOCK")
_PAGE_METHODS = st.sampled_from(PAGE_METHODS)


@st.composite
def page_requests(draw: st.DrawFn, setup: Setup) -> browser.Request:
    """What a page on some origin asks its browser to fetch from another one."""
    method = draw(_PAGE_METHODS)
    # Fetch, "CORS-preflight fetch" step 7.4: for such a request an answer without
    # Access-Control-Allow-Methods grants any method. No browser does that, and a server that
    # refuses by silence, as Flask-CORS does, cannot tell; so no other method is drawn here.
    may_be_flagged = browser.is_safelisted_method(method)
    return browser.Request(
        method=method,
        origin=draw(browser_origins(setup.patterns)),
        url="https://api.test/",
        headers={name: "x" for name in draw(_NAME_LISTS) if " " not in name},
        use_preflight=may_be_flagged and draw(st.booleans()),
    )


# --- paths and rules

_SEGMENTS = st.sampled_from(["api", "apis", "apisecret", "v1", "1", "", "API", "é", "a.b"])
paths = st.one_of(
    st.lists(_SEGMENTS, max_size=4).map(lambda parts: "/" + "/".join(parts)),
    st.sampled_from(["", "*", "/*", "api", "api/x", "/api/\n", "//api/x", "/%61pi"]),
)
_PATH_PATTERNS = st.one_of(
    paths,
    st.sampled_from(["api", "v1", "a.b", "/"]).map(lambda name: f"/{name}"),
    st.lists(st.sampled_from(["api", "v1", "apis"]), min_size=1, max_size=3).map(
        lambda parts: "/" + "/".join(parts) + "/*"
    ),
    st.sampled_from(["api/*", "//api/*", "/api//*"]),
    st.sampled_from(
        ["*", "/*", ".*", "/.*", r"/api/[0-9]+", r"/(api|v1)$", r"^/a.*\.b", "/api.*/*"]
    ),
    st.sampled_from([re.compile("/API", re.IGNORECASE), re.compile(r"/v\d"), re.compile("")]),
)


def rules_of(policies: Iterable[Policy]) -> st.SearchStrategy[Rules]:
    """Ordered rules, each with one of these policies."""
    rule = st.tuples(_PATH_PATTERNS, st.sampled_from(list(policies)))
    return st.lists(rule, max_size=5).map(Rules)

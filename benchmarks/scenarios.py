"""The requests and the policies that are measured: data only, the same for every implementation.

Imported by the children too, in environments that hold nothing but one framework.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple, Optional

ORIGIN = "https://app.example"
DENIED = "https://evil.example"
PATTERN_ORIGIN = "https://app.last.example"
ASKED = "content-type,x-requested-with"

Options = Callable[[], dict[str, Any]]


class Request(NamedTuple):
    """One request, as a browser would send it."""

    method: str = "GET"
    path: str = "/"
    headers: Mapping[str, str] = {}
    fresh: str = ""
    """With a place for a number: another origin each time, so that no answer can be kept."""


class Scenario(NamedTuple):
    """A policy in the options of Flask-CORS, and the request that meets it again and again."""

    name: str
    title: str
    request: Request
    options: Options = dict
    decorated: bool = False
    """The options go to `cross_origin` on the view, not to `CORS(app)`."""
    in_regexes: Optional[Options] = None
    """The same policy for Flask-CORS, which has no `https://*.host`."""
    target: Optional[float] = None
    """How many times the cost of `hand` it may be."""
    differs: str = ""
    """Why Flask-CORS answers something else: what is measured then is not the same work."""


def get(origin: Optional[str] = ORIGIN, path: str = "/") -> Request:
    """Make the request of a page that reads something."""
    return Request("GET", path, {} if origin is None else {"Origin": origin})


def preflight(origin: str = ORIGIN, asked: str = ASKED) -> Request:
    """Make the question that a browser asks before a page may send a `PUT`."""
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": asked,
    }
    return Request("OPTIONS", "/", headers)


# --- policies of any length, whose last entry is the one that matters


def literals(count: int) -> dict[str, Any]:
    """List so many origins."""
    return {"origins": [f"https://host{n}.example" for n in range(count - 1)] + [ORIGIN]}


def wildcards(count: int) -> dict[str, Any]:
    """List so many patterns that cover each subdomain of a host."""
    hosts = [f"host{n}" for n in range(count - 1)] + ["last"]
    return {"origins": [f"https://*.{host}.example" for host in hosts]}


def globs(count: int) -> dict[str, Any]:
    """List so many patterns with a `*` inside of a label."""
    hosts = [f"host{n}" for n in range(count - 1)] + ["last"]
    return {"origins": [f"https://a*.{host}.example" for host in hosts]}


def wildcards_in_regexes(count: int) -> dict[str, Any]:
    """Say the same as `wildcards` in regular expressions."""
    hosts = [f"host{n}" for n in range(count - 1)] + ["last"]
    return {"origins": [rf"^https://[a-z0-9.-]+\.{host}\.example$" for host in hosts]}


def regexes(count: int) -> dict[str, Any]:
    """List so many regular expressions that no simpler pattern could say."""
    hosts = [f"host{n}" for n in range(count - 1)] + ["last"]
    return {"origins": [rf"^https://(app|api)[0-9]*\.{host}\.example$" for host in hosts]}


def literal_rules(count: int) -> dict[str, Any]:
    """Write so many rules for one path each."""
    paths = [f"/path{n}" for n in range(count - 1)] + ["/last"]
    return {"resources": {path: {"origins": ORIGIN} for path in paths}}


def wildcard_rules(count: int) -> dict[str, Any]:
    """Write so many rules for what is under a path."""
    paths = [f"/path{n}/*" for n in range(count - 1)] + ["/last/*"]
    return {"resources": {path: {"origins": ORIGIN} for path in paths}}


def five_rules() -> dict[str, Any]:
    """Write the rules of a small API."""
    names = ("users", "orders", "items", "files", "public")
    return {"resources": {f"/{name}/*": {"origins": ORIGIN} for name in names}}


def named_headers() -> dict[str, Any]:
    """Say the policy that each of the peers can be told: ten origins, two header names."""
    return {**literals(10), "allow_headers": ["Content-Type", "X-Requested-With"]}


# --- what is measured

TEN = partial(literals, 10)

PER_REQUEST = (
    Scenario("get", "GET, default options", get(), target=1.1),
    Scenario("no-origin", "GET without Origin", get(None), target=1.4),
    Scenario("preflight", "preflight, default options", preflight(), target=1.0),
    Scenario("rules", "5 resource patterns, GET", get(path="/public/x"), five_rules, target=1.5),
    Scenario("ten-last", "10 origins, GET of the last", get(), TEN, target=1.1),
    Scenario("ten-denied", "10 origins, GET refused", get(DENIED), TEN, target=2.0),
    Scenario("ten-preflight", "10 origins, preflight", preflight(), TEN, target=1.0),
    Scenario("decorated", "@cross_origin, GET", get(), decorated=True, target=1.5),
    Scenario(
        "decorated-preflight", "@cross_origin, preflight", preflight(), decorated=True, target=1.2
    ),
    Scenario("not-found", "GET, answered 404", get(path="/missing"), target=1.2),
    Scenario("error", "GET, answered 500", get(path="/error"), target=1.2),
)

PEERS = (
    Scenario("peer-get", "GET", get(), named_headers),
    Scenario("peer-preflight", "preflight", preflight(), named_headers),
    Scenario("peer-denied", "GET refused", get(DENIED), named_headers),
)


class Growth(NamedTuple):
    """One thing that a policy can have many of."""

    name: str
    title: str
    sizes: tuple[int, ...]
    request: Request
    options: Callable[[int], dict[str, Any]]
    in_regexes: Optional[Callable[[int], dict[str, Any]]] = None
    target: Optional[float] = None
    """How many times the cost of one the cost of `held` may be."""
    held: int = 1_000

    def scenarios(self) -> tuple[Scenario, ...]:
        """Give a scenario for each size."""
        return tuple(
            Scenario(
                f"{self.name}-{size}",
                f"{size:,} {self.title}",
                self.request,
                partial(self.options, size),
                in_regexes=self.in_regexes and partial(self.in_regexes, size),
            )
            for size in self.sizes
        )


_PATTERN_GET = get(PATTERN_ORIGIN)
_FRESH_GET = _PATTERN_GET._replace(fresh="https://app{}.last.example")

GROWTH = (
    Growth(
        "literals",
        "literal origins",
        (1, 10, 1_000, 100_000),
        get(),
        literals,
        target=1.1,
        held=100_000,
    ),
    Growth(
        "wildcards",
        "https://*.host",
        (1, 100, 1_000),
        _PATTERN_GET,
        wildcards,
        in_regexes=wildcards_in_regexes,
        target=1.3,
    ),
    Growth(
        "globs",
        "https://a*.host",
        (1, 100, 1_000),
        _PATTERN_GET,
        globs,
        in_regexes=wildcards_in_regexes,
        target=3.0,
    ),
    Growth("regexes", "regexes", (1, 100, 600), _PATTERN_GET, regexes, target=3.0, held=100),
    Growth(
        "fresh-wildcards",
        "https://*.host, new origins",
        (1, 1_000),
        _FRESH_GET,
        wildcards,
        in_regexes=wildcards_in_regexes,
        target=1.3,
    ),
    Growth(
        "fresh-globs",
        "https://a*.host, new origins",
        (1, 1_000),
        _FRESH_GET,
        globs,
        in_regexes=wildcards_in_regexes,
        target=3.0,
    ),
    Growth(
        "fresh-regexes",
        "regexes, new origins",
        (1, 100),
        _FRESH_GET,
        regexes,
        target=3.0,
        held=100,
    ),
    Growth("rules", "rules for /x", (1, 100, 1_000), get(path="/last"), literal_rules, target=1.3),
    Growth(
        "trees", "rules for /x/*", (1, 100, 1_000), get(path="/last/x"), wildcard_rules, target=1.3
    ),
)


def _names(count: int) -> str:
    """Ask for so many header names in 8 KiB."""
    width = 8 * 1024 // count - 1
    return ",".join(f"x-{n:0{width - 2}}" for n in range(count))


LONG = (
    Scenario("eight-kib", "8 KiB, 100 names asked", preflight(asked=_names(100)), target=5.0),
    Scenario(
        "many-names",
        "8 KiB, 500 names asked",
        preflight(asked=_names(500)),
        target=5.0,
        differs="more names than are read (D8)",
    ),
)


def by_name() -> dict[str, Scenario]:
    """Index every scenario there is."""
    growing = [scenario for growth in GROWTH for scenario in growth.scenarios()]
    everything = (*PER_REQUEST, *PEERS, *growing, *LONG)
    return {scenario.name: scenario for scenario in everything}

"""A small server in the words of the vectors, right, in other right styles, and wrong in many ways.

It knows nothing of `corecors`. Each way is a class that changes one method of the right one.
"""

from __future__ import annotations

import re
from typing import Any, Optional

Vector = dict[str, Any]
Lines = list[tuple[str, str]]
SAFELISTED = {"GET", "HEAD", "POST"}


class Server:
    """The right one: it echoes what is allowed, and varies."""

    def __init__(self, vector: Vector) -> None:
        self.policy = vector["policy"]
        self.credentials = self.policy["credentials"]
        self.method = vector["request"]["method"]
        headers = {name.lower(): value for name, value in vector["request"]["headers"]}
        self.origin = headers.get("origin")
        self.asks_method = headers.get("access-control-request-method")
        self.asks_headers = headers.get("access-control-request-headers", "")
        self.asks_private = headers.get("access-control-request-private-network")
        self.application = vector["application"]

    def answer(self) -> tuple[int, Lines]:
        if self.method == "OPTIONS" and self.asks_method:
            return self.preflight()
        own = [(name, value) for name, value in self.application["headers"]]
        return self.application["status"], self.merged(own)

    def merged(self, own: Lines) -> Lines:
        return [*own, *self.shared(), *self.exposed(), *self.vary()]

    def preflight(self) -> tuple[int, Lines]:
        lines = [*self.shared(), *self.vary()]
        if not self.lets_in():
            return self.refusal(), lines
        return 204, [*lines, *self.methods(), *self.headers(), *self.age(), *self.private()]

    def refusal(self) -> int:
        return 204

    # --- who

    def lets_in(self) -> bool:
        return self.origin is not None and any(map(self.matches, self.policy["origins"]))

    def matches(self, described: dict[str, Any]) -> bool:
        return getattr(self, described["kind"].replace("-", "_"))(described)

    def any(self, described: dict[str, Any]) -> bool:
        return True

    def null(self, described: dict[str, Any]) -> bool:
        return self.origin == "null"

    def exact(self, described: dict[str, Any]) -> bool:
        return self.origin == described["origin"]

    def subdomains(self, described: dict[str, Any]) -> bool:
        begin, end = described["scheme"] + "://", "." + described["host"]
        return self.origin.startswith(begin) and self.origin.endswith(end)

    def any_port(self, described: dict[str, Any]) -> bool:
        origin = re.escape(f"{described['scheme']}://{described['host']}")
        return re.fullmatch(rf"{origin}(:[0-9]+)?", self.origin) is not None

    # --- what

    def shared(self) -> Lines:
        if not self.lets_in():
            return []
        consent = [("Access-Control-Allow-Credentials", "true")] if self.credentials else []
        return [("Access-Control-Allow-Origin", self.value()), *consent]

    def value(self) -> str:
        return str(self.origin)

    def vary(self) -> Lines:
        return [("Vary", "Origin")]

    def exposed(self) -> Lines:
        names = self.policy["exposed"] if self.lets_in() else []
        return [("Access-Control-Expose-Headers", ", ".join(names))] if names else []

    def methods(self) -> Lines:
        allowed = self.policy["methods"]
        listed = self.asks_method if allowed == "any" else ", ".join(allowed)
        return [("Access-Control-Allow-Methods", str(listed))]

    def names(self) -> list[str]:
        return [name for name in self.asks_headers.split(",") if name]

    def headers(self) -> Lines:
        allowed = self.policy["headers"]
        if allowed == "any":
            return [("Access-Control-Allow-Headers", self.asks_headers)]
        listed = ", ".join(name for name in self.names() if self.allows(name, allowed))
        return [("Access-Control-Allow-Headers", listed)] if listed else []

    def allows(self, name: str, allowed: list[str]) -> bool:
        return name.lower() in {one.lower() for one in allowed}

    def age(self) -> Lines:
        seconds = self.policy["max_age"]
        return [] if seconds is None else [("Access-Control-Max-Age", str(seconds))]

    def private(self) -> Lines:
        if not (self.asks_private and self.policy["private_network"]):
            return []
        return [("Access-Control-Allow-Private-Network", "true")]


# --- right, in other styles


class Wildcard(Server):
    """Any origin without credentials is `*` for everybody, with or without Origin."""

    @property
    def open(self) -> bool:
        return {"kind": "any"} in self.policy["origins"] and not self.credentials

    def shared(self) -> Lines:
        return [("Access-Control-Allow-Origin", "*")] if self.open else super().shared()

    def vary(self) -> Lines:
        return [] if self.open else super().vary()


class Constant(Server):
    """One origin is a constant header, to whoever asks."""

    @property
    def one(self) -> Optional[str]:
        origins = self.policy["origins"]
        return origins[0].get("origin") if len(origins) == 1 else None

    def shared(self) -> Lines:
        if self.one is None:
            return super().shared()
        consent = [("Access-Control-Allow-Credentials", "true")] if self.credentials else []
        return [("Access-Control-Allow-Origin", self.one), *consent]

    def vary(self) -> Lines:
        return super().vary() if self.one is None else []


class Forbidding(Server):
    """A refused preflight is 403, without a header."""

    def preflight(self) -> tuple[int, Lines]:
        allowed = self.policy["methods"]
        good = allowed == "any" or self.asks_method in allowed or self.asks_method in SAFELISTED
        names = self.policy["headers"]
        good = good and (names == "any" or all(self.allows(name, names) for name in self.names()))
        return super().preflight() if good and self.lets_in() else (403, [])


class Listing(Server):
    """Preflights get the whole lists, or `*` where it counts."""

    def methods(self) -> Lines:
        star = self.policy["methods"] == "any" and not self.credentials
        return [("Access-Control-Allow-Methods", "*")] if star else super().methods()

    def headers(self) -> Lines:
        allowed = self.policy["headers"]
        if allowed == "any":
            star = "*" if not self.credentials else self.asks_headers
            return [("Access-Control-Allow-Headers", f"{star}, Authorization")]
        return [("Access-Control-Allow-Headers", ", ".join(allowed))] if allowed else []


class Uncached(Server):
    """Nothing is stored, so nothing varies."""

    def merged(self, own: Lines) -> Lines:
        kept = [(name, value) for name, value in own if name != "Cache-Control"]
        return [("Cache-Control", "no-store"), *super().merged(kept)]

    def vary(self) -> Lines:
        return []


class OneLine(Server):
    """One Vary line, whatever the application has."""

    def merged(self, own: Lines) -> Lines:
        kept = [(name, value) for name, value in own if name != "Vary"]
        members = [value for name, value in own if name == "Vary"]
        return [
            *kept,
            *self.shared(),
            *self.exposed(),
            ("Vary", ", ".join([*members, "Origin"])),
        ]


RIGHT = (Server, Wildcard, Constant, Forbidding, Listing, Uncached, OneLine)


# --- wrong

WRONG: dict[str, type[Server]] = {}


def wrong(method: str, about: str, base: type[Server] = Server) -> Any:
    """Register a server with this one method changed."""

    def register(function: Any) -> Any:
        WRONG[about] = type("Wrong", (base,), {method: function})
        return function

    return register


@wrong("lets_in", "everybody is let in")
def _(self):
    return self.origin is not None


@wrong("lets_in", "null is let in")
def _(self):
    return self.origin == "null" or Server.lets_in(self)


@wrong("null", "null is never let in")
def _(self, described):
    return False


@wrong("exact", "an origin that begins alike")
def _(self, described):
    return self.origin.startswith(described["origin"])


@wrong("exact", "an origin that ends alike")
def _(self, described):
    return self.origin.endswith(described["origin"].partition("://")[2])


@wrong("exact", "an origin as a regex, its dots unescaped")
def _(self, described):
    return re.fullmatch(described["origin"].replace("[", r"\["), self.origin) is not None


@wrong("exact", "an origin as a regex that is searched for")
def _(self, described):
    return re.search(re.escape(described["origin"].partition("://")[2]), self.origin) is not None


@wrong("exact", "a part of an allowed origin")
def _(self, described):
    return self.origin in described["origin"]


@wrong("exact", "any port")
def _(self, described):
    return without_port(self.origin) == without_port(described["origin"])


def without_port(origin: str) -> str:
    return re.sub(r":[0-9]+$", "", origin)


@wrong("exact", "any scheme")
def _(self, described):
    return self.origin.partition("://")[2] == described["origin"].partition("://")[2]


@wrong("exact", "a dot at the end")
def _(self, described):
    return self.origin.rstrip(".") == described["origin"]


@wrong("exact", "subdomains of an exact origin")
def _(self, described):
    scheme, _, host = described["origin"].partition("://")
    return re.fullmatch(rf"{scheme}://(.+\.)?{re.escape(host)}", self.origin) is not None


@wrong("lets_in", "only the first of several origins")
def _(self):
    return self.origin is not None and self.matches(self.policy["origins"][0])


@wrong("lets_in", "all but the last of several origins")
def _(self):
    origins = self.policy["origins"]
    return self.origin is not None and any(map(self.matches, origins[: max(1, len(origins) - 1)]))


@wrong("subdomains", "a host that ends alike")
def _(self, described):
    return self.origin.startswith(described["scheme"]) and self.origin.endswith(described["host"])


@wrong("subdomains", "the host itself")
def _(self, described):
    itself = f"{described['scheme']}://{described['host']}"
    return self.origin == itself or Server.subdomains(self, described)


@wrong("subdomains", "one label only")
def _(self, described):
    return Server.subdomains(self, described) and self.origin.count(".") == 2


@wrong("subdomains", "subdomains with any scheme")
def _(self, described):
    return self.origin.endswith("." + described["host"])


@wrong("subdomains", "subdomains with any port")
def _(self, described):
    host = re.escape(described["host"])
    return re.fullmatch(rf"{described['scheme']}://.+\.{host}(:\d+)?", self.origin) is not None


@wrong("subdomains", "subdomains with an open end")
def _(self, described):
    host = re.escape(described["host"])
    return re.match(rf"{described['scheme']}://.+\.{host}", self.origin) is not None


@wrong("any_port", "a host with an open end")
def _(self, described):
    return self.origin.startswith(f"{described['scheme']}://{described['host']}")


@wrong("any_port", "a port is demanded")
def _(self, described):
    return Server.any_port(self, described) and self.origin.count(":") == 2


@wrong("value", "the first origin, whoever asks")
def _(self):
    return self.policy["origins"][0].get("origin", self.origin)


@wrong("value", "* with credentials")
def _(self):
    return "*"


@wrong("value", "a slash at the end")
def _(self):
    return f"{self.origin}/"


@wrong("value", "all origins at once")
def _(self):
    return ", ".join(one.get("origin", "*") for one in self.policy["origins"])


@wrong("value", "in capitals")
def _(self):
    return self.origin.upper()


@wrong("shared", "the header twice")
def _(self):
    return Server.shared(self) * 2


@wrong("shared", "credentials always")
def _(self):
    return [*Server.shared(self)[:1], ("Access-Control-Allow-Credentials", "true")]


@wrong("shared", "credentials never")
def _(self):
    return Server.shared(self)[:1]


@wrong("shared", "True is not true")
def _(self):
    consent = [("Access-Control-Allow-Credentials", "True")] if self.credentials else []
    return [*Server.shared(self)[:1], *consent]


@wrong("shared", "headers only on answers that succeed")
def _(self):
    return Server.shared(self) if self.application["status"] < 400 else []


@wrong("shared", "headers only on GET and preflights")
def _(self):
    return Server.shared(self) if self.method in {"GET", "OPTIONS"} else []


@wrong("vary", "no Vary")
def _(self):
    return []


@wrong("vary", "Vary only where an origin is let in")
def _(self):
    return [("Vary", "Origin")] if self.lets_in() else []


@wrong("vary", "Vary only where there is an Origin")
def _(self):
    return [("Vary", "Origin")] if self.origin else []


@wrong("merged", "the application's Vary is replaced")
def _(self, own):
    return Server.merged(self, [(name, value) for name, value in own if name != "Vary"])


@wrong("vary", "Vary: origin-like words")
def _(self):
    return [("Vary", "X-Origin, Accept")]


@wrong("exposed", "nothing is exposed")
def _(self):
    return []


@wrong("exposed", "everything is exposed")
def _(self):
    return [("Access-Control-Expose-Headers", "*")]


@wrong("exposed", "one too many is exposed")
def _(self):
    return [("Access-Control-Expose-Headers", "X-Total, ETag, X-Secret")]


@wrong("exposed", "only the first one is exposed")
def _(self):
    return [("Access-Control-Expose-Headers", name) for name in self.policy["exposed"][:1]]


@wrong("methods", "any method")
def _(self):
    return [("Access-Control-Allow-Methods", self.asks_method)]


@wrong("methods", "* for methods")
def _(self):
    return [("Access-Control-Allow-Methods", "*")]


@wrong("methods", "a part of the list of methods")
def _(self):
    listed = ",".join(self.policy["methods"])
    return [
        ("Access-Control-Allow-Methods", self.asks_method if self.asks_method in listed else "")
    ]


@wrong("methods", "methods without case")
def _(self):
    known = self.policy["methods"] == "any" or self.asks_method.upper() in self.policy["methods"]
    return [("Access-Control-Allow-Methods", self.asks_method)] if known else []


@wrong("methods", "methods in lower case")
def _(self):
    return [(name, value.lower()) for name, value in Server.methods(self)]


@wrong("methods", "one method more")
def _(self):
    return [(name, f"{value}, DELETE") for name, value in Server.methods(self)]


@wrong("headers", "any header")
def _(self):
    return [("Access-Control-Allow-Headers", self.asks_headers)]


@wrong("headers", "* for Authorization")
def _(self):
    star = self.policy["headers"] == "any"
    return [("Access-Control-Allow-Headers", "*")] if star else Server.headers(self)


@wrong("headers", "only the first header")
def _(self):
    return [("Access-Control-Allow-Headers", name) for name in self.names()[:1]]


@wrong("headers", "headers without their last letter")
def _(self):
    return [(name, value[:-1]) for name, value in Server.headers(self)]


@wrong("allows", "headers that begin alike")
def _(self, name, allowed):
    return name.startswith(tuple(one.lower() for one in allowed))


@wrong("allows", "headers that end alike")
def _(self, name, allowed):
    return name.endswith(tuple(one.lower() for one in allowed))


@wrong("allows", "headers by their exact case")
def _(self, name, allowed):
    return name in allowed


@wrong("age", "no age")
def _(self):
    return []


@wrong("age", "no age of zero")
def _(self):
    return Server.age(self) if self.policy["max_age"] else []


@wrong("age", "an age in milliseconds")
def _(self):
    return [(name, f"{value}000") for name, value in Server.age(self)]


@wrong("private", "no private network")
def _(self):
    return []


@wrong("private", "any private network")
def _(self):
    return [("Access-Control-Allow-Private-Network", "true")]


@wrong("preflight", "preflights go to the application")
def _(self):
    return self.application["status"], Server.preflight(self)[1]


@wrong("preflight", "preflights are answered like other requests")
def _(self):
    return 204, [*self.shared(), *self.vary()]


@wrong("preflight", "preflights are redirected")
def _(self):
    return 308, Server.preflight(self)[1]


@wrong("preflight", "preflights are without the origin")
def _(self):
    status, lines = Server.preflight(self)
    return status, [line for line in lines if line[0] != "Access-Control-Allow-Origin"]


@wrong("answer", "every OPTIONS is a preflight")
def _(self):
    if self.method == "OPTIONS" and not self.asks_method:
        return 204, []
    return Server.answer(self)

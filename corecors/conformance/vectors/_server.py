"""The vectors of servers: a policy in neutral words, a request, and which answers are right.

Only what a browser or a cache notices is required or forbidden, so that servers of every style can
pass: those that send constant headers, that echo, that answer a refused request with 403.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Optional, Union

import attrs

from ..names import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    ALLOW_PRIVATE_NETWORK,
    EXPOSE_HEADERS,
    MAX_AGE,
)

__all__ = ["server_vectors"]

Value = Mapping[str, Any]
Condition = dict[str, Any]
Lines = tuple[tuple[str, str], ...]

APP = "https://app.example"

_CHECK = 'Fetch, "CORS check"'
_PREFLIGHT = 'Fetch, "CORS-preflight fetch" step 7'
_CREDENTIALS = 'Fetch, "CORS protocol and credentials"'
_CACHES = 'Fetch, "CORS protocol and HTTP caches"; RFC 9111 section 4.1'
_EXPOSED = 'Fetch, "Headers", CORS-safelisted response-header name'
_PRIVATE = "Private Network Access (a draft, of which Chromium had a part)"

# What the application behind answers: its answers may be stored, and have something to expose.
_OWN: Lines = (
    ("Cache-Control", "max-age=60"),
    ("ETag", '"1"'),
    ("X-Total", "3"),
    ("X-Secret", "s"),
)
_SAFELISTED = frozenset({"GET", "HEAD", "POST"})
_STORED = frozenset({"GET", "HEAD"})


# --- policies


def exact(origin: str) -> Value:
    """Describe one origin."""
    return {"kind": "exact", "origin": origin}


def subdomains(scheme: str, host: str) -> Value:
    """Describe all hosts below one, at any depth, without the host itself, on the default port."""
    return {"kind": "subdomains", "scheme": scheme, "host": host}


def any_port(scheme: str, host: str) -> Value:
    """Describe one host with any port or none."""
    return {"kind": "any-port", "scheme": scheme, "host": host}


ANY_ORIGIN: Value = {"kind": "any"}
NULL: Value = {"kind": "null"}
SEVERAL = tuple(
    map(exact, (APP, "https://admin.example:8443", "http://localhost:3000", "http://[::1]:3000"))
)
NAMES = ("GET", "POST", "PUT", "PATCH")


@attrs.frozen(kw_only=True)
class Policy:
    """What a server is to be told to allow; the members are those of the file."""

    origins: tuple[Value, ...]
    methods: Union[str, tuple[str, ...]] = NAMES
    headers: Union[str, tuple[str, ...]] = ("X-A", "Authorization", "Content-Type")
    exposed: tuple[str, ...] = ()
    credentials: bool = False
    max_age: Optional[int] = None
    private_network: bool = False

    @property
    def any_origin(self) -> bool:
        """Return whether every origin is let in."""
        return ANY_ORIGIN in self.origins

    @property
    def one_origin(self) -> bool:
        """Return whether a constant header can say which origin is let in."""
        return len(self.origins) == 1 and self.origins[0]["kind"] == "exact"

    def accepted(self, origin: str) -> list[str]:
        """Return the values of Access-Control-Allow-Origin with which this page is let in."""
        return [origin] if self.credentials else [origin, "*"]


ONE = Policy(origins=(exact(APP),))
MANY = Policy(origins=SEVERAL)
ANY = Policy(origins=(ANY_ORIGIN,))
ONE_WITH_CREDENTIALS = attrs.evolve(ONE, credentials=True)
MANY_WITH_CREDENTIALS = attrs.evolve(MANY, credentials=True)
ANY_WITH_CREDENTIALS = attrs.evolve(ANY, credentials=True)


@attrs.frozen(kw_only=True)
class Asked:
    """What is sent to a server, and what the application behind it answers."""

    id: str
    about: str
    policy: Policy
    method: str = "GET"
    origin: Optional[str] = APP
    asks_method: Optional[str] = None
    asks_headers: Optional[str] = None
    asks_private_network: bool = False
    status: int = 200
    own: Lines = _OWN

    @property
    def headers(self) -> list[list[str]]:
        """The headers of the request, as browsers write them."""
        named = (
            ("Origin", self.origin),
            ("Access-Control-Request-Method", self.asks_method),
            ("Access-Control-Request-Headers", self.asks_headers),
            (
                "Access-Control-Request-Private-Network",
                "true" if self.asks_private_network else None,
            ),
        )
        return [[name, value] for name, value in named if value is not None]

    @property
    def asked_names(self) -> list[str]:
        """The header names that a preflight asks for."""
        return self.asks_headers.split(",") if self.asks_headers else []


# --- conditions


def _is(header: str, *values: str) -> Condition:
    return {"header": header, "is": list(values)}


def _has(header: str, *members: str, ignore_case: bool = True) -> Condition:
    return {"header": header, "has": list(members), "ignore_case": ignore_case}


def _lacks(header: str, *members: str) -> Condition:
    return {"header": header, "lacks": list(members), "ignore_case": True}


def _absent(header: str) -> Condition:
    return {"header": header, "absent": True}


def _status(first: int, last: int) -> Condition:
    return {"status": [first, last]}


# Stored by a cache, and then handed to pages of every origin.
_UNVARYING = [_lacks("Vary", "origin", "*"), _lacks("Cache-Control", "no-store")]
_OK = _status(200, 299)


def _vector(
    asked: Asked,
    clause: str,
    *,
    allowed: Optional[bool],
    required: list[Condition],
    forbidden: list[list[Condition]],
) -> dict[str, Any]:
    return {
        "id": asked.id,
        "about": asked.about,
        "clauses": [clause],
        "policy": _plain(asked.policy),
        "request": {"method": asked.method, "headers": asked.headers},
        "application": {"status": asked.status, "headers": list(map(list, asked.own))},
        "allowed": allowed,
        "required": required,
        "forbidden": forbidden,
    }


def _plain(policy: Policy) -> dict[str, Any]:
    members = attrs.asdict(policy, recurse=False)
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in members.items()
    }


def _lets_in(asked: Asked) -> list[Condition]:
    """Return what it takes that the page can read the answer, or send what it asked about."""
    assert asked.origin is not None  # noqa: S101 (a request of a page has one)
    shared = [_is(ALLOW_ORIGIN, *asked.policy.accepted(asked.origin))]
    return [*shared, _is(ALLOW_CREDENTIALS, "true")] if asked.policy.credentials else shared


def _no_credentials(asked: Asked) -> list[list[Condition]]:
    """Forbid that pages send cookies and read the answer, where the policy does not say so."""
    if asked.policy.credentials:
        return []
    return [[_is(ALLOW_ORIGIN, str(asked.origin)), _is(ALLOW_CREDENTIALS, "true")]]


# --- requests


def read(asked: Asked, clause: str = _CHECK) -> dict[str, Any]:
    """Return the vector of a request whose answer the page can read."""
    policy, origin = asked.policy, str(asked.origin)
    required = [_status(asked.status, asked.status), *_lets_in(asked)]
    required += [
        _has(EXPOSE_HEADERS, name, *([] if policy.credentials else ["*"]))
        for name in policy.exposed
    ]
    own_vary = dict(asked.own).get("Vary")
    required += [_has("Vary", own_vary, "*")] if own_vary else []
    forbidden = _no_credentials(asked)
    forbidden.append([_has(EXPOSE_HEADERS, "x-secret", "*")])
    if asked.method in _STORED and not policy.one_origin:
        # With * for every page, one stored answer is right for all.
        echoed = [_is(ALLOW_ORIGIN, origin)] if policy.any_origin else []
        forbidden.append([*echoed, *_UNVARYING])
    return _vector(asked, clause, allowed=True, required=required, forbidden=forbidden)


def refused(asked: Asked, clause: str = _CHECK) -> dict[str, Any]:
    """Return the vector of a GET whose answer the page must not read."""
    forbidden = [[_is(ALLOW_ORIGIN, str(asked.origin), "*")]]
    # A constant header for the one origin may be stored: it lets in that one only.
    silent = [_absent(ALLOW_ORIGIN)] if asked.policy.one_origin else []
    forbidden.append([*silent, *_UNVARYING])
    return _vector(asked, clause, allowed=False, required=[], forbidden=forbidden)


def without_origin(asked: Asked) -> dict[str, Any]:
    """Return the vector of a request without Origin, whose stored answer a page may get."""
    policy = asked.policy
    constant = policy.one_origin or (policy.any_origin and not policy.credentials)
    silent = [_absent(ALLOW_ORIGIN)] if constant else []
    forbidden = [[*silent, *_UNVARYING]]
    if not policy.any_origin:
        forbidden.append([_is(ALLOW_ORIGIN, "*"), *_UNVARYING])
    required = [_status(asked.status, asked.status)]
    return _vector(asked, _CACHES, allowed=None, required=required, forbidden=forbidden)


def preflight(asked: Asked, clause: str = _PREFLIGHT) -> dict[str, Any]:
    """Return the vector of a preflight after which the page may send its request."""
    policy, method = asked.policy, str(asked.asks_method)
    star = [] if policy.credentials else ["*"]
    required = [_OK, *_lets_in(asked)]
    if method not in _SAFELISTED:
        required.append(_has(ALLOW_METHODS, method, *star, ignore_case=False))
    required += [
        _has(ALLOW_HEADERS, name, *(star if name != "authorization" else []))
        for name in asked.asked_names
    ]
    if policy.max_age is not None:
        required.append(_is(MAX_AGE, str(policy.max_age)))
    if asked.asks_private_network and policy.private_network:
        required.append(_is(ALLOW_PRIVATE_NETWORK, "true"))
    forbidden = _no_credentials(asked)
    if asked.asks_private_network and not policy.private_network:
        forbidden.append([_is(ALLOW_PRIVATE_NETWORK, "true")])
    return _vector(asked, clause, allowed=True, required=required, forbidden=forbidden)


def refused_preflight(asked: Asked, *names: str, clause: str = _PREFLIGHT) -> dict[str, Any]:
    """Return the vector of a preflight that has to fail, for its origin, method or these names."""
    method = str(asked.asks_method)
    succeeds = [_OK, _is(ALLOW_ORIGIN, str(asked.origin), "*")]
    if method not in _SAFELISTED:
        succeeds.append(_has(ALLOW_METHODS, method, "*", ignore_case=False))
    succeeds += [_has(ALLOW_HEADERS, name, "*") for name in names]
    return _vector(asked, clause, allowed=False, required=[], forbidden=[succeeds])


# --- origins

_NEAR_APP: dict[str, str] = {
    "other": "https://other.example",
    "suffix": "https://app.example.evil.example",
    "longer-name": "https://app.examplex",
    "shorter-name": "https://app.exampl",
    "prefix": "https://evilapp.example",
    "prefix-with-hyphen": "https://evil-app.example",
    "subdomain": "https://www.app.example",
    "parent": "https://example",
    "other-scheme": "http://app.example",
    "other-port": "https://app.example:8443",
    "port-that-begins-alike": "https://app.example:4430",
    "trailing-dot": "https://app.example.",
    "dot-replaced": "https://appxexample",
    "punycode": "https://xn--pp-6kc.example",
    "within": "https://app.example-evil.example",
    "extension": "chrome-extension://app.example",
    "null": "null",
}
_NEAR_SEVERAL: dict[str, str] = {
    "second-without-port": "https://admin.example",
    "second-other-port": "https://admin.example:8444",
    "second-longer-port": "https://admin.example:84430",
    "third-other-port": "http://localhost:3001",
    "third-without-port": "http://localhost",
    "third-other-scheme": "https://localhost:3000",
    "third-as-address": "http://127.0.0.1:3000",
    "fourth-other-port": "http://[::1]:3001",
    "fourth-other-address": "http://[::2]:3000",
    "scheme-of-one-host-of-another": "http://app.example",
    "host-of-one-port-of-another": "https://app.example:8443",
}
_BELOW = Policy(origins=(subdomains("https", "example.org"),))
_BELOW_ALLOWED: dict[str, str] = {
    "label": "https://a.example.org",
    "two-labels": "https://a.b.example.org",
    "hyphen-and-digit": "https://a-1.example.org",
    "punycode": "https://xn--mller-kva.example.org",
}
_BELOW_REFUSED: dict[str, str] = {
    "host-itself": "https://example.org",
    "no-dot": "https://evilexample.org",
    "hyphen": "https://evil-example.org",
    "suffix": "https://a.example.org.evil.example",
    "longer-name": "https://a.example.orgx",
    "dot-replaced": "https://a.examplexorg",
    "other-scheme": "http://a.example.org",
    "other-port": "https://a.example.org:8443",
    "trailing-dot": "https://a.example.org.",
    "other-below": "https://example.org.a.example",
    "null": "null",
}
_PORTS = Policy(origins=(any_port("http", "localhost"),))
_PORTS_ALLOWED: dict[str, str] = {
    "none": "http://localhost",
    "3000": "http://localhost:3000",
    "65535": "http://localhost:65535",
}
_PORTS_REFUSED: dict[str, str] = {
    "suffix": "http://localhost.evil.example",
    "suffix-with-port": "http://localhost.evil.example:3000",
    "longer-name": "http://localhostx:3000",
    "prefix": "http://evil-localhost:3000",
    "subdomain": "http://a.localhost:3000",
    "other-scheme": "https://localhost:3000",
    "address": "http://127.0.0.1:3000",
    "null": "null",
}
_NULL_TOO = Policy(origins=(exact(APP), NULL))


def _both(
    group: str, name: str, policy: Policy, origin: str, *, allowed: bool
) -> Iterator[dict[str, Any]]:
    """Ask for an origin with a GET, and with a preflight for PUT."""
    about = f"the origin {origin} is {'allowed' if allowed else 'refused'}"
    get = Asked(id=f"{group}/{name}/get", about=about, policy=policy, origin=origin)
    put = attrs.evolve(get, id=f"{group}/{name}/preflight", method="OPTIONS", asks_method="PUT")
    yield read(get) if allowed else refused(get)
    yield preflight(put) if allowed else refused_preflight(put)


def _one_and_several() -> Iterator[dict[str, Any]]:
    yield from _both("one-origin", "allowed", ONE, APP, allowed=True)
    for name, origin in _NEAR_APP.items():
        yield from _both("one-origin", name, ONE, origin, allowed=False)
        yield from _both("several-origins", name, MANY_WITH_CREDENTIALS, origin, allowed=False)
    for number, described in enumerate(SEVERAL, 1):
        for credentials, policy in (("", MANY), ("-with-credentials", MANY_WITH_CREDENTIALS)):
            name = f"allowed-{number}{credentials}"
            yield from _both("several-origins", name, policy, described["origin"], allowed=True)
    for name, origin in _NEAR_SEVERAL.items():
        yield from _both("several-origins", name, MANY, origin, allowed=False)


def _patterns() -> Iterator[dict[str, Any]]:
    for group, policy, let_in, kept_out in (
        ("subdomains", _BELOW, _BELOW_ALLOWED, _BELOW_REFUSED),
        ("any-port", _PORTS, _PORTS_ALLOWED, _PORTS_REFUSED),
        ("null-allowed", _NULL_TOO, {"null": "null", "origin": APP}, {"other": "https://null"}),
    ):
        for name, origin in let_in.items():
            yield from _both(group, f"allowed-{name}", policy, origin, allowed=True)
        for name, origin in kept_out.items():
            yield from _both(group, name, policy, origin, allowed=False)
    for name, origin in {"page": APP, "null": "null", "extension": "moz-extension://a"}.items():
        for credentials, policy in (("", ANY), ("-with-credentials", ANY_WITH_CREDENTIALS)):
            yield from _both("any-origin", name + credentials, policy, origin, allowed=True)


def _without() -> Iterator[dict[str, Any]]:
    for name, policy in {
        "one-origin": ONE,
        "several-origins": MANY,
        "several-with-credentials": MANY_WITH_CREDENTIALS,
        "subdomains": _BELOW,
        "any-origin": ANY,
        "any-origin-with-credentials": ANY_WITH_CREDENTIALS,
    }.items():
        about = f"a request without Origin ({name}), whose answer a cache may keep"
        asked = Asked(id=f"without-origin/{name}", about=about, policy=policy, origin=None)
        yield without_origin(asked)


# --- answers of the application


def _answers() -> Iterator[dict[str, Any]]:
    for policy_name, policy in {"one": ONE_WITH_CREDENTIALS, "several": MANY}.items():
        for method in ("HEAD", "POST", "PUT", "PATCH"):
            about = f"the answer to {method} can be read as the one to GET"
            id_ = f"answer/{policy_name}/{method.lower()}"
            yield read(Asked(id=id_, about=about, policy=policy, method=method))
        for status in (201, 301, 400, 401, 403, 404, 405, 422, 500, 503):
            about = f"an answer with status {status} can be read too"
            id_ = f"answer/{policy_name}/status-{status}"
            own = (*_OWN, ("Location", "/elsewhere")) if status == 301 else _OWN
            yield read(Asked(id=id_, about=about, policy=policy, status=status, own=own))
        for name, vary in {"vary": "Accept-Encoding", "vary-cookie": "Cookie"}.items():
            about = f"the application's own Vary: {vary} stays"
            own = (*_OWN, ("Vary", vary))
            id_ = f"answer/{policy_name}/own-{name}"
            asked = Asked(id=id_, about=about, policy=policy, own=own)
            yield read(asked, clause=_CACHES)
    own = (*_OWN, ("Vary", "*"))
    about = "the application's own Vary: * is enough"
    yield read(Asked(id="answer/several/own-vary-any", about=about, policy=MANY, own=own))
    for name, exposed in {"one": ("X-Total",), "two": ("X-Total", "ETag")}.items():
        for credentials, policy in (("", MANY), ("-with-credentials", MANY_WITH_CREDENTIALS)):
            about = f"the page can read {' and '.join(exposed)}, and X-Secret not"
            told = attrs.evolve(policy, exposed=exposed)
            asked = Asked(id=f"expose/{name}{credentials}", about=about, policy=told)
            yield read(asked, clause=_EXPOSED)


# --- preflights


def _put(id_: str, about: str, policy: Policy, **asked: Any) -> Asked:
    members: dict[str, Any] = {"asks_method": "PUT", **asked}
    return Asked(id=id_, about=about, policy=policy, method="OPTIONS", **members)


_EVERYTHING = attrs.evolve(ONE, methods="any", headers="any")
_EVERYTHING_WITH_CREDENTIALS = attrs.evolve(_EVERYTHING, credentials=True)
_NOTHING_MORE = attrs.evolve(ONE, methods=("GET",), headers=())


def _methods() -> Iterator[dict[str, Any]]:
    for name, policy in {"one": ONE, "with-credentials": ONE_WITH_CREDENTIALS}.items():
        for method in ("PUT", "PATCH"):
            about = f"the method {method} is allowed"
            id_ = f"method/{name}/{method.lower()}"
            yield preflight(_put(id_, about, policy, asks_method=method))
        for method in ("DELETE", "QUERY", "OPTIONS", "PU", "PUTS", "UT", "MPUT", "patch"):
            about = f"the method {method} is refused: the comparison is exact"
            id_ = (
                f"method/{name}/refused-{'in-other-case-' * (not method.isupper())}{method.lower()}"
            )
            yield refused_preflight(_put(id_, about, policy, asks_method=method))
    for name, policy in {
        "any": _EVERYTHING,
        "any-with-credentials": _EVERYTHING_WITH_CREDENTIALS,
    }.items():
        for method in ("DELETE", "QUERY", "Egg"):
            about = f"any method is allowed, {method} too"
            id_ = f"method/{name}/{method.lower()}"
            yield preflight(_put(id_, about, policy, asks_method=method))
    about = "GET alone is allowed"
    yield refused_preflight(_put("method/get-only/refused-put", about, _NOTHING_MORE))


_ALLOWED_NAMES: dict[str, str] = {
    "own": "x-a",
    "authorization": "authorization",
    "content-type": "content-type",
    "two": "authorization,x-a",
    "three": "authorization,content-type,x-a",
}
_REFUSED_NAMES: dict[str, tuple[str, tuple[str, ...]]] = {
    "other": ("x-b", ("x-b",)),
    "one-of-two": ("x-a,x-b", ("x-a", "x-b")),
    "longer": ("x-ab", ("x-ab",)),
    "shorter": ("x", ("x",)),
    "prefixed": ("my-x-a", ("my-x-a",)),
    "override": ("x-http-method-override", ("x-http-method-override",)),
}


def _headers() -> Iterator[dict[str, Any]]:
    for policy_name, policy in {"one": ONE, "with-credentials": ONE_WITH_CREDENTIALS}.items():
        for name, asks in _ALLOWED_NAMES.items():
            for method in ("GET", "PUT"):
                about = f"the request headers {asks} are allowed with {method}"
                id_ = f"header/{policy_name}/{name}/{method.lower()}"
                asked = _put(id_, about, policy, asks_method=method, asks_headers=asks)
                yield preflight(asked)
        for name, (asks, names) in _REFUSED_NAMES.items():
            about = f"the request headers {asks} are not all allowed"
            id_ = f"header/{policy_name}/refused-{name}"
            asked = _put(id_, about, policy, asks_headers=asks)
            yield refused_preflight(asked, *names)
    for policy_name, policy in {
        "any": _EVERYTHING,
        "any-with-credentials": _EVERYTHING_WITH_CREDENTIALS,
    }.items():
        for name, asks in {"own": "x-b,x-c", "authorization": "authorization,x-b"}.items():
            about = f"any request header is allowed, {asks} too; * does not cover Authorization"
            id_ = f"header/{policy_name}/{name}"
            yield preflight(_put(id_, about, policy, asks_headers=asks))
    about = "no request header is allowed"
    asked = _put("header/none/refused", about, _NOTHING_MORE, asks_method="GET", asks_headers="x-a")
    yield refused_preflight(asked, "x-a")


def _preflights() -> Iterator[dict[str, Any]]:
    for status in (401, 403, 404, 405, 500):
        about = f"the application answers OPTIONS with {status}: a preflight must not see that"
        yield preflight(_put(f"preflight/application-{status}", about, ONE, status=status))
    for seconds in (0, 1, 600, 86400):
        policy = attrs.evolve(ONE, max_age=seconds)
        about = f"the answer may be kept for {seconds} seconds"
        yield preflight(_put(f"preflight/max-age-{seconds}", about, policy))
    for name, allows in {"allowed": True, "refused": False}.items():
        policy = attrs.evolve(ONE, private_network=allows)
        about = f"a page asks for a private network, which is {name}"
        asked = _put(f"private-network/{name}", about, policy, asks_private_network=True)
        yield preflight(asked, clause=_PRIVATE)
    policy = attrs.evolve(ONE, private_network=True)
    about = "a private network is allowed, but not for this origin"
    asked = _put(
        "private-network/other-origin",
        about,
        policy,
        origin="https://other.example",
        asks_private_network=True,
    )
    yield refused_preflight(asked, clause=_PRIVATE)
    about = "OPTIONS without Access-Control-Request-Method is a request like others"
    asked = Asked(id="preflight/no-preflight", about=about, policy=ONE, method="OPTIONS")
    yield read(asked, clause='Fetch, "HTTP requests"')


def _credentials() -> Iterator[dict[str, Any]]:
    for name, policy in {
        "one": ONE_WITH_CREDENTIALS,
        "several": MANY_WITH_CREDENTIALS,
        "any": ANY_WITH_CREDENTIALS,
    }.items():
        about = "with credentials the origin is named, and consent is given"
        yield read(Asked(id=f"credentials/{name}/get", about=about, policy=policy), _CREDENTIALS)
        about = "the preflight needs the consent too"
        yield preflight(_put(f"credentials/{name}/preflight", about, policy), clause=_CREDENTIALS)
    for name, policy in {"one": ONE, "several": MANY, "any": ANY}.items():
        about = "without credentials in the policy no page sends cookies and reads the answer"
        yield read(
            Asked(id=f"credentials/not-{name}/get", about=about, policy=policy), _CREDENTIALS
        )


def server_vectors() -> list[dict[str, Any]]:
    """Return the vectors of servers as plain values, in a stable order.

    >>> vector = server_vectors()[0]
    >>> vector["id"], vector["request"]
    ('one-origin/allowed/get', {'method': 'GET', 'headers': [['Origin', 'https://app.example']]})
    """
    groups = (
        _one_and_several,
        _patterns,
        _without,
        _answers,
        _methods,
        _headers,
        _preflights,
        _credentials,
    )
    return [vector for group in groups for vector in group()]

"""Servers in many styles, right and wrong ones, a line each.

None of them uses this project's own decision. `RIGHT` is what must be without a violation,
`WRONG` what must be found: name → (the numbers of the invariants that it violates, the server).
A server is a client of the suite; the policy that each is to carry out is `EXPECTED`.
"""

from __future__ import annotations

import re

from corecors.browser import Response, get
from corecors.conformance import CrashError, Expectation

A, B = "https://a.example", "https://b.example:81"
ORIGINS = (A, B)
EXPECTED = Expectation(
    path="/api",
    origins=ORIGINS,
    methods=("GET", "POST", "PUT"),
    headers=("X-A", "Content-Type"),
    exposed="ETag",
    max_age=60,
    send=("HEAD", "PUT"),
    error_paths="/missing",
)
ONE = Expectation(path="/api", origins=A)
OPEN = Expectation(path="/api", origins="*")
COOKIES = Expectation(path="/api", origins=ORIGINS, credentials=True)

ORIGIN = "Access-Control-Allow-Origin"
CREDENTIALS = "Access-Control-Allow-Credentials"
METHODS = "Access-Control-Allow-Methods"
HEADERS = "Access-Control-Allow-Headers"
EXPOSED = "Access-Control-Expose-Headers"
MAX_AGE = "Access-Control-Max-Age"
ON_PREFLIGHT = {METHODS: "GET, POST, PUT", HEADERS: "x-a, content-type", MAX_AGE: "60"}
ON_ACTUAL = {EXPOSED: "ETag"}
KEEP = object()


def server(
    *,
    admits=lambda origin: origin in ORIGINS,
    says=lambda origin: origin,
    vary="Origin",
    actual=ON_ACTUAL,
    preflight=ON_PREFLIGHT,
    always=(),
    refused=(),
    status=lambda probe: 200,
    statuses=KEEP,
):
    """Make a server that echoes the origins that it admits; each argument is one habit of it."""

    def client(probe):
        let_in = probe.origin is not None and admits(probe.origin)
        headers = dict(always)
        if vary:
            headers["Vary"] = vary
        if let_in:
            headers[ORIGIN] = says(probe.origin)
            headers.update(preflight if probe.is_preflight else actual)
        else:
            headers.update(refused)
        missing = 404 if probe.path != "/api" else 200
        return Response(status=missing if missing == 404 else status(probe), headers=headers)

    return client


def asked(probe):
    return probe.requested_method or ""


def if_preflight(yes, no):
    return lambda probe: yes if probe.is_preflight else no


def if_let_in(yes, no):
    return lambda probe: yes if probe.origin in (None, *ORIGINS) else no


def with_lines(client, *lines):
    """The same with more lines, which may come twice."""

    def more(probe):
        response = client(probe)
        return Response(status=response.status, headers=[*response.headers, *lines])

    return more


def but(client, when, then):
    """The same, but for some requests another server."""
    return lambda probe: (then if when(probe) else client)(probe)


def crash(probe):
    raise CrashError("ConnectionResetError: [Errno 104] Connection reset by peer")


def status(number):
    return lambda probe: Response(status=number)


right = server()
cookies = {CREDENTIALS: "true"}
open_to_all = server(admits=lambda origin: True)

# name → (what is expected, the server)
RIGHT = {
    "echo with Vary": (EXPECTED, right),
    "204 to preflights": (EXPECTED, server(status=if_preflight(204, 200))),
    "299 to preflights": (EXPECTED, server(status=if_preflight(299, 200))),
    "403 to refused pages": (EXPECTED, server(status=if_let_in(200, 403))),
    "401 to refused pages": (EXPECTED, server(status=if_let_in(200, 401))),
    "404 to refused preflights": (
        EXPECTED,
        but(right, lambda p: p.is_preflight and p.origin not in ORIGINS, status(404)),
    ),
    "500 to refused pages": (EXPECTED, server(status=if_let_in(200, 500))),
    "a redirect for refused pages": (EXPECTED, server(status=if_let_in(200, 302))),
    "a reset for refused pages": (
        EXPECTED,
        but(right, lambda p: p.origin not in (None, *ORIGINS), crash),
    ),
    "the methods to everybody": (EXPECTED, server(refused=ON_PREFLIGHT)),
    "the origin of another": (EXPECTED, server(refused={ORIGIN: A})),
    "everything on every answer": (
        EXPECTED,
        server(actual={**ON_ACTUAL, **ON_PREFLIGHT}, preflight={**ON_ACTUAL, **ON_PREFLIGHT}),
    ),
    "lists in capitals without spaces": (
        EXPECTED,
        server(
            actual={EXPOSED: "ETAG"},
            preflight={**ON_PREFLIGHT, METHODS: "PUT,GET,POST", HEADERS: "X-A,CONTENT-TYPE"},
        ),
    ),
    "lists on two lines": (
        EXPECTED,
        with_lines(server(preflight={HEADERS: "X-A,Content-Type", MAX_AGE: "60"}),
                   (METHODS, "PUT"), (METHODS, "GET, POST")),
    ),
    "no safelisted methods": (EXPECTED, server(preflight={**ON_PREFLIGHT, METHODS: "PUT"})),
    "safelisted request headers too": (
        EXPECTED,
        server(preflight={**ON_PREFLIGHT, HEADERS: "Accept, X-A, Content-Type"}),
    ),
    "safelisted response headers too": (
        EXPECTED,
        server(actual={EXPOSED: "ETag, Content-Type, Cache-Control, Content-Length"}),
    ),
    "Allow-Credentials: false": (EXPECTED, server(always={CREDENTIALS: "false"})),
    "Vary: *": (EXPECTED, server(vary="*")),
    "Vary with others": (EXPECTED, server(vary="Accept-Encoding, origin")),
    "no-store instead of Vary": (EXPECTED, server(vary="", always={"Cache-Control": "no-store"})),
    "no-cache instead of Vary": (EXPECTED, server(vary="", always={"Cache-Control": "no-cache"})),
    "max-age=0 instead of Vary": (
        EXPECTED,
        server(vary="", always={"Cache-Control": "max-age=0, must-revalidate"}),
    ),
    "private instead of Vary": (EXPECTED, server(vary="", always={"Cache-Control": "private"})),
    "a static origin": (
        ONE,
        server(says=lambda o: A, admits=lambda o: True, refused={ORIGIN: A}, vary="")),
    "a static origin on cross-origin requests, with Vary": (
        ONE,
        server(says=lambda o: A, admits=lambda o: True),
    ),
    "OPTIONS is not implemented": (
        ONE,
        but(server(admits=lambda o: o == A), lambda p: p.method == "OPTIONS", status(501)),
    ),
    "OPTIONS is not allowed": (
        ONE,
        but(server(admits=lambda o: o == A), lambda p: p.method == "OPTIONS", status(405)),
    ),
    "a static *": (OPEN, server(vary="", always={ORIGIN: "*"}, says=lambda o: "*",
                                admits=lambda o: True)),
    "* on cross-origin requests, with Vary": (
        OPEN,
        server(admits=lambda o: True, says=lambda o: "*"),
    ),
    "an echo of everybody": (OPEN, open_to_all),
    "* with Allow-Credentials": (
        OPEN,
        server(admits=lambda o: True, says=lambda o: "*", always=cookies),
    ),
    "* for everything": (
        Expectation(path="/api", origins="*", methods="*", headers="X-A", exposed="*"),
        server(
            admits=lambda o: True,
            says=lambda o: "*",
            actual={EXPOSED: "*"},
            preflight={METHODS: "*", HEADERS: "x-a"},
        ),
    ),
    "cookies": (COOKIES, server(actual=cookies, preflight=cookies)),
    "a login that the page can read": (
        COOKIES,
        server(actual=cookies, preflight=cookies, status=lambda p: 401),
    ),
    "subdomains": (
        Expectation(path="/api", origins="https://*.example.org"),
        server(admits=re.compile(r"https://([a-z0-9-]+\.)+example\.org").fullmatch),
    ),
    "any port": (
        Expectation(path="/api", origins="http://localhost:*"),
        server(admits=re.compile(r"http://localhost(:\d+)?").fullmatch),
    ),
    "null": (Expectation(path="/api", origins="null"), server(admits=lambda o: o == "null")),
    "compared in lower case": (EXPECTED, server(admits=lambda o: o.lower() in ORIGINS)),
}  # fmt: skip

SECOND = "https://www.b.example"


def admitting(*patterns, more=()):
    """A server that admits what one of these matches, wrongly, besides what it should."""
    compiled = [re.compile(pattern) for pattern in patterns]
    return server(
        admits=lambda o: o in (*ORIGINS, *more) or any(pattern.match(o) for pattern in compiled)
    )


def preflighting(**changed):
    names = {"methods": METHODS, "headers": HEADERS, "age": MAX_AGE}
    lines = {**ON_PREFLIGHT, **{names[key]: value for key, value in changed.items()}}
    return server(preflight={name: value for name, value in lines.items() if value is not None})


class KeepsTheFirst:
    """A server that answers every page with the origin of the first."""

    def __init__(self):
        self.kept = None

    def __call__(self, probe):
        self.kept = self.kept or probe.origin
        return server(says=lambda origin: self.kept)(probe)


class ForgetsAfterAStranger:
    """A server that takes a page which it knows for the stranger that has asked before it."""

    def __init__(self):
        self.seen = set()
        self.last = None

    def __call__(self, probe):
        confused = probe in self.seen and self.last not in ORIGINS
        self.seen.add(probe)
        self.last = probe.origin
        return Response(headers={"Vary": "Origin"}) if confused else right(probe)


# name → (the violation, the server): what a browser or a cache shows.
WRONG = {
    # who is let in
    "a prefix": (5, admitting(re.escape(A))),
    "a prefix without its end": (5, admitting(r"https://a\.example")),
    "a suffix": (5, admitting(r"https://.*a\.example$")),
    "a part": (5, admitting(r"https?://.*a\.example")),
    "an unescaped dot": (5, admitting(r"https://a.example$")),
    "any subdomain": (5, admitting(r"https://([^.]+\.)+a\.example$")),
    "any scheme": (5, admitting(r"[a-z]+://a\.example$")),
    "http too": (5, admitting(r"https?://a\.example$")),
    "any port": (5, admitting(r"https://a\.example(:\d+)?$")),
    "no port": (5, admitting(r"https://b\.example$")),
    "a longer port": (5, admitting(r"https://b\.example:81\d$")),
    "a shorter port": (5, admitting(r"https://b\.example:8$")),
    "a dot at the end": (5, admitting(r"https://a\.example\.$")),
    "the parent domain": (5, admitting(r"https://example$")),
    "a part of an expected one": (5, server(admits=lambda o: any(o in e for e in ORIGINS))),
    "another top level domain": (5, admitting(r"https://a\.[a-z]+$")),
    "an underscore": (5, admitting(r"https://a\.example[^.]+\.evil\.example$")),
    "null": (5, admitting("null$")),
    "a leftover for development": (5, admitting("http://localhost:5173$")),
    "any local host": (5, admitting(r"http://(localhost|127\.0\.0\.1)(:\d+)?$")),
    "any browser extension": (5, admitting("chrome-extension://")),
    "any desktop shell": (5, admitting("app://")),
    "a local file": (5, admitting("file://$")),
    "everybody": (5, open_to_all),
    "everybody with *": (5, server(admits=lambda o: True, says=lambda o: "*")),
    "everybody on preflights": (5, but(right, lambda p: p.is_preflight, open_to_all)),
    "everybody for PUT": (5, but(right, lambda p: p.method == "PUT", open_to_all)),
    "everybody for HEAD": (5, but(right, lambda p: p.method == "HEAD", open_to_all)),
    "everybody on errors": (5, but(right, lambda p: p.path == "/missing", open_to_all)),
    "cookies": (6, server(actual={**ON_ACTUAL, **cookies})),
    "cookies for the second": (
        6,
        but(right, lambda p: p.origin == B, server(actual={**ON_ACTUAL, **cookies})),
    ),
    # who is not
    "the first is missing": (4, server(admits=lambda o: o == B)),
    "the second is missing": (4, server(admits=lambda o: o == A)),
    "a slash at the end": (4, server(says=lambda o: o + "/")),
    "all origins in a list": (1, server(says=lambda o: ", ".join(ORIGINS))),
    "all origins with spaces": (4, server(says=lambda o: " ".join(ORIGINS))),
    "in capitals": (4, server(says=str.upper)),
    "two lines": (1, with_lines(right, (ORIGIN, A))),
    "none on HEAD": (4, but(right, lambda p: p.method == "HEAD", status(200))),
    "none on PUT": (4, but(right, lambda p: p.method == "PUT", status(200))),
    "none on errors": (4, but(right, lambda p: p.path == "/missing", status(404))),
    "an error for cross-origin pages": (4, server(status=lambda p: 500 if p.origin else 200)),
    "a reset for the second": (4, but(right, lambda p: p.origin == B, crash)),
    # preflights
    "405 to preflights": (7, server(status=if_preflight(405, 200))),
    "a login for preflights": (7, server(status=if_preflight(401, 200))),
    "a redirect for preflights": (7, server(status=if_preflight(307, 200))),
    "a crash for preflights": (7, but(right, lambda p: p.is_preflight, crash)),
    "a method is missing": (7, preflighting(methods="GET, POST")),
    "a method in lower case": (7, preflighting(methods="GET, POST, put")),
    "methods with semicolons": (7, preflighting(methods="GET; POST; PUT")),
    "no methods": (7, preflighting(methods=None)),
    "a header is missing": (7, preflighting(headers="x-a")),
    "no headers": (7, preflighting(headers=None)),
    "headers with spaces": (7, preflighting(headers="x-a content-type")),
    "the second's preflights fail": (7, but(right, lambda p: p.is_preflight and p.origin == B,
                                            status(200))),
    "every method": (8, preflighting(methods="*")),
    "an echo of the method": (
        8,
        lambda p: server(preflight={**ON_PREFLIGHT, METHODS: asked(p)})(p),
    ),
    "DELETE too": (8, preflighting(methods="GET, POST, PUT, DELETE")),
    "PATCH too, in lower case": (8, preflighting(methods="PUT, patch")),
    "parts of a method": (
        8,
        lambda p: preflighting(methods=f"PUT, {asked(p)}" if asked(p) in "PUT" else "PUT")(p),
    ),
    "every header": (10, preflighting(headers="*, x-a, content-type")),
    "an echo of the headers": (
        10,
        lambda p: preflighting(headers=get(p.headers, "Access-Control-Request-Headers"))(p),
    ),
    "Authorization too": (10, preflighting(headers="x-a, content-type, authorization")),
    "a header that begins alike": (
        10,
        lambda p: preflighting(
            headers=",".join(["content-type", *(n for n in p.requested_headers if "x-a" in n)])
        )(p),
    ),
    "kept for longer": (11, preflighting(age="61")),
    "kept for days": (11, preflighting(age="864000")),
    # what a page reads
    "nothing is exposed": (12, server(actual={})),
    "everything is exposed": (12, server(actual={EXPOSED: "*"})),
    "one name too many is exposed": (12, server(actual={EXPOSED: "ETag, X-Internal-Id"})),
    "exposed with a space": (12, server(actual={EXPOSED: "ETag X-B"})),
    # caches
    "no Vary": (13, server(vary="")),
    "Vary without Origin": (13, server(vary="Accept-Encoding")),
    "no Vary on refusals": (13, but(right, lambda p: p.origin not in ORIGINS, server(vary=""))),
    "no Vary without Origin": (13, but(right, lambda p: p.origin is None, server(vary=""))),
    "no Vary, and a long life": (13, server(vary="", always={"Cache-Control": "max-age=600"})),
    # between requests
    "the first page's origin is kept": (4, KeepsTheFirst()),
    "a page is taken for the one before": (20, ForgetsAfterAStranger()),
}  # fmt: skip

# name → (the advice, the server): what nobody notices, and is told all the same.
ADVISED = {
    "the policy is told to refused pages": (3, server(refused=ON_PREFLIGHT)),
    "Allow-Credentials: True": (2, server(always={CREDENTIALS: "True"})),
    "methods on every answer": (14, server(actual={**ON_ACTUAL, METHODS: "GET"})),
    "an echo of hostile text": (15, but(right, lambda p: '"' in str(p.origin), open_to_all)),
    "a crash on hostile text": (16, but(right, lambda p: "," in str(p.origin), crash)),
    "an error for refused pages": (16, server(status=if_let_in(200, 500))),
    "no preflight for uploads": (
        17,
        but(right, lambda p: asked(p) == "POST" and not p.requested_headers, status(405)),
    ),
    "kept for less": (18, preflighting(age="59")),
    "private instead of Vary": (19, server(vary="", always={"Cache-Control": "private"})),
    "parts of a method are taken for it": (
        9,
        but(right, lambda p: p.is_preflight and asked(p) not in "GET, POST, PUT", status(200)),
    ),
}

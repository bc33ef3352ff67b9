"""The policies that every implementation is asked to carry out, and where it serves each."""

from corecors.conformance import Expectation

A, B = "https://a.example", "https://b.example:8443"

# What each path is there to show: (title, what is expected).
SCENARIOS = {
    "one": (
        "One origin; PUT, one request header and one response header",
        Expectation(path="/one", origins=A, methods=("GET", "PUT"), headers="X-A", exposed="ETag"),
    ),
    "several": (
        "Two origins, with credentials",
        Expectation(path="/several", origins=(A, B), credentials=True),
    ),
    "open": ("Any origin", Expectation(path="/open", origins="*")),
    "cookies": (
        "Any origin, with credentials",
        Expectation(path="/cookies", origins="*", credentials=True),
    ),
    "pattern": (
        "All subdomains of a domain",
        Expectation(path="/pattern", origins="https://*.example.org"),
    ),
    "age": (
        "Preflights that are not to be kept",
        Expectation(path="/age", origins=A, methods=("GET", "PUT"), max_age=0),
    ),
    "ipv6": ("An IPv6 host", Expectation(path="/ipv6", origins="http://[::1]:3000")),
    "own": (
        "A view that writes the header itself",
        Expectation(path="/own", origins=A),
    ),
    "shared": (
        "A view that returns one response object again and again",
        Expectation(path="/shared", origins=(A, B)),
    ),
    "class": (
        "A class-based view with its own policy",
        Expectation(path="/class", origins=A, methods=("GET", "PUT")),
    ),
    "header pattern": (
        "Request headers by a pattern",
        Expectation(path="/headers", origins=A, headers=("X-Co-1", "X-Co-2")),
    ),
}
# All but what only Flask-CORS has words for.
USUAL = tuple(name for name in SCENARIOS if name != "header pattern")

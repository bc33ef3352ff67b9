from __future__ import annotations

import re
from typing import Any

import pytest

from corecors import Nearest, Policy
from corecors._nearest import DIFFERENCES

LOCAL = "http://localhost:3000"
APP = "https://app.example.com"
BELOW = "https://*.shop.example"
REGEX = r"https://.*\.shop\.example"
COMPILED = re.compile(r"http://localhost:[0-9]+")


@pytest.mark.parametrize(
    ("origins", "origin", "item", "differs"),
    [
        (LOCAL, "http://localhost:5173", LOCAL, ("port",)),
        (LOCAL, "http://localhost", LOCAL, ("port",)),
        (LOCAL, "https://localhost:3000", LOCAL, ("scheme",)),
        (LOCAL, "http://127.0.0.1:3000", LOCAL, ("loopback",)),
        (LOCAL, "http://[::1]:3000", LOCAL, ("loopback",)),
        (LOCAL, "https://127.0.0.1:5173", LOCAL, ("port", "scheme", "loopback")),
        ("http://[::1]", "http://localhost", "http://[::1]", ("loopback",)),
        ("localhost:3000", LOCAL, "localhost:3000", ("scheme",)),
        (APP + "/", APP, APP + "/", ("slash",)),
        (APP + "/login", APP, APP + "/login", ("slash",)),
        (APP + "/", "http://app.example.com", APP + "/", ("slash", "scheme")),
        (APP, APP + ".", APP, ("dot",)),
        (APP, "http://app.example.com.", APP, ("dot", "scheme")),
        (APP, "http://app.example.com", APP, ("scheme",)),
        (APP, "https://www.app.example.com", APP, ("subdomain",)),
        (APP, "https://a.b.app.example.com", APP, ("subdomain",)),
        (APP, "https://example.com", APP, ("subdomain",)),
        (APP, "https://notapp.example.com", None, ()),
        (APP, "https://com", None, ()),
        ("https://com", APP, None, ()),
        (APP, "https://app.example.com.evil.io", None, ()),
        (BELOW, "https://shop.example", BELOW, ("subdomain",)),
        (BELOW, "http://a.shop.example", BELOW, ("scheme",)),
        (BELOW + ":1", "http://a.shop.example", BELOW + ":1", ("port", "scheme")),
        ("http://localhost:*", "http://127.0.0.1:1", "http://localhost:*", ("loopback",)),
        ("null", "NULL", "null", ("case",)),
        (REGEX, "https://a.shop.example.evil.io", REGEX, ("prefix",)),
        (REGEX, "https://shop.example", REGEX, ("subdomain",)),
        (REGEX, "http://a.shop.example", REGEX, ("scheme",)),
        (r"http://.*\.shop\.example", "https://a.shop.example", r"http://.*\.shop\.example",
         ("scheme",)),
        (REGEX + "$", "https://a.shop.example.", REGEX + "$", ("dot",)),
        (REGEX + "$", "https://a.shop.example..", REGEX + "$", ("dot",)),
        (LOCAL, "http://app.example.com:3000", None, ()),
        (APP, "https://localhost", None, ()),
        ("http://[::1]:80", "http://[::1]", "http://[::1]:80", ("port",)),
        ("http://*.shop.example:*", "https://a.shop.example:1", "http://*.shop.example:*",
         ("scheme",)),
        (BELOW, "https://ashop.example", None, ()),
        ("https://*.b.shop.example", "http://shop.example", "https://*.b.shop.example",
         ("scheme", "subdomain")),
        (BELOW, "http://xshop.example", None, ()),
        (REGEX + "/", "https://a.shop.example", REGEX + "/", ("slash",)),
        (r"https://shop\.(example|test)", "https://www.shop.test:1", None, ()),
        (r"https://shop\.(example|test)", "https://www.shop.test", r"https://shop\.(example|test)",
         ("subdomain",)),
        (COMPILED, "http://localhost:1.evil.io", COMPILED, ("prefix",)),
        (COMPILED, "HTTP://localhost:1", COMPILED, ("case",)),
        (COMPILED, "http://127.0.0.1:1", COMPILED, ("loopback",)),
        # Of several, the one that differs least; what is smaller first in `DIFFERENCES`.
        ([APP, APP + ":8443"], APP + ":1", APP, ("port",)),
        ([APP + ":1", "http://app.example.com"], APP, APP + ":1", ("port",)),
        ([LOCAL, "https://localhost:5173"], "http://localhost:5173", LOCAL, ("port",)),
        # What is admitted has no need of it; what is no origin is near to none.
        (APP, APP, None, ()),
        ("*", APP, None, ()),
        (APP, APP + " ", None, ()),
        (APP, "", None, ()),
        ("null", "-", None, ()),
        ([], APP, None, ()),
    ],
)  # fmt: skip
def test_the_nearest_item_is_named_with_what_differs(
    origins: Any, origin: str, item: object, differs: tuple[str, ...] | None
) -> None:
    """What a log line says of a refusal."""
    nearest = Policy(origins=origins).nearest(origin)
    assert nearest == (Nearest(item, differs) if item is not None and differs else None)


def test_no_callable_is_asked() -> None:
    """D4: once per request at the most, and that was for the decision."""
    asked: list[str] = []

    def ask(origin: str) -> bool:
        asked.append(origin)
        return False

    assert Policy(origins=[ask, LOCAL]).nearest("http://localhost") == Nearest(LOCAL, ("port",))
    assert asked == []


def test_a_policy_remembers_nothing_of_it() -> None:
    """Equal policies stay equal, and the next answer is the same."""
    policy = Policy(origins=LOCAL)
    before = policy.answer("GET", "http://localhost")
    policy.nearest("http://localhost")
    assert (policy, policy.answer("GET", "http://localhost")) == (Policy(origins=LOCAL), before)


def test_of_very_many_items_only_some_are_compared() -> None:
    """A refusal costs a bounded work, however many origins there are."""
    origins = [f"https://h{number:05}.example" for number in range(1_200)]
    policy = Policy(origins=origins)
    first, last = origins[0], origins[-1]
    assert policy.nearest(first + ":1") == Nearest(first, ("port",))
    assert policy.nearest(last + ":1") == Nearest(last, ("port",))  # by look-up
    assert policy.nearest("http" + first[5:] + ":1") == Nearest(first, ("port", "scheme"))
    assert policy.nearest("http" + last[5:] + ":1") is None


def test_each_difference_is_said_in_plain_words() -> None:
    """Joined, where there are several."""
    assert Nearest(LOCAL, tuple(DIFFERENCES)).what == (
        "matches only the beginning of it and is written in another case and has no dot at the "
        "end of the host and has a slash or a path at the end and has another port and has "
        "another scheme and names the local host in another way and is for another subdomain"
    )

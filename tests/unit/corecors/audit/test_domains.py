"""Which domains a pattern names."""

from __future__ import annotations

import re

import pytest

from corecors.audit._budget import Budget
from corecors.audit._domains import Names, named
from corecors.audit._grammar import WebOrigins
from corecors.audit._items import read_item
from corecors.audit._machine import Machine
from corecors.audit._search import Graph

pytest.importorskip("interegular")


def names(pattern: object) -> Names:
    budget = Budget()
    return named(Graph(WebOrigins(), Machine(read_item(pattern).meant, budget), budget))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("https://app.example", (("app.example",), (), False)),
        ("https://*.app.example:*", (("app.example",), (), False)),
        (r"https://(.*\.)?(foo|bar)\.example(:\d+)?", (("bar.example", "foo.example"), (), False)),
        (r"https://.*foo\.example", (("foo.example",), (), False)),
        ("https?://(www.)?example.com", (("example.com",), (), False)),
        (r"https://(a|b)\.c\.example", (("c.example",), (), False)),
        (r"https://.*\.com", ((), ("com",), False)),
        ("https://*.github.io", ((), ("github.io",), False)),
        (r"https://(you|.*)\.github\.io", ((), ("github.io",), False)),
        # What must begin like a domain is taken for one; what begins like a label is not.
        (r"https://app\.example.*", (("app.example",), (), True)),
        (r"https://app\.example\..*", (("app.example",), (), True)),
        (r"https://app.*", ((), (), True)),
        (re.compile(".*"), ((), (), True)),
        # No domains at all.
        (r"http://10\.0\.0\.\d+", ((), (), False)),
        (r"http://\[::1\]:\d+", ((), (), False)),
        # There is an end to what is listed: of lengths, and of alternatives.
        (r"https://(a\.)*example", (("a.example", "example"), (), False)),
        (r"https://[abcdefghijk]\.example", (("example",), (), False)),
        (r"https://(ab|bc|cd|de|ef|fg|gh|hi|ij)\.example", (("example",), (), False)),
        (
            r"https://(ab|bc|cd|de|ef|fg|gh|hi)\.example",
            (
                tuple(
                    f"{name}.example" for name in ["ab", "bc", "cd", "de", "ef", "fg", "gh", "hi"]
                ),
                (),
                False,
            ),
        ),
    ],
)
def test_what_all_hosts_end_with_is_named(pattern: object, expected: tuple[object, ...]) -> None:
    """In a registrable domain, or in a public suffix."""
    assert names(pattern) == expected

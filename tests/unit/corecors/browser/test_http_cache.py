"""Fetch, "CORS protocol and HTTP caches": which stored response answers which request."""

from __future__ import annotations

import pytest

from corecors import browser
from corecors.browser import Response


class TestHttpCache:
    @pytest.mark.parametrize(
        ("vary", "stored", "new", "expected"),
        [
            ([], {"Origin": "a"}, {"Origin": "b"}, True),
            (["Origin"], {"Origin": "a"}, {"origin": "a"}, True),
            (["origin"], {"Origin": "a"}, {"Origin": "b"}, False),
            (["Origin"], {"Origin": "a"}, {"Origin": "A"}, False),
            (["Origin"], {}, {}, True),
            (["Origin"], {}, {"Origin": "a"}, False),
            (["Origin"], {"Origin": "a"}, {}, False),
            (["Origin"], {"Origin": ""}, {}, False),
            (["Accept", "Origin"], {"Origin": "a"}, {"Origin": "b"}, False),
            (["Accept, Origin"], {"Origin": "a"}, {"Origin": "b"}, False),
            (["Accept,, "], {"Origin": "a"}, {"Origin": "b"}, True),
            (["X"], {"X": "a, b"}, [("X", " a"), ("x", "b")], True),
            (["X"], {"X": "a,b"}, {"X": "a\t , b"}, True),
            (["X"], {"X": "a b"}, {"X": "a  b"}, False),
            (["*"], {}, {}, False),
            (["Origin, *"], {}, {}, False),
        ],
    )
    def test_vary(self, vary, stored, new, expected) -> None:
        """Each header in Vary is equal in both requests, white space aside, or absent from both."""
        response = Response(headers=[("Vary", line) for line in vary])
        assert browser.may_reuse(stored, response, new) is expected

    @pytest.mark.parametrize(
        ("method", "control", "expected"),
        [
            ("GET", "", (True, True)),
            ("HEAD", "max-age=60", (True, True)),
            ("GET", "private, No-Store", (False, True)),
            ("GET", 'private="no-store"', (True, True)),
            ("OPTIONS", "", (False, True)),
            ("POST", "max-age=60", (False, True)),
        ],
    )
    def test_method_and_storage(self, method, control, expected) -> None:
        """Only GET and HEAD without no-store are reused, unless it is Vary alone that is asked."""
        response = Response(headers={"Cache-Control": control})
        answers = tuple(
            browser.may_reuse({}, response, {}, method, ignore_method=alone)
            for alone in (False, True)
        )
        assert answers == expected

    def test_the_method_counts_unless_told_otherwise(self) -> None:
        """It is a whole cache that is asked about by default, and GET that was requested."""
        answers = [browser.may_reuse({}, Response(), {}, *method) for method in ((), ("POST",))]
        assert answers == [True, False]

"""Dialects: where a browser departs from the standard."""

from __future__ import annotations

import attrs
import pytest

from corecors import browser
from corecors.browser import CHROMIUM, STANDARD, Dialect, PreflightCache, Response

from .support import HEADERS, MAX_AGE, REQUEST, SHARED, entry, granted, request


class TestDialects:
    """Where a browser departs from the standard, the standard and the departure side by side."""

    @pytest.mark.parametrize(
        ("line", "standard", "departing"),
        [("-1", 5, 0), ("-0", 5, 0), ("--1", 5, 5), ("-", 5, 5), ("-1.5", 5, 5), ("7", 7, 7)],
    )
    def test_a_negative_max_age(self, line, standard, departing) -> None:
        """A sign is malformed; where negative is zero, it is so for whole numbers."""
        dialect = Dialect(negative_max_age_is_zero=True)
        assert browser.max_age({MAX_AGE: line}) == standard
        assert browser.max_age({MAX_AGE: line}, dialect) == departing

    @pytest.mark.parametrize(
        ("name", "value", "safelisted"),
        [
            ("Save-Data", "On", True),
            ("Save-Data", "off", False),
            ("DPR", "1", True),
            ("dpr", "1.25", True),
            ("DPR", "1.", False),
            ("DPR", ".5", False),
            ("Downlink", "0.4", True),
            ("Device-Memory", "8", True),
            ("Width", "10", True),
            ("Width", "1.5", False),
            ("Viewport-Width", "", False),
            ("RTT", "50", True),
            ("ECT", "slow-2g", True),
            ("ECT", "4g", True),
            ("ECT", "5g", False),
            ("Intervention", "any", True),
            ("Intervention", "a" * 129, False),
            ("Accept", "text/html", True),
            ("Range", "bytes=0-1", True),
            ("X-A", "1", False),
        ],
    )
    def test_client_hints(self, name, value, safelisted) -> None:
        """Client hints are unsafe to the standard; safelisted, their values still count."""
        dialect = Dialect(client_hints_are_safelisted=True)
        assert browser.is_safelisted_request_header(name, value, dialect) is safelisted
        made = request(headers={name: value}, dialect=dialect)
        assert browser.needs_preflight(made) is not safelisted
        standard = safelisted and name in {"Accept", "Range"}
        assert browser.is_safelisted_request_header(name, value) is standard

    def test_joined_lines(self) -> None:
        """Two lines of 100 bytes are safelisted each by itself, and not as one value."""
        headers = [("accept", "a" * 100), ("X-A", "1"), ("Accept", "b" * 100)]
        joined = request(headers=headers, dialect=Dialect(lines_are_joined=True))
        value = "a" * 100 + ", " + "b" * 100
        assert browser.author_headers(joined) == (("accept", value), ("x-a", "1"))
        assert browser.preflight_request_headers(joined)[2][1] == "accept,x-a"
        assert browser.preflight_request_headers(request(headers=headers))[2][1] == "x-a"

    def test_a_forbidden_user_agent(self) -> None:
        """A page may set User-Agent, with a preflight; where it may not, it is dropped."""
        headers = {"User-Agent": "mine", "X-A": "1"}
        dropped = request(headers=headers, dialect=Dialect(user_agent_is_forbidden=True))
        assert browser.author_headers(dropped) == (("X-A", "1"),)
        assert browser.author_headers(request(headers=headers)) == tuple(headers.items())

    @pytest.mark.parametrize("credentials", ["omit", "include"])
    def test_a_wildcard_and_authorization(self, credentials) -> None:
        """`*` never allows Authorization; where it does, it does so without credentials only."""
        made = request(headers={"Authorization": "t"}, credentials=credentials)
        departing = attrs.evolve(made, dialect=Dialect(wildcard_covers_authorization=True))
        answer = Response(headers={**SHARED, HEADERS: "*"})
        assert not browser.preflight_check(made, answer)
        outcome = browser.preflight_check(departing, answer)
        assert outcome.allowed is (credentials == "omit")
        assert outcome.step.endswith("7.7") is not outcome.allowed

    def test_one_kept_preflight(self) -> None:
        """Grants to one origin and URL add up; where one answer is kept, it is the last."""
        made = request(method="PUT", dialect=Dialect(one_preflight_is_kept=True))
        other = attrs.evolve(entry(10.0, method="GET"), url="https://api.example/other")
        cache = PreflightCache((entry(10.0, method="DELETE"), other))
        answer = granted(**{"Allow-Methods": "PUT"})
        kept = cache.with_response(made, answer, 0.0)
        assert kept.entries == (other, entry(5.0, method="PUT"))
        kept = cache.with_response(request(method="PUT"), answer, 0.0)
        assert kept.entries == (*cache.entries, entry(5.0, method="PUT"))

    @pytest.mark.parametrize(
        ("credentials", "strict", "kept"),
        [
            ("include", False, ("PUT", "*")),
            ("include", True, ("PUT",)),
            ("omit", True, ("PUT", "*")),
        ],
    )
    def test_kept_wildcards(self, credentials, strict, kept) -> None:
        """A `*` counts for nothing with credentials, but the standard keeps it as a wildcard."""
        dialect = Dialect(kept_wildcards_need_no_credentials=strict)
        headers = {"X-A": "1"}
        made = request(method="PUT", headers=headers, credentials=credentials, dialect=dialect)
        answer = granted(**{"Allow-Methods": "PUT, *", "Allow-Headers": "x-a, *"})
        entries = PreflightCache().with_response(made, answer, 0.0).entries
        assert tuple(entry.method for entry in entries if entry.method) == kept
        names = tuple(entry.header_name for entry in entries if entry.header_name)
        assert names == tuple("x-a" if member == "PUT" else member for member in kept)

    @pytest.mark.parametrize("keep", [False, True])
    def test_failures(self, keep) -> None:
        """A refused answer takes its preflight's grants along, or it does not."""
        made = request(method="PUT", dialect=Dialect(failures_keep_preflights=keep))
        cache = PreflightCache((entry(10.0, method="PUT"),))
        assert cache.after_failure(made) == (cache if keep else PreflightCache())

    def test_the_standard_is_the_default_and_chromium_departs_in_everything(self) -> None:
        """Every departure is one that Chromium makes."""
        assert REQUEST.dialect == STANDARD == Dialect()
        departures = attrs.asdict(CHROMIUM)
        assert departures.pop("max_age_cap") == 7200
        assert all(departures.values())

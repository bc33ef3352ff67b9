"""Fetch, "CORS-preflight cache": what is kept of the answers to preflights, and for how long."""

from __future__ import annotations

import attrs
import pytest

from corecors import browser
from corecors.browser import Dialect, PreflightCache, Response

from .support import API, HEADERS, MAX_AGE, METHODS, PAGE, SHARED, entry, granted, request


class TestMaxAge:
    @pytest.mark.parametrize(
        ("lines", "cap", "expected"),
        [
            ([], None, 5),
            ([], 2, 2),
            (["0"], None, 0),
            (["600"], None, 600),
            (["0600"], None, 600),
            (["86400"], 7200, 7200),
            (["60"], 7200, 60),
            (["-1"], None, 5),
            (["+1"], None, 5),
            (["1.5"], None, 5),
            (["abc"], None, 5),
            ([""], None, 5),
            (["\u0663"], None, 5),
            (["10", "10"], None, 5),
            (["2147483648"], None, 2**31),
            (["2147483649"], None, 2**31),
            (["9" * 5000], None, 2**31),
            (["0" * 5000], None, 0),
            (["0" * 5000 + "60"], None, 60),
        ],
    )
    def test_max_age(self, lines, cap, expected) -> None:
        """Max age is a run of digits in one line, 5 without one, at most 2^31 and the cap."""
        dialect = Dialect(max_age_cap=cap)
        assert browser.max_age([(MAX_AGE, line) for line in lines], dialect) == expected


PUT = request(method="PUT", headers={"X-A": "1", "Authorization": "t"})
GRANTED = Response(
    headers={**SHARED, METHODS: "PUT", HEADERS: "X-A, Authorization", MAX_AGE: "10"},
)


class TestPreflightCache:
    def test_a_grant_is_stored_by_method_and_by_header_name(self) -> None:
        """Each method and each header name of the answer is an entry with an expiry."""
        assert PreflightCache().with_response(PUT, GRANTED, 100.0) == PreflightCache(
            (
                entry(110.0, method="PUT"),
                entry(110.0, header_name="x-a"),
                entry(110.0, header_name="authorization"),
            )
        )

    @pytest.mark.parametrize(
        ("changes", "now", "expected"),
        [
            ({}, 100.0, True),
            ({}, 109.9, True),
            ({}, 110.0, False),
            ({"method": "DELETE"}, 100.0, False),
            ({"method": "GET"}, 100.0, True),
            ({"method": "GET", "use_preflight": True}, 100.0, False),
            ({"use_preflight": True}, 100.0, True),
            ({"headers": {"X-A": "1"}}, 100.0, True),
            ({"headers": {"X-B": "1"}}, 100.0, False),
            ({"headers": {}, "method": "GET"}, 200.0, True),
            ({"origin": "https://other.example"}, 100.0, False),
            ({"url": f"{API}?q"}, 100.0, False),
            ({"credentials": "include"}, 100.0, False),
            ({"credentials": "omit"}, 100.0, True),
            ({"url": f"{PAGE}/x"}, 200.0, True),
        ],
    )
    def test_what_a_grant_covers(self, changes, now, expected) -> None:
        """A request goes without a preflight where origin, URL, credentials and names match."""
        cache = PreflightCache().with_response(PUT, GRANTED, 100.0)
        assert cache.matches(attrs.evolve(PUT, **changes), now) is expected

    @pytest.mark.parametrize(
        ("stored", "changes", "expected"),
        [
            ({"method": "*"}, {"method": "eGg"}, True),
            ({"header_name": "*"}, {"headers": {"X-A": "1"}}, True),
            ({"header_name": "*"}, {"headers": {"Authorization": "t"}}, False),
            ({"header_name": "authorization"}, {"headers": {"Authorization": "t"}}, True),
            ({"header_name": "x-a"}, {"method": "PUT"}, False),
            ({"method": "PUT"}, {"headers": {"X-A": "1"}}, False),
            ({"method": "PUT", "credentials": True}, {"method": "PUT"}, True),
            (
                {"method": "PUT", "credentials": True},
                {"method": "PUT", "credentials": "include"},
                True,
            ),
        ],
    )
    def test_what_an_entry_covers(self, stored, changes, expected) -> None:
        """`*` covers any method and any header but Authorization; credentials cover both modes."""
        cache = PreflightCache((entry(10.0, **stored),))
        assert cache.matches(request(**changes), 0.0) is expected

    def test_header_names_are_compared_without_case(self) -> None:
        """An entry for a header name, kept in lower case, grants every spelling of it."""
        assert entry(1.0, header_name="x-a").grants_header("X-A")

    @pytest.mark.parametrize(
        ("headers", "cap", "expires"),
        [({}, None, 5.0), ({"Max-Age": "9000"}, 7200, 7200.0), ({"Max-Age": "9000"}, None, 9000.0)],
    )
    def test_lifetime(self, headers, cap, expires) -> None:
        """Five seconds without a max age, and never more than the cap."""
        made = request(method="PUT", dialect=Dialect(max_age_cap=cap))
        answer = granted(**headers, **{"Allow-Methods": "PUT"})
        cache = PreflightCache().with_response(made, answer, 0.0)
        assert cache == PreflightCache((entry(expires, method="PUT"),))

    def test_a_new_answer_renews_what_already_covers_it(self) -> None:
        """Matching entries get the new expiry, a `*` too; others are added or left alone."""
        cache = PreflightCache((entry(9.0, method="*"), entry(8.0, header_name="x-b")))
        answer = granted(**{"Allow-Methods": "PUT", "Allow-Headers": "X-A", "Max-Age": "20"})
        made = request(method="PUT", headers={"X-A": "1"})
        assert cache.with_response(made, answer, 1.0) == PreflightCache(
            (
                entry(21.0, method="*"),
                entry(8.0, header_name="x-b"),
                entry(21.0, header_name="x-a"),
            )
        )

    def test_max_age_zero_forgets(self) -> None:
        """An answer with max age 0 is not remembered and ends what it repeats."""
        cache = PreflightCache((entry(9.0, method="PUT"), entry(0.5, header_name="x-a")))
        answer = granted(**{"Allow-Methods": "PUT", "Max-Age": "0"})
        assert cache.with_response(request(method="PUT"), answer, 1.0) == PreflightCache()

    def test_an_expired_entry_is_not_renewed_but_replaced(self) -> None:
        """What has expired counts as absent."""
        cache = PreflightCache((entry(1.0, method="*"),))
        answer = granted(**{"Allow-Methods": "PUT"})
        renewed = cache.with_response(request(method="PUT"), answer, 1.0)
        assert renewed == PreflightCache((entry(6.0, method="PUT"),))

    def test_a_flag_alone_grants_its_own_method(self) -> None:
        """With the use-CORS-preflight flag and no list of methods, the request's own is stored."""
        made = request(method="POST", use_preflight=True)
        cache = PreflightCache().with_response(made, granted(), 0.0)
        assert cache == PreflightCache((entry(5.0, method="POST"),))

    def test_credentials_are_part_of_the_entry(self) -> None:
        """A grant to a request with credentials is stored as such."""
        made = request(method="PUT", credentials="include")
        cache = PreflightCache().with_response(made, granted(**{"Allow-Methods": "PUT"}), 0.0)
        assert cache == PreflightCache((entry(5.0, method="PUT", credentials=True),))

    def test_a_refusal_clears_the_origin_and_url(self) -> None:
        """A failed preflight removes what was stored for this origin and URL, and nothing else."""
        other = attrs.evolve(entry(10.0, method="PUT"), url="https://api.example/other")
        cache = PreflightCache((entry(10.0, method="PUT"), other))
        assert cache.with_response(PUT, Response(status=404), 0.0) == PreflightCache((other,))

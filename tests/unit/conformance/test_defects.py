"""Each invariant is violated by a server with that one defect, and by no right one."""

import re

import attrs
import pytest

from corecors.browser import Response, get
from corecors.conformance import (
    INVARIANTS,
    CrashError,
    Expectation,
    assert_conformant,
    run,
)
from tests.unit.conformance.support import EXPECTED, ORIGIN, A, right, with_header

CREDENTIALS = "Access-Control-Allow-Credentials"
METHODS = "Access-Control-Allow-Methods"


def changed(name, value, *, when=lambda probe: True):
    """A client that answers with another value of one header."""

    def client(probe):
        response = right(probe)
        return with_header(response, name, value) if when(probe) else response

    return client


def is_refused(probe):
    return probe.origin is not None and not EXPECTED.admits(probe.origin)


def asked_method(probe):
    return get(probe.headers, "Access-Control-Request-Method")


def is_for_upload(probe):
    return asked_method(probe) == "GET" and not probe.requested_headers


def is_let_in_first(probe):
    return probe.is_preflight and get(right(probe).headers, METHODS) is not None


def two_lines(probe):
    response = right(probe)
    extra = [pair for pair in response.headers if pair[0] == ORIGIN]
    return Response(headers=[*response.headers, *extra])


def admit_suffixes(probe):
    if (probe.origin or "").startswith(A + "."):
        return right(probe, origins="*")
    return right(probe)


def fail_on_commas(probe):
    if "," in (probe.origin or ""):
        raise CrashError("ValueError: too many origins")
    return right(probe)


def private(probe):
    """Vary is left out, and no shared cache keeps the answer."""
    lines = with_header(right(probe), "Vary", None).headers
    return Response(headers=[*lines, ("Cache-Control", "private")])


class Remembering:
    """A server that answers the second request of one page as the last one of another."""

    def __init__(self):
        self.seen = set()
        self.last = None

    def __call__(self, probe):
        known, self.last = probe in self.seen and self.last, right(probe)
        self.seen.add(probe)
        return known or self.last


DEFECTS = {
    1: two_lines,
    2: changed(CREDENTIALS, "True", when=lambda p: p.origin == A),
    3: changed("Access-Control-Max-Age", "60", when=is_refused),
    4: changed(ORIGIN, None, when=lambda p: not p.is_preflight),
    5: admit_suffixes,
    6: changed(CREDENTIALS, "true", when=lambda p: p.origin == A),
    7: lambda p: attrs.evolve(right(p), status=405 if p.is_preflight else 200),
    8: lambda p: right(p, methods="*"),
    9: changed(METHODS, "GET, PUT", when=lambda p: asked_method(p) == "M"),
    10: lambda p: right(p, allow_headers="*"),
    11: changed("Access-Control-Max-Age", "61"),
    12: changed("Access-Control-Expose-Headers", "*", when=lambda p: not p.is_preflight),
    13: changed("Vary", None),
    14: changed(METHODS, "GET", when=lambda p: not p.is_preflight and p.origin == A),
    15: changed(ORIGIN, '"', when=lambda p: "," in (p.origin or "")),
    16: lambda p: attrs.evolve(right(p), status=500 if "," in (p.origin or "") else 200),
    17: lambda p: attrs.evolve(right(p), status=405 if is_for_upload(p) else 200),
    18: changed("Access-Control-Max-Age", "59", when=is_let_in_first),
    19: private,
    20: Remembering(),
}


def numbers(report):
    return sorted({finding.invariant.number for finding in report.findings})


def test_the_numbers_count_from_one():
    assert [invariant.number for invariant in INVARIANTS] == list(range(1, len(INVARIANTS) + 1))
    assert set(DEFECTS) == {invariant.number for invariant in INVARIANTS}


def test_a_violation_is_what_a_browser_or_a_cache_shows():
    violations = [rule.number for rule in INVARIANTS if rule.kind == "violation"]
    assert violations == [1, 4, 5, 6, 7, 8, 10, 11, 12, 13, 20]


@pytest.mark.parametrize("invariant", INVARIANTS, ids=str)
def test_an_invariant_says_what_it_rests_on(invariant):
    """Each text is one sentence or a part of one; the clause names the section."""
    assert re.match(r'Fetch, "[\w -]+"|RFC \d+ section', invariant.clause)
    assert len(invariant.quote) > 30
    assert re.fullmatch(r"[A-Z`].*\.", invariant.sentence)
    assert re.fullmatch(r"[A-Z`].*\.", invariant.effect)


@pytest.mark.parametrize("options", [{}, {"credentials": True}, {"max_age": None}])
def test_a_right_server_violates_nothing(options):
    expected = attrs.evolve(EXPECTED, **options)
    policy = {"supports_credentials": expected.credentials, "max_age": expected.max_age}
    report = run(lambda probe: right(probe, **policy), expected)
    assert (numbers(report), report.inconclusive, report.remark) == ([], (), "")
    assert report.conformant
    assert [i.number for i in report.skipped] == {
        "credentials": [6], "max_age": [11, 18], "": []
    }["".join(options)]  # fmt: skip


@pytest.mark.parametrize("number", DEFECTS)
def test_a_defect_violates_its_invariant(number):
    (invariant,) = (i for i in INVARIANTS if i.number == number)
    assert numbers(run(DEFECTS[number], EXPECTED, invariants=[invariant])) == [number]


@pytest.mark.parametrize("number", [2, 5, 13, 15, 16, 17, 18, 19])
def test_most_defects_violate_no_other_invariant(number):
    assert numbers(run(DEFECTS[number], EXPECTED)) == [number]


def test_an_open_server_is_right_where_anything_is_expected():
    """With `*` no origin is refused; what is not said is not checked."""
    report = run(lambda probe: right(probe, origins="*"), Expectation(origins="*"))
    assert numbers(report) == []
    assert [i.number for i in report.skipped] == [3, 5, 7, 8, 9, 10, 11, 12, 17, 18]


def test_any_method_and_any_header_can_be_expected():
    expected = attrs.evolve(EXPECTED, methods="*", headers="*", exposed="*")
    report = run(
        lambda probe: right(probe, methods="*", allow_headers="*", expose_headers="*"), expected
    )
    assert numbers(report) == []
    assert [i.number for i in report.skipped] == [8, 9, 10]


def test_every_method_that_is_not_granted_is_missed():
    report = run(lambda probe: right(probe, methods="GET"), EXPECTED)
    assert numbers(report) == [7]
    assert [finding.subject for finding in report.findings] == [f"PUT from {A}", f"MGET from {A}"]


def test_a_header_that_is_not_exposed_is_missed():
    report = run(lambda probe: right(probe, expose_headers=()), EXPECTED)
    assert numbers(report) == [12]
    assert "cannot read etag" in report.findings[0].problem


def test_a_wildcard_with_credentials_is_found():
    report = run(
        lambda probe: Response(headers={ORIGIN: "*", CREDENTIALS: "true"}), Expectation(origins="*")
    )
    assert numbers(report) == [2]
    assert report.conformant


@pytest.mark.parametrize(
    ("name", "value"), [(METHODS, "a b"), ("X-A", "a\nb"), ("Access-Control-Allow-Headers", '"')]
)
def test_a_header_that_breaks_its_grammar_is_found(name, value):
    assert 15 in numbers(run(changed(name, value), EXPECTED))


def test_an_application_that_raises_on_a_request_is_found():
    report = run(fail_on_commas, EXPECTED)
    assert numbers(report) == [16]
    assert "ValueError: too many origins" in str(report.findings[0])


def test_a_shared_response_is_found():
    kept = []

    def client(probe):
        if probe.origin:
            kept.append(right(probe))
        return kept[0] if kept else right(probe)

    assert {4, 20} & {*numbers(run(client, EXPECTED))}


def test_a_connection_that_is_reset_is_a_finding_and_the_rest_goes_on():
    """It is told of the request that caused it, and nothing else is lost."""

    def client(probe):
        if probe.origin == "https://a.example.org":
            raise CrashError("ConnectionResetError: [Errno 104] Connection reset by peer")
        return two_lines(probe) if probe.origin == A else right(probe)

    report = run(client, EXPECTED)
    assert numbers(report) == [1, 4, 7, 16]
    (found,) = (finding for finding in report.findings if finding.invariant.number == 4)
    assert found.said == (
        "https://a.example.org: there is no answer: "
        "ConnectionResetError: [Errno 104] Connection reset by peer"
    )


def test_a_finding_names_what_it_is_about_and_how_to_see_it():
    finding, *_ = run(DEFECTS[13], EXPECTED).findings
    stored, fresh = finding.exchanges
    assert (stored.probe.origin, fresh.probe.origin) == (None, "https://a.example.org")
    assert str(finding) == (
        "13. caches: A stored response that Vary lets a cache reuse has the verdict of a new one.\n"
        "  https://a.example.org: there is no Vary: the stored response is reused, and "
        "Access-Control-Allow-Origin is 'https://a.example', not 'https://a.example.org'\n"
        "    GET /api\n"
        "    -> 200\n"
        "    Access-Control-Allow-Origin: https://a.example\n"
        "    Access-Control-Expose-Headers: ETag\n"
        "    GET /api\n"
        "    Origin: https://a.example.org\n"
        "    -> 200\n"
        "    Access-Control-Allow-Origin: https://a.example.org\n"
        "    Access-Control-Expose-Headers: ETag\n"
        "  The same with https://b.c.example.org\n"
        '  curl -si "$URL/api"\n'
        "  curl -si \"$URL/api\" -H 'Origin: https://a.example.org'\n"
        "  What a user sees: The page fails for whoever comes through a cache after someone else.\n"
        '  Fetch, "CORS protocol and HTTP caches"; RFC 9111 section 4.1: “If CORS protocol '
        "requirements are more complicated than setting Access-Control-Allow-Origin to * or a "
        "static origin, Vary is to be used”"
    )


def test_the_findings_are_the_same_in_every_run():
    first, second = (run(admit_suffixes, EXPECTED) for _ in range(2))
    assert first == second


def test_the_assertion_shows_every_violation():
    assert_conformant(right, EXPECTED, examples=5)
    with pytest.raises(AssertionError, match=r"(?s)not conformant.*8\. refused methods") as caught:
        assert_conformant(DEFECTS[8], EXPECTED)
    assert "What a user sees" in str(caught.value)

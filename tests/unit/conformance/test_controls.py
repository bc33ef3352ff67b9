"""What is said where the answers say nothing of CORS."""

import re

import pytest

from corecors.browser import Response
from corecors.conformance import INVARIANTS, ClientError, CrashError, Expectation, run
from tests.unit.conformance.support import EXPECTED, ORIGIN, A, right

EVERY = {invariant.number for invariant in INVARIANTS}
LOGIN = b"<form><input name=p type='password'></form>"


def always(status=200, headers=(), body=b""):
    return lambda probe: Response(status=status, headers=headers, body=body)


@pytest.mark.parametrize(
    ("client", "said"),
    [
        (always(429), "the server limits the rate of requests (429); --rate makes them fewer"),
        (
            always(503, {"Retry-After": "9"}),
            "the server limits the rate of requests (503); --rate makes them fewer",
        ),
        (always(401), "the server asks for a login (401); --header sends one"),
        (always(407), "the server asks for a login (407); --header sends one"),
        (
            always(403),
            "the server forbids the path to everybody (403); --header sends what lets in",
        ),
        (
            always(302, {"Location": "/sign-in?next=/"}),
            "the server redirects to a login (302 to '/sign-in?next=/'); --header sends one",
        ),
        (
            always(308, {"Location": "/api/"}),
            "the server redirects (308 to '/api/'); test where it leads",
        ),
        (always(300), "the server redirects (300 to ''); test where it leads"),
        (always(301), "the server redirects (301 to ''); test where it leads"),
        (always(399), "the server redirects (399 to ''); test where it leads"),
        (
            always(body=LOGIN),
            "the server answers with a login page; --header sends what lets in",
        ),
    ],
)
def test_what_stands_before_cors_is_said_in_one_line_and_nothing_is_judged(client, said):
    report = run(client, EXPECTED)
    assert report.obstacle == said
    assert report.findings == ()
    assert {rule.number for rule, reason in report.inconclusive if reason == said} == EVERY
    assert not report.conformant
    assert report.coverage.requests == 2


@pytest.mark.parametrize("status", [401, 403, 302])
def test_what_the_page_can_read_is_judged_whatever_its_status(status):
    report = run(
        lambda probe: Response(status=status, headers=right(probe, origins=A).headers),
        Expectation(path="/api", origins=A),
    )
    assert (report.obstacle, report.violations, report.inconclusive) == ("", (), ())


@pytest.mark.parametrize("status", [401, 403, 302])
def test_what_only_the_page_gets_is_a_violation(status):
    """Without `Origin` the answer is another one: it is CORS that decides."""
    report = run(lambda probe: Response(status=status if probe.origin else 200), EXPECTED)
    assert report.obstacle == ""
    assert [finding.invariant.number for finding in report.violations] == [4, 7]


def test_a_server_without_any_cors_header_is_told_in_one_line():
    report = run(always(), EXPECTED)
    assert report.remark == "no answer has a CORS header: CORS is not in use at this path"
    assert [finding.invariant.number for finding in report.violations] == [4, 7]
    page, preflight = (
        f"no expected {control} is let in, so that a refusal says nothing"
        for control in ("page", "preflight")
    )
    assert [(rule.number, reason) for rule, reason in report.inconclusive] == [
        (3, page), (5, page), (6, page), (8, preflight), (9, preflight), (10, preflight),
        (11, preflight), (12, page), (13, page), (18, preflight), (19, page), (20, page),
    ]  # fmt: skip


def test_a_bad_request_is_no_redirect():
    assert run(always(400), EXPECTED).obstacle == ""


def test_a_server_with_cors_headers_is_not_told_so():
    assert run(right, EXPECTED).remark == ""


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_path_that_does_not_answer_is_no_test(status):
    said = f"^an ordinary GET /api is answered with status {status}$"
    with pytest.raises(ClientError, match=said):
        run(always(status), EXPECTED)


def test_an_application_that_always_raises_is_no_test():
    def client(probe):
        raise CrashError("ValueError: broken")

    said = re.escape("an ordinary GET /api fails: ValueError: broken")
    with pytest.raises(ClientError, match=f"^{said}$"):
        run(client, EXPECTED)


class Limited:
    """A right server that says no more from some request on."""

    def __init__(self, most, then):
        self.left = most
        self.then = then

    def __call__(self, probe):
        self.left -= 1
        return right(probe) if self.left >= 0 else self.then


def test_what_comes_after_the_rate_is_limited_is_not_judged():
    report = run(Limited(60, Response(status=429)), EXPECTED)
    assert report.violations == ()
    reasons = {rule.number: reason for rule, reason in report.inconclusive}
    assert 4 not in reasons
    assert reasons[15] == "the server limits the rate of requests (429)"
    assert report.coverage.requests == 70


def test_some_answers_that_say_later_are_counted():
    seen = []

    def client(probe):
        seen.append(probe)
        return Response(status=429) if len(seen) in {30, 31} else right(probe)

    report = run(client, EXPECTED)
    assert report.violations == ()
    assert {rule.number: reason for rule, reason in report.inconclusive}[5] == (
        "2 of 116 requests were answered with no more than “later”"
    )


def test_a_server_that_blocks_us_in_the_end_is_told():
    """Of what was found nothing is lost; what was not found may be for another reason."""

    class Guarded(Limited):
        def __call__(self, probe):
            self.left -= "x" * 100 in str(probe)
            return right(probe) if self.left > 0 else self.then

    report = run(Guarded(1, Response(status=403)), EXPECTED)
    assert report.violations == ()
    changed = f"the page that was let in at first is no longer: {ORIGIN} is missing"
    assert {
        rule.number for rule, reason in report.inconclusive if reason.startswith(changed)
    } == EVERY

"""Each request is sent once, and no more is asked of a server that does not answer."""

import pytest

from corecors.browser import Response
from corecors.conformance import ClientError, CrashError, Exchange, Probe
from corecors.conformance.asking import Asker, StopError, exchange, is_mute

FIRST, SECOND, THIRD, FOURTH = (Probe(path=f"/{n}") for n in range(4))


def answer(probe):
    return Response(status=201)


def test_an_application_that_raises_fails_with_status_500():
    def crash(probe):
        raise CrashError("ValueError: no")

    assert exchange(crash, FIRST) == Exchange(
        probe=FIRST, response=Response(status=500), failure="ValueError: no"
    )
    assert exchange(answer, FIRST) == Exchange(probe=FIRST, response=Response(status=201))


def test_a_request_is_sent_once_unless_it_is_to_be_sent_again():
    told = []
    asker = Asker(answer, told.append)
    one = Exchange(probe=FIRST, response=Response(status=201))
    assert asker.ask(FIRST) == one
    assert asker.ask(FIRST) is asker.ask(FIRST)
    assert asker.ask_again(FIRST) == one
    asker.ask(SECOND)
    assert [exchange.probe for exchange in told] == [FIRST, FIRST, SECOND]
    assert (asker.requests, dict(asker.statuses)) == (3, {("GET", 201): 3})
    assert list(asker.answered) == [FIRST, SECOND]


def test_the_first_answer_is_the_one_that_is_kept():
    responses = iter([Response(status=200), Response(status=201)])
    asker = Asker(lambda probe: next(responses))
    asker.ask(FIRST)
    assert asker.ask_again(FIRST).response.status == 201
    assert asker.ask(FIRST).response.status == 200


def silent_but_for(*answered):
    def client(probe):
        if probe not in answered:
            raise ClientError("no answer within 1 s")
        return Response()

    return client


def test_a_server_that_does_not_answer_at_all_is_told_at_once():
    with pytest.raises(ClientError, match=r"^no answer within 1 s$"):
        Asker(silent_but_for()).ask(FIRST)


def test_a_request_without_an_answer_is_one_that_failed():
    asker = Asker(silent_but_for(FIRST, FOURTH))
    silence = "no answer within 1 s"
    failures = [asker.ask(p).failure for p in (FIRST, SECOND, THIRD, FOURTH, FIRST)]
    assert failures == ["", silence, silence, "", ""]


def test_after_three_in_a_row_nobody_is_asked_any_more():
    asker = Asker(silent_but_for(FIRST))
    asker.ask(FIRST)
    asker.ask(SECOND)
    asker.ask(THIRD)
    with pytest.raises(StopError, match=r"^no answer within 1 s$"):
        asker.ask(FOURTH)


@pytest.mark.parametrize(
    ("status", "headers", "mute"),
    [
        (429, {}, True),
        (503, {"Retry-After": "1"}, True),
        (503, {}, False),
        (500, {"Retry-After": "1"}, False),
        (200, {}, False),
    ],
)
def test_what_a_server_says_that_has_too_much_to_do(status, headers, mute):
    assert is_mute(Exchange(probe=FIRST, response=Response(status=status, headers=headers))) is mute


def test_a_server_that_limits_the_rate_is_left_alone():
    asker = Asker(lambda probe: Response(status=429))
    for number in range(9):
        asker.ask(Probe(path=f"/{number}"))
    with pytest.raises(StopError, match=r"^the server limits the rate of requests \(429\)$"):
        asker.ask(Probe(path="/9"))

from __future__ import annotations

import pytest

from corecors import NO_RULE, Answer, Changes, Verdict
from corecors._answer import Field, make_answer


@pytest.mark.parametrize(
    ("verdict", "allowed", "refused", "preflight"),
    [
        (Verdict.NO_RULE, False, False, False),
        (Verdict.NO_ORIGIN, False, False, False),
        (Verdict.ALLOWED, True, False, False),
        (Verdict.PREFLIGHT_ALLOWED, True, False, True),
        (Verdict.PREFLIGHT_SAFELISTED, True, False, True),
        (Verdict.ORIGIN_REFUSED, False, True, False),
        (Verdict.METHOD_REFUSED, False, True, True),
        (Verdict.HEADERS_REFUSED, False, True, True),
    ],
)
def test_a_verdict_says_what_the_browser_does(
    verdict: Verdict, allowed: bool, refused: bool, preflight: bool
) -> None:
    """Allowed, refused, or neither, where the browser has nothing to check."""
    assert (verdict.allowed, verdict.refused, verdict.preflight) == (allowed, refused, preflight)


def test_each_verdict_has_a_reason_of_its_own() -> None:
    """The value of a verdict is the reason in plain words."""
    assert len({verdict.value for verdict in Verdict}) == len(Verdict) == 8


def test_an_answer_has_its_lines_ready() -> None:
    """The fields, then the names to vary by as one line, joined once."""
    fields = (("A", "b"), ("C", "d"))
    assert make_answer(Verdict.ALLOWED) == Answer(Verdict.ALLOWED, (), (), (), None)
    assert make_answer(Verdict.ALLOWED, fields, ("X", "Y"), "*") == Answer(
        Verdict.ALLOWED, fields, ("X", "Y"), (*fields, ("Vary", "X, Y")), "*"
    )


def test_the_answer_without_a_rule_is_nothing() -> None:
    """Not even `Vary`."""
    assert Answer(Verdict.NO_RULE, (), (), (), None) == NO_RULE


def test_what_matching_raised_is_the_reason() -> None:
    """By the name of its type: its text may hold what nobody should read."""
    error = LookupError("secret")
    answer = make_answer(Verdict.ORIGIN_REFUSED, matched=error)
    assert (answer.error, answer.reason) == (error, "a callable in origins raised LookupError")
    answer = make_answer(Verdict.ALLOWED, matched="*")
    assert (answer.error, answer.reason) == (None, "the origin is allowed")


# --- onto a response that has lines of its own

ORIGIN = "Access-Control-Allow-Origin"
CREDENTIALS = "Access-Control-Allow-Credentials"
EXPOSE = "Access-Control-Expose-Headers"
ALLOWED = make_answer(
    Verdict.ALLOWED, ((ORIGIN, "a"), (EXPOSE, "X"), (CREDENTIALS, "true")), ("Origin",)
)
REFUSED = make_answer(Verdict.ORIGIN_REFUSED, vary=("Origin",))


@pytest.mark.parametrize(
    ("answer", "own", "drop", "add"),
    [
        (ALLOWED, [], [], ALLOWED.lines),
        (ALLOWED, [("Age", "1"), ("X", "")], [], ALLOWED.lines),
        (NO_RULE, [("Vary", "X")], [], ()),
        (NO_RULE, [(ORIGIN, "b"), (ORIGIN, "c")], [], ()),
        # Its own Access-Control-Allow-Origin stands alone (D5); an empty one is none.
        (ALLOWED, [(ORIGIN, "b"), ("Vary", "X")], [], ()),
        (ALLOWED, [("access-control-allow-origin", "b")], [], ()),
        (REFUSED, [(ORIGIN, "b")], [], ()),
        (ALLOWED, [(ORIGIN, "b"), (ORIGIN, "c")], [(ORIGIN, "c")], ()),
        (ALLOWED, [(ORIGIN, ""), (ORIGIN, "c")], [(ORIGIN, "")], ()),
        (ALLOWED, [(ORIGIN, "")], [(ORIGIN, "")], ALLOWED.lines),
        (REFUSED, [(ORIGIN, "")], [(ORIGIN, "")], REFUSED.lines),
        # A header of one value is the policy's where it says one (I2).
        (ALLOWED, [(CREDENTIALS.lower(), "x")], [(CREDENTIALS.lower(), "x")], ALLOWED.lines),
        (REFUSED, [(CREDENTIALS, "x")], [], REFUSED.lines),
        (ALLOWED, [(EXPOSE, "Y")], [], ALLOWED.lines),
        # One line of Vary, the response's own members first (D11).
        (REFUSED, [("Vary", "X")], [("Vary", "X")], (("Vary", "X, Origin"),)),
        (
            REFUSED,
            [("vary", "X,Y"), ("Age", "1"), ("Vary", "Z")],
            [("vary", "X,Y"), ("Vary", "Z")],
            (("Vary", "X, Y, Z, Origin"),),
        ),
        (REFUSED, [("Vary", "X, origin")], [], ()),
        (
            REFUSED,
            [("Vary", "X"), ("Vary", "ORIGIN ")],
            [("Vary", "X"), ("Vary", "ORIGIN ")],
            (("Vary", "X, ORIGIN"),),
        ),
        (REFUSED, [("Vary", "X, *")], [], ()),
        (REFUSED, [("Vary", "")], [("Vary", "")], REFUSED.lines),
        (REFUSED, [("Vary", "X-Origin")], [("Vary", "X-Origin")], (("Vary", "X-Origin, Origin"),)),
    ],
)
def test_lines_of_the_responses_own_are_merged(
    answer: Answer, own: list[Field], drop: list[Field], add: tuple[Field, ...]
) -> None:
    """What goes, what is added behind the rest, and the whole of it."""
    assert answer.changes(iter(own)) == Changes(tuple(drop), add)
    remaining = [line for line in own if line not in drop]
    assert answer.merged(own) == [*remaining, *add]


def test_only_the_missing_names_are_added_to_vary() -> None:
    """Each is looked for by itself."""
    answer = make_answer(Verdict.PREFLIGHT_ALLOWED, vary=("Origin", "X-A", "X-B"))
    assert answer.merged([("Vary", "x-a")]) == [("Vary", "x-a, Origin, X-B")]

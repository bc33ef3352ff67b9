from __future__ import annotations

import copy
import enum
import pickle
import re
from datetime import timedelta
from typing import Any

import attrs
import pytest

from corecors import Policy, PolicyError


def test_the_defaults_are_the_ones_of_flask_cors() -> None:
    """Any origin, the usual methods, any header, and nothing else."""
    assert attrs.asdict(Policy(), filter=lambda field, _: field.init) == {
        "origins": ("*",),
        "methods": ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"),
        "allow_headers": ("*",),
        "expose_headers": (),
        "supports_credentials": False,
        "max_age": None,
        "send_wildcard": False,
        "vary_header": True,
        "always_send": True,
        "allow_private_network": False,
    }


@pytest.mark.parametrize("option", ["origins", "methods", "allow_headers", "expose_headers"])
@pytest.mark.parametrize("value", ["b, a", ["a", "b"], ("b", "a", "b"), {"a", "b"}])
def test_a_list_is_given_in_every_shape(option: str, value: Any) -> None:
    """D18: a comma-separated string, or any iterable; order and duplicates are no matter."""
    assert getattr(Policy(**{option: value}), option) == ("a", "b")


def test_an_iterator_is_read_once() -> None:
    """A generator is as good as a list."""
    assert Policy(methods=(name for name in ["PUT", "GET"])).methods == ("GET", "PUT")


class Seconds(enum.IntEnum):
    MINUTE = 60

    def __str__(self) -> str:
        return "a minute"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (0, 0),
        (600, 600),
        (-1, 0),
        ("0", 0),
        (" 600 ", 600),
        ("-600", 0),
        ("007", 7),
        ("9" * 20, int("9" * 20)),
        (600.0, 600),
        (-1.0, 0),
        (timedelta(minutes=10), 600),
        (timedelta(seconds=1.9), 1),
        (timedelta(seconds=-5), 0),
        (Seconds.MINUTE, 60),
    ],
)
def test_max_age_is_a_number_of_seconds_in_any_shape(value: Any, expected: int | None) -> None:
    """D9: 0 is kept, a negative one is 0."""
    assert Policy(max_age=value).max_age == expected
    assert type(Policy(max_age=value).max_age) is type(expected)


NOT_DIGITS = ["soon", "1.5", "+5", "--5", "-", "٣", "1 0", "9" * 21, "0" * 21]
NOT_WHOLE = [10**20, 1.5, float("inf"), float("nan"), True, False, b"5", [5], {}]


@pytest.mark.parametrize("value", [*NOT_DIGITS, *NOT_WHOLE])
def test_a_max_age_that_is_not_a_whole_number_raises(value: Any) -> None:
    """D9: at set-up, with what to write instead."""
    with pytest.raises(PolicyError) as caught:
        Policy(max_age=value)
    (problem,) = caught.value.problems
    assert (problem.code, problem.option) == ("max-age", "max_age")
    assert problem.what == "is not a whole number of seconds"
    assert problem.advice == "write max_age=600, or timedelta(minutes=10)"


FLAGS = [
    "supports_credentials",
    "send_wildcard",
    "vary_header",
    "always_send",
    "allow_private_network",
]


@pytest.mark.parametrize("flag", FLAGS)
@pytest.mark.parametrize(
    ("value", "expected"), [(True, True), (0, False), (1, True), (None, False), ([], False)]
)
def test_a_flag_counts_by_its_truth(flag: str, value: Any, expected: bool) -> None:
    """As in 6.0.2."""
    assert getattr(Policy(**{"origins": "null", flag: value}), flag) is expected


@pytest.mark.parametrize("flag", FLAGS)
@pytest.mark.parametrize("value", ["", "false", "True", b"1"])
def test_a_flag_as_text_raises(flag: str, value: Any) -> None:
    """A text from the environment would be true whatever it says."""
    with pytest.raises(PolicyError) as caught:
        Policy(**{flag: value})
    (problem,) = caught.value.problems
    assert str(problem) == f"{flag}={value!r} is not a bool; write {flag}=True or {flag}=False"


@pytest.mark.parametrize("origins", ["*", ".*", ["https://a.example", "*"]])
def test_a_wildcard_sent_with_credentials_raises(origins: Any) -> None:
    """Fetch: no browser accepts `*` for a request with credentials."""
    with pytest.raises(ValueError, match="is refused by every browser") as caught:
        Policy(origins=origins, supports_credentials=True, send_wildcard=True)
    assert isinstance(caught.value, PolicyError)
    assert [problem.code for problem in caught.value.problems] == ["wildcard-with-credentials"]
    assert str(caught.value) == (
        'send_wildcard=True with origins="*" and supports_credentials=True is refused by every '
        "browser; list the origins, or leave send_wildcard off"
    )


@pytest.mark.parametrize(
    "options",
    [
        {"supports_credentials": True},
        {"send_wildcard": True},
        {"origins": "https://a", "supports_credentials": True, "send_wildcard": True},
    ],
)
def test_no_two_of_the_three_raise(options: dict[str, Any]) -> None:
    """It takes `*`, credentials and `send_wildcard` together."""
    assert Policy(**options) == Policy(**options)


def admit(origin: str) -> bool:
    return True


FULL = Policy(
    origins=["https://b", "https://a", re.compile("c"), admit],
    methods="PUT, GET",
    allow_headers=["X-A", re.compile("X-.*")],
    expose_headers="X-B",
    supports_credentials=True,
    max_age=600,
)


def test_policies_are_equal_by_value_whatever_the_order() -> None:
    """The order of a list, and what is in it twice, is no matter (I9, I10)."""
    same = Policy(
        origins=[admit, re.compile("c"), "https://a,https://b,https://a"],
        methods=["GET", "PUT"],
        allow_headers=[re.compile("X-.*"), "X-A"],
        expose_headers=["X-B"],
        supports_credentials=1,
        max_age="600",
    )
    assert same == FULL
    assert hash(same) == hash(FULL)


@pytest.mark.parametrize(
    "change",
    [
        {"origins": "https://a"},
        {"methods": "GET"},
        {"allow_headers": "*"},
        {"expose_headers": ()},
        {"supports_credentials": False},
        {"max_age": None},
        {"send_wildcard": True},
        {"vary_header": False},
        {"always_send": False},
        {"allow_private_network": True},
    ],
)
def test_each_option_makes_a_difference(change: dict[str, Any]) -> None:
    """Two policies that differ in one option are not equal; evolve checks and compiles anew."""
    changed = attrs.evolve(FULL, **change)
    assert changed != FULL
    assert changed == Policy(**{**attrs.asdict(FULL, filter=lambda f, _: f.init), **change})


def test_evolve_checks_again() -> None:
    """No way around the rules, not even with attrs' validators switched off."""
    with attrs.validators.disabled(), pytest.raises(PolicyError):
        attrs.evolve(Policy(send_wildcard=True), supports_credentials=True)


@pytest.mark.parametrize(
    "same",
    [pickle.loads(pickle.dumps(FULL)), copy.copy(FULL), copy.deepcopy(FULL)],  # noqa: S301
)
def test_a_policy_survives_pickle_and_copy(same: Policy) -> None:
    """Compiled again on the other side."""
    assert same == FULL
    asked = "OPTIONS", "https://a.example", "PUT", "x-a", "true"
    assert same.answer(*asked) == FULL.answer(*asked)


@attrs.frozen
class Named:
    """A callable that `attrs` could take apart."""

    origin: str

    def __call__(self, origin: str) -> bool:
        return origin == self.origin


def test_a_callable_made_with_attrs_survives_pickle_and_copy() -> None:
    """An item of an option is carried on as it is, not as a dict of its parts."""
    policy = Policy(origins=Named("https://a"))
    assert pickle.loads(pickle.dumps(policy)) == policy == copy.copy(policy)  # noqa: S301 (our own)


def test_a_policy_is_immutable() -> None:
    """No option can be set afterwards, and no list that it was made from is kept."""
    origins = ["https://a"]
    policy = Policy(origins=origins)
    origins.append("https://evil")
    assert policy.origins == ("https://a",)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        policy.origins = ("*",)  # type: ignore[misc]


def test_the_repr_of_a_policy_makes_it_again() -> None:
    """Nothing of what was compiled is in it."""
    policy = attrs.evolve(FULL, origins=["https://a", re.compile("b", re.IGNORECASE)])
    assert eval(repr(policy), {"Policy": Policy, "re": re}) == policy  # noqa: S307 (our own)
    assert repr(Policy(origins="https://a")).startswith("Policy(origins=('https://a',), methods=")


def test_options_are_given_by_name() -> None:
    """Positions would be an order to remember."""
    with pytest.raises(TypeError):
        Policy("*")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Policy(origin="*")  # type: ignore[call-arg]


def test_a_max_age_beyond_all_measure_is_refused() -> None:
    """Named as a problem, before the interpreter refuses to write it in digits."""
    with pytest.raises(PolicyError) as refused:
        Policy(max_age=10**5_000)
    assert str(refused.value).startswith("max_age='0x")


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_max_age_is_none(empty: str) -> None:
    """An environment variable that is set to nothing says nothing (D9)."""
    assert Policy(max_age=empty) == Policy()


def test_a_policy_is_pure_unless_it_asks_a_function() -> None:
    """A shell that may ask twice about one request keeps the answer of one that is not (D4)."""
    made = [Policy(), Policy(origins=re.compile("a")), Policy(origins=["https://a", bool])]
    assert [policy.is_pure for policy in made] == [True, True, False]


def test_a_max_age_is_sent() -> None:
    """Also by a policy that is made within the test, which mutants can change."""
    answer = Policy(max_age=5).answer("OPTIONS", "https://a", "PUT")
    assert ("Access-Control-Max-Age", "5") in answer.fields

"""What a change of a policy, or of rules, lets in and keeps out."""

from __future__ import annotations

import re
from typing import Any
from unittest import mock

import pytest

from corecors import Policy, Rules, compare
from corecors.audit import Comparison, Witness, _items, _reading

from .support import assert_witnesses_show_it

pytest.importorskip("interegular")

APP = "https://app.example"


def compared(old: Any, new: Any, **more: Any) -> tuple[str, str | None, str | None]:
    """Give the relation and both witnesses; each is what it says, and all is decided."""
    comparison = compare(old, new, **more)
    assert_witnesses_show_it(comparison, old, new)
    gained, lost = comparison.gained, comparison.lost
    return comparison.relation, gained and str(gained), lost and str(lost)


def of(origins: Any, **options: Any) -> Policy:
    return Policy(origins=origins, **options)


def origin(text: str) -> str:
    return f"GET / from {text}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("*", "*"),
        ([], []),
        ([], re.compile("[A-Z]+")),
        ("*", re.compile(".*")),
        (APP, "HTTPS://APP.example"),
        ("https://*.app.example", r"https://([a-z0-9_-]+\.)+app\.example"),
        ("https://app.example:*", r"https://app\.example(:[0-9]{1,5})?"),
        (["https://a.example", "https://b.example"], r"https://[ab]\.example"),
        (["https://*.app.example", "https://a.app.example"], "https://*.app.example"),
        (["null", APP], r"null|https://app\.example"),
        (r"(?!x).*", r"[^x].*"),
        (len, len),
    ],
)
def test_what_admits_the_same_is_equal(old: Any, new: Any) -> None:
    """However it is written."""
    assert compared(of(old), of(new)) == ("equal", None, None)


@pytest.mark.parametrize(
    ("old", "new", "gained", "lost"),
    [
        (APP, "*", "https://a", None),
        ("https://*.app.example", r"https://.*app\.example", "https://app.example", None),
        ("https://*.app.example", "https://*.example", "https://a.example", None),
        ("https://app.example", "https://app.example:*", "https://app.example:1", None),
        (
            "http://*.app.example",
            "https://*.app.example",
            "https://a.app.example",
            "http://a.app.example",
        ),
        (APP, [APP, "null"], "null", None),
        (APP, ["https://B.example"], "https://b.example", APP),
        (APP, [APP, "app://."], "app://.", None),
        (APP, [APP, r"app://.*"], "app://", None),
        (
            [f"https://a{number}.example" for number in range(1_000)],
            [f"https://a{number}.example" for number in range(1_001)],
            "https://a1000.example",
            None,
        ),
        (
            [f"https://a{number}.example" for number in range(10)],
            r"https://a[0-9]+\.example",
            "https://a11.example",
            None,
        ),
        (APP, re.compile("https?://app.example"), "https://appaexample", None),
        (APP, re.compile("HTTPS://app.example|null"), "null", APP),
        ([], APP, APP, None),
    ],
)
def test_the_origins_are_compared(old: Any, new: Any, gained: str | None, lost: str | None) -> None:
    """With the shortest origin that only one side admits, one with https: if there is any."""
    there = (gained and origin(gained), lost and origin(lost))
    relation = "wider" if lost is None else "different"
    assert compared(of(old), of(new)) == (relation, *there)
    relation = "narrower" if lost is None else "different"
    assert compared(of(new), of(old)) == (relation, *reversed(there))


@pytest.mark.parametrize(
    ("old", "new", "gained", "lost"),
    [
        ({}, {"supports_credentials": True}, f"GET / from {APP} with credentials", None),
        ({}, {"allow_private_network": True}, f"GET / from {APP} to a private network", None),
        ({}, {"expose_headers": "X-A"}, f"GET / from {APP} that reads the header x-a", None),
        (
            {"expose_headers": "X-A"},
            {"expose_headers": "*"},
            f"GET / from {APP} that reads the header x-stranger",
            None,
        ),
        (
            {"expose_headers": "X-A", "supports_credentials": True},
            {"expose_headers": "*", "supports_credentials": True},
            f"GET / from {APP} that reads the header x-stranger",
            f"GET / from {APP} with credentials that reads the header x-a",
        ),
        ({"methods": "GET"}, {"methods": ["GET", "put"]}, f"put / from {APP}", None),
        (
            {"methods": "DELETE"},
            {"methods": "DELETE, GET"},
            f"GET / from {APP} with the header x-stranger",
            None,
        ),
        ({"methods": "PUT"}, {"methods": "*"}, f"STRANGER / from {APP}", None),
        (
            {"methods": ["GET"]},
            {"methods": ["POST"]},
            f"POST / from {APP} with the header x-stranger",
            f"GET / from {APP} with the header x-stranger",
        ),
        (
            {"methods": ["GET"], "allow_headers": []},
            {"methods": ["POST", "A B"], "allow_headers": []},
            None,
            None,
        ),
        ({"methods": [], "allow_headers": "X-A"}, {"methods": []}, None, None),
        (
            {"allow_headers": "X-A"},
            {"allow_headers": "X-A, X-B"},
            f"DELETE / from {APP} with the header x-b",
            None,
        ),
        (
            {"allow_headers": "X-A"},
            {"allow_headers": "*"},
            f"DELETE / from {APP} with the header x-stranger",
            None,
        ),
        (
            {"allow_headers": "X-A"},
            {"allow_headers": "X-.*"},
            f"DELETE / from {APP} with the header x-",
            None,
        ),
        (
            {"allow_headers": r"x-[a-z]+"},
            {"allow_headers": re.compile(r"X-\w+")},
            f"DELETE / from {APP} with the header x-1",
            None,
        ),
        ({"allow_headers": "X-A, X-B"}, {"allow_headers": "x-(a|b)"}, None, None),
        (
            {"allow_headers": "X-0, x-[a-z]+"},
            {"allow_headers": "x-[0-9a-z]+"},
            f"DELETE / from {APP} with the header x-1",
            None,
        ),
        (
            {"allow_headers": "*"},
            {"allow_headers": r"[a-z]+"},
            None,
            f"DELETE / from {APP} with the header x-stranger",
        ),
        ({"max_age": 1}, {"max_age": 2, "vary_header": False, "always_send": False}, None, None),
    ],
)
def test_everything_else_is_compared_with_an_origin_that_both_admit(
    old: dict[str, Any], new: dict[str, Any], gained: str | None, lost: str | None
) -> None:
    """Credentials, networks, what can be read, methods, and names beside a method."""
    relation = {(True, True): "equal", (False, True): "wider", (True, False): "narrower"}.get(
        (gained is None, lost is None), "different"
    )
    assert compared(of(APP, **old), of(APP, **new)) == (relation, gained, lost)


@pytest.mark.parametrize(
    "origins", ["*", "https://*.app.example", r"https://[a-z]+\.example", "null"]
)
def test_an_origin_is_found_that_both_admit(origins: str) -> None:
    """Of whatever item."""
    (relation, gained, _) = compared(of(origins, methods=[]), of(origins, methods="PUT"))
    assert relation == "wider"
    assert gained is not None
    assert gained.startswith("PUT / from ")


def bool_of(origin: str) -> bool:
    return bool(origin)


NOBODY, ONE = of([]), of(APP)


@pytest.mark.parametrize(
    ("old", "new", "gained", "lost"),
    [
        (Rules([("/api/*", ONE)]), Rules([("/api/*", ONE)]), None, None),
        (Rules([("/api/*", ONE)]), Rules([("/api(/.*)?$", ONE)]), None, None),
        (Rules([("/api/*", ONE)]), Rules([(re.compile(r"/API(/|$)", re.IGNORECASE), ONE)]),
         f"GET /apI from {APP}", None),
        (Rules([("/api/*", ONE)]), Rules([("/api", ONE), ("/api/a", ONE)]), None,
         f"GET /api/ from {APP}"),
        (Rules([("/api/*", ONE)]), Rules([("/api.*", ONE)]), f"GET /apia from {APP}", None),
        (Rules([("/api/*", ONE)]), Rules([("/*", ONE)]), f"GET / from {APP}", None),
        (Rules([("/api/*", ONE)]), ONE, f"GET / from {APP}", None),
        (ONE, Rules([("*", ONE)]), None, None),
        (ONE, Rules([("//*", ONE)]), None, None),
        (Rules([]), Rules([]), None, None),
        (Rules([("/a", NOBODY), ("/*", ONE)]), ONE, f"GET /a from {APP}", None),
        (Rules([("/a", ONE), ("/b", of(APP, methods="PUT"))]),
         Rules([("/a", ONE), ("/b", of(APP, methods="PATCH"))]),
         f"PATCH /b from {APP}", f"PUT /b from {APP}"),
    ],
)  # fmt: skip
def test_rules_are_compared_for_every_path(
    old: Policy | Rules, new: Policy | Rules, gained: str | None, lost: str | None
) -> None:
    """One path for all that the same two policies decide about."""
    assert compared(old, new)[1:] == (gained, lost)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # What cannot be read is probed on one side, and asked on the other.
        (of(APP), of(r"https://(\w)\1.*"), ("narrower", (
            r"origins='https://(\\w)\\1.*': interegular cannot read '\\1'",))),
        (of(APP), of([APP, r"(h)ttps://.*\1?"]), ("wider", ())),
        (of([APP, r"https://(a)\1"]), of([APP, "https://aa"]), ("equal", (
            r"origins='https://(a)\\1': interegular cannot read '\\1'",))),
        (of(r"https://(a)\1?"), of(r"https://[ab]"), ("equal", (
            r"origins='https://(a)\\1?': interegular cannot read '\\1'",))),
        (of(r"https://(a)\1?"), of(r"https://[a]"), ("equal", (
            r"origins='https://(a)\\1?': interegular cannot read '\\1'",))),
        # Functions are asked, but cannot be told.
        (of(APP), of([APP, bool_of]), ("wider", ())),
        (of(bool_of), of("https://.*"), ("narrower", (
            f"origins={bool_of!r}: it is a function",))),
        (of(len), of(len, methods=[]), ("equal", (
            f"origins={len!r}: it is a function",))),
        # Names of headers.
        (of(APP, allow_headers="x-a"), of(APP, allow_headers=["x-a", r"xb(c)?\1?"]), (
            "wider", ())),
        (of(APP, allow_headers=r"(x)-\1"), of(APP, allow_headers=r"[x]-x"), ("equal", (
            r"allow_headers='(x)-\\1': interegular cannot read '\\1'",))),
        (of(APP, allow_headers="x-a"), of(APP, allow_headers=r"(x)-\1?a"), ("equal", (
            r"allow_headers='(x)-\\1?a': interegular cannot read '\\1'",))),
        (of(APP, allow_headers=r"(x)-\1"), of(APP, allow_headers=r"(x)-\1", methods=[]),
         ("narrower", ())),
        # Paths.
        (Rules([(r"/(a)\1", ONE)]), Rules([]), ("equal", (
            r"resources='/(a)\\1': interegular cannot read '\\1'",))),
        (Rules([(r"/b(a)?\1", ONE)]), Rules([]), ("equal", (
            r"resources='/b(a)?\\1': interegular cannot read '\\1'",))),
        (Rules([(re.compile(r"/b((a)\2)?"), ONE)]), Rules([]), ("narrower", (
            r"resources=re.compile('/b((a)\\2)?'): interegular cannot read '\\2'",))),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_is_said(
    old: Policy | Rules, new: Policy | Rules, expected: tuple[str, tuple[str, ...]]
) -> None:
    """And a witness that was found all the same needs no more than itself."""
    comparison = compare(old, new)
    assert (comparison.relation, comparison.undecided) == expected
    assert comparison.decided == (not comparison.undecided)


def test_without_the_extra_globs_and_literals_are_compared() -> None:
    """And of regexes it is said that they were not."""
    with mock.patch.object(_reading, "find_spec", return_value=None):
        assert compared(of("https://*.app.example"), of("https://a.app.example"))[0] == "narrower"
        comparison = compare(of("https://*.app.example"), of(r"https://[a]\.app\.example"))
    assert comparison.undecided == (
        r"origins='https://[a]\\.app\\.example': interegular is not installed (the extra `audit`)",
    )


def test_the_steps_are_bounded() -> None:
    """Of origins and of paths."""
    policies = of("https://*.app.example"), of(r"https://[a-z]+\.app\.example")
    comparison = compare(*policies, steps=10)
    assert all(text.endswith("it takes more than 30 steps") for text in comparison.undecided)
    assert len(comparison.undecided) == 2
    comparison = compare(Rules([("/api/*", ONE)]), Rules([]), steps=2)
    assert comparison.undecided == ("resources: it takes more than 4 steps",)
    assert comparison.lost == Witness(origin=APP, path="/api/")


def test_a_reading_that_evaluate_contradicts_is_said() -> None:
    """It has the last word."""
    wrong = _reading.read(re.compile(r"https://b\.example"))
    with mock.patch.object(_items, "read", return_value=wrong):
        comparison = compare(of(APP), of(r"https://[a]pp\.example"))
    assert comparison.undecided == ("what was computed is not what `evaluate` says",)


def test_a_comparison_reads_as_relation_and_witnesses() -> None:
    """For a review."""
    comparison = Comparison(
        gained=Witness(origin=APP), lost=Witness(origin=APP, method="PUT"), undecided=("this",)
    )
    assert str(comparison) == (
        f"different\nnew: GET / from {APP}\nno more: PUT / from {APP}\nnot decided: this"
    )


def test_the_types_are_loaded_when_they_are_asked_for() -> None:
    """And nothing else is there."""
    with pytest.raises(ImportError):
        from corecors.audit import Nothing  # type: ignore[attr-defined]  # noqa: F401, PLC0415

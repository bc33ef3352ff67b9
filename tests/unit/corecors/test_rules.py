from __future__ import annotations

import pickle
import re
from typing import Any

import pytest

from corecors import Policy, PolicyError, Rule, Rules

A, B, C = (Policy(origins=f"https://{name}.example") for name in "abc")


def found(patterns: list[Any], path: str) -> object:
    rule = Rules([(pattern, A) for pattern in patterns]).find(path)
    return None if rule is None else rule.pattern


COMPILED = re.compile("/API", re.IGNORECASE)


@pytest.mark.parametrize(
    ("patterns", "path", "expected"),
    [
        # A literal path.
        (["/api"], "/api", "/api"),
        (["/api"], "/api/", None),
        (["/api"], "/API", None),
        (["/api"], "/api/x", None),
        ([""], "", ""),
        # <literal>/*: that path and all beneath it (D15).
        (["/api/*"], "/api", "/api/*"),
        (["/api/*"], "/api/", "/api/*"),
        (["/api/*"], "/api/x/y", "/api/*"),
        (["/api/*"], "/apisecret", None),
        (["/api/*"], "/apisecret/x", None),
        (["/api/*"], "/x/api/", None),
        (["/api/*"], "/", None),
        (["/api/*"], "", None),
        (["/api/*"], "/API/x", None),
        (["/api/*"], "//api/x", None),
        (["/api/*"], "/api\n", None),
        (["/api/v1/*"], "/api", None),
        (["/api/v1/*"], "/api/v1", "/api/v1/*"),
        (["/api/v1/*"], "/api/v1/x/y/z", "/api/v1/*"),
        (["api/*"], "api/x", "api/*"),
        (["api/*"], "/api/x", None),
        (["a/*"], "a/x", "a/*"),
        (["a/b/*"], "a/b/x", "a/b/*"),
        (["/X/*"], "/y", None),
        (["/api/*"], "/api/" + "x" * 512, "/api/*"),
        # Everything.
        (["/*"], "/", "/*"),
        (["*"], "", "*"),
        ([".*"], "/a\nb", ".*"),
        # Regexes match the beginning, as in 6.0.2.
        (["/api/v[0-9]"], "/api/v1/x", "/api/v[0-9]"),
        (["/api/v[0-9]$"], "/api/v1/x", None),
        (["/api/.*"], "/api", None),
        (["/a(b|c)/*"], "/ab", "/a(b|c)/*"),
        (["/a$/*"], "/a", "/a$/*"),
        ([COMPILED], "/apisecret", COMPILED),
        ([COMPILED], "/x/api", None),
        # The first that covers the path decides, of whatever kind each is.
        (["/api/*", "/api/x"], "/api/x", "/api/*"),
        (["/api/x", "/api/*"], "/api/x", "/api/x"),
        (["/api/*", "/api/v1/*"], "/api/v1/x", "/api/*"),
        (["/api/v1/*", "/api/*"], "/api/v1/x", "/api/v1/*"),
        (["/api/v1/*", "/api/*"], "/api/v2/x", "/api/*"),
        (["/*", "/api/*"], "/api/x", "/*"),
        (["/api/*", "/*"], "/other", "/*"),
        (["/a.*", "/api"], "/api", "/a.*"),
        (["/api", "/a.*"], "/api", "/api"),
        (["/b.*", "/a.*", "/api/*"], "/api/x", "/a.*"),
        (["/*", "/a.*"], "/api", "/*"),
        (["/x", "/*", "/x"], "/x", "/x"),
        (["/x/*", "/x/*", "*", "/*"], "/y", "*"),
        (["/a", COMPILED, "/b"], "/b", "/b"),
        ([], "/", None),
    ],
)
def test_the_first_rule_that_covers_a_path_decides(
    patterns: list[Any], path: str, expected: object
) -> None:
    """Each kind of pattern covers what it says, and their order is kept."""
    assert found(patterns, path) == expected


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["/*"], "/*"),
        (["*", "/api"], "*"),
        ([".*"], ".*"),
        (["/api", "/*"], None),
        (["/.*"], None),
        ([re.compile("")], None),
        ([], None),
    ],
)
def test_a_first_rule_that_covers_every_path_is_known_without_a_path(
    patterns: list[Any], expected: str | None
) -> None:
    """No look-up then."""
    rule = Rules([(pattern, A) for pattern in patterns]).everywhere
    assert (rule and rule.pattern) == expected


def test_rules_are_given_as_pairs_rules_or_a_mapping() -> None:
    """All shapes are the same value, and the policy comes with the pattern."""
    rules = Rules([("/a", A), Rule("/b/*", B)])
    assert rules == Rules({"/a": A, "/b/*": B}) == Rules(rules.entries)
    assert hash(rules) == hash(Rules({"/a": A, "/b/*": B}))
    assert rules.find("/b/x") == Rule("/b/*", B)
    assert rules != Rules({"/b/*": B, "/a": A})
    assert repr(rules).startswith("Rules(entries=(Rule(pattern='/a', policy=Policy(")


@pytest.mark.parametrize(("length", "kept"), [(512, 1), (513, 0)])
def test_what_decides_about_a_path_is_kept_unless_it_is_long(length: int, kept: int) -> None:
    """The same rule either way, the second time too, and no memory for who sends long paths."""
    rules = Rules([("/a/*", A), ("/*", B)])
    path = "/a/".ljust(length, "x")
    assert rules.find(path) is rules.find(path) is rules.entries[0]
    assert len(rules._found) == kept


def test_a_rule_is_taken_as_it_is() -> None:
    """What is a rule already is not made again."""
    rule = Rule("/a", A)
    assert Rules([rule]).entries[0] is rule


def test_rules_survive_pickle() -> None:
    """With their index."""
    rules = Rules([("/a", A), ("/b/*", B), (COMPILED, C)])
    same = pickle.loads(pickle.dumps(rules))  # noqa: S301 (our own)
    assert same == rules
    assert same.find("/API/x") == Rule(COMPILED, C)


@pytest.mark.parametrize(
    ("pattern", "what"),
    [
        ("/api/(", "is not a valid regular expression"),
        ("/[a", "is not a valid regular expression"),
        ("*.html", "is not a valid regular expression"),
        ("/a{99999999999}?", "is not a valid regular expression"),
        (re.compile(b"/a"), "is neither a string nor a compiled regex"),
        (b"/a", "is neither a string nor a compiled regex"),
        (None, "is neither a string nor a compiled regex"),
    ],
)
def test_a_pattern_that_can_never_match_is_refused(pattern: Any, what: str) -> None:
    """D3, for paths."""
    (problem,) = Rules.check(pattern)
    assert (problem.code, problem.option, problem.given) == ("path", "resources", pattern)
    assert (problem.what, problem.advice) == (what, 'write a path such as "/api/*"')


@pytest.mark.parametrize("pattern", ["", "/", "*", ".*", "/*", "/a/*", "/a[0-9]", COMPILED])
def test_a_usable_pattern_has_no_problem(pattern: Any) -> None:
    """Every kind passes."""
    assert list(Rules.check(pattern)) == []


def test_all_bad_patterns_are_reported_at_once() -> None:
    """Nobody has to correct them one at a time."""
    with pytest.raises(PolicyError) as caught:
        Rules([("/(", A), ("/ok", A), (None, A)])
    assert [problem.given for problem in caught.value.problems] == ["/(", None]


def test_patterns_are_ordered_as_flask_cors_does() -> None:
    """Literals, then compiled, then string regexes; more slashes first, then longer ones."""
    long, short = re.compile("/api/v1"), re.compile("/api")
    ordered = ["/a/b", "/long", "/a", long, short, "/api/v1/*", "/api/*", "/.*", "*"]
    assert Rules.order(reversed(ordered)) == ordered


def test_patterns_of_a_wrong_type_come_last_and_raise_nothing() -> None:
    """They are reported by `Rules.check`, whatever the order."""
    assert Rules.order([5, re.compile(b"a"), b"/b", "/a"]) == ["/a", 5, re.compile(b"a"), b"/b"]


def test_the_star_ranks_as_the_regex_that_it_stands_for() -> None:
    """As in 6.0.2: of `*` and `.*` the one that is written first comes first."""
    assert Rules.order(["*", ".*"]) == ["*", ".*"]
    assert Rules.order([".*", "*"]) == [".*", "*"]
    assert Rules.order(["*", "/*", "a*"]) == ["/*", "*", "a*"]

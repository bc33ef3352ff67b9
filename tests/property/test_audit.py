"""What the audit computes, against brute force: every text and every origin of a small alphabet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corecors import Policy, Rules, audit, compare, evaluate
from corecors._patterns import GLOB
from corecors._patterns import read as read_pattern
from corecors.audit import Witness
from corecors.audit._admits import Examination
from corecors.audit._budget import Budget, UndecidedError
from corecors.audit._compare import is_allowed
from corecors.audit._domains import named, under
from corecors.audit._grammar import WebOrigins
from corecors.audit._items import read_item
from corecors.audit._machine import Machine
from corecors.audit._reading import read
from tests.unit.corecors.audit.support import assert_witnesses_show_it

pytest.importorskip("interegular")
pytest.importorskip("publicsuffixlist")

# --- regular expressions, against `re`

TEXTS = ["".join(letters) for size in range(5) for letters in product("aB.", repeat=size)]

_ATOMS = st.sampled_from(["a", "B", r"\.", ".", "[ab]", "[^a]", r"\w", "$", "^", r"\b", "(?i:b)"])
_QUANTIFIERS = st.sampled_from(["", "", "", "*", "+", "?", "{1,2}", "{2}", "*?"])
_GROUPS = st.sampled_from(["(", "(?:", "(?P<n>", "(?=", "(?!", "(?<=", "(?<!"])


def _combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("|".join),
        st.tuples(_GROUPS, inner, _QUANTIFIERS).map(
            lambda parts: f"{parts[0]}{parts[1]}){parts[2]}"
        ),
    )


regexes = st.recursive(st.tuples(_ATOMS, _QUANTIFIERS).map("".join), _combined, max_leaves=8)


@given(regexes, st.sampled_from([0, re.IGNORECASE]))
def test_a_regex_is_read_as_re_matches_it(text: str, flags: int) -> None:
    """Soundness and completeness: whatever can be read accepts exactly the same texts."""
    try:
        regex = re.compile(text, flags)
        machine = Machine(read(regex).node, Budget(10**7))
    except (re.error, UndecidedError):
        return
    assert [t for t in TEXTS if machine.matches(t)] == [t for t in TEXTS if regex.fullmatch(t)]


# --- patterns of origins, against all origins with a short host

_HOSTS = ["".join(letters) for size in range(1, 5) for letters in product("ab.", repeat=size)]
ORIGINS = [
    origin
    for host in _HOSTS
    for end in ("", ".example", "b.example", "bxexample", ".example.a", ".1.2.3")
    for port in ("", ":1")
    if WebOrigins().matches(origin := f"https://{host}{end}{port}")
]

_PARTS = st.sampled_from(
    ["a", "b", ".", r"\.", ".*", "[ab]", "[^.]+", "a?", r"(a\.)?", r"(.*\.)?", "(a|ab)", r"(?!a)"]
)
_ENDS = st.sampled_from([r"\.example", ".example", r"b\.example", "", ".*", r"\.example(:\d+)?"])
_REGEXES = st.tuples(st.lists(_PARTS, max_size=4).map("".join), _ENDS).map(
    lambda parts: re.compile("https://" + "".join(parts))
)
# Labels with and without a `*`, as D2 has them; the last one open too.
_GLOB_LABELS = st.sampled_from(["a", "b", "*", "a*", "*b", "a*b", "*.a", "1", "192.168"])
_GLOBS = st.tuples(
    st.sampled_from(["https://", "HTTPS://"]),
    st.lists(_GLOB_LABELS, min_size=1, max_size=3).map(".".join),
    st.sampled_from(["", ".example", ".b.example", ".*", "*"]),
    st.sampled_from(["", ":*", ":1"]),
).map("".join)
patterns = st.one_of(_REGEXES, _GLOBS)

BEYOND = {"missing-boundary", "open-end", "unescaped-dot", "public-suffix", "any-origin"}


@given(patterns, st.booleans())
@example(re.compile(r"https://a?.*"), True)
def test_the_audit_says_what_brute_force_finds(pattern: object, credentials: bool) -> None:
    """Every witness is admitted; and what no finding speaks of, no origin shows."""
    policy = Policy(origins=pattern, supports_credentials=credentials)
    findings = audit(policy)
    codes = {finding.code for finding in findings}
    for finding in findings:
        assert finding.decided
        assert finding.witness is None or evaluate(policy, "GET", finding.witness).allowed
    admitted = [origin for origin in ORIGINS if evaluate(policy, "GET", origin).allowed]
    if "pattern-matches-nothing" in codes:
        assert admitted == []
    if codes & {*BEYOND, "any-origin-with-credentials"}:
        return
    budget = Budget(10**7)
    names = named(Examination(policy, pattern, read_item(pattern), budget)._meant)
    inside = Machine(under(names.owned), budget)
    assert [origin for origin in admitted if not inside.matches(origin)] == []
    if "any-port" not in codes and ":1" not in str(pattern):
        assert [origin for origin in admitted if origin.endswith(":1")] == []


@given(_GLOBS)
def test_a_glob_is_read_as_it_is_matched(glob: str) -> None:
    """Soundness and completeness: the automaton accepts the origins that `evaluate` admits."""
    policy = Policy(origins=glob)
    if read_pattern(glob).kind != GLOB:
        return
    machine = Machine(read_item(glob).node, Budget(10**7))
    admitted = [origin for origin in ORIGINS if evaluate(policy, "GET", origin).allowed]
    assert [origin for origin in ORIGINS if machine.matches(origin)] == admitted


# --- comparisons, against all origins, methods, names and paths of a few

_OPTIONS = st.fixed_dictionaries(
    {
        "origins": st.lists(st.one_of(patterns, st.sampled_from(ORIGINS[:20])), max_size=2),
        "methods": st.sampled_from([[], ["GET"], ["PUT"], ["GET", "put"], ["*"]]),
        "allow_headers": st.sampled_from([[], ["a"], ["*"], [r"[ab]"], [r"a.*", "b"]]),
        "expose_headers": st.sampled_from([[], ["a"], ["*"], ["a", "*"]]),
        "supports_credentials": st.booleans(),
    }
)
policies = st.builds(lambda options: Policy(**options), _OPTIONS)
_PATH_PATTERNS = st.sampled_from(["/a", "/a/*", "/*", "/a.*", "/(a|b)$", "/ab", r"/a\b", "//*"])
_PATHS = ["/", *("/" + "".join(p) for n in range(1, 4) for p in product("ab/", repeat=n))]
all_rules = st.lists(st.tuples(_PATH_PATTERNS, policies), max_size=3).map(Rules)


def requests(paths: list[str], origins: list[str]) -> Iterable[Witness]:
    """Requests of every kind, though not in every combination of what is independent."""
    for path in paths:
        for origin in origins:
            yield Witness(origin=origin, path=path)
        for origin in origins[::7]:
            for credentials, reads in product((False, True), (None, "a", "b")):
                yield Witness(origin=origin, path=path, credentials=credentials, reads=reads)
            for method, header in product(("GET", "PUT", "put", "X"), (None, "a", "b", "ab")):
                yield Witness(origin=origin, path=path, method=method, header=header)


def check(old: Policy | Rules, new: Policy | Rules, asked: Iterable[Witness]) -> None:
    comparison = compare(old, new)
    assert_witnesses_show_it(comparison, old, new)
    for request in asked:
        before, after = is_allowed(old, request), is_allowed(new, request)
        assert comparison.gained is not None or after <= before, request
        assert comparison.lost is not None or before <= after, request


@given(policies, policies)
def test_policies_compare_as_brute_force_does(old: Policy, new: Policy) -> None:
    """A witness for each direction in which there is a request, and every witness is right."""
    check(old, new, requests(["/"], ORIGINS[::3]))
    assert compare(old, old).relation == "equal"


@given(all_rules, all_rules)
def test_rules_compare_as_brute_force_does(old: Rules, new: Rules) -> None:
    """On every path."""
    check(old, new, requests(_PATHS, ORIGINS[::200]))
    assert compare(old, old).relation == "equal"

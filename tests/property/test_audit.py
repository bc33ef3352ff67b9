"""What the audit computes, against brute force: every text and every origin of a small alphabet."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corecors import Policy, audit, evaluate
from corecors.audit._admits import Examination
from corecors.audit._budget import Budget, UndecidedError
from corecors.audit._domains import named, under
from corecors.audit._grammar import WebOrigins
from corecors.audit._items import read_item
from corecors.audit._machine import Machine
from corecors.audit._reading import read

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
    for end in ("", ".example", "b.example", "bxexample", ".example.a")
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
_GLOBS = st.tuples(
    st.sampled_from(["", "*."]),
    st.sampled_from(["a", "b", "a.b", "b.example"]),
    st.sampled_from(["", ":*", ":1"]),
).map(lambda parts: "https://" + "".join(parts))
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

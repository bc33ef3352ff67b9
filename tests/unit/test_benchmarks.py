"""The benchmarks' own judgement: what is wrong or dearer has to be called so."""

import itertools
import os

import pytest

from benchmarks import answers, counters, guard
from benchmarks.frameworks import pure
from benchmarks.scenarios import PEERS, PER_REQUEST, by_name, get, preflight
from benchmarks.workers import Implementation

ACCEPTED = dict.fromkeys(guard.NAMES, 1.0)
ANSWER = {
    "status": 200,
    "body": "Hello",
    "headers": [["Access-Control-Allow-Origin", "https://app.example"], ["Vary", "Origin"]],
}


def test_the_guard_passes_what_costs_the_accepted(capsys):
    assert guard.judge(dict(ACCEPTED), needless=1.2, accepted=ACCEPTED) == 0
    assert "DEARER" not in capsys.readouterr().out


@pytest.mark.parametrize("name", guard.NAMES)
def test_the_guard_fails_when_one_scenario_is_dearer(name, capsys):
    ratios = {**ACCEPTED, name: 1 + guard.MARGIN + 0.01}
    assert guard.judge(ratios, needless=1.2, accepted=ACCEPTED) == 1
    assert "DEARER" in capsys.readouterr().out


def test_the_guard_fails_when_it_would_not_notice_a_needless_header_parse(capsys):
    assert guard.judge(dict(ACCEPTED), needless=1.0, accepted=ACCEPTED) == 1
    assert "blind" in capsys.readouterr().out


def test_the_guard_says_that_it_is_skipped_where_nothing_counts(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["guard"])
    monkeypatch.setattr(guard, "find_counter", lambda: None)
    assert guard.main() == 0
    assert "SKIPPED" in capsys.readouterr().out


@pytest.mark.parametrize(
    "change",
    [
        {"status": 404},
        {"body": "Goodbye"},
        {"headers": [["Access-Control-Allow-Origin", "*"], ["Vary", "Origin"]]},
        {"headers": ANSWER["headers"] + [["Access-Control-Allow-Credentials", "true"]]},
        {"headers": ANSWER["headers"] + [["Vary", "Accept"]]},
    ],
)
def test_another_answer_is_not_timed(change):
    assert answers.difference(ANSWER, {**ANSWER, **change})


def test_an_answer_is_the_same_with_less_in_vary_and_lists_in_another_order():
    ours = {**ANSWER, "headers": [["Access-Control-Allow-Methods", "GET, PUT"], ["Vary", "A, B"]]}
    other = {**ANSWER, "headers": [["access-control-allow-methods", "put,get"], ["vary", "b"]]}
    assert answers.difference(ours, other) == ""


def test_peers_agree_when_a_browser_concludes_the_same():
    assert answers.conclusion(get(), ANSWER)
    assert not answers.conclusion(get(), {**ANSWER, "headers": []})
    methods = [["Access-Control-Allow-Methods", "PUT"]]
    names = [["Access-Control-Allow-Headers", "content-type, x-requested-with"]]
    origin = [["Access-Control-Allow-Origin", "*"]]
    assert answers.conclusion(preflight(), {**ANSWER, "headers": origin + methods + names})
    assert not answers.conclusion(preflight(), {**ANSWER, "headers": origin + methods})


@pytest.mark.parametrize(
    ("usual", "row"),
    [
        ({"wrong": "", "instructions": {"cors": 8_000}}, ["8.0", "12.0", "1.50"]),
        ({"wrong": "", "instructions": {"cors": -8_000}}, ["-8.0", "12.0", "-"]),
        ({"wrong": "not True"}, ["not True", "12.0", "-"]),
    ],
)
def test_an_adapter_is_compared_with_what_is_usual(usual, row):
    """Where that answers something else, or costs less than nothing, there is no figure."""
    peers = pytest.importorskip("benchmarks.peers", reason="rich is not installed")
    ours, other = (Implementation(name, "", "1.0", "") for name in ("ours", "other"))
    peer = peers.FRAMEWORKS[0]._replace(framework="F", usual="f-cors", target=1.5)
    counted = {"ours": {"wrong": "", "instructions": {"cors": 12_000}}, "other": usual}
    figures = {scenario.name: counted for scenario in PEERS}
    pair = peers.Pair(peer, other, ours)
    assert peers._row(pair, figures) == ["F", "f-cors 1.0", *row, *row, *row, "≤ 1.5"]


def test_an_adapter_stands_alone_where_nothing_is_usual():
    peers = pytest.importorskip("benchmarks.peers", reason="rich is not installed")
    figures = {scenario.name: {"ours": {"wrong": ""}} for scenario in PEERS}
    peer = peers.FRAMEWORKS[0]._replace(framework="F", usual="", target=None)
    pair = peers.Pair(peer, None, Implementation("ours", "", "1.0", ""))
    assert peers._row(pair, figures) == ["F", "nothing", *["-"] * 9, ""]


def test_scenarios_have_names_of_their_own():
    assert {"get", "literals-100000", "peer-denied"} <= by_name().keys()
    assert len({scenario.name for scenario in PER_REQUEST}) == len(PER_REQUEST)


def test_the_decision_alone_is_asked_what_a_server_is_asked():
    """The same scenario, without a framework, next to a function that does nothing."""
    scenario = by_name()["rules"]
    origin = scenario.request.headers["Origin"]
    answers = [pure.make(scenario, kind, ()).answer()["headers"] for kind in ("bare", "cors")]
    assert answers == [[], [("Access-Control-Allow-Origin", origin)]]


def test_tables_take_the_place_of_those_of_an_earlier_run(tmp_path):
    tables = pytest.importorskip("benchmarks.tables", reason="rich is not installed")
    document = tmp_path / "document.md"
    begin, end = "<!-- growth: make bench -->", "<!-- end of growth -->"
    document.write_text(f"before\n{begin}\nold\n{end}\nafter\n", "utf-8")
    table = tables.Table("New", ["policy", "ki"], [["one", "1.0"]])
    tables.write(document, "growth", [table])
    text = document.read_text("utf-8")
    assert "| one | 1.0 |" in text
    assert "old" not in text
    assert text.startswith(f"before\n{begin}\n")
    assert text.endswith(f"{end}\nafter\n")


def test_the_kernel_is_asked_for_a_counter_in_its_own_terms():
    """A counter that needs no hardware: the task clock, in nanoseconds."""
    software, task_clock = 1, 1
    try:
        file = counters.open_event(0, software, task_clock)
    except (OSError, KeyError) as error:
        pytest.skip(f"no perf_event_open: {error}")
    try:
        first = int.from_bytes(os.read(file, 8), "little")
        sum(range(100_000))
        assert int.from_bytes(os.read(file, 8), "little") > first
    finally:
        os.close(file)


# --- under load


@pytest.fixture
def load():
    return pytest.importorskip("benchmarks.load", reason="psutil is not installed")


def test_the_load_has_every_kind_of_request_and_the_same_ones_again(load):
    sent = list(itertools.islice(load.requests(1), 200))
    assert sent == list(itertools.islice(load.requests(1), 200))
    assert {one.kind for one in sent} == {
        "allowed", "malformed", "preflight", "refused", "without Origin",
    }  # fmt: skip


def test_a_wrong_header_under_load_is_seen(load):
    sent = load.Sent("allowed", "GET", "/api/users", {"Origin": "https://host1.example"})
    right = [
        ("Access-Control-Allow-Origin", "https://host1.example"),
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Expose-Headers", "X-Total"),
        ("Vary", "Origin"),
    ]
    assert load.check(sent, [*right, ("Server", "gunicorn")]) == ""
    assert load.check(sent, right[:-1])
    assert load.check(sent, [("Access-Control-Allow-Origin", "*"), *right[1:]])


def test_memory_that_grows_and_a_worker_that_was_replaced_are_seen(load):
    flat = [{1: 50_000_000}] * load.BATCHES
    assert load._flat(flat)
    assert not load._flat([*flat[:-1], {1: 50_000_000 + load.GROWTH + 1}])
    assert not load._flat([*flat[:-1], {2: 50_000_000}])

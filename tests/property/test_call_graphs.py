"""D12, D13: whatever calls whatever, the nearest policy decides, and a call changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib.util import find_spec
from types import ModuleType
from typing import Optional

import pytest
from flask import Flask
from hypothesis import event, example, given
from hypothesis import strategies as st

import flask_cors
from corecors import Policy, evaluate
from tests.property.call_graphs import (
    POLICIES,
    STRANGER,
    Call,
    Function,
    Graph,
    answered,
    build,
    crossed,
    decides,
    outcome,
)
from tests.property.exchanges import SIGNALS

ORIGINS = (None, "https://a.example", "https://b.example", "https://c.example", STRANGER)
METHODS = ("GET", "OPTIONS")
PATHS = {"/view": True, "/missing": False}
KINDS = ("function", "function", "class", "method", "derived")
ENDS = ("text", "first", "last", "abort", "handled", "crash")
HAS_ASYNC = find_spec("asgiref") is not None


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Refusals and exceptions are no news here."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


# --- by lot

policies = st.none() | st.sampled_from(list(POLICIES))


@st.composite
def functions(draw: st.DrawFn, before: tuple[Function, ...]) -> Function:
    """One function, that may call those before it."""
    sync = [index for index in range(len(before)) if not waits(before, index)]
    is_async = HAS_ASYNC and draw(st.integers(0, 4)) == 0
    # An event loop runs no other one: what is async calls what is not.
    callees = sync if is_async else range(len(before))
    calls = st.builds(Call, st.sampled_from(callees), st.booleans()) if callees else st.nothing()
    kind = "async" if is_async else draw(st.sampled_from(KINDS))
    return Function(
        cors=draw(policies),
        kind=kind,
        inherited=draw(policies) if kind == "derived" else None,
        calls=tuple(draw(st.lists(calls, max_size=3))) if callees else (),
        ends=draw(st.sampled_from(ENDS)),
    )


def waits(before: tuple[Function, ...], index: int) -> bool:
    """Whether an event loop is needed to call this function."""
    return any(function.kind == "async" for function in crossed(Graph(before), index))


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """An application of one to five functions."""
    made: tuple[Function, ...] = ()
    for _ in range(draw(st.integers(1, 5))):
        made += (draw(functions(made)),)
    plain = Graph(made)
    some = st.none() | st.sampled_from(range(len(made)))
    mends = st.sampled_from([i for i in range(len(made)) if not outcome(plain, i).error] or [None])
    return Graph(
        functions=made,
        app=draw(policies),
        blueprint=draw(policies),
        before=draw(some) if draw(st.booleans()) else None,
        calls_before=draw(some),
        calls_after=draw(some),
        on_error=draw(some),
        on_abort=draw(some),
        on_crash=draw(st.none() | mends),
    )


# --- the answers


def sent(app: Flask, path: str, method: str, origin: Optional[str]) -> dict[str, str]:
    """Send one request; give the CORS headers and `Vary`."""
    headers = {} if origin is None else {"Origin": origin}
    if method == "OPTIONS":
        headers["Access-Control-Request-Method"] = "GET"
    response = app.test_client(use_cookies=False).open(path, method=method, headers=headers)
    lines = [
        (name, value)
        for name, value in response.headers
        if name == "Vary" or name.startswith("Access-Control-")
    ]
    assert len(dict(lines)) == len(lines), f"a header of several lines: {lines}"
    return dict(lines)


def expected(policy: Optional[str], method: str, origin: Optional[str]) -> dict[str, str]:
    if policy is None:
        return {}
    asked = {"Access-Control-Request-Method": "GET"} if method == "OPTIONS" else {}
    return evaluate(Policy(**POLICIES[policy]), method, origin, asked).headers


LAX = Function(cors="any")
STRICT = Function(cors="a")


@pytest.mark.skipif(not SIGNALS, reason="Flask 2.2 has signals only with blinker")
@given(graphs())
@example(Graph((LAX, Function(cors="a", calls=(Call(0),)))))
@example(Graph((LAX, Function(cors="a", calls=(Call(0),), ends="last"))))
@example(Graph((STRICT, Function(cors="any", calls=(Call(0),)))))
@example(Graph((LAX, Function(calls=(Call(0),)))))
@example(Graph((LAX, Function(calls=(Call(0),))), app="a"))
@example(Graph((LAX, Function(calls=(Call(0),), ends="last")), app="a"))
@example(Graph((Function(cors="a", kind="derived", inherited="any"),)))
@example(Graph((Function(kind="derived", inherited="any", ends="text"),), app="a"))
@example(Graph((LAX, Function()), app="a", calls_before=0))
@example(Graph((LAX, Function()), app="a", calls_after=0))
@example(Graph((LAX, Function()), app="a", before=0))
@example(Graph((LAX, Function(ends="handled")), app="a", on_error=0))
@example(Graph((Function(cors="any", ends="crash"), Function(calls=(Call(0),))), app="a"))
@example(Graph((Function(cors="any", ends="crash"), Function(calls=(Call(0, True),))), app="a"))
@example(Graph((Function(cors="any", ends="abort"), Function(calls=(Call(0),))), blueprint="a"))
def test_the_nearest_policy_decides_whoever_is_called(graph: Graph) -> None:
    """D12, D13: the whole answer is that of the one policy that a few obvious lines name."""
    app = build(flask_cors, graph)
    event(f"{answered(graph).error}, {len(graph.functions)} functions")
    for path, found in PATHS.items():
        for method in METHODS:
            policy = decides(graph, method, found=found)
            for origin in ORIGINS:
                answer = sent(app, path, method, origin)
                assert answer == expected(policy, method, origin), (path, method, origin, policy)


# --- 6.0.2


def stands(graph: Graph) -> bool:
    """Whether 6.0.2 is right about GET: no exception, nothing async, no two decorators in one call.

    6.0.2 lets the decorator of a called function decide for its caller (D12), drops the policy
    of a view that fails (D13), and calls no `async def` (D17).
    """
    if answered(graph).error or any(f.kind == "async" for f in graph.functions):
        return False
    if any(f.ends in {"abort", "handled", "crash"} for f in graph.functions):
        return False
    ran = len(graph.functions) - 1 if graph.before is None else graph.before
    decorators = [p for f in crossed(graph, ran) for p in (f.cors, f.inherited) if p]
    if graph.before is not None and graph.view.cors:
        return False
    return len(decorators) <= 1 or graph.functions[ran].ends == "text"


@given(graphs().filter(stands))
@example(Graph((LAX, Function(cors="a", calls=(Call(0),)))))
@example(Graph((LAX, Function(calls=(Call(0),)))))
@example(Graph((LAX, Function(calls=(Call(0),), ends="last")), app="a"))
def test_the_few_lines_agree_with_6_0_2_where_it_is_right(
    flask_cors_602: ModuleType, graph: Graph
) -> None:
    """Where D12 and D13 change nothing, 6.0.2 names the origin that the model above names."""
    name = "Access-Control-Allow-Origin"
    app, policy = build(flask_cors_602, graph), decides(graph, "GET")
    for origin in ORIGINS:
        right = expected(policy, "GET", origin).get(name)
        if right or not policy:  # else a refusal, that a wider policy may turn into a grant (D12)
            assert sent(app, "/view", "GET", origin).get(name) == right, origin

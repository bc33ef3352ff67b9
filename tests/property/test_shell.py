"""I12: the extension, the decorator and `evaluate` give the same headers, whoever asks."""

from __future__ import annotations

import warnings
from typing import Any

from flask import Blueprint, Flask
from hypothesis import event, given
from hypothesis import strategies as st
from werkzeug.test import create_environ

from corecors import Rules
from flask_cors import CORS, CORSWarning, cross_origin
from tests.property import strategies
from tests.property.strategies import Ask, Setup

WAYS = ("extension", "init_app", "config", "resource", "blueprint", "decorator")


def hello(**_: Any) -> str:
    return "hello"


def app_of(way: str, options: dict[str, Any]) -> Flask:
    """Make an application that has a policy in one of the ways there are."""
    app = Flask(__name__, static_folder=None)
    endpoint = "view"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CORSWarning)
        if way == "extension":
            CORS(app, **options)
        elif way == "init_app":
            CORS(origins="https://other.example", max_age=1).init_app(app, **options)
        elif way == "config":
            app.config.update({f"CORS_{name.upper()}": value for name, value in options.items()})
            CORS(app)
        elif way == "resource":
            CORS(app, resources={"/*": options}, origins="https://other.example")
        elif way == "blueprint":
            blueprint = Blueprint("blueprint", __name__)
            CORS(blueprint, **options)
            app.register_blueprint(blueprint)
            endpoint = "blueprint.view"
        app.view_functions[endpoint] = (
            cross_origin(**options)(hello) if way == "decorator" else hello
        )
    # For any method: a 405 has no view, and so no decorator or blueprint to decide about it.
    app.url_map.add(app.url_rule_class("/any", endpoint=endpoint))
    return app


def sent(app: Flask, ask: Ask, path: str = "/any") -> dict[str, str]:
    """Give the CORS headers and `Vary` of the answer on the wire."""
    environ = create_environ("/")
    environ["PATH_INFO"] = path.encode().decode("latin-1")
    environ["REQUEST_METHOD"] = ask.method
    asked = dict(ask.headers) if ask.origin is None else {**ask.headers, "Origin": ask.origin}
    for name, value in asked.items():
        environ["HTTP_" + name.upper().replace("-", "_")] = value
    lines: list[tuple[str, str]] = []
    app(environ, lambda _, headers, *__: lines.extend(headers)).close()
    ours = [line for line in lines if line[0] == "Vary" or line[0].startswith("Access-Control-")]
    assert len(dict(ours)) == len(ours), f"a header of several lines: {ours}"
    return dict(ours)


def as_routed(ask: Ask) -> Ask:
    """Read method and path as Werkzeug does."""
    return ask._replace(method=ask.method.upper(), path="/" + ask.path.lstrip("/"))


@given(strategies.exchanges())
def test_every_way_to_give_a_policy_gives_the_same_headers(exchange: tuple[Setup, Ask]) -> None:
    """One policy, one request: the same headers from each scope, and from the core alone."""
    setup, ask = exchange
    decision = as_routed(ask).of(setup.policy)
    event(decision.verdict.name)
    answers = {way: sent(app_of(way, setup.options), ask) for way in WAYS}
    assert answers == dict.fromkeys(WAYS, decision.headers)


@given(st.data())
def test_resources_give_the_headers_of_rules(data: Any) -> None:
    """`resources`, in the order of 6.0.2, decide as `Rules` do, on every path."""
    first, second = data.draw(strategies.setups()), data.draw(strategies.setups())
    setups = {first.policy: first, second.policy: second}
    rules = data.draw(strategies.rules_of(setups))
    resources = {rule.pattern: rule.policy for rule in rules.entries}
    if data.draw(st.booleans()):
        resources["/*"] = first.policy
    ask = data.draw(strategies.asks(first))
    ordered = Rules([(pattern, resources[pattern]) for pattern in Rules.order(resources)])
    decision = as_routed(ask).of(ordered)
    event(decision.verdict.name)
    app = Flask(__name__, static_folder=None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CORSWarning)
        CORS(
            app,
            resources={pattern: setups[policy].options for pattern, policy in resources.items()},
        )
    assert sent(app, ask, ask.path) == decision.headers

"""What users write, and what checkers must accept. Checked by mypy and pyright, never run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask
from flask.views import MethodView
from typing_extensions import assert_never

from corecors import (
    Decision,
    Policy,
    PolicyError,
    Problem,
    Rule,
    Rules,
    Verdict,
    audit,
    compare,
    evaluate,
)
from corecors.audit import Comparison, Witness
from flask_cors import CORS, CORSWarning, cross_origin

app = Flask("typed")
blueprint = Blueprint("typed", "typed")


def is_customer(origin: str) -> bool:
    return origin.endswith(".example")


# The extension: each shape of each option.

CORS(app)
CORS(blueprint, origins="https://app.example", supports_credentials=True)
CORS(app, origins=["https://app.example", re.compile(r"https://.*\.example"), is_customer])
CORS(app, origins={"https://app.example"})
CORS(app, origins=(origin for origin in ("https://a.example", "https://b.example")))
CORS(app, origins=is_customer)
CORS(app, origins=re.compile(r"https://.*\.example"))
CORS(app, methods="GET, PUT", allow_headers="X-A", expose_headers="X-B")
CORS(app, methods=["GET", "PUT"], allow_headers=[re.compile("X-.*")], expose_headers=("X-B",))
CORS(app, methods=None, allow_headers=None, expose_headers=None)
CORS(app, max_age=600)
CORS(app, max_age="600")
CORS(app, max_age=timedelta(minutes=10))
CORS(app, send_wildcard=True, vary_header=False, always_send=False, allow_private_network=True)
CORS(app, intercept_exceptions=False, strict=True)
CORS(app, preflight_first=True, methods="auto")
CORS(app, resources={"/*": {"origins": "https://app.example"}, "/internal/*": None})
CORS(app, resources="/api/*")
CORS(app, resources=re.compile("/v[12]/"))
CORS(app, resources=["/api/*", re.compile("/v[12]/")])
CORS(app, resources={"/api/*": {"origins": "https://app.example", "max_age": 600}, "/*": {}})
CORS(app, resources={re.compile("/v[12]/"): {"origins": "*"}})

cors = CORS(origins="*")
cors.init_app(app)
cors.init_app(app, max_age=600)
cors.init_app(blueprint)

# Options kept elsewhere: their type has no public name yet, a dict of anything will do.
options: dict[str, Any] = {"origins": "*"}
CORS(app, **options)

# The decorator: views of every kind stay callable.


@app.get("/called")
@cross_origin(origins="https://app.example", methods=["GET"], automatic_options=False)
def called() -> str:
    return "called"


@app.get("/bare")
@cross_origin
def bare(number: int) -> str:
    return str(number)


@app.get("/async")
@cross_origin(supports_credentials=True, origins=["https://app.example"])
async def asynchronous() -> str:
    return "async"


class Item(MethodView):
    decorators = [cross_origin(origins="https://app.example")]  # noqa: RUF012

    @cross_origin(enabled=False)
    def patch(self) -> str:
        return ""

    @cross_origin(max_age=timedelta(minutes=1))
    def put(self) -> str:
        return "put"


text: str = bare(1)  # a bare decorator keeps the view's type
shared: Callable[..., Any] = cross_origin(**options)(is_customer)

# The core.

policy = Policy(origins=["https://app.example", is_customer], max_age=timedelta(hours=1))
seconds: int | None = policy.max_age
methods: tuple[str, ...] = policy.methods
rules = Rules([("/api/*", policy), Rule("/*", Policy())])
rule: Rule | None = rules.find("/api/users")
decision: Decision = evaluate(rules, "GET", "https://app.example", {}, "/api/users")
headers: dict[str, str] = decision.headers
verdict: Verdict = decision.verdict
allowed: bool = decision.allowed or verdict.refused or verdict.preflight
findings: tuple[Problem, ...] = audit(policy)
comparison: Comparison = compare(policy, rules, steps=1_000)
gained: Witness | None = comparison.gained
category: type[UserWarning] = CORSWarning

try:
    Policy(origins="*.app.example")
except ValueError as error:
    problems: Iterable[Problem] = error.problems if isinstance(error, PolicyError) else ()


def label(verdict: Verdict) -> str:
    """Verdicts are a closed set: a checker sees whether one is missing."""
    if verdict is Verdict.NO_RULE or verdict is Verdict.NO_ORIGIN:
        return "no CORS"
    if verdict is Verdict.ORIGIN_REFUSED:
        return "origin"
    if verdict is Verdict.METHOD_REFUSED or verdict is Verdict.HEADERS_REFUSED:
        return "preflight"
    if verdict is Verdict.ALLOWED:
        return "read"
    if verdict is Verdict.PREFLIGHT_ALLOWED or verdict is Verdict.PREFLIGHT_SAFELISTED:
        return "send"
    assert_never(verdict)

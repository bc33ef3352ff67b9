"""`flask cors routes` and `flask cors policy`: what decides about each route."""

from __future__ import annotations

import re
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask
from flask.views import MethodView

from corecors import Policy
from flask_cors import CORS, cross_origin
from flask_cors._misplaced import tell
from flask_cors.cli.serial import as_json, from_json

from ..support import ORIGIN, OTHER
from .support import run, run_for_real


def ours(origin: str) -> bool:
    return False


class View(MethodView):
    @cross_origin(origins=OTHER)
    def get(self) -> str:
        return "get"

    def put(self) -> str:
        return "put"


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__, static_folder=None)
    CORS(app, resources={"/api/*": {"origins": [ORIGIN, re.compile("x"), ours]}, "/v": {}})
    app.add_url_rule("/api/<int:number>", "api", lambda number: "", methods=["GET", "POST"])
    app.add_url_rule(
        "/decorated", "decorated", cross_origin(supports_credentials=True, origins=ORIGIN)(str)
    )
    app.add_url_rule("/v", view_func=View.as_view("view"))
    app.add_url_rule("/w", "w", str)
    blueprint = Blueprint("b", __name__)
    CORS(blueprint, origins=[])
    blueprint.add_url_rule("/b", "b", str)
    app.register_blueprint(blueprint)
    app.add_url_rule("/options", "options", str, methods=["OPTIONS"])
    return app


def test_the_methods_of_a_policy_can_be_those_of_the_route() -> None:
    app = Flask(__name__, static_folder=None)
    CORS(app, origins=ORIGIN, methods="auto")
    app.add_url_rule("/search", "search", str, methods=["QUERY"])
    (route,) = run(app, "policy").json["routes"]
    assert route["policy"]["methods"] == ["OPTIONS", "QUERY"]


def test_each_route_with_what_decides(app: Flask) -> None:
    """Methods with different policies have lines of their own."""
    status, text = run(app, "routes")
    lines = [re.sub(r"\S*test_routes\.py:\d+", "HERE", line) for line in text.splitlines()]
    assert status == 0
    assert [re.split(r"  +", line) for line in lines] == [
        ["Path", "Methods", "Decided by", "Origins", "Credentials"],
        ["/api/<int:number>", "GET, POST", "CORS(app) /api/* HERE", f"{ORIGIN}, x, ours()", "no"],
        ["/b", "GET", "CORS(blueprint) /* HERE", "none", "no"],
        ["/decorated", "GET", "@cross_origin() HERE", ORIGIN, "yes"],
        ["/options", "OPTIONS", "nobody: no CORS"],
        ["/v", "GET", "@cross_origin() HERE", OTHER, "no"],
        ["/v", "PUT", "CORS(app) /v HERE", "*", "no"],
        ["/w", "GET", "nobody: no CORS"],
    ]


def test_the_same_as_json(app: Flask) -> None:
    found = run(app, "routes", "--json").json
    assert found["misplaced"] == []
    assert [(route["path"], route["methods"]) for route in found["routes"]][:2] == [
        ("/api/<int:number>", ["GET", "POST"]),
        ("/b", ["GET"]),
    ]
    assert found["routes"][0]["decided_by"]["call"] == "CORS(app)"
    assert found["routes"][0]["policy"]["origins"][0] in (ORIGIN, {"regex": "x", "flags": 32})
    assert found["routes"][-1]["policy"] is None


class TestMisplaced:
    """`@cross_origin` above the route: it is told of (FAULTS 20)."""

    @pytest.fixture
    def app(self) -> Any:
        app = Flask(__name__, static_folder=None)

        @cross_origin(origins=ORIGIN)
        @app.get("/above")
        def above() -> str:
            return ""

        @app.get("/below")
        @cross_origin(origins=ORIGIN)
        def below() -> str:
            return ""

        app.kept = above, below  # type: ignore[attr-defined]
        return app

    def test_in_the_table(self, app: Flask) -> None:
        text = run(app, "routes").text
        assert re.search(r"@cross_origin at \S*test_routes.py:\d+ has no effect.* 'above'", text)
        assert "'below'" not in text

    def test_as_json(self, app: Flask) -> None:
        (one,) = run(app, "routes", "--json").json["misplaced"]
        assert one["endpoint"] == "above"

    def test_in_the_log_once(self, app: Flask, caplog: pytest.LogCaptureFixture) -> None:
        app.test_client().get("/above")
        tell(app)
        (record,) = caplog.records
        assert (record.levelname, record.name) == ("WARNING", "flask_cors.decorator")
        assert re.match(
            r"@cross_origin has no effect on the view 'above' \(.*test_routes\.py:\d+\): it "
            r"stands above the route",
            record.getMessage(),
        )

    def test_what_another_decorator_covers_runs(self) -> None:
        app = Flask(__name__, static_folder=None)

        def bare() -> str:
            return ""

        kept = cross_origin(origins=ORIGIN)(bare)
        app.add_url_rule("/bare", "bare", bare)
        app.add_url_rule("/", "covered", wraps(kept)(kept))
        assert run(app, "routes", "--json").json["misplaced"] == []


POLICIES = [
    Policy(),
    Policy(origins=[ORIGIN, re.compile("(?i)x")], allow_headers=[re.compile("x-.*"), "X-A"]),
    Policy(origins=[], methods="GET", max_age=5, supports_credentials=True, vary_header=False),
]


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_comes_back_from_json(policy: Policy) -> None:
    assert from_json(as_json(policy)) == policy


def test_a_function_comes_back_as_one_of_the_same_name() -> None:
    written = as_json(Policy(origins=ours))
    policy = from_json(written)
    assert as_json(from_json({**written, "unknown": 1}))["origins"] != []
    assert policy == from_json(written)
    assert not policy.answer("GET", ORIGIN).verdict.allowed


def test_the_commands_for_real(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "from flask import Flask\nfrom flask_cors import CORS\napp = Flask(__name__)\n"
        "CORS(app)\napp.add_url_rule('/', 'root', str)\n"
    )
    shown = run_for_real(tmp_path, "routes")
    assert shown.status == 0
    assert re.search(r"^/ +GET +CORS\(app\) /\* app.py:4 +\* +no$", shown.text, re.MULTILINE)
    for arguments in (["policy"], ["policy", "--json"]):
        written = run_for_real(tmp_path, *arguments)
        assert written.status == 0
        assert written.json["routes"][0]["policy"]["origins"] == ["*"]


def test_the_policy_of_every_route_is_json(app: Flask) -> None:
    found = run(app, "policy").json
    assert found["version"] == 1
    assert found["routes"] == run(app, "routes", "--json").json["routes"]

"""`flask cors diff`: what has changed for each route since `flask cors policy` wrote a file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from corecors import Policy, evaluate
from flask_cors import CORS, cross_origin
from flask_cors.cli.diff import changes_between

from ..support import EVIL, ORIGIN, OTHER
from .support import Ran, run, run_for_real


def make(**options: Any) -> Flask:
    app = Flask(__name__, static_folder=None)
    CORS(app, **options)
    app.add_url_rule("/users/<int:number>", "users", str, methods=["GET", "PUT"])
    return app


def ours(origin: str) -> bool:
    return False


@pytest.fixture
def compared(tmp_path: Path) -> Any:
    """Write the policies of one application, and compare those of another one with them."""

    def compared(before: Flask, after: Flask, *arguments: str) -> Ran:
        path = tmp_path / "cors.json"
        path.write_text(run(before, "policy").text, "utf-8")
        return run(after, "diff", str(path), *arguments)

    return compared


class TestChanges:
    """Per route: wider or narrower, with a request that shows it."""

    def test_nothing(self, compared: Any) -> None:
        options = {"origins": [ORIGIN, ours], "allow_headers": ["X-A"]}
        assert compared(make(**options), make(**options)) == (0, "nothing has changed\n")

    def test_wider(self, compared: Any) -> None:
        ran = compared(make(origins=ORIGIN), make(origins=[ORIGIN, OTHER]))
        assert ran == (
            1,
            f"wider: /users/<int:number> GET, PUT\n  allowed now: GET /users/1 from {OTHER}\n",
        )

    def test_narrower(self, compared: Any) -> None:
        ran = compared(make(origins=ORIGIN), make(origins=[]))
        assert ran == (
            0,
            f"narrower: /users/<int:number> GET, PUT\n  no more: GET /users/1 from {ORIGIN}\n",
        )

    def test_both(self, compared: Any) -> None:
        ran = compared(make(origins=ORIGIN), make(origins=OTHER))
        assert ran == (
            1,
            (
                "different: /users/<int:number> GET, PUT\n"
                f"  allowed now: GET /users/1 from {OTHER}\n"
                f"  no more: GET /users/1 from {ORIGIN}\n"
            ),
        )

    def test_a_method_that_the_route_has(self, compared: Any) -> None:
        before, after = (make(origins=ORIGIN, methods=names) for names in ("GET", "GET, put, X"))
        assert compared(before, after) == (
            1,
            f"wider: /users/<int:number> GET, PUT\n  allowed now: PUT /users/1 from {ORIGIN}\n",
        )

    def test_a_method_that_no_route_has(self, compared: Any) -> None:
        before, after = (make(origins=ORIGIN, methods=names) for names in ("GET", "GET, X"))
        assert compared(before, after).text == "nothing has changed\n"

    def test_methods_with_policies_of_their_own(self, compared: Any) -> None:
        before, after = make(origins=ORIGIN), make(origins=ORIGIN)
        for app, origins in ((before, ORIGIN), (after, OTHER)):
            view = cross_origin(origins=origins)(lambda number: "")
            app.add_url_rule("/users/<int:number>", "patch", view, methods=["PATCH"])
        text = compared(before, after).text
        assert text == (
            "different: /users/<int:number> PATCH\n"
            f"  allowed now: PATCH /users/1 from {OTHER}\n"
            f"  no more: PATCH /users/1 from {ORIGIN}\n"
        )

    def test_a_new_route_is_compared_with_nobody(self, compared: Any) -> None:
        after = make(origins=ORIGIN)
        after.add_url_rule("/new", "new", str)
        assert compared(make(origins=ORIGIN), after) == (
            1,
            f"wider: /new GET (new route)\n  allowed now: GET /new from {ORIGIN}\n",
        )

    def test_a_route_that_is_gone_too(self, compared: Any) -> None:
        before = make(origins=ORIGIN)
        before.add_url_rule("/old", "old", str)
        assert compared(before, make(origins=ORIGIN)) == (
            0,
            f"narrower: /old GET (gone route)\n  no more: GET /old from {ORIGIN}\n",
        )

    def test_a_new_route_without_a_policy_is_no_change(self, compared: Any) -> None:
        after = make(resources="/users/*", origins=ORIGIN)
        after.add_url_rule("/new", "new", str)
        assert compared(make(resources="/users/*", origins=ORIGIN), after).status == 0

    @pytest.mark.parametrize("kind", ["host", "subdomain"])
    def test_one_path_on_two_hosts(self, compared: Any, kind: str) -> None:
        def two(first: str) -> Flask:
            app = Flask(__name__, static_folder=None, **{f"{kind}_matching": True})
            app.config["SERVER_NAME"] = "example"
            for name, origins in (("a", first), ("b", ORIGIN)):
                view = cross_origin(origins=origins)(lambda: "")
                at = f"{name}.example" if kind == "host" else name
                app.add_url_rule("/x", name, view, **{kind: at})
            return app

        assert compared(two(ORIGIN), two(ORIGIN)).status == 0
        ran = compared(two(ORIGIN), two(OTHER))
        assert (ran.status, ran.text.splitlines()[0]) == (1, "different: a.example/x GET")

    @pytest.mark.parametrize(
        ("route", "pattern", "path"),
        [
            ("/users/<name>", "/users/admin", "/users/admin"),
            ("/<name>/posts", "/admin/*", "/admin/posts"),
            ("/<path:name>", "/up/*", "/up/1"),
            ("/users/<name>", "/users/a.*", "/users/<name> where /users/a.*"),
            ("/users/<name>", re.compile("/users/a"), "/users/<name> where /users/a"),
        ],
    )
    def test_a_rule_for_some_values_of_a_parameter(
        self, compared: Any, route: str, pattern: Any, path: str
    ) -> None:
        def with_rule(**options: Any) -> Flask:
            app = Flask(__name__, static_folder=None)
            CORS(
                app,
                resources={"/*": {"origins": ORIGIN}, **({pattern: options} if options else {})},
            )
            app.add_url_rule(route, "view", str)
            return app

        assert compared(with_rule(origins=OTHER), with_rule(origins=OTHER)).status == 0
        assert compared(with_rule(), with_rule(origins=ORIGIN)).status == 0
        ran = compared(with_rule(), with_rule(origins=[ORIGIN, OTHER]))
        assert (ran.status, ran.text.splitlines()[0]) == (1, f"wider: {path} GET")
        ran = compared(with_rule(origins=[]), with_rule())
        assert (ran.status, ran.text.splitlines()[0]) == (1, f"wider: {path} GET")

    def test_rules_that_are_not_for_the_route(self, compared: Any) -> None:
        """Nor for a route whose view decides, or that only one side has."""
        before, after = make(origins=ORIGIN), make(resources={"/*": {"origins": ORIGIN}})
        assert compared(before, after).status == 0
        others = {"/other/a": {}, "/other/.*": {}, "/users/1": {"origins": ORIGIN}}
        after = make(resources={"/*": {"origins": ORIGIN}, **others})
        assert compared(before, after).status == 0
        for app in (before, after):
            view = cross_origin(origins=ORIGIN)(lambda name: "")
            app.add_url_rule("/other/<name>", "other", view)
        assert compared(before, after).status == 0

    def test_a_view_that_decides_no_more(self, compared: Any) -> None:
        """It has decided about each value of the parameters."""

        def app_with(view: Any) -> Flask:
            app = Flask(__name__, static_folder=None)
            CORS(app, resources={"/*": {"origins": ORIGIN}, "/users/me": {"origins": OTHER}})
            app.add_url_rule("/users/<name>", "view", view)
            return app

        ran = compared(app_with(cross_origin(origins=ORIGIN)(str)), app_with(str))
        assert (ran.status, ran.text.splitlines()[0]) == (1, "different: /users/me GET")

    def test_paths_that_only_one_side_covers(self, compared: Any) -> None:
        before = make(resources={"/users/2": {"origins": ORIGIN}})
        after = make(resources={"/users/3": {"origins": ORIGIN}})
        assert compared(before, after).text.splitlines()[::2] == [
            "narrower: /users/2 GET, PUT",
            "wider: /users/3 GET, PUT",
        ]

    def test_what_cannot_be_decided_counts_as_wider(self, compared: Any) -> None:
        ran = compared(make(origins=[ORIGIN]), make(origins=[ORIGIN, ours]))
        assert ran.status == 1
        assert ran.text.startswith("not decided: /users/<int:number> GET, PUT\n  not decided: ")

    def test_as_json(self, compared: Any) -> None:
        before, after = make(origins=ORIGIN), make(origins=ORIGIN, supports_credentials=True)
        gained = {
            "origin": ORIGIN,
            "method": "GET",
            "header": None,
            "path": "/users/1",
            "credentials": True,
            "reads": None,
            "private_network": False,
        }
        change = {
            "path": "/users/<int:number>",
            "methods": ["GET", "PUT"],
            "route": None,
            "undecided": [],
        }
        assert compared(before, after, "--json").json == {
            "version": 1,
            "wider": True,
            "changes": [{**change, "relation": "wider", "gained": gained, "lost": None}],
        }
        assert compared(after, before, "--json").json == {
            "version": 1,
            "wider": False,
            "changes": [{**change, "relation": "narrower", "gained": None, "lost": gained}],
        }


@pytest.mark.parametrize("methods", ["GET", "PUT", "*"])
def test_a_witness_is_one(methods: str) -> None:
    """Of a route that has PUT alone, too: the new policy allows it, and the old one does not."""
    before, after = Policy(origins=ORIGIN), Policy(origins=[ORIGIN, EVIL], methods=methods)
    (change,) = changes_between({("/", "PUT"): before}, {("/", "PUT"): after})
    gained = change.gained
    assert gained is not None
    assert gained.method == ("GET" if methods == "GET" else "PUT")
    asked = {"Access-Control-Request-Method": gained.method}
    for policy, allowed in ((before, False), (after, True)):
        assert evaluate(policy, "OPTIONS", gained.origin, asked).allowed is allowed


class TestFile:
    """What is no file of `flask cors policy` is status 2."""

    @pytest.mark.parametrize(
        ("written", "words"),
        [
            ("{", "is not of `flask cors policy`: JSONDecodeError"),
            ("[]", "is not of `flask cors policy`: TypeError"),
            ("{}", "is not of `flask cors policy`: KeyError"),
            ('{"version": 2}', "is of version 2, not 1"),
            ('{"version": 1, "routes": [1]}', "is not of `flask cors policy`: TypeError"),
            (
                '{"version": 1, "routes": [{"policy": 1}]}',
                "is not of `flask cors policy`: TypeError",
            ),
            ("[" * 100_000, "is not of `flask cors policy`: RecursionError"),
            (
                '{"version": 1, "routes": [{"path": "/", "methods": [1], "policy": {}}]}',
                "is not of `flask cors policy`: TypeError",
            ),
            (
                '{"version": 1, "routes": [{"path": null, "methods": [], "policy": null}]}',
                "is not of `flask cors policy`: TypeError",
            ),
            (
                '{"version": 1, "routes": [{"policy": "*"}]}',
                "is not of `flask cors policy`: TypeError",
            ),
            (
                '{"version": 1, "routes": [{"policy": {"origins": [{"regex": "(", "flags": 0}]}}]}',
                "is not of `flask cors policy`: ",
            ),
            (
                json.dumps(
                    {
                        "version": 1,
                        "routes": [{"policy": {"origins": {"regex": "a", "flags": 10**30}}}],
                    }
                ),
                "is not of `flask cors policy`: OverflowError",
            ),
            (
                json.dumps({"version": 1, "routes": [{"policy": {"max_age": "soon"}}]}),
                "is not of `flask cors policy`: max_age='soon' is not",
            ),
        ],
    )
    def test_that_cannot_be_read(self, tmp_path: Path, written: str, words: str) -> None:
        path = tmp_path / "cors.json"
        path.write_text(written)
        ran = run(make(), "diff", str(path))
        assert ran.status == 2
        assert words in ran.text

    def test_that_another_shell_has_written(self, tmp_path: Path) -> None:
        path = tmp_path / "cors.json"
        path.write_bytes(run(make(origins=ORIGIN), "policy").text.encode("utf-16"))
        assert run(make(origins=ORIGIN), "diff", str(path)).status == 0

    def test_that_is_not_there(self, tmp_path: Path) -> None:
        assert run(make(), "diff", str(tmp_path / "none")).status == 2


def test_for_real(tmp_path: Path) -> None:
    source = (
        "from flask import Flask\nfrom flask_cors import CORS\napp = Flask(__name__)\n"
        "CORS(app, origins='https://app.example')\napp.add_url_rule('/', 'root', str)\n"
    )
    (tmp_path / "app.py").write_text(source)
    (tmp_path / "cors.json").write_text(run_for_real(tmp_path, "policy").text)
    assert run_for_real(tmp_path, "diff", "cors.json") == (0, "nothing has changed\n")
    (tmp_path / "app.py").write_text(source.replace("app.example", "*.app.example"))
    ran = run_for_real(tmp_path, "diff", "cors.json")
    assert ran.status == 1
    assert "  allowed now: GET / from https://a.app.example\n" in ran.text

"""`flask cors audit`: what is insecure or has no effect."""

from __future__ import annotations

import json
import re
from functools import partial, wraps
from pathlib import Path
from typing import Any

import flask
import pytest
from flask import Blueprint, Flask, abort
from flask.views import MethodView
from werkzeug.routing import BaseConverter

from flask_cors import CORS, cross_origin
from flask_cors._warnings import Location
from flask_cors.cli.findings import ALL_KINDS, OWN_KINDS, Found, find_all
from flask_cors.cli.sarif import as_sarif

from ..support import EVIL, ORIGIN, needs_signals
from .support import run, run_for_real

pytestmark = pytest.mark.filterwarnings("ignore::flask_cors.CORSWarning")

HERE = re.compile(r"[^\s(]*test_audit\.py:\d+")


def make(**options: Any) -> Flask:
    app = Flask(__name__, static_folder=None)
    CORS(app, **options)
    app.add_url_rule("/users", "users", str, methods=["GET", "PUT"])
    return app


def forbidding(response: Any) -> Any:
    response.status_code = 403
    return response


def told(app: Flask) -> list[tuple[str, str]]:
    return [(found.code, HERE.sub("HERE", found.message)) for found in find_all(app)]


class TestPolicies:
    """What `corecors.audit` says of each policy, with the place of the value."""

    ADVICE = 'is not an origin as a browser writes it and matches none; write "https://app.example"'

    @pytest.mark.parametrize(
        ("options", "source"),
        [
            ({"origins": f"{ORIGIN}/"}, "CORS(origins=...)"),
            ({"resources": {"/*": {"origins": f"{ORIGIN}/"}}}, 'resources["/*"]["origins"]'),
            ({}, 'app.config["CORS_ORIGINS"]'),
        ],
    )
    def test_of_an_extension(self, options: Any, source: str) -> None:
        app = Flask(__name__, static_folder=None)
        app.config["CORS_ORIGINS"] = f"{ORIGIN}/"
        CORS(app, **options)
        message = f"origins='{ORIGIN}/' (from {source}) {self.ADVICE}"
        assert told(app) == [("origin-never-sent", message)]

    def test_of_init_app(self) -> None:
        app = Flask(__name__, static_folder=None)
        app.config["CORS_ORIGINS"] = EVIL
        CORS().init_app(app, origins=f"{ORIGIN}/")
        ((_, message),) = told(app)
        assert message == f"origins='{ORIGIN}/' (from CORS(origins=...)) {self.ADVICE}"

    def test_of_a_decorated_view(self) -> None:
        app = Flask(__name__, static_folder=None)
        app.add_url_rule("/", "root", cross_origin(origins=f"{ORIGIN}/")(str))
        message = f"origins='{ORIGIN}/' (from @cross_origin(origins=...)) {self.ADVICE}"
        assert told(app) == [("origin-never-sent", message)]

    def test_with_a_witness(self) -> None:
        pytest.importorskip("publicsuffixlist")
        (found,) = find_all(make(origins="https://*.github.io"))
        assert (found.code, found.witness) == ("public-suffix", "https://a.github.io")

    def test_one_policy_of_several_paths_is_told_of_once(self) -> None:
        app = make(origins=f"{ORIGIN}/", resources=["/users", "/*"])
        assert [code for code, _ in told(app)] == ["origin-never-sent"]


class TestRules:
    """A rule that decides about nothing."""

    WITHOUT, NEVER = "rule-without-route", "rule-never-reached"

    @pytest.mark.parametrize(
        ("resources", "route", "code"),
        [
            (["/users", "/*"], "/x", None),
            (["/*", "/users"], "/x", NEVER),
            (["/user", "/*"], "/x", WITHOUT),
            (["/nothing/*", "/*"], "/x", WITHOUT),
            (["/nothing/*", "/*"], "/nothing/<name>", None),
            (["/nothing/v2/*", "/*"], "/nothing/<name>/x", None),
            (["/nothing/v2/*", "/*"], "/other/<name>/x", WITHOUT),
            ([re.compile("^/v[2-9]/"), "/*"], "/<version>/x", None),
            ([re.compile("^/w/v[2-9]/"), "/*"], "/v/<version>/x", WITHOUT),
            (["/x/7", "/*"], "/x/<int:number>", None),
            (["/x/a", "/*"], "/x/<int:number>", WITHOUT),
            (["/x/*", "/x/7", "/*"], "/x/<int:number>", NEVER),
            (["/x/*", "/x/[1-7]", "/*"], "/x/<int:number>", NEVER),
            (["/x/1", "/x/[1-7]", "/*"], "/x/<int:number>", None),
        ],
    )
    def test_of_an_application(self, resources: Any, route: str, code: str | None) -> None:
        app = make(resources=resources, origins=ORIGIN)
        app.add_url_rule(route, "x", lambda **_: "")
        assert [found for found, _ in told(app)] == ([] if code is None else [code])

    def test_their_words(self) -> None:
        app = make(resources=["/nothing", "/*", "/users"], origins=ORIGIN)
        assert told(app) == [
            (self.WITHOUT, "the pattern '/nothing' covers no route of the application"),
            (
                self.NEVER,
                "the pattern '/users' is never reached: others decide about each of its routes",
            ),
        ]

    def test_an_extension_behind_another_is_never_reached(self) -> None:
        app = make(origins=ORIGIN)
        CORS(app, origins=EVIL)
        assert [code for code, _ in told(app)] == [self.NEVER]

    def test_what_covers_everything_decides_about_paths_without_a_route(self) -> None:
        app = Flask(__name__, static_folder=None)
        CORS(app)
        app.add_url_rule("/", "root", cross_origin(origins=ORIGIN)(str))
        assert told(app) == []

    def test_of_a_blueprint(self) -> None:
        app = make(origins=ORIGIN)
        blueprint = Blueprint("b", __name__)
        CORS(blueprint, resources=["/b", "/users"])
        blueprint.add_url_rule("/b", "b", str)
        app.register_blueprint(blueprint)
        assert [code for code, _ in told(app)] == [self.NEVER]


@needs_signals
def test_a_decorator_above_the_route() -> None:
    app = make(origins=ORIGIN)
    kept = cross_origin()(app.get("/above")(lambda: ""))
    (found,) = find_all(app)
    assert found.as_json() == {
        "code": "misplaced-decorator",
        "severity": "error",
        "cwe": None,
        "message": "@cross_origin has no effect on the view '<lambda>': it stands above the "
        "route; put it below",
        "place": found.as_json()["place"],
        "option": None,
        "witness": None,
        "decided": True,
    }
    assert HERE.fullmatch(found.as_json()["place"])
    assert kept is not None


def test_a_key_that_looks_like_an_option() -> None:
    app = make(origins=ORIGIN)
    app.config["CORS_EXPOSED_HEADERS"] = "X-A"
    ((code, message),) = told(app)
    assert code == "unknown-config-key"
    assert message.endswith('write app.config["CORS_EXPOSE_HEADERS"]')


class TestCookie:
    """Credentials are of no use where no browser sends the session's cookie."""

    def told(self, options: dict[str, Any], **config: Any) -> list[tuple[str, str]]:
        app = make(**options)
        app.config.update({"SECRET_KEY": "x", **config})
        return told(app)

    @pytest.mark.parametrize(
        ("config", "has"),
        [
            ({}, "no SameSite, which browsers take as Lax, and no Secure"),
            ({"SESSION_COOKIE_SAMESITE": "Strict"}, "SameSite=Strict and no Secure"),
            (
                {"SESSION_COOKIE_SAMESITE": "Lax", "SESSION_COOKIE_SECURE": True},
                "SameSite=Lax and Secure",
            ),
            ({"SESSION_COOKIE_SAMESITE": "None"}, "SameSite=None and no Secure"),
        ],
    )
    def test_a_cookie_that_stays_at_home(self, config: dict[str, Any], has: str) -> None:
        found = self.told({"origins": ORIGIN, "supports_credentials": True}, **config)
        assert found == [
            (
                "session-cookie",
                (
                    f"supports_credentials=True, but the session cookie has {has}: no page of "
                    'another site can send it; set SESSION_COOKIE_SAMESITE="None" and '
                    "SESSION_COOKIE_SECURE=True, or serve page and application below one domain"
                ),
            )
        ]

    @pytest.mark.parametrize(
        ("options", "config"),
        [
            ({"origins": ORIGIN}, {}),
            ({"origins": ORIGIN, "supports_credentials": True}, {"SECRET_KEY": None}),
            (
                {"origins": ["http://localhost:3000", "http://127.0.0.1"]}
                | {"supports_credentials": True},
                {},
            ),
            (
                {"origins": ORIGIN, "supports_credentials": True},
                {"SESSION_COOKIE_SAMESITE": "none", "SESSION_COOKIE_SECURE": True},
            ),
        ],
    )
    def test_no_finding(self, options: dict[str, Any], config: dict[str, Any]) -> None:
        assert self.told(options, **config) == []


class TestCode:
    """`Access-Control-*` set beside the extension: it is seen in the code, and nothing is run."""

    def test_of_views_and_hooks(self) -> None:
        app = make(origins=ORIGIN)

        @app.after_request
        def add(response: Any) -> Any:
            def inner() -> None:
                response.headers["access-control-allow-origin"] = "*"

            return inner() or response

        def decorated(function: Any) -> Any:
            @wraps(function)
            def wrapper() -> Any:
                return function()

            return wrapper

        @app.get("/own")
        @decorated
        def own() -> Any:
            return "", {"X-A": "", "Access-Control-Max-Age": "1"}

        @app.get("/tuple")
        def of_a_tuple() -> Any:
            return dict.fromkeys(("a", "Access-Control-Allow-Methods"), "")

        @app.get("/asks")
        def asks() -> Any:
            return flask.request.headers[
                "Access-Control-Request-Method"
            ], "Access-Control-* is prose"

        class View(MethodView):
            def get(self) -> Any:
                return "", {"Access-Control-Allow-Origin": ORIGIN}

        app.add_url_rule("/view", view_func=View.as_view("view"))
        app.add_url_rule("/partial", view_func=partial(str), endpoint="partial")
        words = (
            "by hand: where a response has an Access-Control-Allow-Origin of its own, the policy "
            "adds nothing to it; leave it to the extension"
        )
        assert told(app) == [
            ("own-header", f"own sets Access-Control-Max-Age {words}"),
            ("own-header", f"of_a_tuple sets Access-Control-Allow-Methods {words}"),
            ("own-header", f"get sets Access-Control-Allow-Origin {words}"),
            ("own-header", f"add sets access-control-allow-origin {words}"),
        ]


class TestPreflights:
    """Preflights that the policy allows are sent, and must come back well."""

    def test_a_login(self, caplog: pytest.LogCaptureFixture) -> None:
        app = make(origins=["https://*.app.example", ORIGIN])

        @app.before_request
        def login() -> Any:
            return None if flask.request.headers.get("Origin") != ORIGIN else abort(401)

        words = "gets 401 from login (HERE), a before_request function, so that no browser sends"
        assert told(app) == [
            (
                "preflight-status",
                f"the preflight of {method} /users {words} a request that needs one",
            )
            for method in ("GET", "PUT")
        ]
        assert caplog.records == []

    @pytest.mark.parametrize(
        ("hook", "words"),
        [
            (forbidding, "gets 403"),
            (
                lambda response: 1 / 0,
                "gets ZeroDivisionError (division by zero), which passes Flask by",
            ),
        ],
    )
    def test_without_a_hook_to_name(self, hook: Any, words: str) -> None:
        app = make(origins=ORIGIN, methods="PUT", resources="/*")
        app.testing = True
        app.after_request(hook)
        (first, _) = told(app)
        assert first[1].startswith(f"the preflight of GET /users {words}, so that no browser")

    def test_what_is_switched_off_is_meant_to_be(self) -> None:
        app = make(resources={"/users": None, "/*": {"methods": "auto", "origins": ORIGIN}})
        app.before_request(lambda: abort(401))
        assert told(app) == []

    def test_only_routes_with_a_policy(self) -> None:
        app = make(resources="/users")
        app.add_url_rule("/users/<uuid:number>", "uuid", lambda number: "")
        app.add_url_rule("/other", "other", lambda: "")
        app.before_request(lambda: None if flask.request.path == "/users" else abort(500))
        assert told(app) == []

    @pytest.mark.parametrize(
        "path",
        [
            "/<name>",
            "/<string(length=3):name>",
            "/<string(minlength=2, maxlength=4):name>",
            "/<int(min=5):name>",
            "/<int(fixed_digits=4):name>",
            "/<float:name>",
            "/<uuid:name>",
            "/<any(aa, bb):name>",
            "/<path:name>/end",
        ],
    )
    def test_of_each_converter(self, path: str) -> None:
        app = Flask(__name__, static_folder=None)
        CORS(app, origins=ORIGIN)
        app.add_url_rule(path, "view", lambda name: "")
        app.before_request(lambda: abort(403))
        assert [(code, path in text) for code, text in told(app)] == [("preflight-status", True)]

    @pytest.mark.parametrize("where", ["host", "subdomain", "https", "trusted"])
    def test_where_the_application_is_at_home(self, where: str) -> None:
        """A preflight goes to the address that the routes and the configuration name."""
        matching = {f"{where}_matching": True} if where in {"host", "subdomain"} else {}
        app = Flask(__name__, static_folder=None, **matching)
        app.config.update(SERVER_NAME="site.example", PREFERRED_URL_SCHEME="https")
        if where == "host":
            app.config["SERVER_NAME"] = None  # an older Flask takes each request to be for it
        if where == "trusted":
            app.config.update(SERVER_NAME=None, TRUSTED_HOSTS=["site.example"])
        CORS(app, origins=ORIGIN)
        at = {"host": {"host": "api.example"}, "subdomain": {"subdomain": "api"}}.get(where, {})
        app.add_url_rule("/users", "users", str, **at)
        seen: list[str] = []

        @app.before_request
        def note() -> None:
            seen.append(flask.request.url)

        assert told(app) == []
        host = {"host": "api.example", "subdomain": "api.site.example"}.get(where, "site.example")
        assert seen == [f"https://{host}/users"]

    def test_of_a_route_without_options(self) -> None:
        app = make(origins=ORIGIN, resources="/bare")
        app.add_url_rule("/bare", "bare", str, provide_automatic_options=False)
        assert [text.partition(",")[0] for _, text in told(app)] == [
            "the preflight of GET /bare gets 405"
        ]

    def test_no_view_is_run(self) -> None:
        app = make(origins=ORIGIN)
        app.add_url_rule("/own", "own", lambda: 1 // 0, methods=["GET", "OPTIONS"])
        app.url_map.converters["strange"] = type("Strange", (BaseConverter,), {"regex": "[a-z]"})
        app.add_url_rule("/strange/<strange:name>", "strange", str)
        decorated = cross_origin(origins=ORIGIN)(lambda: 1 // 0)
        app.add_url_rule("/decorated", "decorated", decorated)
        asked = cross_origin(origins=ORIGIN, automatic_options=False)(lambda: 1 // 0)
        app.add_url_rule("/asked", "asked", asked, methods=["GET", "OPTIONS"])
        assert told(app) == [
            ("preflight-not-sent", f"no preflight was sent to {path}: {why}")
            for path, why in [
                ("/asked", "its view answers OPTIONS itself"),
                ("/own", "its view answers OPTIONS itself"),
                ("/strange/<strange:name>", "http://localhost/strange/1 does not lead there"),
            ]
        ]


class TestCommand:
    """Exit status, and what is written."""

    @pytest.fixture
    def app(self) -> Flask:
        return make(origins=[f"{ORIGIN}/", ORIGIN])

    def test_as_text(self, app: Flask) -> None:
        app.config["CORS_EXPOSED_HEADERS"] = "X-A"
        status, text = run(app, "audit")
        first, second, last = text.splitlines()
        assert status == 0
        assert re.match(rf"{HERE.pattern}: warning origin-never-sent: origins=", first)
        assert re.match(rf"{HERE.pattern}: warning unknown-config-key: CORS_", second)
        assert last == "0 errors, 2 warnings, 0 notes"

    def test_of_a_finding_without_a_place(self) -> None:
        app = Flask(__name__, static_folder=None)
        app.config["CORS_EXPOSED_HEADERS"] = "X-A"
        text = run(app, "audit").text
        assert text.startswith("warning unknown-config-key: CORS_EXPOSED_HEADERS='X-A'")
        assert text.endswith("0 errors, 1 warning, 0 notes\n")

    @pytest.mark.parametrize(
        ("arguments", "status"),
        [
            ([], 0),
            (["--fail-on", "error"], 0),
            (["--fail-on", "warning"], 1),
            (["--fail-on", "note"], 1),
            (["--fail-on", "note", "--ignore", "origin-never-sent"], 0),
            (["--fail-on", "never"], 2),
            (["--ignore", "origin-never"], 2),
            (["--json", "--sarif"], 2),
        ],
    )
    def test_the_status(self, app: Flask, arguments: list[str], status: int) -> None:
        assert run(app, "audit", *arguments).status == status

    def test_the_worst_comes_first(self) -> None:
        app = make(
            resources={"/users": {"origins": f"{ORIGIN}/"}, "/*": {"supports_credentials": 1}}
        )
        app.config["CORS_EXPOSED_HEADERS"] = "X-A"
        ran = run(app, "audit", "--json", "--ignore", "unknown-config-key")
        assert [one["severity"] for one in ran.json["findings"]] == ["error", "warning"]
        assert {name: ran.json[name] for name in ("version", "failed", "ignored")} == {
            "version": 1,
            "failed": True,
            "ignored": 1,
        }
        assert run(app, "audit", "--ignore", "unknown-config-key").text.endswith(", 1 ignored\n")

    def test_as_sarif(self, app: Flask) -> None:
        assert json.loads(run(app, "audit", "--sarif").text) == as_sarif(find_all(app))

    def test_for_real(self, tmp_path: Path) -> None:
        (tmp_path / "app.py").write_text(
            "from flask import Flask\nfrom flask_cors import CORS\napp = Flask(__name__)\n"
            "CORS(app, supports_credentials=True)\napp.add_url_rule('/', 'root', str)\n"
        )
        for arguments in (["audit"], ["audit", "--sarif"]):
            ran = run_for_real(tmp_path, *arguments)
            assert ran.status == 1
            assert "any-origin-with-credentials" in ran.text
        assert '"uri": "app.py"' in ran.text
        assert '"startLine": 4' in ran.text


def test_sarif_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SARIF 2.1.0: 3.27 (results), 3.49 (rules), 3.4 (places below a folder, or in full)."""
    monkeypatch.chdir(tmp_path)
    outside = tmp_path.parent / "b.py"
    findings = [
        Found("own-header", "b", Location(str(outside), 0, "")),
        Found("any-origin-with-credentials", "a", Location(str(tmp_path / "x" / "a.py"), 7, "")),
        Found("own-header", "c"),
    ]
    (ran,) = as_sarif(findings)["runs"]
    assert [rule["id"] for rule in ran["tool"]["driver"]["rules"]] == [
        "any-origin-with-credentials",
        "own-header",
    ]
    assert ran["tool"]["driver"]["rules"][0]["properties"] == {
        "tags": ["security", "external/cwe/cwe-942"]
    }
    assert "properties" not in ran["tool"]["driver"]["rules"][1]

    def result(code: str, index: int, level: str, text: str, **more: Any) -> dict[str, Any]:
        return {
            "ruleId": code,
            "ruleIndex": index,
            "level": level,
            "message": {"text": text},
            **more,
        }

    def place(line: int, **artifact: str) -> list[dict[str, Any]]:
        return [{"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": line}}}]

    assert ran["results"] == [
        result("own-header", 1, "warning", "b", locations=place(1, uri=outside.as_uri())),
        result(
            "any-origin-with-credentials",
            0,
            "error",
            "a",
            locations=place(7, uri="x/a.py", uriBaseId="%SRCROOT%"),
        ),
        result("own-header", 1, "warning", "c"),
    ]


def test_the_codes_are_in_the_docs() -> None:
    """The table of docs/cli.md is that of the code."""
    page = Path(__file__).parents[4] / "docs" / "cli.md"
    rows = [f"| `{code}` | {kind.severity} | {kind.meaning} |" for code, kind in OWN_KINDS.items()]
    assert [line for line in page.read_text("utf-8").splitlines() if line in rows] == rows
    assert len(ALL_KINDS) > len(OWN_KINDS)

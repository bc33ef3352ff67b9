"""`flask cors check`: the browser against the application, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from socket import create_server
from threading import Thread
from typing import Any

import flask
import pytest
from flask import Blueprint, Flask, Response, abort, redirect
from flask.views import MethodView
from werkzeug.serving import WSGIRequestHandler, make_server

from flask_cors import CORS, cross_origin

from ..support import EVIL, ORIGIN, OTHER, needs_async
from .support import Ran, run, run_for_real


def make(**options: Any) -> Flask:
    """Make an application with some routes and one policy."""
    app = Flask(__name__)
    if options:
        CORS(app, **options)
    app.add_url_rule("/users", view_func=lambda: "users", endpoint="users", methods=["GET", "PUT"])
    app.add_url_rule("/users/<int:number>", view_func=lambda number: "user", endpoint="user")
    app.add_url_rule("/slash/", view_func=lambda: "slash", endpoint="slash", methods=["GET", "PUT"])
    app.add_url_rule("/crash", view_func=lambda: 1 // 0, endpoint="crash")
    return app


def checked(app: Flask, *arguments: str) -> Any:
    return run(app, "check", *arguments, "--json").json


def codes(found: Any) -> list[str]:
    return [remark["code"] for remark in found["remarks"]]


class TestWhatTheUrlMapAndNobodyDecide:
    """`methods="auto"`, and what is switched off."""

    def test_methods_are_those_of_the_route(self) -> None:
        found = checked(make(origins=ORIGIN, methods="auto"), ORIGIN, "PUT", "/users")
        assert (found["allowed"], codes(found), found["change"]) == (True, [], None)
        assert found["policy_says"] == "the origin, the method and the headers are allowed"

    def test_a_method_that_the_route_has_not_is_no_matter_of_the_policy(self) -> None:
        found = checked(make(origins=ORIGIN, methods="auto"), ORIGIN, "DELETE", "/users")
        assert (found["allowed"], found["change"]) == (False, None)
        assert found["policy_says"] == "the method is not in methods"

    def test_other_faults_have_their_change(self) -> None:
        found = checked(make(origins=ORIGIN, methods="auto"), OTHER, "PUT", "/users")
        assert found["change"]["lines"] == [
            f"CORS(app, origins={[ORIGIN, OTHER]!r}, methods='auto')".replace("'", '"')
        ]

    def test_a_path_without_a_route_has_no_methods(self) -> None:
        found = checked(make(origins=ORIGIN, methods="auto"), ORIGIN, "PUT", "/nowhere")
        assert (found["allowed"], found["change"]) == (False, None)

    def test_what_is_switched_off_is_meant_to_be(self) -> None:
        app = make(origins=ORIGIN, resources={"/*": {}, "/users": None})
        app.add_url_rule("/off", "off", cross_origin(enabled=False)(lambda: "off"))
        for path in ("/users", "/off"):
            found = checked(app, ORIGIN, path)
            assert (found["allowed"], found["change"]) == (False, None)
            assert found["policy_says"] == (
                "there is no CORS here: it is switched off for this path or view"
            )


class TestWhatTheBrowserDoes:
    """The exchanges and what the page may read."""

    def test_a_simple_request_is_sent_at_once(self) -> None:
        found = checked(make(origins=ORIGIN, expose_headers="X-A"), ORIGIN, "/users")
        assert found["allowed"]
        assert [(e["kind"], e["method"], e["status"]) for e in found["exchanges"]] == [
            ("request", "GET", 200)
        ]
        assert found["readable_headers"] == ["content-length", "content-type"]
        assert found["consoles"] is None
        assert found["change"] is None

    def test_another_method_is_asked_for_first_and_not_sent(self) -> None:
        found = checked(make(origins=ORIGIN), ORIGIN, "PUT", "/users")
        assert [e["method"] for e in found["exchanges"]] == ["OPTIONS"]
        assert (found["allowed"], found["sent"]) == (True, False)

    def test_it_is_sent_where_that_is_asked_for(self) -> None:
        found = checked(make(origins=ORIGIN), ORIGIN, "PUT", "/users", "--send")
        assert [e["method"] for e in found["exchanges"]] == ["OPTIONS", "PUT"]
        assert found["sent"]

    def test_a_header_is_asked_for_first(self) -> None:
        found = checked(
            make(origins=ORIGIN), ORIGIN, "/users", "--header", "X-B", "--header", "accept: a"
        )
        assert ["Access-Control-Request-Headers", "x-b"] in found["exchanges"][0]["sent"]
        assert ["accept", "a"] in found["exchanges"][1]["sent"]

    def test_a_redirect_is_followed(self) -> None:
        found = checked(make(origins=ORIGIN), ORIGIN, "/slash?a=b")
        assert [(e["url"], e["status"]) for e in found["exchanges"]] == [
            ("http://localhost/slash?a=b", 308),
            ("http://localhost/slash/?a=b", 200),
        ]

    def test_but_not_to_another_server(self) -> None:
        app = make(origins=ORIGIN)
        app.add_url_rule("/away", view_func=lambda: redirect("https://else.example/"))
        found = checked(app, ORIGIN, "/away")
        assert codes(found) == ["elsewhere"]
        assert found["consoles"] is None

    def test_what_a_page_may_not_ask_is_not_sent(self) -> None:
        found = checked(make(origins=ORIGIN), ORIGIN, "TRACE", "/users")
        assert (found["allowed"], found["exchanges"]) == (False, [])

    def test_the_url_is_that_of_the_configuration_or_as_it_is_given(self) -> None:
        app = make(origins=ORIGIN)
        assert checked(app, ORIGIN, "https://api.example/users")["url"] == (
            "https://api.example/users"
        )
        app.config.update(SERVER_NAME="api.example", PREFERRED_URL_SCHEME="https")
        assert checked(app, ORIGIN, "/users")["url"] == "https://api.example/users"


class TestWhoDecides:
    """The rule, the line that it comes from, and what it says."""

    def test_a_rule_of_the_application(self) -> None:
        found = checked(make(resources={r"/u.*": {"origins": OTHER}}), ORIGIN, "/users")
        assert found["decided_by"]["call"] == "CORS(app)"
        assert re.search(r"test_check\.py:\d+$", found["decided_by"]["place"])
        assert found["decided_by"]["pattern"] == "/u.*"
        assert found["policy_says"] == "the origin is not in origins"

    def test_a_compiled_pattern_is_written_as_text(self) -> None:
        app = make(resources={re.compile("/u"): {"origins": OTHER}})
        assert checked(app, ORIGIN, "/users")["decided_by"]["pattern"] == "/u"

    def test_a_decorator(self) -> None:
        app = make()
        app.add_url_rule("/own", view_func=cross_origin(origins=ORIGIN)(lambda: "own"))
        found = checked(app, ORIGIN, "/own")
        assert found["decided_by"]["call"] == "@cross_origin()"
        assert found["decided_by"]["pattern"] is None

    def test_a_blueprint(self) -> None:
        app, blueprint = make(), Blueprint("b", __name__)
        CORS(blueprint, origins=ORIGIN)
        blueprint.add_url_rule("/b", view_func=lambda: "b", endpoint="b")
        app.register_blueprint(blueprint)
        assert checked(app, ORIGIN, "/b")["decided_by"]["call"] == "CORS(blueprint)"

    def test_the_latest_of_several_extensions(self) -> None:
        """The latest one with a rule for the path decides (D20)."""
        app = make(origins=OTHER, resources="/users")
        CORS(app, resources={"/other": {"origins": ORIGIN}, "/third": {"origins": ORIGIN}})
        found = checked(app, ORIGIN, "/users")
        assert found["decided_by"]["pattern"] == "/users"

    def test_nobody(self) -> None:
        found = checked(make(), ORIGIN, "/users")
        assert (found["decided_by"], found["policy_says"]) == (None, "no rule covers the path")

    def test_a_file_in_this_folder_is_named_without_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(Path(__file__).parent)
        place = checked(make(origins=ORIGIN), ORIGIN, "/users")["decided_by"]["place"]
        assert place.startswith("test_check.py:")


class TestConsoles:
    """What the three browsers write."""

    def test_a_refusal(self) -> None:
        consoles = checked(make(origins=OTHER), ORIGIN, "/users")["consoles"]
        assert consoles["chromium"] == (
            f"Access to fetch at 'http://localhost/users' from origin '{ORIGIN}' has been blocked "
            "by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested "
            "resource."
        )
        assert "Status code: 200" in consoles["firefox"]
        assert consoles["safari"].startswith(f"Origin {ORIGIN} is not allowed")


class TestNotCors:
    """What a browser calls CORS and is something else."""

    def test_a_login_hook(self) -> None:
        app = make(origins=ORIGIN)
        app.before_request(lambda: None)

        @app.before_request
        def login() -> None:
            abort(401)

        found = checked(app, ORIGIN, "PUT", "/users")
        assert codes(found) == ["hook"]
        assert re.match(r"login \(.*test_check\.py:\d+\)", found["remarks"][0]["text"])
        assert "let OPTIONS through" in found["remarks"][0]["text"]
        assert found["change"] is None
        assert "It does not have HTTP ok status" in found["consoles"]["chromium"]

    def test_a_login_that_is_no_hook(self) -> None:
        app = make(origins=ORIGIN)
        app.add_url_rule("/own", "own", lambda: ("", 401), methods=["PUT", "OPTIONS"])
        (remark,) = checked(app, ORIGIN, "PUT", "/own")["remarks"]
        assert remark["text"].startswith("the preflight gets 401; a preflight has neither cookies")

    def test_a_hook_that_redirects(self) -> None:
        app = make(origins=ORIGIN)

        @app.before_request
        def to_https() -> Any:
            return redirect(flask.request.url.replace("http:", "https:"), 301)

        (remark,) = checked(app, ORIGIN, "PUT", "/users")["remarks"]
        assert re.fullmatch(
            r"to_https \(.*test_check\.py:\d+\), a before_request function, leads to "
            r"https://localhost/users: ask for that instead",
            remark["text"],
        )

    def test_a_hook_that_answers_a_request(self) -> None:
        app = make(origins=ORIGIN)
        app.before_request(lambda: ("no", 403))
        found = checked(app, ORIGIN, "/users")
        assert codes(found) == ["hook"]
        assert "OPTIONS" not in found["remarks"][0]["text"]

    @needs_async
    def test_an_asynchronous_hook(self) -> None:
        app = make(origins=ORIGIN)

        @app.before_request
        async def login() -> None:
            abort(401)

        assert codes(checked(app, ORIGIN, "PUT", "/users")) == ["hook"]

    def test_no_route(self) -> None:
        assert codes(checked(make(origins=ORIGIN), ORIGIN, "PUT", "/nowhere")) == ["no-route"]

    def test_a_slash(self) -> None:
        found = checked(make(origins=ORIGIN), ORIGIN, "PUT", "/slash")
        assert codes(found) == ["slash"]
        assert "http://localhost/slash/" in found["remarks"][0]["text"]
        assert "Redirect is not allowed" in found["consoles"]["chromium"]

    def test_another_redirect(self) -> None:
        app = make(origins=ORIGIN)
        app.url_map.add(
            app.url_rule_class("/old", redirect_to="/users", methods=["PUT", "OPTIONS"])
        )
        assert codes(checked(app, ORIGIN, "PUT", "/old")) == ["redirect"]

    def test_a_redirect_to_itself_is_no_route(self) -> None:
        app = make(origins=ORIGIN)
        app.url_map.add(app.url_rule_class("/old", redirect_to="/older"))
        app.url_map.add(app.url_rule_class("/older", redirect_to="/old"))
        found = checked(app, ORIGIN, "/old")
        assert found["outcome"]["reason"] == "there are too many redirects"

    def test_a_method_that_the_route_has_not(self) -> None:
        found = checked(make(origins=ORIGIN), ORIGIN, "DELETE", "/users")
        assert codes(found) == ["method-of-route"]
        assert "GET, HEAD, OPTIONS, PUT" in found["remarks"][0]["text"]
        found = checked(make(origins=ORIGIN), ORIGIN, "DELETE", "/users", "--send")
        assert codes(found) == ["method-of-route"]
        assert "405" in found["remarks"][0]["text"]

    def test_a_method_in_small_letters(self) -> None:
        app = make(origins=ORIGIN, methods="*")
        app.add_url_rule("/patch", view_func=lambda: "", endpoint="patch", methods=["PATCH"])
        assert codes(checked(app, ORIGIN, "patch", "/patch")) == ["method-case"]

    def test_another_status(self) -> None:
        app = make(origins=ORIGIN)
        app.add_url_rule("/teapot", view_func=lambda: ("", 418), endpoint="teapot")
        assert codes(checked(app, ORIGIN, "/teapot")) == ["status"]

    def test_an_exception_in_debug_mode(self) -> None:
        app = make(origins=ORIGIN)
        app.config["PROPAGATE_EXCEPTIONS"] = True
        found = checked(app, ORIGIN, "/crash")
        assert codes(found) == ["exception"]
        assert "ZeroDivisionError" in found["remarks"][0]["text"]
        assert "No 'Access-Control-Allow-Origin'" in found["consoles"]["chromium"]

    @pytest.mark.parametrize(
        ("own", "said"),
        [
            ([("Access-Control-Allow-Origin", EVIL)], "changes Access-Control-Allow-Origin"),
            (
                [("Access-Control-Allow-Origin", ORIGIN), ("access-control-allow-origin", ORIGIN)],
                "doubles Access-Control-Allow-Origin",
            ),
            ([("Access-Control-Max-Age", "1")], "adds Access-Control-Max-Age: '1'"),
        ],
    )
    def test_a_second_layer(self, own: list[tuple[str, str]], said: str) -> None:
        app = make(origins=ORIGIN)
        inner = app.wsgi_app

        def second(environ: Any, start: Any) -> Any:
            def started(status: str, headers: Any, *rest: Any) -> Any:
                names = {name.title() for name, _ in own}
                kept = [pair for pair in headers if pair[0] not in names]
                return start(status, [*kept, *own], *rest)

            return inner(environ, started)

        app.wsgi_app = second  # type: ignore[method-assign]
        found = checked(app, ORIGIN, "/users")
        assert codes(found) == ["second-layer"]
        assert said in found["remarks"][0]["text"]

    def test_a_layer_that_takes_headers_off(self) -> None:
        app = make(origins=[ORIGIN, OTHER])

        @app.after_request
        def strip(response: Response) -> Response:
            return response

        app.wsgi_app = _stripped(app.wsgi_app)  # type: ignore[method-assign]
        texts = [remark["text"] for remark in checked(app, ORIGIN, "/users")["remarks"]]
        assert [text.split(":")[0] for text in texts] == [
            "drops Access-Control-Allow-Origin",
            "drops Vary",
        ]

    @pytest.mark.parametrize(
        ("page", "url", "code"),
        [
            ("https://app.example", "http://api.example/users", "mixed-content"),
            ("http://app.example", "http://localhost:5000/users", "no-secure-context"),
            ("http://app.example", "http://192.168.1.2/users", "no-secure-context"),
        ],
    )
    def test_a_page_that_may_not_ask_there_at_all(self, page: str, url: str, code: str) -> None:
        assert codes(checked(make(origins=page), page, url)) == [code]


def _stripped(inner: Any) -> Any:
    def application(environ: Any, start: Any) -> Any:
        return inner(environ, lambda status, headers, *rest: start(status, [], *rest))

    return application


class TestChange:
    """The smallest change, as a line to paste."""

    def lines(self, app: Flask, *arguments: str) -> list[str]:
        change = checked(app, *arguments)["change"]
        assert change is not None
        lines: list[str] = change["lines"]
        return lines

    def test_an_origin(self) -> None:
        app = make(origins=[OTHER], max_age=5)
        assert self.lines(app, ORIGIN, "/users") == [
            f'CORS(app, origins=["{OTHER}", "{ORIGIN}"], max_age=5)'
        ]

    def test_a_text_with_commas_becomes_a_list(self) -> None:
        app = make(origins=f"{OTHER}, https://third.example")
        assert self.lines(app, ORIGIN, "/users") == [
            f'CORS(app, origins=["{OTHER}", "https://third.example", "{ORIGIN}"])'
        ]

    def test_a_set_is_put_in_order(self) -> None:
        assert self.lines(make(origins={OTHER}), ORIGIN, "/users") == [
            f'CORS(app, origins=["{OTHER}", "{ORIGIN}"])'
        ]

    def test_functions_and_regexes_stay(self) -> None:
        def ours(origin: str) -> bool:
            return False

        app = make(origins=[ours, re.compile("https://x")])
        assert self.lines(app, ORIGIN, "/users") == [
            f"CORS(app, origins=[ours, re.compile('https://x'), \"{ORIGIN}\"])"
        ]
        assert self.lines(make(origins=ours), ORIGIN, "/users") == [
            f'CORS(app, origins=[ours, "{ORIGIN}"])'
        ]

    def test_a_function_without_a_name_is_told_of(self) -> None:
        change = checked(make(origins=lambda origin: False), ORIGIN, "/users")["change"]
        assert change["lines"] == [f'CORS(app, origins=[..., "{ORIGIN}"])']
        assert change["note"] == "... stands for your function, which has no name"

    def test_everything_that_is_missing(self) -> None:
        app = make(origins=OTHER, methods="GET", allow_headers="X-A")
        asked = [ORIGIN, "PUT", "/users", "--header", "X-B", "--header", "X-A", "--credentials"]
        (line,) = self.lines(app, *asked)
        assert line == (
            f'CORS(app, origins=["{OTHER}", "{ORIGIN}"], methods=["GET", "PUT"], '
            'allow_headers=["X-A", "x-b"], supports_credentials=True)'
        )

    def test_in_the_resource_that_decides(self) -> None:
        app = make(resources={"/users": {"origins": OTHER}, "/*": {}}, max_age=5)
        (line,) = self.lines(app, ORIGIN, "/users")
        assert line == (
            'CORS(app, resources={"/users": {"origins": '
            f'["{OTHER}", "{ORIGIN}"]}}, "/*": {{}}}}, max_age=5)'
        )

    def test_in_the_configuration_that_gives_it(self) -> None:
        app = Flask(__name__)
        app.config["CORS_ORIGINS"] = OTHER
        CORS(app)
        app.add_url_rule("/users", view_func=lambda: "")
        assert self.lines(app, ORIGIN, "/users", "--credentials") == [
            f'app.config["CORS_ORIGINS"] = ["{OTHER}", "{ORIGIN}"]',
            "CORS(app, supports_credentials=True)",
        ]

    def test_in_the_configuration_alone(self) -> None:
        app = Flask(__name__)
        app.config["CORS_ORIGINS"] = OTHER
        CORS(app)
        app.add_url_rule("/users", view_func=lambda: "")
        assert self.lines(app, ORIGIN, "/users") == [
            f'app.config["CORS_ORIGINS"] = ["{OTHER}", "{ORIGIN}"]'
        ]

    def test_in_the_decorator(self) -> None:
        app = make()
        app.add_url_rule("/own", view_func=cross_origin(origins=OTHER)(lambda: "own"))
        assert self.lines(app, ORIGIN, "/own") == [
            f'@cross_origin(origins=["{OTHER}", "{ORIGIN}"])'
        ]

    def test_credentials_are_not_for_everybody(self) -> None:
        found = checked(make(origins="*", send_wildcard=True), ORIGIN, "/users", "--credentials")
        assert found["change"]["lines"] == [
            f'CORS(app, origins=["{ORIGIN}"], send_wildcard=False, supports_credentials=True)'
        ]
        assert "every site" in found["change"]["note"]

    def test_a_path_that_no_rule_covers(self) -> None:
        app = make(resources={"/api/*": {"origins": OTHER}})
        (line,) = self.lines(app, ORIGIN, "/users/1")
        assert line == (
            f'CORS(app, resources={{"/api/*": {{"origins": "{OTHER}"}}, '
            f'"/users/*": {{"origins": ["{ORIGIN}"]}}}})'
        )
        app = make(resources="/api/*")
        assert self.lines(app, ORIGIN, "/users") == [
            f'CORS(app, resources={{"/api/*": {{}}, "/users": {{"origins": ["{ORIGIN}"]}}}})'
        ]

    def test_a_view_without_a_policy(self) -> None:
        found = checked(make(), ORIGIN, "PUT", "/users", "--credentials")["change"]
        assert found["lines"] == [f'@cross_origin(origins=["{ORIGIN}"], supports_credentials=True)']
        assert "test_check.py:" in found["place"]

    def test_what_is_configured_stays(self) -> None:
        """Of a list of paths too, and of the configuration; its other options count."""
        app = Flask(__name__)
        app.config.update(CORS_RESOURCES=["/api/*", re.compile("/a")], CORS_METHODS="GET")
        CORS(app)
        app.add_url_rule("/users", view_func=lambda: "", methods=["PUT"])
        (line,) = self.lines(app, ORIGIN, "PUT", "/users")
        assert line == (
            'app.config["CORS_RESOURCES"] = {"/api/*": {}, re.compile(\'/a\'): {}, '
            f'"/users": {{"origins": ["{ORIGIN}"], "methods": ["GET", "PUT"]}}}}'
        )

    def test_in_the_resource_of_the_configuration(self) -> None:
        app = Flask(__name__)
        app.config["CORS_RESOURCES"] = {"/users": {"origins": OTHER}}
        CORS(app)
        app.add_url_rule("/users", view_func=lambda: "")
        assert self.lines(app, ORIGIN, "/users") == [
            f'app.config["CORS_RESOURCES"] = {{"/users": {{"origins": ["{OTHER}", "{ORIGIN}"]}}}}'
        ]

    def test_in_the_configuration_that_gives_it_to_a_resource(self) -> None:
        app = Flask(__name__)
        app.config["CORS_ORIGINS"] = OTHER
        CORS(app, resources={"/users": {"max_age": 5}})
        app.add_url_rule("/users", view_func=lambda: "")
        assert self.lines(app, ORIGIN, "/users") == [
            f'app.config["CORS_ORIGINS"] = ["{OTHER}", "{ORIGIN}"]'
        ]

    def test_none_where_the_configuration_makes_no_policy(self) -> None:
        app = make(resources="/api/*")
        app.config["CORS_MAX_AGE"] = "soon"
        assert checked(app, ORIGIN, "/users")["change"] is None

    def test_of_a_class(self) -> None:
        class View(MethodView):
            def get(self) -> str:
                return ""

        app = make()
        app.add_url_rule("/class", view_func=View.as_view("class"))
        assert self.lines(app, ORIGIN, "/class") == [
            f'decorators = [cross_origin(origins=["{ORIGIN}"])]'
        ]

    def test_it_says_where_something_else_is_in_the_way(self) -> None:
        """With the change the policy allows it, and the page is still refused."""
        app = make(origins=OTHER)
        app.add_url_rule("/own", view_func=lambda: ("", {"Access-Control-Allow-Origin": "*"}))
        assert checked(app, ORIGIN, "/own", "--credentials")["change"]["enough"] is False
        app = make(origins=OTHER)
        app.before_request(lambda: abort(401) if flask.request.method == "OPTIONS" else None)
        assert checked(app, ORIGIN, "PUT", "/users")["change"]["enough"] is False
        assert checked(app, ORIGIN, "/users")["change"]["enough"] is True
        text = run(app, "check", ORIGIN, "PUT", "/users").text
        assert "This the policy needs, but something else is in the way, too, instead of" in text

    def test_what_is_taken_off_by_others_stays_so(self) -> None:
        app = make(origins=[OTHER], allow_headers=["X-A"])

        def bare(environ: Any, start: Any) -> Any:
            def without(status: str, lines: Any, *rest: Any) -> Any:
                kept = [line for line in lines if line[0] != "Access-Control-Allow-Headers"]
                return start(status, kept, *rest)

            return inner(environ, without)

        inner, app.wsgi_app = app.wsgi_app, bare  # type: ignore[method-assign]
        change = checked(app, OTHER, "PUT", "/users", "--header", "X-A", "--header", "X-B")
        assert change["change"]["enough"] is False

    def test_a_decorator_above_the_route_is_the_cause(self) -> None:
        app = make(resources="/api/*")
        above = cross_origin(origins=ORIGIN)(app.get("/above")(lambda: ""))
        found = checked(app, ORIGIN, "/above")
        assert above is not None
        assert (codes(found), found["change"]) == (["misplaced-decorator"], None)

    def test_a_method_in_small_letters_is_the_pages_to_mend(self) -> None:
        found = checked(make(origins=ORIGIN, methods="PUT"), ORIGIN, "put", "/users")
        assert found["allowed"]
        app = make(origins=ORIGIN)
        app.add_url_rule("/patch", "patch", lambda: "", methods=["PATCH"])
        found = checked(app, ORIGIN, "patch", "/patch")
        assert (codes(found), found["change"]) == (["method-case"], None)

    def test_null_is_everybody(self) -> None:
        app = make(origins=OTHER)
        assert "any site" in checked(app, "null", "/users")["change"]["note"]
        assert checked(app, "null", "/users", "--credentials")["change"] is None
        app = make(resources={"/api/*": {}})
        assert "any site" in checked(app, "null", "/users")["change"]["note"]
        assert checked(make(), "null", "/users", "--credentials")["change"] is None

    def test_none_where_there_is_no_route(self) -> None:
        assert checked(make(origins=ORIGIN), ORIGIN, "DELETE", "/nowhere")["change"] is None
        assert checked(make(origins=ORIGIN), ORIGIN, "DELETE", "/users")["change"] is None
        assert checked(make(), ORIGIN, "/nowhere")["change"] is None

    def test_none_where_no_policy_helps(self) -> None:
        """A method that is no token, and what would be no origin but a broken regex."""
        assert checked(make(origins=ORIGIN), ORIGIN, "P T", "/users")["change"] is None
        assert checked(make(), ORIGIN, "P T", "/users")["change"] is None
        assert checked(make(origins=OTHER), "https://(x", "/users")["change"] is None

    def test_pasted_it_allows(self, tmp_path: Path) -> None:
        """The line is put in the place of the old one, and asked again."""
        old = f'CORS(app, origins=["{OTHER}"], methods="GET")'
        text = (
            "from flask import Flask\nfrom flask_cors import CORS\napp = Flask(__name__)\n"
            f"{old}\napp.add_url_rule('/', view_func=lambda: '', methods=['PUT'])\n"
        )
        (tmp_path / "app.py").write_text(text)
        refused = run_for_real(tmp_path, "check", ORIGIN, "PUT", "/", "--json")
        assert refused.status == 1
        (new,) = refused.json["change"]["lines"]
        assert refused.json["change"]["place"] == "app.py:4"
        (tmp_path / "app.py").write_text(text.replace(old, new))
        assert run_for_real(tmp_path, "check", ORIGIN, "PUT", "/", "--json").status == 0


class TestCommandLine:
    """Arguments, status and text."""

    @pytest.mark.parametrize(
        "arguments",
        [
            [ORIGIN],
            [ORIGIN, "users"],
            [ORIGIN, "GET", "PUT", "/users"],
            [f"{ORIGIN}/", "/users"],
            ["app.example", "/users"],
            [ORIGIN, "", "/users"],
            [ORIGIN, "http://a:x/users"],
            [ORIGIN, "http://[::1/users"],
            [ORIGIN, "http:///users"],
            [ORIGIN, "http://user:secret@localhost/users"],
            [ORIGIN, "/users", "--header", ""],
            [ORIGIN, "/users", "--header", ": value"],
            [ORIGIN, "/users", "--header", "X-A: \u20ac"],
            [ORIGIN, "/users", "--header", "X-A: a\nb"],
            [ORIGIN, "/users", "--via", ""],
            [ORIGIN, "/users", "--via", "127.0.0.1:8080"],
            [ORIGIN, "/users", "--via", "ftp://127.0.0.1"],
            [ORIGIN, "/users", "--via", "http://127.0.0.1:99999"],
            [ORIGIN, "/users", "--via", "http://127.0.0.1?a=b"],
            [ORIGIN, "/users", "--via", f"http://{'a' * 70}"],
        ],
    )
    def test_a_question_that_makes_no_sense(self, arguments: list[str]) -> None:
        assert run(make(origins=ORIGIN), "check", *arguments).status == 2

    @pytest.mark.parametrize(
        ("given", "meant"),
        [
            ("https://app.example/", "https://app.example"),
            ("https://app.example:443", "https://app.example"),
            (" HTTPS://App.example ", "https://app.example"),
            ("https://b\u00fccher.example", "https://xn--bcher-kva.example"),
            ("app.example", "https://app.example"),
            ("localhost:3000", "http://localhost:3000"),
            ("[::1]:3000", "http://[::1]:3000"),
            ("*", "that of one page, as in https://app.example:8080"),
            ("https://*.example", "that of one page, as in https://app.example:8080"),
            ("https://[::1", "that of one page, as in https://app.example:8080"),
            ("app://\x01", "that of one page, as in https://app.example:8080"),
            ("app://a/b", "that of one page, as in https://app.example:8080"),
        ],
    )
    def test_what_is_no_origin_is_told_as_it_is_meant(self, given: str, meant: str) -> None:
        ran = run(make(origins=ORIGIN), "check", given, "/users")
        assert ran.status == 2
        assert ran.text.endswith(f"Error: ORIGIN {given!r} is no origin: write {meant}\n")

    def test_an_address_is_written_as_browsers_send_it(self) -> None:
        app = make(origins=ORIGIN)
        for given, sent in [
            ("/\u00fc x?q=<\u00fc>#part", "http://localhost/%C3%BC%20x?q=%3C%C3%BC%3E"),
            ("/\udcff", "http://localhost/%FF"),
            ("HTTP://B\u00dcCHER.example:80?a=b", "http://xn--bcher-kva.example/?a=b"),
            ("http://[::1]:5000/a", "http://[::1]:5000/a"),
        ]:
            assert checked(app, ORIGIN, given)["url"] == sent

    def test_what_no_page_can_set_is_told(self) -> None:
        given = ["--header", "Cookie: a=b", "--header", "Host: x", "--header", "X-A: 1"]
        found = checked(make(origins=ORIGIN), ORIGIN, "/users", *given)
        assert [remark["text"] for remark in found["remarks"]] == [
            "no page can set Cookie, browsers leave it out: --credentials sends cookies",
            "no page can set Host, browsers leave it out",
        ]

    def test_an_address_that_the_application_trusts(self) -> None:
        app = make(origins=ORIGIN)
        app.config["TRUSTED_HOSTS"] = [".example", "api.example"]
        assert checked(app, ORIGIN, "/users")["url"] == "http://api.example/users"

    @pytest.mark.skipif(
        "TRUSTED_HOSTS" not in Flask("app").config, reason="this Flask has no list of hosts"
    )
    def test_an_address_that_it_does_not_trust(self) -> None:
        app = make(origins=ORIGIN)
        app.config["TRUSTED_HOSTS"] = ["api.example"]
        (exchange,) = checked(app, ORIGIN, "http://other.example/users")["exchanges"]
        assert exchange["status"] == 400

    @pytest.mark.parametrize("origin", ["null", "chrome-extension://abc", "file://"])
    def test_origins_that_are_not_of_the_web(self, origin: str) -> None:
        assert run(make(origins=origin), "check", origin, "/users").status == 0

    def shown(self, app: Flask, *arguments: str) -> Ran:
        return run(app, "check", *arguments)

    def test_allowed(self) -> None:
        status, text = self.shown(make(origins=ORIGIN), ORIGIN, "/users")
        assert status == 0
        assert "  > Origin: https://app.example\n  < 200\n" in text
        assert "Allowed (CORS check step 5)" in text
        assert "The page may read: the body, content-length, content-type" in text

    def test_not_sent(self) -> None:
        status, text = self.shown(make(origins=ORIGIN), ORIGIN, "PUT", "/users", "--credentials")
        assert (status, "with credentials" in text) == (1, True)
        status, text = self.shown(make(origins=ORIGIN), ORIGIN, "PUT", "/users")
        assert (status, "--send does" in text) == (0, True)

    def test_refused(self) -> None:
        app = make(origins="*")
        status, text = self.shown(app, ORIGIN, "/users", "--credentials")
        assert status == 1
        assert "Refused (CORS check step 8)" in text
        assert "Decided by CORS(app) in" in text
        assert "This would allow it (checked), instead of" in text
        assert "  Firefox: " in text
        assert "every site" in text

    def test_what_a_console_says_is_left_out_where_it_is_not_known(self) -> None:
        app = make(origins=ORIGIN)
        app.add_url_rule("/away", view_func=lambda: redirect("http://u:p@localhost/"))
        _, text = self.shown(app, ORIGIN, "/away")
        assert "  Chromium: " in text
        assert "  Firefox: " not in text

    def test_an_exception(self) -> None:
        app = make()
        app.testing = True
        status, text = self.shown(app, ORIGIN, "/crash")
        assert status == 1
        assert "  ! ZeroDivisionError" in text
        assert "Decided by nobody" in text
        assert "Note: ZeroDivisionError passes Flask by" in text


@pytest.fixture
def served() -> Iterator[Any]:
    """Serve applications on loopback."""
    with ExitStack() as stack:

        def serve(app: Any) -> str:
            server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
            thread = Thread(target=server.serve_forever, args=(0.05,))
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            thread.start()
            return f"http://127.0.0.1:{server.server_port}"

        yield serve


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


class TestVia:
    """A server in front: what it adds, drops or doubles."""

    def test_one_that_changes_nothing(self, served: Any) -> None:
        app = make(origins=[ORIGIN, OTHER])
        app.add_url_rule("/away", view_func=lambda: redirect("http://else.example/"))
        url = served(app)
        found = checked(app, ORIGIN, "/users", "--header", "X-A", "--via", url)
        assert (found["allowed"], found["via"]["differences"]) == (True, [])
        assert found["url"] == f"{url}/users"
        found = checked(app, ORIGIN, "/away", "--via", url)
        assert found["via"]["outcome"]["reason"] == "no answer: ElsewhereError"

    def test_one_that_drops_them_all(self, served: Any) -> None:
        app, front = make(origins=[ORIGIN, OTHER]), make(origins=[ORIGIN, OTHER])
        front.wsgi_app = _stripped(front.wsgi_app)  # type: ignore[method-assign]
        url = served(front)
        status, text = run(app, "check", ORIGIN, "/users?a=b", "--via", url)
        assert status == 1
        assert f"By way of {url}:\n" in text
        assert f"request: drops Access-Control-Allow-Origin: {ORIGIN!r}" in text
        assert "request: drops Vary: 'Origin'" in text
        assert "Chromium: Access to fetch at 'http://127.0.0.1" in text

    def test_one_that_answers_otherwise_below_a_path(self, served: Any) -> None:
        url = served(Flask("front")) + "/prefix/"
        found = checked(make(origins=ORIGIN), ORIGIN, "https://api.example/users", "--via", url)
        assert found["via"]["exchanges"][0]["url"].endswith("/prefix/users")
        assert found["via"]["differences"][0] == (
            "request: it answers 404 where the application answers 200"
        )

    def test_one_that_gives_no_answer(self) -> None:
        with create_server(("127.0.0.1", 0)) as bound:
            port = bound.getsockname()[1]
        app = make(origins=ORIGIN)
        found = checked(app, ORIGIN, "/users", "--via", f"http://127.0.0.1:{port}")
        assert found["via"]["outcome"]["reason"] == "no answer: ConnectionRefusedError"
        assert (
            "request: it gives no answer: ConnectionRefusedError" in found["via"]["differences"][0]
        )
        assert (
            checked(app, ORIGIN, "TRACE", "/users", "--via", "https://localhost:1")["consoles"]
            is None
        )


def test_the_item_of_origins_that_comes_nearest_is_named() -> None:
    app = make(origins=ORIGIN)
    nearest = f"{ORIGIN!r} has another port"
    assert checked(app, f"{ORIGIN}:8443", "/users")["nearest"] == nearest
    assert f"Nearest: {nearest}" in run(app, "check", f"{ORIGIN}:8443", "/users").text

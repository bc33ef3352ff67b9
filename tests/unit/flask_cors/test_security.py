"""What has been a vulnerability of Flask-CORS, of a port of it, or of a neighbour, is none here.

Each test bears the number under which the hole was published.
"""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flask_cors import CORS, cross_origin

ALLOWED, EVIL = "https://app.example", "https://evil.example"
ALLOW_ORIGIN = "Access-Control-Allow-Origin"
ALLOW_HEADERS = "Access-Control-Allow-Headers"
PRIVATE_NETWORK = "Access-Control-Allow-Private-Network"


def client_of(**options: Any) -> FlaskClient:
    """An application that answers on every path, under these options."""
    app = Flask("application", static_folder=None)
    CORS(app, **options)

    @app.route("/", defaults={"path": ""}, methods=["GET", "PUT"])
    @app.route("/<path:path>", methods=["GET", "PUT"])
    def view(path: str) -> str:
        return path

    return app.test_client()


def is_allowed(client: FlaskClient, path: str, origin: str = EVIL) -> bool:
    response = client.get(path, headers={"Origin": origin})
    assert response.status_code == 200
    return response.headers.get(ALLOW_ORIGIN) == origin


# --- paths

RULES = {"/public/*": {"origins": "*"}, "/admin/*": {"origins": ALLOWED}, "/admin": {}}


@pytest.mark.parametrize(
    ("path", "routed"),
    [
        ("/admin/users", "admin/users"),
        ("/%61dmin/users", "admin/users"),
        ("/admin%2Fusers", "admin/users"),
    ],
)
def test_cve_2020_25032_an_encoded_path_is_judged_as_it_is_routed(path: str, routed: str) -> None:
    """A spelling of a path that reaches the view cannot pass by the rule of the path."""
    client = client_of(resources={"/*": {"origins": "*"}, "/admin/*": {"origins": ALLOWED}})
    assert client.get(path).text == routed
    assert not is_allowed(client, path)
    assert is_allowed(client, path, ALLOWED)


@pytest.mark.parametrize("path", ["/public/../admin/users", "/public/%2e%2e/admin/users"])
def test_cve_2020_25032_dots_are_no_way_from_one_rule_to_another(path: str) -> None:
    """Flask routes dots as they are: it is the view beneath `/public` that answers."""
    client = client_of(resources=RULES)
    assert client.get(path).text == "public/../admin/users"
    assert is_allowed(client, path)
    assert not is_allowed(client, "/admin/users")


@pytest.mark.parametrize(
    "path", ["/a+b", "/a%2Bb", "/a%252Bb", "/a%2520b", "/%2561%2520b", "/a%20b", "/%61%20b"]
)
def test_cve_2024_6844_a_path_is_decoded_once_and_plus_is_no_space(path: str) -> None:
    """Only what Flask routes as `/a b` is covered by the rule for `/a b`."""
    client = client_of(resources={"/a b": {}})
    assert is_allowed(client, path) == (client.get(path).text == "a b")


def test_cve_2024_6844_no_second_spelling_passes_by_a_strict_rule() -> None:
    """A strict rule for a path with `+` holds for this path, and not for one with a space."""
    client = client_of(resources={"/a+b": {"origins": ALLOWED}, "/*": {"origins": "*"}})
    assert is_allowed(client, "/a b")
    # A string pattern without regex characters is a literal.
    assert not is_allowed(client, "/a+b")
    assert not is_allowed(client, "/a%2Bb")


@pytest.mark.parametrize("pattern", ["/admin", "/admin/*", "/ad.*", re.compile("/admin")])
def test_cve_2024_6866_paths_have_a_case(pattern: Any) -> None:
    """`/ADMIN` is another path than `/admin`, for a literal, a regex and a compiled one."""
    client = client_of(resources={pattern: {}})
    assert is_allowed(client, "/admin")
    assert not is_allowed(client, "/ADMIN")
    assert not is_allowed(client, "/Admin")


STRICT, OPEN = {"origins": ALLOWED}, {"origins": "*"}


@pytest.mark.parametrize(
    "resources",
    [
        {"/api/*": OPEN, "/api/v1/*": STRICT},
        {"/api/v1/*": STRICT, "/api/*": OPEN},
        {r"/api/.*": OPEN, r"/api/v1/.*": STRICT},
        {r"/.*": OPEN, r"/api/v1": STRICT, r"/api/v1/[a-z]+": STRICT},
        {re.compile("/.*"): OPEN, re.compile("/api/v1/.*"): STRICT},
        {"/.{20,}|/.*": OPEN, "/api/v1/.*": STRICT},
        {r"/a-long-pattern-of-few-slashes|/api/v1/.*": STRICT, r"/api/.*": OPEN},
        {"*": OPEN, "/api/v1/users": STRICT},
    ],
)
def test_cve_2024_6839_the_more_specific_path_decides(resources: dict[Any, Any]) -> None:
    """Whatever the order of the dict, a wider rule does not open what a closer one protects."""
    client = client_of(resources=resources)
    assert not is_allowed(client, "/api/v1/users")
    assert is_allowed(client, "/api/v1/users", ALLOWED)


# --- the log


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
@pytest.mark.parametrize("origins", ["*", ALLOWED, r"https://.*\.app\.example"])
def test_cve_2024_1681_no_request_writes_a_line_of_the_log(
    origins: str, level: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Line breaks, terminal codes and what is not ASCII are escaped, wherever they stand."""
    client = client_of(origins=origins)
    hostile = "\r\n\x1b[2J\x85\u2028 ERROR injected".encode().decode("latin-1")
    with caplog.at_level(level, "flask_cors"):
        for method in ("GET", "OPTIONS"):
            client.open(
                "/x",
                method=method,
                environ_overrides={
                    "PATH_INFO": f"/x{hostile}",
                    "HTTP_ORIGIN": f"https://x.app.example{hostile}",
                    "HTTP_ACCESS_CONTROL_REQUEST_METHOD": f"PUT{hostile}".encode().decode(
                        "latin-1"
                    ),
                    "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": "x-a\r\nx-b",
                },
            )
    messages = [record.getMessage() for record in caplog.records if "flask_cors" in record.name]
    assert messages
    for message in messages:
        assert message.isascii()
        assert message.isprintable()


# --- powers off by default


def test_cve_2024_6221_private_network_access_is_off_by_default() -> None:
    """A page on the internet reaches a private network only where that is said."""
    headers = {"Origin": ALLOWED, "Access-Control-Request-Private-Network": "true"}
    headers["Access-Control-Request-Method"] = "GET"
    closed = client_of().options("/", headers=headers)
    assert closed.headers[PRIVATE_NETWORK] == "false"
    opened = client_of(allow_private_network=True).options("/", headers=headers)
    assert opened.headers[PRIVATE_NETWORK] == "true"
    refused = client_of(origins=EVIL, allow_private_network=True).options("/", headers=headers)
    assert PRIVATE_NETWORK not in refused.headers


# --- origins


@pytest.mark.parametrize(
    "pattern",
    [
        r"https://.*\.app\.example",
        re.compile(r"https://.*\.app\.example"),
        re.compile(r"(?i)https://[a-z]+\.app\.example"),
        r"https://(x|y)\.app\.example|https://z\.app\.example",
        "https://*.app.example",
    ],
)
@pytest.mark.parametrize(
    "origin",
    [
        "https://x.app.example.evil.example",
        "https://x.app.example@evil.example",
        "https://x.app.example:443.evil.example",
        "https://x.app.examplex",
        "https://x.app.example\n",
    ],
)
def test_cve_2026_37737_a_regex_matches_the_whole_origin(pattern: Any, origin: str) -> None:
    """No origin is admitted for what it begins with, or has somewhere in it."""
    client = client_of(origins=[pattern], supports_credentials=True)
    assert is_allowed(client, "/", "https://x.app.example")
    response = client.get("/", environ_overrides={"HTTP_ORIGIN": origin})
    assert ALLOW_ORIGIN not in response.headers
    assert "Access-Control-Allow-Credentials" not in response.headers


# --- oversized headers


def names_allowed(client: FlaskClient, requested: str) -> list[str]:
    headers = {"Origin": ALLOWED, "Access-Control-Request-Method": "PUT"}
    headers["Access-Control-Request-Headers"] = requested
    response = client.options("/", headers=headers)
    assert response.status_code == 200
    value = response.headers.get(ALLOW_HEADERS, "")
    return value.split(", ") if value else []


@pytest.mark.parametrize("allow_headers", ["*", "x-.*", [re.compile("x-.*")]])
def test_oversized_request_headers_are_refused_and_not_echoed(allow_headers: Any) -> None:
    """Over 8,192 bytes or 256 names in Access-Control-Request-Headers are not looked at."""
    client = client_of(allow_headers=allow_headers)
    names = [f"x-{number}" for number in range(256)]
    assert names_allowed(client, ",".join(names)) == sorted(names)
    assert names_allowed(client, "x-" + "a" * 8_190) == ["x-" + "a" * 8_190]
    assert names_allowed(client, ",".join([*names, "x-256"])) == []
    assert names_allowed(client, "x-" + "a" * 8_191) == []
    assert names_allowed(client, "," * 1_000_000) == []
    assert names_allowed(client, "x-a," * 250_000) == []


def test_an_oversized_header_list_reaches_no_regex() -> None:
    """What is too long is refused before a regex could take exponential time on it."""
    client = client_of(allow_headers=[r"x-(a+)+b"])
    assert names_allowed(client, "x-" + "a" * 8_191) == []


@pytest.mark.parametrize("origins", ["*", r"https://.*", [re.compile("https://.*")]])
def test_an_oversized_origin_is_refused_and_not_echoed(origins: Any) -> None:
    """An `Origin` of over 2,048 bytes is no browser's."""
    client = client_of(origins=origins)
    longest = "https://" + "a" * 2_040
    assert is_allowed(client, "/", longest)
    assert not is_allowed(client, "/", longest + "a")
    assert not is_allowed(client, "/", "https://" + "a" * 1_000_000)


def test_an_oversized_origin_reaches_neither_a_regex_nor_a_callable() -> None:
    """What is too long is refused before any code or pattern of the user's sees it."""
    seen: list[str] = []

    def admits(origin: str) -> bool:
        seen.append(origin)
        return True

    app = Flask("application")

    @app.get("/")
    @cross_origin(origins=[r"https://(a+)+b", admits])
    def view() -> str:
        return "view"

    response = app.test_client().get("/", headers={"Origin": "https://" + "a" * 2_041})
    assert ALLOW_ORIGIN not in response.headers
    assert seen == []

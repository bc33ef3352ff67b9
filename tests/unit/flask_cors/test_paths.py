"""What is said of path patterns that can cover nothing."""

import re

import pytest

from corecors import Policy, Rules
from flask_cors._paths import check_pattern

SLASH = "begins with no slash, as every path does, and covers none"
PLACEHOLDER = "has a placeholder, which no path has"
JOINED = "is one pattern, commas and all"
URL = "is a URL, and rules are matched against paths"


@pytest.mark.parametrize(
    ("pattern", "code", "what", "written"),
    [
        ("api/*", "resource-without-slash", SLASH, '"/api/*"'),
        ("api", "resource-without-slash", SLASH, '"/api"'),
        ("api/v1/users", "resource-without-slash", SLASH, '"/api/v1/users"'),
        ("api.*", "resource-without-slash", SLASH, '"/api.*"'),
        (re.compile("api"), "resource-without-slash", SLASH, '"/api"'),
        ("/api/<path:p>", "resource-placeholder", PLACEHOLDER, '"/api/*"'),
        ("/api/<id>", "resource-placeholder", PLACEHOLDER, '"/api/*"'),
        ("api/<id>", "resource-placeholder", PLACEHOLDER, '"/api/*"'),
        ("/api/{id}", "resource-placeholder", PLACEHOLDER, '"/api/*"'),
        ("/api/:id", "resource-placeholder", PLACEHOLDER, '"/api/*"'),
        (
            "/users/<int:id>/posts",
            "resource-placeholder",
            PLACEHOLDER,
            '"/users/[^/]+/posts"',
        ),
        ("/files/<path:p>/raw", "resource-placeholder", PLACEHOLDER, '"/files/.*/raw"'),
        ("/x-<id>", "resource-placeholder", PLACEHOLDER, '"/x-[^/]+"'),
        ("/a/<b>/<c>", "resource-placeholder", PLACEHOLDER, '"/a/[^/]+/[^/]+"'),
        ("/api/*,/v1/*", "resource-joined", JOINED, '["/api/*", "/v1/*"]'),
        ("/api, /v1", "resource-joined", JOINED, '["/api", "/v1"]'),
        ("https://a.example/api/*", "resource-is-url", URL, '"/api/*"'),
        ("https://a.example", "resource-is-url", URL, '"/"'),
        ("", "resource-empty", "is empty and covers no path", '"/*" for all paths'),
    ],
)
def test_a_pattern_that_covers_nothing_is_told_with_what_was_meant(pattern, code, what, written):
    """D19; and it does cover nothing."""
    text = getattr(pattern, "pattern", pattern)
    (problem,) = check_pattern(pattern, "", "here")
    assert (problem.code, problem.option, problem.given) == (code, "resources", text)
    assert (problem.what, problem.advice, problem.source) == (what, f"write {written}", "here")
    rules = Rules([(pattern, Policy())])
    for path in (
        "/",
        "/api",
        "/api/x",
        "/v1/x",
        "/users/1/posts",
        "/files/a/b/raw",
        "/x-1",
        "/a/b/c",
    ):
        assert rules.find(path) is None


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("api/*", "/api/x"),
        ("/api/<path:p>", "/api/a/b"),
        ("/users/<int:id>/posts", "/users/1/posts"),
        ("/files/<path:p>/raw", "/files/a/b/raw"),
        ("/a/<b>/<c>", "/a/b/c"),
        ("https://a.example/api/*", "/api"),
    ],
)
def test_what_is_advised_covers_what_was_meant(text, path):
    """And is itself no reason to remark anything."""
    (problem,) = check_pattern(text, "", "here")
    meant = problem.advice.removeprefix('write "').removesuffix('"')
    assert list(check_pattern(meant, "", "here")) == []
    assert Rules([(meant, Policy())]).find(path) is not None


@pytest.mark.parametrize(
    "pattern",
    [
        "*",
        ".*",
        "/*",
        "/",
        "/api",
        "/api/*",
        r"/v[12]/users",
        r"^/api/(?P<version>v\d+)/(?:x|y)",
        r"/a{2,3}/x",
        "/a:b",
        "/a,b",
        "a*/b",
        "a?/b",
        "x|/api",
        "(/api|/v1)",
        "[/]api",
        re.compile("/api"),
        re.compile(".*api"),
    ],
)
def test_a_pattern_that_can_cover_something_is_left_alone(pattern):
    """Regexes may begin with anything."""
    assert list(check_pattern(pattern, "", "here")) == []


@pytest.mark.parametrize(
    ("pattern", "prefix", "written"),
    [
        ("/users", "/api", "/api/users"),
        ("/users/*", "/api/", "/api/users/*"),
        ("/apis/*", "/api", "/api/apis/*"),
        ("/api", "/api/v1", "/api/v1/api"),
        ("/users", "", None),
        ("/users", "/", None),
        ("/users", "/<tenant>", None),
        ("/.*", "/api", None),
        ("/*", "/api", None),
        ("*", "/api", None),
        ("/api/*", "/api", None),
        ("/api/*", "/api/v1", None),
        ("/api", "/api", None),
        ("/api/users", "/api", None),
    ],
)
def test_a_pattern_beyond_the_prefix_of_a_blueprint_is_told(pattern, prefix, written):
    """It is matched against the whole path."""
    advice = [problem.advice for problem in check_pattern(pattern, prefix, "here")]
    assert advice == ([] if written is None else [f'write "{written}"'])

"""Right servers of every style pass the vectors for servers, and wrong ones do not."""

from __future__ import annotations

import pytest

from corecors import Policy, browser, evaluate
from corecors.conformance.vectors import mismatches

from .files import vectors
from .servers import RIGHT, WRONG

VECTORS = vectors("server")


def failures(answer):
    """Return what is wrong with a server's answers, by the id of the vector."""
    found = {vector["id"]: mismatches(vector, *answer(vector)) for vector in VECTORS}
    return {id_: problems for id_, problems in found.items() if problems}


def as_origin(described):
    """Write an origin as the option `origins` has it."""
    if described["kind"] == "subdomains":
        return f"{described['scheme']}://*.{described['host']}"
    if described["kind"] == "any-port":
        return f"{described['scheme']}://{described['host']}:*"
    return described.get("origin", {"any": "*", "null": "null"}.get(described["kind"]))


def options(described):
    """Write a policy of the vectors in the options of this project."""
    return {
        "origins": [as_origin(origin) for origin in described["origins"]],
        "methods": "*" if described["methods"] == "any" else described["methods"],
        "allow_headers": "*" if described["headers"] == "any" else described["headers"],
        "expose_headers": described["exposed"],
        "supports_credentials": described["credentials"],
        "max_age": described["max_age"],
        "allow_private_network": described["private_network"],
    }


def core(vector):
    """Answer as a shell around `corecors.evaluate` does."""
    request, application = vector["request"], vector["application"]
    headers = dict(request["headers"])
    policy = Policy(**options(vector["policy"]))
    decision = evaluate(policy, request["method"], headers.get("Origin"), headers)
    if decision.verdict.preflight:
        return 204, decision.answer.lines
    own = [(name, value) for name, value in application["headers"]]
    return application["status"], decision.answer.merged(own)


def test_the_core_passes():
    assert failures(core) == {}


def through_flask(vector):
    """Answer as an application with `CORS(app)` does."""
    flask = pytest.importorskip("flask")
    flask_cors = pytest.importorskip("flask_cors")
    request, application = vector["request"], vector["application"]
    app = flask.Flask("vectors")
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]

    @app.route("/", methods=methods)
    def view():
        return flask.Response(status=application["status"], headers=application["headers"])

    flask_cors.CORS(app, **options(vector["policy"]))
    asked = app.test_client().open("/", method=request["method"], headers=request["headers"])
    return asked.status_code, list(asked.headers)


@pytest.mark.filterwarnings("ignore::UserWarning")  # any origin with credentials, null
def test_an_application_of_flask_passes():
    assert failures(through_flask) == {}


@pytest.mark.parametrize("server", RIGHT, ids=lambda server: server.__name__)
def test_a_right_server_passes(server):
    assert failures(lambda vector: server(vector).answer()) == {}


@pytest.mark.parametrize("about", WRONG)
def test_a_wrong_server_fails(about):
    assert failures(lambda vector: WRONG[about](vector).answer()) != {}


def page(vector):
    """Return what a page asked for that makes its browser send the request of a vector."""
    asked, headers = vector["request"], dict(vector["request"]["headers"])
    names = headers.get("Access-Control-Request-Headers", "")
    return browser.Request(
        method=headers.get("Access-Control-Request-Method", asked["method"]),
        origin=headers["Origin"],
        url="https://api.example/",
        headers=dict.fromkeys(filter(None, names.split(",")), "application/json"),
        credentials="include" if vector["policy"]["credentials"] else "omit",
        use_preflight="Access-Control-Request-Method" in headers,
    )


@pytest.mark.parametrize("server", RIGHT, ids=lambda server: server.__name__)
def test_a_browser_makes_of_right_answers_what_the_vectors_say(server):
    """The vectors are no opinion of their own: `allowed` is what the page gets."""
    judged = {}
    for vector in VECTORS:
        if vector["allowed"] is not None:
            status, lines = server(vector).answer()
            response = browser.Response(status=status, headers=lines)
            asks_first = "Access-Control-Request-Method" in dict(vector["request"]["headers"])
            check = browser.preflight_check if asks_first else browser.actual_check
            judged[vector["id"]] = check(page(vector), response).allowed
    allowed = {v["id"]: v["allowed"] for v in VECTORS if v["allowed"] is not None}
    assert judged == allowed


def test_each_way_to_describe_an_origin_is_in_it():
    kinds = {origin["kind"] for vector in VECTORS for origin in vector["policy"]["origins"]}
    assert kinds == {"any", "any-port", "exact", "null", "subdomains"}

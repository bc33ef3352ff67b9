"""Flask-CORS, whichever is installed: 6.0.2, a newer one, or this project."""

import scenarios
from flask import Flask, Response, request
from flask.views import MethodView
from scenarios import A, B

from corecors.conformance import WSGIClient
from flask_cors import CORS, cross_origin

SCENARIOS = tuple(scenarios.SCENARIOS)

app = Flask(__name__)
SHARED = Response("x")


def view():
    return "x"


RESOURCES = {
    "/one": {
        "origins": A,
        "methods": ["GET", "PUT"],
        "allow_headers": ["X-A"],
        "expose_headers": ["ETag"],
    },
    "/several": {"origins": [A, B], "supports_credentials": True},
    "/open": {"origins": "*"},
    "/cookies": {"origins": "*", "supports_credentials": True},
    "/pattern": {"origins": r"https://.*\.example\.org"},
    "/age": {"origins": A, "methods": ["GET", "PUT"], "max_age": 0},
    "/ipv6": {"origins": "http://[::1]:3000"},
    "/shared": {"origins": [A, B]},
    "/headers": {"origins": A, "allow_headers": [r"X-Co-\d"]},
}
for path in RESOURCES.keys() - {"/shared"}:
    app.add_url_rule(path, path, view, methods=["GET", "PUT"])


@app.get("/own")
@cross_origin(origins=A)
def own():
    headers = {"Vary": "Origin"}
    if request.headers.get("Origin") == A:
        headers["Access-Control-Allow-Origin"] = A
    return Response("x", headers=headers)


@app.get("/shared")
def shared():
    return SHARED


class Class(MethodView):
    decorators = [cross_origin(origins=A, methods=["GET", "PUT"])]  # noqa: RUF012

    def get(self):
        return "x"

    put = get


app.add_url_rule("/class", view_func=Class.as_view("class"))
CORS(app, resources=RESOURCES)
client = WSGIClient(app)

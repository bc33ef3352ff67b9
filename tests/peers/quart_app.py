"""quart-cors."""

import re
from datetime import timedelta

from quart import Quart, Response, request
from quart.views import MethodView
from quart_cors import cors, route_cors
from scenarios import A, B

from corecors.conformance import ASGIClient

SCENARIOS = ["one", "several", "open", "pattern", "age", "ipv6", "own", "class"]


async def view():
    return "x"


async def own():
    headers = {"Vary": "Origin"}
    if request.headers.get("Origin") == A:
        headers["Access-Control-Allow-Origin"] = A
    return Response("x", headers=headers)


class Class(MethodView):
    decorators = [route_cors(allow_origin=A, allow_methods=["GET", "PUT"])]  # noqa: RUF012

    async def get(self):
        return "x"

    put = get


def site(path, function=view, **policy):
    site_of_path = Quart(__name__)
    site_of_path.add_url_rule(path, view_func=function, methods=["GET", "PUT"])
    return path, cors(site_of_path, **policy) if policy else site_of_path


SITES = dict(
    [
        site(
            "/one",
            allow_origin=A,
            allow_methods=["GET", "PUT"],
            allow_headers=["X-A"],
            expose_headers=["ETag"],
        ),
        site("/several", allow_origin=[A, B], allow_credentials=True),
        site("/open", allow_origin="*"),
        site("/pattern", allow_origin=re.compile(r"https://.*\.example\.org")),
        site("/age", allow_origin=A, allow_methods=["GET", "PUT"], max_age=timedelta(0)),
        site("/ipv6", allow_origin="http://[::1]:3000"),
        site("/own", own, allow_origin=A),
        site("/class", Class.as_view("class")),
    ]
)


async def app(scope, receive, send):
    await SITES[scope["path"]](scope, receive, send)


client = ASGIClient(app)

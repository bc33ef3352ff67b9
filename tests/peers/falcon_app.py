"""Falcon's CORSMiddleware, which is of a whole application."""

import falcon
from scenarios import A, B

from corecors.conformance import WSGIClient

SCENARIOS = ["one", "several", "open", "cookies", "ipv6", "own", "class"]
INSTEAD = {"headers": "*"}  # it has no option to restrict them


class Resource:
    def on_get(self, req, resp):
        resp.text = "x"

    on_put = on_get


class Own:
    def on_get(self, req, resp):
        resp.text = "x"
        if req.get_header("Origin") == A:
            resp.set_header("Access-Control-Allow-Origin", A)
        resp.append_header("Vary", "Origin")


def site(path, resource=None, **policy):
    site_of_path = falcon.App(middleware=falcon.CORSMiddleware(**policy))
    site_of_path.add_route(path, resource or Resource())
    return path, site_of_path


SITES = dict(
    [
        site("/one", allow_origins=A, expose_headers="ETag"),
        site("/several", allow_origins=[A, B], allow_credentials=[A, B]),
        site("/open", allow_origins="*"),
        site("/cookies", allow_origins="*", allow_credentials="*"),
        site("/ipv6", allow_origins="http://[::1]:3000"),
        site("/own", Own(), allow_origins=A),
        site("/class", allow_origins=A),
    ]
)


def app(environ, start_response):
    return SITES[environ["PATH_INFO"]](environ, start_response)


client = WSGIClient(app)

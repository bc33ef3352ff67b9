"""The application of somebody new to CORS: each mistake has a path of its own.

No logging is set up. The environment has `FLASK_CORS_EXPOSED_HEADERS`, which is misspelt.
"""

from flask import Flask, request

from flask_cors import CORS, cross_origin

PAGE = "https://app.example"


def broken(origin: str) -> bool:
    raise LookupError("a mistake in the function")


app = Flask(__name__, static_folder=None)
app.config.from_prefixed_env()
CORS(
    app,
    resources={
        "/port": {"origins": "http://localhost"},
        "/end-slash": {"origins": f"{PAGE}/"},
        "/scheme": {"origins": "http://app.example"},
        "/loopback": {"origins": "http://localhost:3000"},
        "/any": {"supports_credentials": True},
        "/header": {"origins": PAGE, "allow_headers": "Content-Type"},
        "/method": {"origins": PAGE, "methods": ["GET", "POST"]},
        "/login": {"origins": PAGE},
        "/missing": {"origins": PAGE},
        "/slash/*": {"origins": PAGE},
        "/exception": {"origins": PAGE},
        "/option": {"origins": PAGE, "support_credentials": True},
        "/key": {"origins": PAGE},
        "/own": {"origins": PAGE},
        "/function": {"origins": broken},
    },
)


@app.before_request
def login() -> "tuple[str, int] | None":
    if request.path == "/login" and "Authorization" not in request.headers:
        return "log in first", 401
    return None


@app.get("/exception")
def exception() -> str:
    raise LookupError("a mistake in the view")


@app.put("/slash/")
def slash() -> str:
    return "put"


@cross_origin(origins=PAGE)
@app.get("/decorator")
def decorator() -> str:
    return "read"


@app.get("/own")
def own() -> "tuple[str, dict[str, str]]":
    return "read", {"Access-Control-Allow-Origin": "https://old.example"}


def view() -> str:
    return "read"


for name in (
    "port",
    "end-slash",
    "scheme",
    "loopback",
    "any",
    "header",
    "method",
    "login",
    "option",
):
    app.add_url_rule(f"/{name}", name, view, methods=["GET", "PUT"])
app.add_url_rule("/key", "key", view)

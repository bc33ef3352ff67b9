"""Programs from the index that require Flask-CORS, and how each is started on loopback."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs

NOTHING: Mapping[str, str] = MappingProxyType({})

ANY = "https://app.example"
STRANGER = "https://stranger.example"


@attrs.frozen
class Program:
    """A server: what is installed, what starts it, and which of its paths are asked."""

    requirements: tuple[str, ...]
    command: tuple[str, ...]
    """After `python`; `{port}` and `{here}` are filled in."""
    paths: tuple[str, ...]
    """The first one is asked until it answers."""
    origins: tuple[str, ...] = (ANY, "null")
    environment: Mapping[str, str] = NOTHING
    files: Mapping[str, str] = NOTHING
    """What lies in the folder that it is started in."""
    kept: tuple[str, ...] = ()
    """Paths whose response is kept for some seconds; 6.0.2 then answers as to the first request."""


LOCUSTFILE = """\
from locust import User, task

class Idle(User):
    @task
    def nothing(self):
        pass
"""

INVENIO = """\
from flask import Blueprint, Flask, abort, jsonify
from invenio_rest import InvenioREST

app = Flask("invenio")
app.config.update(REST_ENABLE_CORS=True, {options})
InvenioREST(app)
app.add_url_rule("/records/", "records", lambda: jsonify([]), methods=["GET", "POST"])
app.add_url_rule("/closed", "closed", lambda: abort(403))
"""

SUPERSET = """\
SECRET_KEY = "for a test that nobody else can reach"
SQLALCHEMY_DATABASE_URI = "sqlite:///superset.db"
ENABLE_CORS = True
CORS_OPTIONS = {
    "supports_credentials": True,
    "allow_headers": ["*"],
    "resources": ["/api/*", "/health"],
    "origins": ["https://app.example", "https://portal.example"],
}
TALISMAN_ENABLED = False
CACHE_CONFIG = DATA_CACHE_CONFIG = {"CACHE_TYPE": "SimpleCache"}
FILTER_STATE_CACHE_CONFIG = EXPLORE_FORM_DATA_CACHE_CONFIG = CACHE_CONFIG
"""


def _invenio(options: str) -> Program:
    return Program(
        requirements=("invenio-rest==4.0.2",),
        command=("-m", "flask", "--app", "records", "run", "--port", "{port}"),
        paths=("/records/", "/records", "/closed", "/missing"),
        files={"records.py": INVENIO.replace("{options}", options)},
    )


PROGRAMS: dict[str, Program] = {
    "moto": Program(
        requirements=("moto[server]==5.2.5",),
        command=("-m", "moto.server", "-H", "127.0.0.1", "-p", "{port}"),
        paths=("/moto-api/data.json", "/bucket", "/bucket/key", "/"),
    ),
    "locust": Program(
        requirements=("locust==2.47.0",),
        command=(
            *("-m", "locust", "-f", "locustfile.py", "--skip-log-setup"),
            *("--web-host", "127.0.0.1", "--web-port", "{port}"),
        ),
        paths=("/stats/requests", "/", "/swarm", "/missing"),
        files={"locustfile.py": LOCUSTFILE},
        kept=("/stats/requests",),
    ),
    "mlflow": Program(
        requirements=("mlflow==3.17.2",),
        command=(
            *("-m", "mlflow", "server", "--host", "127.0.0.1", "--port", "{port}"),
            *("--backend-store-uri", "sqlite:///mlflow.db", "--workers", "1"),
            *("--cors-allowed-origins", "https://app.example,https://portal.example"),
        ),
        paths=("/health", "/api/2.0/mlflow/experiments/search", "/version", "/missing"),
        origins=(ANY, "http://localhost:3000", "http://127.0.0.1", "http://localhost.evil.example"),
    ),
    "invenio": _invenio("CORS_EXPOSE_HEADERS=['ETag', 'Link']"),
    "invenio-old-configuration": _invenio("CORS_EXPOSE_HEADERS=True"),
    "superset": Program(
        requirements=("apache-superset[cors]==6.1.0", "flask-caching==2.3.1"),
        command=("-m", "flask", "--app", "superset.app:create_app()", "run", "--port", "{port}"),
        paths=("/health", "/api/v1/me/", "/login/", "/missing"),
        origins=(ANY, "https://portal.example"),
        environment={"SUPERSET_CONFIG_PATH": "{here}/superset_config.py"},
        files={"superset_config.py": SUPERSET},
    ),
}

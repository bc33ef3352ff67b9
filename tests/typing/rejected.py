"""What checkers must reject. Checked by mypy and pyright, never run.

Each line has an error that is ignored by its name; both checkers complain of an ignore without
an error. So a misspelt option that passes fails the check.
"""

from datetime import datetime

from flask import Flask

from corecors import Policy, Rules, Verdict, evaluate
from flask_cors import CORS, cross_origin

app = Flask("typed")

# Misspelt, and what was meant.
CORS(app, allow_origins="*")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
CORS(app, support_credentials=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
CORS(app, headers="X-A")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
CORS(app, resource={"/*": {}})  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
CORS().init_app(app, maxage=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
cross_origin(origin="*")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
CORS(app, resources={"/*": {"orgins": "*"}})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
cross_origin("*")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
cross_origin("*", max_age=60)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
cross_origin(resources="/*")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
cross_origin(preflight_first=True)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
CORS(app, enabled=False)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
Policy(origin="*")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]

# Of the wrong type.
CORS(app, max_age=1.5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
CORS(app, max_age=datetime.now())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
CORS(app, origins=None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
CORS(app, origins=80)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
CORS(app, methods=[1])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
CORS(app, supports_credentials="no")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
CORS("app")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
CORS(app, "*")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
evaluate("*", "GET")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

# What does not change is not changed.
policy = Policy()
policy.max_age = 60  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
Policy("*")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
verdict = Verdict.MAYBE  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
Rules([]).find(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

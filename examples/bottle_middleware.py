"""The core in Bottle: `add_cors(app, policy)`.

Bottle's hooks and plugins do not see its answer to an exception; what is around `wsgi` does.
"""

from __future__ import annotations

from typing import Union

from bottle import Bottle

from corecors import Policy, Rules

from .wsgi_middleware import Cors


def add_cors(app: Bottle, policy: Union[Policy, Rules]) -> None:
    """Send the headers of a policy, or of the rule that covers the path."""
    app.wsgi = Cors(app.wsgi, policy)

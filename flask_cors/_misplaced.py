"""Decorated functions that no route runs: `@cross_origin` above `@app.route`.

The route then has the function as it was before, and nothing of the decorator.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from math import inf
from typing import Any
from weakref import WeakSet

from flask import Flask

from ._decorated import marked
from ._warnings import Location

LOG = logging.getLogger("flask_cors.decorator")

_decorated: WeakSet[Any] = WeakSet()
_told: WeakSet[Any] = WeakSet()


def remember(decorated: Callable[..., Any]) -> None:
    """Remember what `cross_origin` has made, as long as anybody else has it."""
    _decorated.add(decorated)


def misplaced(app: Flask) -> Iterator[tuple[str, Location, Any]]:
    """Give the endpoint of each bare function that is decorated too late, and where that is."""
    endpoints = {id(view): endpoint for endpoint, view in app.view_functions.items()}
    for function in list(_decorated):
        endpoint = endpoints.get(id(getattr(function, "__wrapped__", None)))
        decoration = marked(function)
        if endpoint is not None and decoration is not None and _is_unregistered(function):
            yield endpoint, decoration.location, function


def _is_unregistered(function: Any) -> bool:
    """Return whether no application has the function, nor what was made of it."""
    times: float = function.required_methods.view.times
    return times == inf


def tell(app: Flask) -> None:
    """Say once, in the log, which decorators have no effect on an application."""
    for endpoint, location, function in misplaced(app):
        if function not in _told:
            _told.add(function)
            LOG.warning(
                "@cross_origin has no effect on the view %r (%s:%s): it stands above the route, "
                "which has the bare function; put it below the route",
                endpoint,
                location.filename,
                location.line,
            )

"""Which applications have decorated views; each is hooked before its first request.

A decorator cannot know where its view will be registered. So Flask's signals are listened to for
as long as a registration has not been found on an application with a hook; from then on they
cost nothing.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, MutableSet
from math import inf
from threading import Lock
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary, WeakSet

from flask import Flask, has_app_context
from flask.signals import appcontext_pushed, request_started

from ._bridge import KEY, current_request, installation
from ._misplaced import tell
from ._nomination import has_decorated

LOG = logging.getLogger("flask_cors.extension")


class Awaited:
    """How many registrations of one decorated view were not found on an application yet.

    A method of a class is never registered itself, and nothing tells of its class. So each view
    is awaited from the beginning until it is registered, and then as many times as it was.
    """

    def __init__(self) -> None:
        self.times = inf
        _listen_for(self)

    def register(self) -> None:
        """Await it once more, or the first time."""
        with _lock:
            self.times = 1 if self.times == inf else self.times + 1
        _listen_for(self)


class RequiredMethods(MutableSet[str]):
    """The `required_methods` of a decorated view; Flask iterates over them to register it."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = set(names)
        self.view = Awaited()

    def __iter__(self) -> Iterator[str]:
        self.view.register()
        return iter(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __len__(self) -> int:
        return len(self.names)

    def add(self, value: str) -> None:
        """Require one more method, as decorators may that know a set here."""
        self.names.add(value)

    def discard(self, value: str) -> None:
        """Require one less."""
        self.names.discard(value)


class _Views(NamedTuple):
    """The views of an application when it was looked at."""

    number: int
    decorated: bool
    found: Counter[Awaited]


_NONE = _Views(0, False, Counter())

_lock = Lock()
_awaited: WeakSet[Awaited] = WeakSet()
_seen: WeakKeyDictionary[Flask, _Views] = WeakKeyDictionary()


def _listen_for(view: Awaited) -> None:
    with _lock:
        _awaited.add(view)
        try:
            appcontext_pushed.connect(_on_context)
            if has_app_context():
                request_started.connect(_on_request)
        except RuntimeError:
            LOG.debug("Flask sends no signals: views that never run have no policy")


def _on_context(app: Flask, **_: Any) -> None:
    """Look while Flask still allows a hook, which is before the first request."""
    _look_at(app)


def _on_request(app: Flask, **_: Any) -> None:
    """Let one request have a hook where views came after the context, and so too late."""
    if _look_at(app):
        installation(app).hook_request(current_request())


def _look_at(app: Flask) -> bool:
    """Give an application that has decorated views a hook; say whether it has any."""
    seen = _seen.get(app, _NONE)
    if seen.number != len(app.view_functions):
        with _lock:
            seen = _seen[app] = _looked_at(app, _seen.get(app, _NONE))
    return seen.decorated


def _looked_at(app: Flask, before: _Views) -> _Views:
    decorated = has_decorated(app)
    found = Counter(_registered(app))
    tell(app)
    if (decorated or KEY in app.extensions) and installation(app).hook():
        _settle(found - before.found)
    else:
        request_started.connect(_on_request)
    return _Views(len(app.view_functions), decorated, found)


def _registered(app: Flask) -> Iterator[Awaited]:
    for rule in app.url_map.iter_rules():
        methods = getattr(app.view_functions.get(rule.endpoint), "required_methods", None)
        if isinstance(methods, RequiredMethods):
            yield methods.view


def _settle(found: Counter[Awaited]) -> None:
    for view, times in found.items():
        view.times = max(view.times - times, 0)
        if not view.times:
            _awaited.discard(view)
    if not _awaited:
        appcontext_pushed.disconnect(_on_context)
        request_started.disconnect(_on_request)

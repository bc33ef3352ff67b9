"""Which applications have decorated views, so that each has the hook before its first request.

A decorator cannot know where its view will be registered, and an application with decorated views
alone calls nobody of this package while it is set up. What this module relies on in Flask:

- the signals `appcontext_pushed` and `request_started`, which tell of an application before its
  first request is dispatched, when it may still be given a hook;
- that `add_url_rule` reads `required_methods` of the view that it registers.

To do without costs, in an application that has no `CORS(app)`, the policy of decorated views that
never run: behind a login that refuses, behind a redirect of the routing, and for the preflights of
class-based views, which Flask answers itself (D13, D17). A receiver that stays costs each request
of the process about a third of what a decorated view costs. So the signals are listened to only for
as long as a registration has not been found on an application with a hook.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, MutableSet
from math import inf
from threading import Lock
from typing import Any, ClassVar, NamedTuple
from weakref import WeakKeyDictionary, WeakSet

from flask import Flask, has_app_context
from flask.signals import appcontext_pushed, request_started

from ._hook import hook, hook_request
from ._installed import KEY, installation
from ._misplaced import tell
from ._nearest import has_decorated
from ._state import current_request

LOG = logging.getLogger("flask_cors.extension")


class Views(NamedTuple):
    """The views of an application when it was looked at."""

    number: int
    decorated: bool
    registered: Counter[Awaited]


class Discovery:
    """What the process knows of decorated views and of applications; a lock for both."""

    awaited: ClassVar[WeakSet[Awaited]] = WeakSet()
    seen: ClassVar[WeakKeyDictionary[Flask, Views]] = WeakKeyDictionary()
    lock: ClassVar[Lock] = Lock()


class Awaited:
    """How many registrations of one decorated view were not found on an application yet.

    A method of a class is never registered itself, and nothing tells of its class. So each view
    is awaited from the beginning until it is registered, and then as many times as it was.
    """

    def __init__(self) -> None:
        self.times = inf
        self._listen()

    def register(self) -> None:
        """Await it once more, or the first time."""
        with Discovery.lock:
            self.times = 1 if self.times == inf else self.times + 1
        self._listen()

    def settle(self, times: int) -> None:
        """Await it so many times less; it was found."""
        self.times = max(self.times - times, 0)
        if not self.times:
            Discovery.awaited.discard(self)

    def _listen(self) -> None:
        with Discovery.lock:
            Discovery.awaited.add(self)
            try:
                appcontext_pushed.connect(_on_context)
                if has_app_context():
                    request_started.connect(_on_request)
            except RuntimeError:
                LOG.debug("Flask sends no signals: views that never run have no policy")


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


_NONE = Views(0, False, Counter())


def _on_context(app: Flask, **_: Any) -> None:
    """Look while Flask still allows a hook, which is before the first request."""
    _look_at(app)


def _on_request(app: Flask, **_: Any) -> None:
    """Let one request have a hook where views came after the context, and so too late."""
    if _look_at(app):
        hook_request(installation(app), current_request())


def _look_at(app: Flask) -> bool:
    """Give an application that has decorated views a hook; return whether it has any."""
    views = Discovery.seen.get(app, _NONE)
    if views.number != len(app.view_functions):
        with Discovery.lock:
            views = Discovery.seen[app] = _looked_at(app, Discovery.seen.get(app, _NONE))
    return views.decorated


def _looked_at(app: Flask, before: Views) -> Views:
    views = Views(len(app.view_functions), has_decorated(app), Counter(_registered(app)))
    tell(app)
    if (views.decorated or KEY in app.extensions) and _hooked(app):
        for view, times in (views.registered - before.registered).items():
            view.settle(times)
        _stop_listening()
    else:
        request_started.connect(_on_request)
    return views


def _hooked(app: Flask) -> bool:
    """Return whether an application has the hook, given to it where Flask still allows that."""
    try:
        hook(installation(app))
    except AssertionError:  # it has served a request
        return False
    return True


def _registered(app: Flask) -> Iterator[Awaited]:
    for rule in app.url_map.iter_rules():
        methods = getattr(app.view_functions.get(rule.endpoint), "required_methods", None)
        if isinstance(methods, RequiredMethods):
            yield methods.view


def _stop_listening() -> None:
    if not Discovery.awaited:
        appcontext_pushed.disconnect(_on_context)
        request_started.disconnect(_on_request)

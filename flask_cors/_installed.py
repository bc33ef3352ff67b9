"""What is installed on one application; nothing of requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple, Optional

from flask import Flask, Response

from corecors import Rule, Rules

from ._decorated import KEYS, Decoration, Resolved, given_keys
from ._layers import Given, copied
from ._warnings import Location

KEY = "flask_cors"
"""The key of `app.extensions`."""


_MOST = 1_000
"""How many decorations are remembered: a view may decorate a function anew at each request."""


class Installed(NamedTuple):
    """One extension object's rules on an application, or on one of its blueprints."""

    owner: object
    rules: Rules
    location: Location
    explicit: frozenset[str]
    """The options that are given at all; a look-alike configuration key is no news for them."""
    config: Mapping[str, Any]
    """The `CORS_*` keys as they were read."""
    intercept_exceptions: bool = True
    options: Mapping[str, Given] = MappingProxyType({})
    """The options as they were merged, each with its place; those of a resource in `resources`."""


Several = tuple[Installed, ...]
"""Extensions on one application or blueprint, the latest first."""


class Installation:
    """The extensions of one application and of its blueprints, and its decorated functions."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.extensions: Several = ()
        self.blueprints: dict[str, Several] = {}
        """By the name that the blueprint is registered with."""
        self.everywhere: Rule | None = None
        """The rule of the application for every path, where it has such a rule."""
        self.find: Callable[[str], Rule | None] = partial(first_rule, ())
        """Return the rule of the application for a path (D20)."""
        self.decorated: dict[Decoration, Resolved] = {}
        self.unchecked: Several = ()
        """Those whose configuration may have changed since they read it (D19)."""
        self.apply: Optional[Callable[[Response], Response]] = None
        """The hook; None until there is use for it."""
        self.hooked = False
        """Whether the hook runs at the end of each request."""
        self.default_options: Optional[Callable[..., Response]] = None
        """The method that makes Flask's answer to OPTIONS, when it was looked at last."""
        self.default_options_want_context = False
        """Whether it wants to be given the context, as in a Flask to come."""
        self._is_unread = True

    @property
    def extended(self) -> bool:
        """Whether there is an extension, so that responses without a rule are ours as well."""
        return bool(self.extensions or self.blueprints)

    def add(self, installed: Installed) -> None:
        """Put an extension first, in the place of what the same object installed before (D20)."""
        self.extensions = _put_first(self.extensions, installed)
        self.everywhere = installed.rules.everywhere
        alone = len(self.extensions) == 1
        self.find = installed.rules.find if alone else partial(first_rule, self.extensions)
        self.unchecked = _put_first(self.unchecked, installed)

    def add_to_blueprint(self, name: str, installed: Installed) -> None:
        """Do the same for the views of a blueprint, by the name it is registered with."""
        self.blueprints[name] = _put_first(self.blueprints.get(name, ()), installed)
        self.unchecked = _put_first(self.unchecked, installed)

    def rule_of(self, decoration: Decoration) -> Rule:
        """Return the rule of a decoration, made anew when the `CORS_*` keys change.

        Raises `PolicyError` where the configuration makes it impossible.
        """
        config = self.app.config
        resolved = self.decorated.get(decoration)
        if resolved is not None:
            given, rule = resolved
            if given == given_keys(config) if given else config.keys().isdisjoint(KEYS):
                return rule
        if len(self.decorated) >= _MOST:
            self.decorated.clear()
        _, rule = self.decorated[decoration] = decoration.resolve(self.app)
        if self._is_unread and not self.extended:
            self._is_unread = False
            decoration.check_configuration(config)
        return rule


def installation(app: Flask) -> Installation:
    """Return what is installed on an application, its entry in `app.extensions`."""
    found: Installation | None = app.extensions.get(KEY)
    if found is None:
        found = app.extensions[KEY] = Installation(app)
    return found


def snapshot(app: Flask) -> dict[str, Any]:
    """Copy the `CORS_*` configuration, and that of containers, to tell a later change."""
    return {key: copied(app.config[key]) for key in app.config if str(key).startswith("CORS_")}


def first_rule(several: Several, path: str) -> Optional[Rule]:
    """Return the rule for a path of the latest extension that has one (D20)."""
    for installed in several:
        rule = installed.rules.find(path)
        if rule is not None:
            return rule
    return None


def _put_first(several: Several, item: Installed) -> Several:
    return (item, *(other for other in several if other.owner is not item.owner))

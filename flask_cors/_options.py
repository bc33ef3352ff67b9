"""The table of options: every name, config key, default and scope is written here, once."""

from __future__ import annotations

from typing import Any, NamedTuple

import attrs

from corecors import Policy

EXTENSION, DECORATOR, RESOURCE = "extension", "decorator", "resource"


class Option(NamedTuple):
    """One option: its name, its default, and where it has an effect."""

    name: str
    default: Any
    scopes: frozenset[str] = frozenset({EXTENSION, DECORATOR, RESOURCE})
    has_key: bool = True
    """Whether `app.config` has a say: not where applications have such a key of their own."""

    @property
    def config_key(self) -> str:
        """Give the key of `app.config` that sets this option for the whole application."""
        return "CORS_" + self.name.upper()


POLICY_OPTIONS = tuple(field.name for field in attrs.fields(Policy) if field.init)

_DEFAULTS: dict[str, Any] = {
    "origins": "*",
    "methods": ["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"],
    "allow_headers": "*",
    "expose_headers": None,
    "supports_credentials": False,
    "max_age": None,
    "send_wildcard": False,
    "vary_header": True,
    "always_send": True,
    "allow_private_network": False,
}

OPTIONS: dict[str, Option] = {
    option.name: option
    for option in (
        *(Option(name, default) for name, default in _DEFAULTS.items()),
        Option("automatic_options", True, frozenset({DECORATOR})),
        Option("intercept_exceptions", True, frozenset({EXTENSION})),
        Option("resources", r"/*", frozenset({EXTENSION})),
        Option("strict", False, frozenset({EXTENSION, DECORATOR})),
        Option("preflight_first", False, frozenset({EXTENSION})),
        Option("enabled", True, frozenset({DECORATOR}), has_key=False),
    )
}

CONFIG_KEYS = tuple(option.config_key for option in OPTIONS.values() if option.has_key)

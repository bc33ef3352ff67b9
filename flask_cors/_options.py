"""The table of options: every name, config key, default and scope is written here, once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple, TypedDict, Union

import attrs

from corecors import Policy

EXTENSION, DECORATOR, RESOURCE = "extension", "decorator", "resource"


class Option(NamedTuple):
    """One option: its name, its default, and where it has an effect."""

    name: str
    default: Any
    scopes: frozenset[str] = frozenset({EXTENSION, DECORATOR, RESOURCE})

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
    )
}

CONFIG_KEYS = tuple(option.config_key for option in OPTIONS.values())

Origin = Union[str, "re.Pattern[str]", Callable[[str], bool]]
HeaderName = Union[str, "re.Pattern[str]"]
Path = Union[str, "re.Pattern[str]"]


class PolicyOptions(TypedDict, total=False):
    """The options that make a policy: for one resource, one view, or a whole application."""

    origins: Origin | Iterable[Origin]
    methods: str | Iterable[str] | None
    allow_headers: HeaderName | Iterable[HeaderName] | None
    expose_headers: str | Iterable[str] | None
    supports_credentials: bool | None
    max_age: timedelta | int | str | None
    send_wildcard: bool | None
    vary_header: bool | None
    always_send: bool | None
    allow_private_network: bool | None


class DecoratorOptions(PolicyOptions, total=False):
    """The options of `cross_origin`."""

    automatic_options: bool | None
    strict: bool


class ExtensionOptions(PolicyOptions, total=False):
    """The options of `CORS` and `CORS.init_app`."""

    resources: Path | Iterable[Path] | Mapping[str, PolicyOptions] | Mapping[Any, Any] | None
    intercept_exceptions: bool | None
    automatic_options: bool | None
    strict: bool

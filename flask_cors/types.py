"""The options as types: a misspelt option is an error in the editor. Never needed at run time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import Any, TypedDict, Union

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
    enabled: bool


class ExtensionOptions(PolicyOptions, total=False):
    """The options of `CORS` and `CORS.init_app`."""

    # No `Iterable[Path]`: a dict is one too, and a misspelt option in it would go unseen.
    resources: Path | Sequence[Path] | AbstractSet[Path] | Mapping[Any, PolicyOptions | None] | None
    intercept_exceptions: bool | None
    automatic_options: bool | None
    strict: bool
    preflight_first: bool

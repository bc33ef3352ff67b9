"""Policies as JSON, and back: what `flask cors policy` writes and `flask cors diff` reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import attrs

from corecors import Policy

from .._options import POLICY_OPTIONS


@attrs.frozen
class Function:
    """Stand in for a function in `origins` or such: the same one, if it has the same name."""

    name: str

    def __call__(self, origin: str) -> bool:
        """Admit nobody: what the function would do is not known."""
        return False


def as_json(policy: Policy) -> dict[str, Any]:
    """Write a policy as JSON.

    >>> as_json(Policy(origins=[re.compile("https://a")], max_age=5))["origins"]
    [{'regex': 'https://a', 'flags': 32}]
    """
    return {name: value_as_json(getattr(policy, name)) for name in POLICY_OPTIONS}


def value_as_json(value: Any) -> Any:
    """Write a value of an option, or a path pattern, as JSON."""
    if isinstance(value, tuple):
        return [value_as_json(item) for item in value]
    if isinstance(value, re.Pattern):
        return {"regex": value.pattern, "flags": value.flags}
    if callable(value):
        name = getattr(value, "__qualname__", type(value).__qualname__)
        return {"function": f"{getattr(value, '__module__', '')}.{name}"}
    return value


def from_json(options: Any) -> Policy:
    """Make the policy again.

    >>> from_json(as_json(Policy(origins="https://a.example"))).origins
    ('https://a.example',)
    """
    if not isinstance(options, Mapping):
        raise TypeError(f"{options!r} is not a dict of options")
    known = options.keys() & set(POLICY_OPTIONS)
    return Policy(**{name: value_from_json(options[name]) for name in known})


def value_from_json(value: Any) -> Any:
    """Make a value of an option, or a path pattern, again."""
    if isinstance(value, list):
        return [value_from_json(item) for item in value]
    if isinstance(value, Mapping):
        if "regex" in value:
            return re.compile(value["regex"], value["flags"])
        return Function(value["function"])
    return value

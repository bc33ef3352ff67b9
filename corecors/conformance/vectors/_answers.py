"""Whether an answer is one that a vector for servers requires, and none that it forbids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from corecors import browser

__all__ = ["mismatches"]


def mismatches(vector: Mapping[str, Any], status: int, headers: browser.Headers) -> list[str]:
    """Return what is wrong with a server's answer to the request of a vector, if anything.

    >>> vector = {
    ...     "required": [{"header": "Access-Control-Allow-Origin", "is": ["https://app.example"]}],
    ...     "forbidden": [[{"header": "Vary", "lacks": ["origin", "*"], "ignore_case": True}]],
    ... }
    >>> mismatches(vector, 200, {"Access-Control-Allow-Origin": "https://app.example"})
    ['forbidden: Vary lacks origin and * (it is absent)']
    >>> mismatches(vector, 200, {"Vary": "Origin"})
    ['required: Access-Control-Allow-Origin is https://app.example (it is absent)']
    """
    pairs = _pairs(headers)
    required = [
        f"required: {_said(condition, status, pairs)}"
        for condition in vector["required"]
        if not _holds(condition, status, pairs)
    ]
    forbidden = [
        "forbidden: " + "; ".join(_said(condition, status, pairs) for condition in conditions)
        for conditions in vector["forbidden"]
        if all(_holds(condition, status, pairs) for condition in conditions)
    ]
    return required + forbidden


def _pairs(headers: browser.Headers) -> tuple[tuple[str, str], ...]:
    return browser.Response(headers=headers).headers


def _holds(condition: Mapping[str, Any], status: int, headers: browser.Headers) -> bool:
    if "status" in condition:
        first, last = condition["status"]
        return bool(first <= status <= last)
    value = browser.get(headers, condition["header"])
    if "absent" in condition:
        return value is None
    if "is" in condition:
        return value in condition["is"]
    named = _has_one(condition, value or "", condition.get("has") or condition["lacks"])
    return named if "has" in condition else not named


def _has_one(condition: Mapping[str, Any], value: str, wanted: Iterable[str]) -> bool:
    if condition.get("ignore_case"):
        value, wanted = value.lower(), [one.lower() for one in wanted]
    members = {member.strip(" \t") for member in value.split(",")}
    return not members.isdisjoint(wanted)


def _said(condition: Mapping[str, Any], status: int, headers: browser.Headers) -> str:
    """Say a condition in words, and what the answer has."""
    if "status" in condition:
        first, last = condition["status"]
        return f"status {first} to {last} (it is {status})"
    name = condition["header"]
    value = browser.get(headers, name)
    has = "absent" if value is None else value
    if "absent" in condition:
        return f"{name} is absent"
    verb = next(verb for verb in _JOINTS if verb in condition)
    return f"{name} {verb} {_JOINTS[verb].join(condition[verb])} (it is {has})"


_JOINTS = {"is": " or ", "has": " or ", "lacks": " and "}

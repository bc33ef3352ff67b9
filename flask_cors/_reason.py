"""Why a page is refused, in one line: what was asked, and what would have been allowed.

What a client sent is escaped and cut, and never advised to be let in. All of it is ASCII, so that a
header can carry it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Optional

from flask import Flask, Request

from corecors import Answer, Policy, Rule, Verdict
from corecors.headers import (
    ALLOW_HEADERS,
    MAX_REQUEST_HEADERS_BYTES,
    MAX_REQUEST_HEADERS_NAMES,
    ascii_lower,
    is_reflectable,
    is_token,
    split,
)

from ._installed import installation
from ._layers import value_of
from ._options import OPTIONS
from ._policies import SWITCHED_OFF, RoutedPolicy, no_cors
from ._state import REQUESTED_HEADERS, REQUESTED_METHOD

HEADER = "X-CORS-Reason"
"""The response header that carries the reason in debug mode."""

LOGIN = (
    "a preflight has neither cookies nor Authorization: let OPTIONS through, or set "
    "preflight_first=True"
)
"""What to do about a preflight that a login answers."""

_LIMIT = 1_000
_ITEMS = 5


def reason(app: Flask, request: Request, rule: Optional[Rule], answer: Answer) -> str:
    """Say why an answer is what it is."""
    if rule is None:
        return "no rule covers the path, so the browser does not let the page read the answer"
    if answer.error is not None:
        return answer.reason
    explain = _EXPLANATIONS.get(answer.verdict.name)
    return answer.reason if explain is None else explain(app, request, rule, answer)[:_LIMIT]


def _of_origin(app: Flask, request: Request, rule: Rule, answer: Answer) -> str:
    origin, policy = request.environ.get("HTTP_ORIGIN", ""), rule.policy
    if policy is no_cors():
        return SWITCHED_OFF
    if not is_reflectable(origin):
        return "what the request has as its origin is none that a browser sends (D6)"
    what = f"the origin is not in {_source(app, 'origins', rule)}"
    if answer.prefix is not None:
        # Never advise what would admit this origin: whoever sent it may be an attacker.
        return (
            f"{what}: the regex {_item(answer.prefix)} matches only the beginning of it, and must "
            "match all; if it is one of yours, write it in full, or its host as in "
            "'https://*.app.example' and its port as in 'https://app.example:*'"
        )
    nearest = policy.nearest(origin)
    if nearest is not None:
        return f"{what}; the nearest item, {_item(nearest.item)}, {nearest.what}"
    return f"{what} ({_listed(policy.origins)})"


def _of_method(app: Flask, request: Request, rule: Rule, _: Answer) -> str:
    method, policy = request.environ.get(REQUESTED_METHOD, ""), rule.policy
    if isinstance(policy, RoutedPolicy):
        return f'no route of the path has the method {shown(method)} (methods="auto")'
    what = f"the method {shown(method)} is not in {_source(app, 'methods', rule)}"
    hint = ""
    if method != method.upper() and _allows(policy, method.upper()):
        hint = f"; write {shown(method.upper())} in the page: browsers send {shown(method)} as is"
    return f"{what} ({_listed(policy.methods)}){hint}"


def _allows(policy: Policy, method: str) -> bool:
    return method in {name.upper() for name in policy.methods}


def _of_headers(app: Flask, request: Request, rule: Rule, answer: Answer) -> str:
    asked = request.environ.get(REQUESTED_HEADERS, "")
    allowed = f"{_source(app, 'allow_headers', rule)} ({_listed(rule.policy.allow_headers)})"
    names = [] if len(asked) > MAX_REQUEST_HEADERS_BYTES else split(asked)
    if not 0 < len(names) <= MAX_REQUEST_HEADERS_NAMES:
        return "the request headers that it asks for are too many, or too long (D8)"
    granted = set(map(ascii_lower, split(dict(answer.fields).get(ALLOW_HEADERS, ""))))
    missing = [name for name in dict.fromkeys(map(ascii_lower, names)) if name not in granted]
    odd = [name for name in missing if not is_token(name)]
    if odd:
        return f"{_listed(odd)} cannot be the name of a header (D8)"
    if len(missing) == 1:
        return f"the header {shown(missing[0])} is not in {allowed}"
    return f"the headers {_listed(missing)} are not in {allowed}"


_EXPLANATIONS = {
    Verdict.ORIGIN_REFUSED.name: _of_origin,
    Verdict.METHOD_REFUSED.name: _of_method,
    Verdict.HEADERS_REFUSED.name: _of_headers,
}


def shown(text: object) -> str:
    r"""Write what a client sent: escaped, and cut.

    >>> shown("https://a\r\n")
    "'https://a\\r\\n'"
    """
    return "%.300a" % (text,)


def escaped(text: str) -> str:
    """Write the same without quotes."""
    return ascii(text)[1:-1][:300]


def _listed(items: Iterable[object]) -> str:
    listed = list(items)
    texts = [_item(item) for item in listed[:_ITEMS]]
    more = len(listed) - len(texts)
    return ", ".join([*texts, *([f"{more} more"] if more else [])]) or "nothing"


def _item(item: object) -> str:
    """Write what the user has given: an item of a list."""
    if not isinstance(item, str) and callable(item):
        return escaped(getattr(item, "__name__", type(item).__name__)) + "()"
    return shown(getattr(item, "pattern", item))


def _source(app: Flask, option: str, rule: Rule) -> str:
    """Name an option as the user has given it: the key of `app.config`, or the argument."""
    key = f'app.config["{OPTIONS[option].config_key}"]'
    return key if _is_configured(app, option, rule) else option


def _is_configured(app: Flask, option: str, rule: Rule) -> bool:
    installed = installation(app)
    for one in chain(installed.extensions, *installed.blueprints.values()):
        if any(rule is own for own in one.rules.entries):
            resources = value_of(one.options, "resources")
            own_options = resources.get(rule.pattern) if isinstance(resources, Mapping) else None
            given = None if option in (own_options or ()) else one.options.get(option)
            return given is not None and given.source.startswith("app.config")
    for decoration, (config, made) in installed.decorated.items():
        if made is rule:
            return option not in decoration.options and OPTIONS[option].config_key in config
    return False

"""The names of `flask_cors.core` in Flask-CORS 6.0.2, for the code that imports them.

Adapters over the core, and nothing here is used by the extension or the decorator. The helpers
give what they gave. What decides about a request (`get_cors_headers` and the functions around it)
asks `corecors`, so that old imports get the same answers as `CORS` and `cross_origin`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import current_app, request
from werkzeug.datastructures import Headers, MultiDict

from corecors import Answer as _Answer
from corecors import Policy as _Policy
from corecors import Rules as _Rules
from corecors import evaluate as _evaluate
from corecors import headers as _headers

from ._options import OPTIONS as _OPTIONS
from ._options import POLICY_OPTIONS as _POLICY_OPTIONS
from ._response import change as _change

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping
    from typing import Any

    from flask import Response

# No `__all__`: a star import brings all that it did in 6.0.2, `re` and `request` too, and, since
# the names of this project are imported with an underscore, little else.

LOG = logging.getLogger(__name__)

ACL_ORIGIN = _headers.ALLOW_ORIGIN
ACL_METHODS = _headers.ALLOW_METHODS
ACL_ALLOW_HEADERS = _headers.ALLOW_HEADERS
ACL_EXPOSE_HEADERS = _headers.EXPOSE_HEADERS
ACL_CREDENTIALS = _headers.ALLOW_CREDENTIALS
ACL_MAX_AGE = _headers.MAX_AGE
ACL_RESPONSE_PRIVATE_NETWORK = _headers.ALLOW_PRIVATE_NETWORK
ACL_REQUEST_METHOD = _headers.REQUEST_METHOD
ACL_REQUEST_HEADERS = _headers.REQUEST_HEADERS
ACL_REQUEST_HEADER_PRIVATE_NETWORK = _headers.REQUEST_PRIVATE_NETWORK

_NEW_OPTIONS = frozenset({"enabled", "preflight_first", "strict"})  # unknown to 6.0.2
_ORIGIN_OPTIONS = ("origins", "supports_credentials", "send_wildcard", "always_send")

ALL_METHODS: list[str] = list(_OPTIONS["methods"].default)
DEFAULT_OPTIONS: dict[str, Any] = {
    **{name: option.default for name, option in _OPTIONS.items() if name not in _NEW_OPTIONS},
    "methods": ALL_METHODS,
}
CONFIG_OPTIONS: list[str] = [_OPTIONS[name].config_key for name in DEFAULT_OPTIONS]

RegexObject = re.Pattern

FLASK_CORS_EVALUATED = "_FLASK_CORS_EVALUATED"
"""The attribute that tells `set_cors_headers` to leave a response alone; set by nobody here."""

_OF_REGEXES = frozenset("*\\]?$^[()")
_ANY = ".*"  # how serialized options spell `*`


def parse_resources(resources: Any) -> list[tuple[Any, Any]]:
    """List the path patterns of `resources` with their options; see `corecors.Rules`."""
    if isinstance(resources, dict):
        given: dict[Any, Any] = resources
        entries = [(re_fix(pattern), options) for pattern, options in given.items()]
        ordered = _Rules.order(pattern for pattern, _ in entries)
        position = {pattern: at for at, pattern in enumerate(ordered)}
        return sorted(entries, key=lambda entry: position[entry[0]])
    if isinstance(resources, (str, re.Pattern)):
        return [(re_fix(resources), {})]
    if isinstance(resources, Iterable):
        return [(re_fix(pattern), {}) for pattern in resources]
    raise ValueError(f"resources={resources!r} is not a path, a list of paths, or a dict of them")


def get_regexp_pattern(regexp: Any) -> str:
    """Give the text of a compiled regex, or of anything else; use `pattern.pattern`."""
    text: str = regexp.pattern if hasattr(regexp, "pattern") else str(regexp)
    return text


def get_cors_origins(options: Mapping[str, Any], request_origin: str | None) -> list[str] | None:
    """Decide on Access-Control-Allow-Origin: one value or None; use `corecors.evaluate`."""
    headers = _evaluate(_make_policy(options, _ORIGIN_OPTIONS), "GET", request_origin).headers
    return [headers[ACL_ORIGIN]] if ACL_ORIGIN in headers else None


def get_allow_headers(options: Mapping[str, Any], acl_request_headers: str | None) -> str | None:
    """Select the allowed ones of the requested header names; use `corecors.evaluate`."""
    if not acl_request_headers:
        return None
    policy = _make_policy(options, ["allow_headers"])
    answer = policy.answer("OPTIONS", "null", "GET", acl_request_headers)
    return dict(answer.fields).get(ACL_ALLOW_HEADERS, "")


def get_cors_headers(
    options: Mapping[str, Any], request_headers: Any, request_method: str
) -> MultiDict[str, str]:
    """Decide on all headers of an answer, `Vary` included; use `corecors.evaluate`."""
    return MultiDict(_ask(options, request_headers, request_method).lines)


def _ask(options: Mapping[str, Any], request_headers: Any, request_method: str) -> _Answer:
    asked = request_headers.get
    answer = _make_policy(options).answer(
        request_method,
        asked(_headers.ORIGIN),
        asked(ACL_REQUEST_METHOD),
        asked(ACL_REQUEST_HEADERS),
        asked(ACL_REQUEST_HEADER_PRIVATE_NETWORK),
    )
    if answer.error is not None:
        origin = asked(_headers.ORIGIN)
        LOG.error("%s: %.300r is refused", answer.reason, origin, exc_info=answer.error)
    return answer


def set_cors_headers(resp: Response, options: Mapping[str, Any]) -> Response:
    """Add the headers for the current `flask.request` to a response; use `cross_origin`.

    A response that already has an Access-Control-Allow-Origin keeps it and gets nothing else.
    """
    if hasattr(resp, FLASK_CORS_EVALUATED):
        return resp
    resp.headers = _as_headers(resp.headers)
    answer = _ask(options, request.headers, request.method)
    _change(resp.headers, answer.changes(resp.headers))
    return resp


def probably_regex(maybe_regex: Any) -> bool:
    """Say whether an origin, header or path is matched as a regex; write `re.compile` instead."""
    if isinstance(maybe_regex, re.Pattern):
        return True
    return isinstance(maybe_regex, str) and not _OF_REGEXES.isdisjoint(maybe_regex)


def re_fix(reg: Any) -> Any:
    """Write `*` as the regex that it stands for; `corecors.Policy` takes `*` itself."""
    return _ANY if reg == "*" else reg


def try_match_any_pattern(inst: Any, patterns: Iterable[Any], caseSensitive: bool = True) -> bool:
    """Say whether `try_match_pattern` finds any; use `corecors.Policy` for origins."""
    return any(try_match_pattern(inst, pattern, caseSensitive) for pattern in patterns)


def try_match_pattern(
    value: Any, pattern: Any, caseSensitive: bool = True
) -> bool | re.Match[str] | None:
    """Compare with a text, or match the beginning with a regex; use `corecors.Rules` for paths.

    Not for origins: whoever registers a longer one that begins alike is let in.
    """
    if isinstance(pattern, re.Pattern):
        return pattern.match(value)
    if probably_regex(pattern):
        try:
            return re.match(pattern, value, 0 if caseSensitive else re.IGNORECASE)
        except (re.error, OverflowError, RecursionError):
            return False
    given, wanted = str(value), str(pattern)
    return given == wanted if caseSensitive else given.casefold() == wanted.casefold()


def get_cors_options(appInstance: Any, *dicts: Mapping[str, Any]) -> dict[str, Any]:
    """Merge and serialize defaults < `app.config` < dicts; use `corecors.Policy`.

    Raises `ValueError` for any origin with credentials and `send_wildcard`.
    """
    options = {**DEFAULT_OPTIONS, **get_app_kwarg_dict(appInstance)}
    for given in dicts:
        options.update(given)
    return serialize_options(options)


def get_app_kwarg_dict(appInstance: Any = None) -> dict[str, Any]:
    """Read the options from the `CORS_*` keys of an app's `config`; `CORS` does so itself."""
    config = getattr(appInstance or current_app, "config", {})  # a blueprint has none
    given = {key: config.get(key) for key in CONFIG_OPTIONS}
    return {key[len("CORS_") :].lower(): value for key, value in given.items() if value is not None}


def flexible_str(obj: Any) -> str | None:
    """Write an iterable as a sorted, comma-separated text; `corecors.Policy` takes both."""
    if obj is None:
        return None
    if isinstance(obj, Iterable) and not isinstance(obj, str):
        return ", ".join(str(item) for item in sorted(obj))
    return str(obj)


def serialize_option(options_dict: MutableMapping[str, Any], key: str, upper: bool = False) -> None:
    """Replace an option, where given, by its `flexible_str`; `corecors.Policy` converts itself."""
    if key in options_dict:
        text = flexible_str(options_dict[key])
        options_dict[key] = text.upper() if text and upper else text


def ensure_iterable(inst: Any) -> Any:
    """Wrap a text, or what is not iterable, in a list; `corecors.Policy` takes both."""
    return inst if isinstance(inst, Iterable) and not isinstance(inst, str) else [inst]


def sanitize_regex_param(param: Any) -> list[Any]:
    """List patterns with `*` written as a regex; `corecors.Policy` converts itself."""
    return [re_fix(pattern) for pattern in ensure_iterable(param)]


def serialize_options(opts: Mapping[str, Any] | None) -> dict[str, Any]:
    """Copy options into the shape that the functions here take; use `corecors.Policy`.

    Raises `ValueError` for any origin with credentials and `send_wildcard`.
    """
    options = dict(opts or {})
    for name in options:
        if name not in _OPTIONS:
            LOG.warning("%r is not an option of Flask-CORS and has no effect", name)
    for name in ("origins", "allow_headers"):
        options[name] = sanitize_regex_param(options.get(name))
    _check_wildcard(options)
    serialize_option(options, "expose_headers")
    serialize_option(options, "methods", upper=True)
    if isinstance(options.get("max_age"), timedelta):
        options["max_age"] = str(int(options["max_age"].total_seconds()))
    return options


def _check_wildcard(options: Mapping[str, Any]) -> None:
    any_origin = [origin for origin in options["origins"] if origin == _ANY]
    _make_policy({**options, "origins": any_origin}, _ORIGIN_OPTIONS)


def _make_policy(options: Mapping[str, Any], names: Iterable[str] = _POLICY_OPTIONS) -> _Policy:
    """Make a policy of some options; a flag counts by its truth, and none given is False."""
    values = {name: options.get(name) for name in names}
    flags = [name for name in values if isinstance(_OPTIONS[name].default, bool)]
    return _Policy(**{**values, **{name: bool(values[name]) for name in flags}})


def _as_headers(headers: Any) -> Headers:
    """Make Werkzeug's headers of what a library may have put in their place."""
    return headers if isinstance(headers, Headers) else Headers(headers)

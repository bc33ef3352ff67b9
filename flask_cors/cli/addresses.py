"""Where an application and its routes are asked: hosts, examples of paths, and what a URL leads to.

What must not live here: any policy.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.routing import Rule as UrlRule
from werkzeug.routing.rules import parse_converter_args
from werkzeug.test import EnvironBuilder

_PARAMETER = re.compile(
    r"<(?: (?P<converter>\w+) (?:\((?P<arguments>[^<>]*)\))? : )? \w+ >", re.VERBOSE
)


def address_of(app: Flask, url_rule: UrlRule | None = None) -> str:
    """Give the address at which an application, or one of its routes, takes itself to be asked.

    >>> address_of(Flask("app"))
    'http://localhost'
    """
    host = None if url_rule is None else host_of(app, url_rule)
    return f"{app.config['PREFERRED_URL_SCHEME']}://{example(host or _own_host(app))}"


def host_of(app: Flask, url_rule: UrlRule) -> str:
    """Give the host that a route is for, or an empty text where it is for any."""
    if app.url_map.host_matching:
        return str(url_rule.host or "")
    return f"{url_rule.subdomain}.{_own_host(app)}" if url_rule.subdomain else ""


def _own_host(app: Flask) -> str:
    config = app.config
    trusted = [host for host in config.get("TRUSTED_HOSTS") or () if not host.startswith(".")]
    host: str = config["SERVER_NAME"] or next(iter(trusted), "localhost")
    return host


def base_of(url: str) -> str:
    """Give the address of the server that a URL leads to."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def matched(app: Flask, url: str, method: str, *, again: bool = True) -> UrlRule | None:
    """Give the route that a URL leads to, whichever methods it has; that behind a redirect, too."""
    builder = EnvironBuilder(path=urlsplit(url).path or "/", method=method, base_url=base_of(url))
    try:
        adapter = app.create_url_adapter(app.request_class(builder.get_environ()))
    except HTTPException:  # a host that the application does not trust
        return None
    assert adapter is not None  # noqa: S101 (None is for no request)
    for asked in (method, *sorted(adapter.allowed_methods())):
        try:
            found: UrlRule = adapter.match(method=asked, return_rule=True)[0]
        except RequestRedirect as redirect:
            return matched(app, redirect.new_url, method, again=False) if again else None
        except HTTPException:
            continue
        return found
    return None


def example(path: str) -> str:
    """Give a path that a route stands for, as far as its converters tell.

    >>> example("/users/<int:number>/<name>"), example("/<any(de, en):language>/<int(min=5):page>")
    ('/users/1/1', '/de/5')
    """
    return _PARAMETER.sub(_value, path)


def _value(found: re.Match[str]) -> str:
    converter = found["converter"]
    given, named = parse_converter_args(found["arguments"] or "")
    if converter == "any" and given:
        return str(given[0])
    if converter in {"int", "float"}:
        number = str(max(1, named.get("min", 1))).rjust(named.get("fixed_digits", 0), "0")
        return number if converter == "int" else f"{float(number)}"
    if converter == "uuid":
        return str(UUID(int=0))
    return "1" * int(max(1, named.get("minlength", 1), named.get("length", 1)))


def is_path_of(route: str, path: str) -> bool:
    """Return whether a route may stand for a path: a parameter for one part, or `path` for several.

    >>> is_path_of("/<path:name>", "/users/me"), is_path_of("/<pathname>", "/users/me")
    (True, False)
    """
    regex = _PARAMETER.sub(lambda found: ".+" if found["converter"] == "path" else "[^/]+", route)
    return re.fullmatch(regex, path) is not None


def may_cover(pattern: Any, path: str) -> bool:
    """Return whether a path pattern may cover a route for some values of its parameters."""
    text = str(getattr(pattern, "pattern", pattern)).lstrip("^")
    literal = re.split(r"[^\w/-]", text.removesuffix("/*"), maxsplit=1)[0]
    fixed = path.partition("<")[0]
    return literal.startswith(fixed) or fixed.startswith(literal)

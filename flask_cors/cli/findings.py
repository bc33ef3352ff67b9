"""What is insecure or has no effect in an application: what policies say, and what only it shows.

No view is run: of the routes only preflights are sent, where they are answered without the view.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any, NamedTuple, Optional

import attrs
from flask import Flask

from corecors import Policy, Rule, Rules, audit, browser
from corecors.audit import KINDS, Kind
from corecors.headers import ORIGIN, REQUEST_METHOD, looks_like_regex

from .._misplaced import misplaced
from .._policies import no_cors
from .._warnings import Location, check_config
from .addresses import address_of, example, matched, may_cover
from .asking import Application
from .installed import (
    Source,
    decider,
    extensions,
    hook_text,
    origin_of,
    place_at,
    runs_for_options,
    source_of,
)
from .page import Answered
from .routes import Route, routes_of

OWN_KINDS: dict[str, Kind] = {
    "misplaced-decorator": Kind(
        "error", None, "`@cross_origin` above the route: the route has the bare function"
    ),
    "rule-without-route": Kind("warning", None, "a path pattern that covers no route"),
    "rule-never-reached": Kind(
        "warning", None, "a path pattern whose routes are all decided about by others"
    ),
    "preflight-status": Kind(
        "warning", None, "a preflight that the policy allows and something else refuses"
    ),
    "preflight-not-sent": Kind(
        "note",
        None,
        "a preflight that was not tried: it would run the view, or no path leads there",
    ),
    "session-cookie": Kind(
        "warning", None, "credentials, and a session cookie that browsers keep from other sites"
    ),
    "unknown-config-key": Kind("warning", None, "a key of `app.config` that looks like an option"),
    "own-header": Kind("warning", None, "code that sets `Access-Control-*` beside the extension"),
}
"""The kinds of finding that only an application shows."""

ALL_KINDS = {**KINDS, **OWN_KINDS}

_ANYBODY = "https://page.example"


class Found(NamedTuple):
    """One finding: its code, what it says, and the line that it is about."""

    code: str
    message: str
    place: Optional[Location] = None
    option: Optional[str] = None
    witness: Optional[str] = None
    decided: bool = True

    @property
    def kind(self) -> Kind:
        """Give what all findings of the code have in common."""
        return ALL_KINDS[self.code]

    def as_json(self) -> dict[str, Any]:
        """Write it for programs to read."""
        return {
            "code": self.code,
            "severity": self.kind.severity,
            "cwe": self.kind.cwe,
            "message": self.message,
            "place": place_at(self.place) if self.place else None,
            "option": self.option,
            "witness": self.witness,
            "decided": self.decided,
        }


def find_all(app: Flask) -> list[Found]:
    """Give every finding about an application, each once, the policies' own first."""
    routes = list(routes_of(app))
    found = (
        *_of_policies(app, routes),
        *_of_decorators(app),
        *_of_rules(app, routes),
        *_of_configuration(app),
        *_of_cookie(app, routes),
        *_of_code(app),
        *_of_preflights(app, routes),
    )
    return list(dict.fromkeys(found))


def _found(
    code: str, message: str, location: Optional[Location] = None, option: Optional[str] = None
) -> Found:
    place = None if location is None else location._replace(registry=None)  # so that it has a hash
    return Found(code, message, place, option)


# --- what policies say


def _of_policies(app: Flask, routes: Iterable[Route]) -> Iterator[Found]:
    for rule, source in _rules(app, routes):
        for finding in audit(rule.policy):
            named = attrs.evolve(finding, source=origin_of(app, source, finding.option))
            found = _found(finding.code, str(named), source.location, finding.option)
            yield found._replace(witness=finding.witness, decided=finding.decided)


def _rules(app: Flask, routes: Iterable[Route]) -> Iterator[tuple[Rule, Source]]:
    """Give every rule of the extensions, and those of the decorated views."""
    for kind, installed in extensions(app):
        for rule in installed.rules.entries:
            yield rule, source_of(kind, installed, rule.pattern)
    for route in routes:
        decides = route.decider
        if decides.rule and decides.source and decides.source.kind == "view":
            yield decides.rule, decides.source


# --- decorators and rules


def _of_decorators(app: Flask) -> Iterator[Found]:
    for endpoint, location, _ in misplaced(app):
        yield _found(
            "misplaced-decorator",
            f"@cross_origin has no effect on the view {endpoint!r}: it stands above the route; "
            "put it below",
            location,
        )


def _of_rules(app: Flask, routes: list[Route]) -> Iterator[Found]:
    reached = {id(route.decider.rule) for route in routes}
    beyond: set[str] = set()
    for kind, installed in extensions(app):
        for rule in installed.rules.entries:
            code = None if id(rule) in reached else _unused(app, rule, routes, kind in beyond)
            if Rules([rule]).everywhere:
                beyond.add(kind)
            if code is not None:
                pattern = source_of(kind, installed, rule.pattern).pattern_text
                yield _found(
                    code,
                    f"the pattern {pattern!r} {_UNUSED[code]}",
                    installed.location,
                    "resources",
                )


_UNUSED = {
    "rule-without-route": "covers no route of the application",
    "rule-never-reached": "is never reached: others decide about each of its routes",
}


def _unused(app: Flask, rule: Rule, routes: Iterable[Route], is_beyond: bool) -> Optional[str]:
    """Return why a rule decides about no route; None where it may for some paths.

    What covers everything decides about paths without a route, unless another one does before.
    """
    alone = Rules([rule])
    if alone.everywhere:
        return "rule-never-reached" if is_beyond else None
    covered = [route for route in routes if alone.find(example(route.path))]
    if covered:
        return None if any(map(_is_open, covered)) else "rule-never-reached"
    if isinstance(rule.pattern, str) and not looks_like_regex(rule.pattern):
        return _unused_literal(app, rule, rule.pattern)
    covers = any(may_cover(rule.pattern, route.path) for route in routes if "<" in route.path)
    return None if covers else "rule-without-route"


def _is_open(route: Route) -> bool:
    """Return whether the rule that decides may do so for some values of the parameters only."""
    pattern = route.decider.rule.pattern if route.decider.rule else ""
    return "<" in route.path and not str(getattr(pattern, "pattern", pattern)).endswith("*")


def _unused_literal(app: Flask, rule: Rule, path: str) -> Optional[str]:
    url_rule = matched(app, address_of(app) + path, "GET")
    if url_rule is None:
        return "rule-without-route"
    methods = sorted(url_rule.methods or ("GET",))
    reached = any(decider(app, url_rule, path, method).rule is rule for method in methods)
    return None if reached else "rule-never-reached"


# --- the configuration


def _of_configuration(app: Flask) -> Iterator[Found]:
    explicit = {name for _, installed in extensions(app) for name in installed.explicit}
    location = next((installed.location for _, installed in extensions(app)), None)
    for problem in check_config(app.config, explicit):
        yield _found(problem.code, str(problem), location, problem.option)


def _of_cookie(app: Flask, routes: Iterable[Route]) -> Iterator[Found]:
    """Tell of a session cookie that no page of another site sends along.

    Without `SameSite` browsers take it as `Lax`, and with `None` it needs `Secure`.
    """
    same_site = app.config["SESSION_COOKIE_SAMESITE"]
    secure = bool(app.config["SESSION_COOKIE_SECURE"])
    crosses = isinstance(same_site, str) and same_site.lower() == "none"
    if app.secret_key is None or (crosses and secure):
        return
    has = f"SameSite={same_site}" if same_site else "no SameSite, which browsers take as Lax,"
    for rule, source in _rules(app, routes):
        if rule.policy.supports_credentials and not _is_local(rule.policy):
            yield _found(
                "session-cookie",
                f"supports_credentials=True, but the session cookie has {has} and "
                f"{'Secure' if secure else 'no Secure'}: no page of another site can send it; "
                'set SESSION_COOKIE_SAMESITE="None" and SESSION_COOKIE_SECURE=True, or serve page '
                "and application below one domain",
                source.location,
                "supports_credentials",
            )
            return


def _is_local(policy: Policy) -> bool:
    """Return whether all pages are on this machine, which is one site with the application."""
    hosts = ("://localhost", "://127.0.0.1", "://[::1]")
    texts = [item for item in policy.origins if isinstance(item, str)]
    local = [text for text in texts if any(host in text for host in hosts)]
    return len(local) == len(policy.origins)


# --- headers set by hand


def _of_code(app: Flask) -> Iterator[Found]:
    for function in dict.fromkeys(_functions(app)):
        code = _code_of(function)
        name = None if code is None else _named_header(code)
        if code is not None and name is not None:
            yield _found(
                "own-header",
                f"{code.co_name} sets {name} by hand: where a response has an Access-Control-Allow-"
                "Origin of its own, the policy adds nothing to it; leave it to the extension",
                Location(code.co_filename, code.co_firstlineno, ""),
            )


def _functions(app: Flask) -> Iterator[Any]:
    """Give the functions that make responses: views, methods of views, hooks."""
    for view in app.view_functions.values():
        view_class = getattr(view, "view_class", None)
        yield from [view] if view_class is None else filter(callable, vars(view_class).values())
    for hooks in (app.before_request_funcs, app.after_request_funcs):
        for several in hooks.values():
            yield from several


def _code_of(function: Any) -> Optional[CodeType]:
    module = getattr(function, "__module__", None) or ""
    if module.partition(".")[0] in ("flask", "flask_cors"):
        return None
    return getattr(inspect.unwrap(function), "__code__", None)


def _named_header(code: CodeType) -> Optional[str]:
    """Return an `Access-Control-*` response header that stands in the code of a function."""
    return next(filter(_is_header, _texts(code.co_consts)), None)


def _texts(constant: Any) -> Iterator[str]:
    if isinstance(constant, CodeType):
        constant = constant.co_consts
    if isinstance(constant, str):
        yield constant
    elif isinstance(constant, (tuple, frozenset)):
        for item in constant:
            yield from _texts(item)


def _is_header(text: str) -> bool:
    lower = text.lower()
    asked = lower.startswith("access-control-request-")
    return lower.startswith("access-control-") and not asked and " " not in text


# --- preflights


def _of_preflights(app: Flask, routes: Iterable[Route]) -> Iterator[Found]:
    ask = Application(app)
    for route in routes:
        policy, source = route.decider.policy, route.decider.source
        if policy is None or policy is no_cors():
            continue
        place = None if source is None else source.location
        url = address_of(app, route.decider.url_rule) + example(route.path)
        why_not = _why_not_sent(app, route, url)
        if why_not:
            yield _found(
                "preflight-not-sent", f"no preflight was sent to {route.path}: {why_not}", place
            )
            continue
        for method in route.methods:
            with _silence():
                answered = ask("OPTIONS", url, _headers(policy, method))
            if not 200 <= answered.status <= 299:
                yield _found(
                    "preflight-status",
                    f"the preflight of {method} {route.path} gets {_status(answered, ask)}, so "
                    "that no browser sends a request that needs one",
                    place,
                )


def _why_not_sent(app: Flask, route: Route, url: str) -> str:
    """Tell why no preflight can be tried; of some converters no example leads to the route."""
    found = matched(app, url, route.methods[0])
    if found is None or (found.rule, found.endpoint) != (route.path, route.endpoint):
        return f"{url} does not lead there"
    return "its view answers OPTIONS itself" if runs_for_options(app, url) else ""


def _headers(policy: Policy, method: str) -> tuple[tuple[str, str], ...]:
    texts = (item for item in policy.origins if isinstance(item, str) and "*" not in item)
    literals = (text for text in texts if browser.serialize_origin(text) == text)
    return (ORIGIN, next(literals, _ANYBODY)), (REQUEST_METHOD, method)


def _status(answered: Answered, ask: Application) -> str:
    what = str(answered.status)
    if answered.error is not None:
        what = f"{type(answered.error).__name__} ({answered.error}), which passes Flask by"
    if ask.hook is None:
        return what
    return f"{what} from {hook_text(ask.hook)}"


@contextmanager
def _silence() -> Generator[None]:
    """Keep from the log what is told as a finding."""
    logs = [logging.getLogger(f"flask_cors.{name}") for name in ("decision", "extension")]
    before = [log.disabled for log in logs]
    for log in logs:
        log.disabled = True
    try:
        yield
    finally:
        for log, disabled in zip(logs, before):
            log.disabled = disabled

"""Flask's request in, one decision out, onto Flask's response.

Decorators, blueprints and applications only nominate a policy; `Installation.apply` asks the
nearest one that has a say, once a request, and has its answer written on the response.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from logging import INFO
from typing import Any, NamedTuple, Optional, cast

from flask import Flask, Request, Response, after_this_request, current_app
from flask import request as request_proxy

from corecors import NO_RULE, Answer, PolicyError, Problem, Rule, Rules

from ._config import copied, from_config
from ._log import is_logged, log
from ._nomination import (
    ASKED_METHOD,
    KEYS,
    Nomination,
    Resolved,
    answered_by_flask,
    blueprints_of,
    given_keys,
    has_decorated,
    nominee,
)
from ._options import CONFIG_KEYS
from ._response import cleared, write
from ._state import ANSWER, ATTACHED, RAISED, ROUTED, WRITTEN, rule_of_result
from ._warnings import Location, check_config, report

LOG = logging.getLogger("flask_cors.extension")

KEY = "flask_cors"
"""The key of `app.extensions`."""

# The objects themselves: one look-up, where a proxy costs one for each attribute read.
# Documented by Werkzeug despite its name; Flask declares its proxies as what they stand for.
current_request: Callable[[], Request] = cast(Any, request_proxy)._get_current_object  # noqa: SLF001 (documented)
this_app: Callable[[], Flask] = cast(Any, current_app)._get_current_object  # noqa: SLF001 (documented)

_PRIVATE_NETWORK = "HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK"
_UNRESOLVED: tuple[dict[str, Any], None] = {}, None


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


def snapshot(app: Flask) -> dict[str, Any]:
    """Copy the `CORS_*` configuration, and that of containers, to tell a later change."""
    return {key: copied(app.config[key]) for key in app.config if str(key).startswith("CORS_")}


class Installation:
    """What is installed on one application; one hook applies it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.apply = _applied(self)
        self.hooked = False
        self.extended = False
        self._unread = True
        self._installed: tuple[Installed, ...] = ()
        self._everywhere: Rule | None = None
        self._find: Callable[[str], Rule | None] = partial(_find, ())
        self._blueprints: dict[str, tuple[Installed, ...]] = {}
        self._resolved: dict[Nomination, Resolved] = {}
        self.unchecked: tuple[Installed, ...] = ()
        self._hook_exceptions()

    def add(self, installed: Installed) -> None:
        """Put an extension first, in the place of what the same object installed before (D20)."""
        self._expect(installed)
        self._installed = _put_first(self._installed, installed)
        self._everywhere = installed.rules.everywhere
        alone = len(self._installed) == 1
        self._find = installed.rules.find if alone else partial(_find, self._installed)

    def add_to_blueprint(self, name: str, installed: Installed) -> None:
        """Do the same for the views of a blueprint, by the name it is registered with."""
        self._expect(installed)
        self._blueprints[name] = _put_first(self._blueprints.get(name, ()), installed)

    def _expect(self, installed: Installed) -> None:
        self._hook()  # first: Flask may refuse it, and nothing is to be installed then
        self.unchecked = _put_first(self.unchecked, installed)
        self.extended = True

    def hook(self) -> bool:
        """Have the answer written at the end of each request, if Flask still allows that."""
        try:
            self._hook()
        except AssertionError:  # it has served a request
            return False
        return True

    def hook_request(self, request: Request) -> None:
        """Have the answer written at the end of the current request."""
        if not self.hooked and ATTACHED not in request.__dict__:
            request.__dict__[ATTACHED] = True
            after_this_request(self.apply)

    def _hook(self) -> None:
        if not self.hooked:
            self.app.after_request(self.apply)
            self.hooked = True

    def _hook_exceptions(self) -> None:
        """Cover what fails after the view: Flask's documented way is to replace the methods."""
        handle_exception = self.app.handle_exception
        handle_user_exception = self.app.handle_user_exception

        def handle_user(error: Exception, *args: Any) -> Any:
            current_request().__dict__[RAISED] = error
            return handle_user_exception(error, *args)

        def handle(error: Exception, *args: Any) -> Any:
            request = current_request()
            request.__dict__[RAISED] = error
            try:
                response = handle_exception(error, *args)
            except Exception:
                with suppress(PolicyError):  # it is what propagates
                    self._log_propagation(request)
                raise
            try:
                if not _is_written(response) and self._intercepts():
                    return self.apply(self.app.make_response(response))
            except PolicyError:  # of a decorator under this configuration: what has failed
                LOG.debug("no policy could be made for the answer to an exception", exc_info=True)
            return response

        # Methods, to type checkers.
        setattr(self.app, "handle_user_exception", handle_user)  # noqa: B010
        setattr(self.app, "handle_exception", handle)  # noqa: B010

    def _intercepts(self) -> bool:
        """Say whether the rule that decides is not one of an extension that lets failures go."""
        rule = self.rule(current_request())
        return not any(
            rule is own
            for installed in self._installed
            if not installed.intercept_exceptions
            for own in installed.rules.entries
        )

    def _log_propagation(self, request: Request) -> None:
        """Say in one line what an exception that passes Flask by looks like in a browser."""
        origin = request.environ.get("HTTP_ORIGIN")
        if origin and self.rule(request):
            LOG.warning(
                "an exception of %.300a %.300a propagates past Flask, so that no CORS header can "
                "be sent; the browser of %.300a will show it as a CORS error",
                request.method,
                request.path,
                origin,
            )

    def _read_configuration(self, nomination: Nomination) -> None:
        """Check what no extension has read, so that nobody else has said what is wrong in it."""
        self._unread = False
        config = self.app.config
        remarks = check_config(config, {*nomination.options, *from_config(config)})
        report(remarks, nomination.location, strict=False)

    def rule(self, request: Request, response: object = None) -> Rule | None:
        """Find the rule that decides about a request, nearest first (D12, D20)."""
        if Nomination.in_use or self._blueprints:
            nearer = self._nearer(request, response)
            if nearer is not None:
                return nearer
        return self._everywhere or self._find(request.path)

    def _nearer(self, request: Request, response: object) -> Rule | None:
        """Find the rule of the routed view, of what it called, or of its blueprints."""
        nomination, url_rule = nominee(self.app, request)
        if nomination is not None and (
            not answered_by_flask(request) or nomination.answers_options(self.app.config)
        ):
            return self.resolve(nomination)
        # A view that only answers OPTIONS for another one has no say about it (D17).
        rule = rule_of_result(request, response) if url_rule is request.url_rule else None
        if rule is not None:
            return rule
        for name in blueprints_of(url_rule) if self._blueprints else ():
            rule = _find(self._blueprints.get(name, ()), request.path)
            if rule is not None:
                return rule
        return None

    def resolve(self, nomination: Nomination) -> Rule:
        """Give the rule that a nomination comes to, made anew when the `CORS_*` keys change."""
        config = self.app.config
        given, rule = self._resolved.get(nomination, _UNRESOLVED)
        same = given == given_keys(config) if given else config.keys().isdisjoint(KEYS)
        if rule is None or not same:
            _, rule = self._resolved[nomination] = nomination.resolve(self.app)
            if self._unread and not self.extended:
                self._read_configuration(nomination)
        return rule

    def check_configuration(self) -> None:
        """Say once, in the log, what was configured too late to have an effect (D19).

        Not as a warning: turned into an exception, it would fail the first request.
        """
        unchecked, self.unchecked = self.unchecked, ()
        now = snapshot(self.app)
        read_by_decorators = KEYS if Nomination.in_use and has_decorated(self.app) else ()
        remarks: dict[str, None] = {}
        for installed in unchecked:
            then = installed.config
            changed = {key for key in now if key not in then or now[key] != then[key]}
            late = changed.intersection(CONFIG_KEYS).difference(read_by_decorators)
            new = {key: now[key] for key in changed if key not in then}
            problems = [_changed(key, now[key]) for key in sorted(late)]
            problems += check_config(new, installed.explicit)
            remarks.update(dict.fromkeys(map(str, problems)))
        for remark in remarks:
            LOG.warning("%s", remark)


def _applied(installed: Installation) -> Callable[[Response], Response]:
    """Make what writes the answer on the response of the current request.

    It is no method: Flask asks of each such function whether it is asynchronous, and of a method
    that takes longer.
    """

    def apply(response: Response) -> Response:
        request = current_request()
        known = request.__dict__
        rule = known.get(ROUTED) or installed.rule(request, response)
        if rule is None and not installed.extended:
            return cleared(response)
        # Remembered, so that a callable in `origins` is asked once (D4).
        answer = known.get(ANSWER)
        if answer is None:
            environ = request.environ
            if rule is None or request.method == "OPTIONS" or _PRIVATE_NETWORK in environ:
                answer = answer_under(rule, request)
            else:
                answer = rule.policy.answer(request.method, environ.get("HTTP_ORIGIN"))
            known[ANSWER] = answer
        written = known[WRITTEN] = write(response, answer)
        if not answer.fields or is_logged(INFO):
            log(request, rule, answer)
        if installed.unchecked:
            installed.check_configuration()
        return written

    return apply


def answer_under(rule: Rule | None, request: Request) -> Answer:
    """Decide about a Flask request under a rule."""
    if rule is None:
        return NO_RULE
    asked = request.environ.get
    return rule.policy.answer(
        request.method,
        asked("HTTP_ORIGIN"),
        asked(ASKED_METHOD),
        asked("HTTP_ACCESS_CONTROL_REQUEST_HEADERS"),
        asked(_PRIVATE_NETWORK),
    )


def write_under(rules: Rules, response: Response) -> Response:
    """Write the answer to the current request under rules that no application has installed."""
    request = current_request()
    written = write(response, answer_under(rules.find(request.path), request))
    request.__dict__[WRITTEN] = written
    return written


def _put_first(items: tuple[Installed, ...], item: Installed) -> tuple[Installed, ...]:
    return (item, *(other for other in items if other.owner is not item.owner))


def _find(items: tuple[Installed, ...], path: str) -> Optional[Rule]:
    for installed in items:
        rule = installed.rules.find(path)
        if rule is not None:
            return rule
    return None


def _changed(key: str, value: object) -> Problem:
    return Problem(
        code="configured-late",
        option=key,
        given=value,
        what="was set after CORS had read the configuration and has no effect",
        advice="set it before, or call init_app after it",
        source=f'app.config["{key}"]',
    )


def installation(app: Flask) -> Installation:
    """Give what is installed on an application, its one entry in `app.extensions`."""
    found: Installation | None = app.extensions.get(KEY)
    if found is None:
        found = app.extensions[KEY] = Installation(app)
    return found


def _is_written(response: object) -> bool:
    return current_request().__dict__.get(WRITTEN) is response

"""Flask's request in, one decision out, onto Flask's response.

Decorators, blueprints and applications only nominate a policy; `Installation.after_request` asks
the nearest one that has a say, once a request, and has its answer written on the response.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from logging import INFO
from typing import Any, NamedTuple, Optional, cast

from flask import Flask, Request, Response, after_this_request, current_app
from flask import request as request_proxy
from flask.signals import got_request_exception, request_started

from corecors import PolicyError, Problem, Rule, Rules, Verdict
from corecors._decision import outcome
from corecors._evaluate import Answer, decide, decide_actual

from ._config import copied, from_config
from ._log import ORIGIN_REFUSED, is_logged, log
from ._nomination import Nomination, blueprints_of, nominee
from ._options import CONFIG_KEYS
from ._response import write
from ._warnings import Location, check_config, report

LOG = logging.getLogger("flask_cors.extension")

KEY = "flask_cors"
"""The key of `app.extensions`."""

# Attributes of the request: its WSGI environment may come to other applications too.
_ATTACHED = "flask_cors.attached"
_ANSWERED = "flask_cors.answered"
_WRITTEN = "flask_cors.written"

# The objects themselves: one look-up, where a proxy costs one for each attribute read.
# Documented by Werkzeug despite its name; Flask declares its proxies as what they stand for.
current_request: Callable[[], Request] = cast(Any, request_proxy)._get_current_object  # noqa: SLF001
this_app: Callable[[], Flask] = cast(Any, current_app)._get_current_object  # noqa: SLF001

_PRIVATE_NETWORK = "HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK"
_NO_RULE: Answer = (outcome(Verdict.NO_RULE), None, (), None)


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
        self.hooked = False
        self._unread = True
        self._installed: tuple[Installed, ...] = ()
        self._everywhere: Rule | None = None
        self._blueprints: dict[str, tuple[Installed, ...]] = {}
        self._unchecked: tuple[Installed, ...] = ()

    def add(self, installed: Installed) -> None:
        """Put an extension first, in the place of what the same object installed before (D20)."""
        self._installed = _put_first(self._installed, installed)
        self._everywhere = installed.rules.everywhere
        self._expect(installed)

    def add_to_blueprint(self, name: str, installed: Installed) -> None:
        """Do the same for the views of a blueprint, by the name it is registered with."""
        self._blueprints[name] = _put_first(self._blueprints.get(name, ()), installed)
        self._expect(installed)

    def _expect(self, installed: Installed) -> None:
        self._unchecked = _put_first(self._unchecked, installed)
        self._hook()

    def _hook(self) -> None:
        if not self.hooked:
            self.hooked = True
            self.app.after_request(self.after_request)
            self._hook_exceptions()

    def _hook_exceptions(self) -> None:
        """Cover what fails after the view: Flask's documented way is to replace the method."""
        handle_exception = self.app.handle_exception

        def handle(*args: Any) -> Any:
            try:
                response = handle_exception(*args)
            except Exception:
                self.log_propagation()
                raise
            try:
                if self._intercepts():
                    return self.after_request(self.app.make_response(response))
            except PolicyError:  # of a decorator under this configuration: what has failed
                LOG.debug("no policy could be made for the answer to an exception", exc_info=True)
            return response

        setattr(self.app, "handle_exception", handle)  # noqa: B010 (a method, to type checkers)

    def _intercepts(self) -> bool:
        """Say whether the rule that decides is not one of an extension that lets failures go."""
        rule, _ = self._answered(current_request())
        return not any(
            rule is own
            for installed in self._installed
            if not installed.intercept_exceptions
            for own in installed.rules.entries
        )

    def log_propagation(self) -> None:
        """Say in one line what an exception that passes Flask by looks like in a browser."""
        request = current_request()
        if "HTTP_ORIGIN" in request.environ:
            LOG.warning(
                "an exception of %.300a %.300a propagates past Flask, so that no CORS header can "
                "be sent; the browser of %.300a will show it as a CORS error",
                request.method,
                request.path,
                request.environ["HTTP_ORIGIN"],
            )

    def attach(self, request: Request, nomination: Nomination | None = None) -> None:
        """Apply decorators' policies to this request, where no extension has hooked the app."""
        if self.hooked:
            return
        known = vars(request)
        if _ATTACHED not in known:
            known[_ATTACHED] = True
            after_this_request(self.after_request)
        if nomination is not None and self._unread:
            # Nobody else reads the configuration of this application and says so.
            self._unread = False
            config = self.app.config
            remarks = check_config(config, {*nomination.options, *from_config(config)})
            report(remarks, nomination.location, strict=False)

    def after_request(self, response: Response) -> Response:
        """Write the answer on the response of the current request, once for each response."""
        request = current_request()
        known = vars(request)
        written: Response | None = known.get(_WRITTEN)
        if written is response:
            return response
        rule, answer = self._answered(request)
        known[_WRITTEN] = written = write(response, answer)
        if answer[0].verdict is ORIGIN_REFUSED or is_logged(INFO):
            log(request, rule, answer)
        if self._unchecked:
            self._check_configuration()
        return written

    def _answered(self, request: Request) -> tuple[Rule | None, Answer]:
        """Give the rule that decides about a request and its answer, found out once."""
        known = vars(request)
        answered: tuple[Rule | None, Answer] | None = known.get(_ANSWERED)
        if answered is None:
            rule = self._nearest(request)
            answered = known[_ANSWERED] = rule, answer_under(rule, request)
        return answered

    def _nearest(self, request: Request) -> Rule | None:
        """Find the rule that decides: of the view, its blueprints, or the app (D12, D20)."""
        if Nomination.in_use or self._blueprints:
            nomination, endpoint = nominee(self.app, request)
            if nomination is not None:
                return nomination.resolve(self.app).rule
            for name in blueprints_of(endpoint) if self._blueprints else ():
                rule = _find(self._blueprints.get(name, ()), request.path)
                if rule is not None:
                    return rule
        return self._everywhere or _find(self._installed, request.path)

    def _check_configuration(self) -> None:
        """Say once what was configured too late to have an effect (D19)."""
        unchecked, self._unchecked = self._unchecked, ()
        now = snapshot(self.app)
        for installed in unchecked:
            then = installed.config
            changed = {key for key in now if key not in then or now[key] != then[key]}
            late = {key: now[key] for key in changed if key in CONFIG_KEYS}
            notes = [_changed(key, value) for key, value in late.items()]
            new = {key: now[key] for key in changed if key not in then}
            notes += check_config(new, installed.explicit)
            report(notes, installed.location, strict=False)


def answer_under(rule: Rule | None, request: Request) -> Answer:
    """Decide about a Flask request under a rule."""
    if rule is None:
        return _NO_RULE
    environ = request.environ
    plan = rule.policy.plan
    origin = environ.get("HTTP_ORIGIN")
    if request.method != "OPTIONS" and _PRIVATE_NETWORK not in environ:
        return decide_actual(plan, origin)
    return decide(
        plan,
        request.method,
        origin,
        environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD"),
        environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS"),
        environ.get(_PRIVATE_NETWORK),
    )


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


def _on_request_started(app: Flask, **_: Any) -> None:
    installation(app).attach(current_request())


def _on_exception(app: Flask, **_: Any) -> None:
    propagate = app.config["PROPAGATE_EXCEPTIONS"]
    if propagate is None:
        propagate = app.testing or app.debug
    if propagate and not installation(app).hooked and nominee(app, current_request())[0]:
        installation(app).log_propagation()


def watch() -> None:
    """See the requests of applications without an extension before their views run.

    Flask 2.2 has signals only where blinker is installed. Without them a decorated view that
    never runs (automatic OPTIONS of a class-based view, a redirect of the routing) has no policy.
    """
    try:
        request_started.connect(_on_request_started)
        got_request_exception.connect(_on_exception)
    except RuntimeError:
        LOG.debug("blinker is not installed: policies of views that never run are not applied")

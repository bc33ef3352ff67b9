"""A request to an application: which policies have a say in 6.0.2, and which one in the end."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from types import ModuleType
from typing import Any, NamedTuple, Optional, Union
from urllib.parse import unquote, urlsplit

import attrs
from flask import signals
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect, Rule
from werkzeug.test import EnvironBuilder

from tests.property import naive
from tests.property.applications import (
    OWN_ORIGINS,
    OWN_VARY,
    STATUS,
    Answer,
    Extension,
    Options,
    Request,
    Setup,
    View,
)
from tests.property.differences import (
    ALL,
    DIFFERENCES,
    NONE,
    ORIGIN,
    Changes,
    CrashedError,
    Decided,
    PolicyModel,
    options_of,
)

# Flask 2.2 without blinker has no signals: without an extension, nobody sees a request that does
# not come to a decorated view.
SIGNALS = getattr(signals, "signals_available", True)


class Candidate(NamedTuple):
    """A policy that has, or could have, a say."""

    level: str
    intercepts: bool
    """Whether it is an extension that wraps the exception handlers."""
    options: Options


@attrs.frozen(slots=False)
class Exchange:
    """One request to one application, and what 6.0.2 makes of it."""

    core: ModuleType
    setup: Setup
    request: Request
    url_map: Map
    """Of an application built with 6.0.2, where it can be."""
    shared_before: bool = False
    """Whether the shared response has been answered with before (D14)."""

    # --- the routing

    @cached_property
    def path(self) -> str:
        builder = EnvironBuilder(self.request.path, method=self.request.method)
        try:
            return builder.get_request().path
        finally:
            builder.close()

    @cached_property
    def _known(self) -> dict[str, tuple[Optional[Rule], bool]]:
        return {}

    def _matched(self, method: str) -> tuple[Optional[Rule], bool]:
        """The rule for this path and a method, and whether a redirect leads there."""
        if method not in self._known:
            self._known[method] = self._match(method)
        return self._known[method]

    def _match(self, method: str) -> tuple[Optional[Rule], bool]:
        adapter = self.url_map.bind("localhost")
        try:
            return adapter.match(self.path, method, return_rule=True)[0], False
        except RequestRedirect as redirect:
            path = unquote(urlsplit(redirect.new_url).path)
        except HTTPException:
            return None, False
        try:
            return adapter.match(path, method, return_rule=True)[0], True
        except HTTPException:
            return None, True

    @cached_property
    def ran(self) -> Optional[Rule]:
        """The rule whose view Flask dispatches to, if to any."""
        rule, redirected = self._matched(self.request.method)
        return None if redirected else rule

    @cached_property
    def view(self) -> Optional[View]:
        return self.setup.view(self.ran.endpoint) if self.ran else None

    @cached_property
    def flask_answers(self) -> bool:
        """Whether Flask answers OPTIONS without calling what is registered as the view."""
        # Flask sets this attribute on the rules of Werkzeug.
        automatic = getattr(self.ran, "provide_automatic_options", False)
        return self.request.method == "OPTIONS" and bool(automatic)

    @cached_property
    def wrapper(self) -> Optional[Options]:
        """The options of the decorator whose wrapper is called."""
        if self.view is None or self.ran is None or self.flask_answers:
            return None
        return self._decorator(self.view, self.ran, self.request.method)

    @staticmethod
    def _decorator(view: View, rule: Rule, method: str) -> Optional[Options]:
        if view.kind == "bare":
            return {}
        if view.kind == "two" and rule.endpoint.endswith("b"):
            return view.second
        # As Flask does: `Request.method` is in upper case.
        if view.kind == "method" and method.upper() != "POST":
            return None
        return view.cors

    @cached_property
    def body_runs(self) -> bool:
        """Whether the user's own code is reached."""
        if self.view is None or self.flask_answers:
            return False
        return self.request.method != "OPTIONS" or not any(
            self._decorator_options(options)["automatic_options"] for options in self._decorators()
        )

    def _decorators(self) -> list[Options]:
        """The options of the decorators whose wrappers are called, the outer one first."""
        if self.wrapper is None or self.view is None:
            return []
        if self.view.kind == "stacked" and self.view.second is not None:
            return [self.view.second, self.wrapper]
        return [self.wrapper]

    def does(self, changes: Changes) -> str:
        """What becomes of the request: a behaviour, "routing" for its errors, or "text"."""
        if self.view is None:
            return "routing"
        if not self.body_runs:
            return "text"
        return "raise" if self._breaks(changes) else self.view.does

    def _breaks(self, changes: Changes) -> bool:
        """D17: whether 6.0.2 takes a coroutine for a response, or a view for its own argument."""
        if self.wrapper is None or self.view is None or 17 in changes:
            return False
        return self.view.kind in {"async", "bare"}

    def fails(self, changes: Changes) -> bool:
        return self.does(changes) in {"routing", "abort", "handled", "raise", "late"}

    def status(self, changes: Changes) -> Union[int, str, None]:
        """None for what the routing answers, the name of an exception that passes Flask by."""
        does = self.does(changes)
        if self.setup.propagate and does in {"raise", "late"}:
            return "TypeError" if self._breaks(changes) else "UnhandledError"
        return None if does == "routing" else STATUS.get(does, 200)

    @property
    def stale(self) -> bool:
        """Whether 6.0.2 answers with a response that carries what earlier requests got (D14)."""
        return self.shared_before and self.does(ALL) == "shared"

    # --- the candidates

    def _decorator_options(self, options: Options) -> dict[str, Any]:
        config = {**self.setup.config, **self.setup.late_config}
        return options_of(self.core, config, options)

    def _answering(self) -> tuple[Optional[Rule], bool]:
        """D17: the rule of the view that answers the requested method."""
        rule, redirected = self._matched(self.request.method)
        if self.request.is_preflight:
            asked = self._matched(self.request.requested_method or "")
            if asked[0] is not None:
                return asked
        return rule, redirected

    def _of_view(self, changes: Changes) -> Optional[Options]:
        """The decorator that has a say: in 6.0.2, one whose wrapper gets a response back."""
        found = self.wrapper
        if 17 not in changes and self.view is not None and self.view.kind == "bare":
            found = None
        if 12 not in changes and self.request.method == "OPTIONS":
            # 6.0.2: of two decorators the outer one answers OPTIONS, the inner one the rest.
            automatic = (
                options
                for options in self._decorators()
                if self._decorator_options(options)["automatic_options"]
            )
            found = next(automatic, found)
        if 17 in changes:
            found = self._of_answering_view(found)
        if found is None and 13 in changes:
            found = self._of_unseen_view(changes)
        if 13 not in changes and self.fails(changes):
            return None
        return found

    def _of_answering_view(self, found: Optional[Options]) -> Optional[Options]:
        rule = self._answering()[0]
        if rule is None:
            return found
        view = self.setup.view(rule.endpoint)
        if rule is self.ran and view.kind == "stacked" and not self.flask_answers:
            return found
        if self.request.is_preflight:
            found = self._decorator(view, rule, self.request.requested_method or "")
        elif self.flask_answers:
            found = self._decorator(view, rule, self.request.method)
        return None if self._is_left_to_flask(found) else found

    def _is_left_to_flask(self, options: Optional[Options]) -> bool:
        """Whether a decorator has no say because its `automatic_options` is off."""
        if options is None or not self.flask_answers:
            return False
        return not self._decorator_options(options)["automatic_options"]

    def _of_unseen_view(self, changes: Changes) -> Optional[Options]:
        """D13: the decorator of a view that is redirected to."""
        answering = self._answering() if 17 in changes else self._matched(self.request.method)
        rule, redirected = answering
        if rule is None:
            return None
        view = self.setup.view(rule.endpoint)
        return self._decorator(view, rule, self.request.method) if redirected else None

    @property
    def hooked(self) -> bool:
        return bool(self.setup.extensions or self.setup.outer or self.setup.inner)

    def homes(self, changes: Changes) -> tuple[str, ...]:
        """The blueprints of the request, the innermost first.

        D12: those of a view behind a redirect of the routing are its nearest policies, too.
        """
        rule = self.ran
        if 17 in changes and self.request.is_preflight and (rule or 12 in changes):
            rule = self._answering()[0] or rule
        elif rule is None and 12 in changes:
            rule = self._matched(self.request.method)[0]
        return tuple(reversed(rule.endpoint.split(".")[:-1])) if rule is not None else ()

    def installed(
        self, level: str, extensions: Iterable[Extension], config: Options, changes: Changes
    ) -> list[Candidate]:
        """The extensions of a level with a rule for the path, the latest first (D15, D20)."""
        calls = [
            call
            for extension in extensions
            for call in extension.calls()[-1 if 20 in changes else 0 :]
        ]
        candidates = []
        for call in reversed(calls):
            options = options_of(self.core, config, call)
            own = self.rule_of(options["resources"], changes)
            if own is not None:
                intercepts = level == "app" and bool(options["intercept_exceptions"])
                merged = options_of(self.core, {}, options, own)
                candidates.append(Candidate(level, intercepts, merged))
        return candidates[:1] if 20 in changes else candidates

    def rule_of(self, resources: Any, changes: Changes) -> Optional[Options]:
        """The options of the first rule that covers the path (D15)."""
        for pattern, own in self.core.parse_resources(resources):
            if 15 in changes:
                covered = naive.covers(pattern, self.path)
            else:
                decoded = unquote(self.path)
                covered = bool(self.core.try_match_pattern(decoded, pattern, caseSensitive=True))
            if covered:
                return own  # type: ignore[no-any-return]  # of an untyped module
        return None

    def candidates(self, changes: Changes) -> list[Candidate]:
        """The policies in the order in which they have a say; in 6.0.2, until one grants."""
        config = self.setup.config
        app = self.installed("app", self.setup.extensions, config, changes)
        scopes = {"outer": self.setup.outer, "inner": self.setup.inner}
        of_blueprint = config if 16 in changes else {}
        homes = [
            candidate
            for home in self.homes(changes)
            for candidate in self.installed(home, scopes[home], of_blueprint, changes)
        ]
        wrapped = [candidate for candidate in reversed(app) if candidate.intercepts]
        does = self.does(changes)
        if does == "late":
            found = [*homes, *wrapped]
        elif does == "raise":
            found = [*homes, *app, *wrapped]
        elif 12 not in changes and self.fails(changes):
            # 6.0.2 wraps the exception handlers, the first extension innermost.
            found = [*wrapped, *homes, *app]
        else:
            found = [*homes, *app]
        decorator = self._of_view(changes)
        if decorator is not None:
            found.insert(0, Candidate("view", False, self._decorator_options(decorator)))
        if 12 in changes and found:
            found = [candidate for candidate in found if candidate.level == found[0].level]
        return found

    # --- the answer

    def predicted(self, changes: Changes) -> Answer:
        """The whole answer; raises CrashedError where 6.0.2 does."""
        self._make_options(changes)
        if self.unseen:
            changes = NONE
        status, does = self.status(changes), self.does(changes)
        if isinstance(status, str):
            return Answer(status)
        own = OWN_ORIGINS.get(does, ())
        vary = OWN_VARY.get(does, frozenset())
        candidates = self.candidates(changes)
        # D5: what the view says itself stands alone. 6.0.2: unless the view is decorated.
        if own and (5 in changes or not candidates or candidates[0].level != "view"):
            kept = own[:1] if 5 in changes and (candidates or self.hooked) else own
            return Answer(status, tuple(sorted((ORIGIN, value) for value in kept)), vary)
        decided = self._decided(candidates, changes)
        lines = [*((ORIGIN, value) for value in own), *decided.lines.items()]
        members = vary if "*" in vary and 11 in changes else vary | decided.vary
        return Answer(status, tuple(sorted(lines)), members)

    @property
    def unseen(self) -> bool:
        """Whether this project never gets to see the response."""
        return not (SIGNALS or self.hooked or self._comes_to_decorator)

    @property
    def _comes_to_decorator(self) -> bool:
        """Whether a wrapper of this project is called."""
        is_bare = self.view is not None and self.view.kind == "bare"
        return is_bare or self.wrapper is not None

    def _make_options(self, changes: Changes) -> None:
        """A decorator of 6.0.2 reads its options before it calls the view.

        D12: of two decorators the outer one has no say, not even one that cannot be made.
        """
        decorators = self._decorators()
        if 12 in changes and self.request.method != "OPTIONS":
            decorators = decorators[-1:]
        for options in decorators:
            merged = self._decorator_options(options)
            PolicyModel(self.core, merged, self.request, changes).options_602()
            if self.request.method == "OPTIONS" and merged["automatic_options"]:
                break

    def _decided(self, candidates: list[Candidate], changes: Changes) -> Decided:
        """What the first policy says, or, before D12 and D20, the first that grants."""
        first = Decided({}, frozenset())
        for candidate in candidates:
            policy = PolicyModel(self.core, candidate.options, self.request, changes)
            try:
                made = policy.decide()
            except CrashedError:
                # Of a view that has run, `_make_options` has seen it: this one is only asked about.
                if 12 in changes and candidate.level == "view":
                    return first
                raise
            if candidate is candidates[0]:
                first = made
            if made.lines:
                return made
            if candidate.level == "view" and not self.fails(changes):
                break
        return first

    def met(self, old: Answer) -> frozenset[int]:
        """The numbers without which the prediction would be another one.

        Where two numbers each would do alone: the ones that make a difference alone. D12: where
        the nearest policy cannot be made under the configuration, no other one is asked.
        """
        new, nothing = self._outcome(ALL), self._outcome(NONE)
        if new is None:
            return frozenset({12})
        met = {number for number in DIFFERENCES if self._outcome(ALL - {number}) != new}
        if not met:
            met = {
                number for number in DIFFERENCES if self._outcome(frozenset({number})) != nothing
            }
        if self.stale and old != nothing:
            met.add(14)
        return frozenset(met)

    def _outcome(self, changes: Changes) -> Optional[Answer]:
        try:
            return self.predicted(changes)
        except CrashedError:
            return None

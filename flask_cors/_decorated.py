"""The policy that a decorated function carries, and the mark by which it is known.

The mark is an attribute of the function, so that the policy is known even where the function never
runs: for automatic OPTIONS, an abort before the view, or a redirect of the routing (D13, D17).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from flask import Flask

from corecors import PolicyError, Problem, Rule

from ._layers import (
    Options,
    build_policy,
    copied,
    from_call,
    from_config,
    layered,
    materialised,
    value_of,
    without_app,
)
from ._options import DECORATOR, OPTIONS
from ._policies import no_cors
from ._warnings import Location, check_config, check_names, report

LOG = logging.getLogger("flask_cors.decorator")

MARK = "__flask_cors__"
"""The attribute of a decorated function that holds its `Decoration`."""

KEYS = tuple(
    option.config_key
    for option in OPTIONS.values()
    if DECORATOR in option.scopes and option.has_key
)
"""The keys of `app.config` that have a say in the policy of a decorated function."""

_CALL = "@cross_origin"

Resolved = tuple[dict[str, Any], Rule]
"""The rule of a decoration on an application, after the `CORS_*` keys that it was made under."""


class Decoration:
    """The options of one `cross_origin(...)`, and the rule they make under each application."""

    in_use: ClassVar[bool] = False
    """Whether any function of the process is decorated; where none is, none is looked up."""

    def __init__(
        self, options: Mapping[str, Any], location: Location, remarks: Iterable[Problem] = ()
    ) -> None:
        self.options = materialised(options)
        self.location = location
        self._reported: set[str] = set()
        self._check(remarks)
        Decoration.in_use = True

    def _check(self, remarks: Iterable[Problem]) -> None:
        """Refuse at set-up what no configuration of an application could mend (D3)."""
        given = from_call(_CALL, self.options)
        try:
            _, notes = build_policy(given, without_app)
        except PolicyError as error:
            problems = [problem for problem in error.problems if _is_settled(problem, given)]
            if problems:
                raise PolicyError(problems) from None
            notes = ()
        settled = (
            *remarks,
            *check_names(self.options, DECORATOR, _CALL),
            *(note for note in notes if _is_settled(note, given)),
        )
        report(settled, self.location, strict=bool(value_of(given, "strict")))
        self._reported.update(map(str, settled))

    def resolve(self, app: Flask) -> Resolved:
        """Make the rule under the present configuration of an application.

        What there is to remark comes with a request, so it goes to the log: a warning may be an
        exception, and would fail the request (D19). With `strict` it is to fail.
        """
        options = layered(from_config(app.config), from_call(_CALL, self.options))
        enabled = value_of(options, "enabled")
        policy, notes = build_policy(options, app.ensure_sync) if enabled else (no_cors(), ())
        new = [note for note in notes if str(note) not in self._reported]
        if new and value_of(options, "strict"):
            raise PolicyError(new)
        self._log(new)
        given = {key: copied(value) for key, value in given_keys(app.config).items()}
        return given, Rule(_CALL, policy)

    def check_configuration(self, config: Mapping[str, Any]) -> None:
        """Remark keys that look like an option, where no extension has read them (D19)."""
        self._log(check_config(config, {*self.options, *from_config(config)}))

    def _log(self, remarks: Iterable[Problem]) -> None:
        filename, line = self.location[:2]
        for remark in map(str, remarks):
            self._reported.add(remark)
            LOG.warning("%s:%d: %s", filename, line, remark)

    def answers_options(self, config: Mapping[str, Any]) -> bool:
        """Return whether OPTIONS is answered without the view (option `automatic_options`)."""
        if "automatic_options" in self.options:
            return bool(self.options["automatic_options"])
        configured = config.get("CORS_AUTOMATIC_OPTIONS")
        return configured is None or bool(configured)


def given_keys(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of `KEYS` that a configuration has."""
    return {key: config[key] for key in config.keys() & KEYS}


def _is_settled(problem: Problem, given: Options) -> bool:
    """Return whether a problem remains whatever origins `app.config` may give."""
    about_origins = problem.code in ("wildcard-with-credentials", "any-origin-with-credentials")
    return "origins" in given or not about_origins


def marked(view: Any) -> Decoration | None:
    """Return the decoration of a function, through decorators that copy attributes.

    Whatever else has an attribute of that name, as mocks have any, is not decorated.
    """
    found = getattr(view, MARK, None)
    return found if isinstance(found, Decoration) else None

"""The two kinds of policy that the core does not know: for nobody, and of methods that are routed.

Which one an option asks for is decided at set-up; a request asks either as it asks any policy.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Optional

from flask import current_app
from werkzeug.routing import Rule as UrlRule

from corecors import Answer, Policy

from ._options import POLICY_OPTIONS
from ._state import current_request

AUTO = "auto"
"""The value of the option `methods` that stands for those of the URL map."""

SWITCHED_OFF = "there is no CORS here: it is switched off for this path or view"

_NOTHING: frozenset[str] = frozenset()
_ANYTHING = frozenset({"*"})


@cache  # made where there is use for it: a policy takes longer than the import of a module
def no_cors() -> Policy:
    """Return the policy where there is to be no CORS under a wider one: silent, and final (D12)."""
    return Policy(origins=())


class RoutedPolicy(Policy):
    """A policy under which a preflight may ask for the methods of the route that would serve it."""

    __slots__ = ("_by_methods",)
    _by_methods: dict[frozenset[str], Policy]

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        object.__setattr__(self, "_by_methods", {})
        object.__setattr__(self, "is_pure", False)  # the same texts, asked of another URL

    def answer(
        self,
        method: str,
        origin: Optional[str] = None,
        requested_method: Optional[str] = None,
        requested_headers: Optional[str] = None,
        private_network: Optional[str] = None,
    ) -> Answer:
        """Answer a request; a preflight under the methods of its route, as a policy names them."""
        asked = (origin, requested_method, requested_headers, private_network)
        if method == "OPTIONS" and requested_method:
            return self.with_methods(methods_served(requested_method)).answer(method, *asked)
        return super().answer(method, *asked)

    def with_methods(self, methods: frozenset[str]) -> Policy:
        """Return the policy with these methods; there are no more of them than routes."""
        policy = self._by_methods.get(methods)
        if policy is None:
            options: dict[str, Any] = {name: getattr(self, name) for name in POLICY_OPTIONS}
            policy = self._by_methods[methods] = Policy(**{**options, "methods": methods})
        return policy


def methods_served(requested: str) -> frozenset[str]:
    """Return the methods of the URL rule that serves one at the URL of the current request.

    None where no rule does, or where one answers with a redirect, which no preflight follows.
    Nothing that a client sends raises here.
    """
    try:
        adapter: Any = current_app.create_url_adapter(current_request())  # None: without a request
        rule = adapter.match(method=requested, return_rule=True)[0]
    except Exception:  # noqa: BLE001 (no rule; or what Werkzeug or a converter makes of a text)
        return _NOTHING
    return methods_of(rule)


def methods_of(rule: UrlRule) -> frozenset[str]:
    """Return the methods of a URL rule, as a policy has them."""
    return _ANYTHING if rule.methods is None else frozenset(rule.methods)

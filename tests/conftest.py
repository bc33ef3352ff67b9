"""Set-up shared by all tests. Imports no Flask: the core's tests run where there is none."""

import os
from types import ModuleType

import pytest
from hypothesis import HealthCheck, settings

from tests import oracle

# Examples for type checkers, which are checked and never run, and others' packages.
collect_ignore = ["dependants", "fuzz", "typing", "peers"]

_bounded = settings(
    deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", _bounded, max_examples=200)
settings.register_profile("quick", _bounded, max_examples=40)
settings.register_profile("long", _bounded, max_examples=20_000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def flask_cors_602() -> ModuleType:
    """Flask-CORS 6.0.2. Without an index: a skip by hand, a failure in CI."""
    try:
        return oracle.load()
    except oracle.UnreachableError as unreachable:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(unreachable))

"""Run Chromium once for all cases; skip, visibly, where it is not asked for or not there."""

import os
from pathlib import Path
from typing import Any

import attrs
import pytest

from .cases import CASES, Case

HOSTS = {"one": "127.0.0.1", "two": "127.0.0.1", "three": "127.0.0.1", "six": "::1"}
ASKED = "TEST_BROWSER"

collect_ignore = ["api.py"]  # no doctests, and an old Werkzeug's `request` is none to look at


@attrs.frozen
class Run:
    """What Chromium did, and what it let the pages see."""

    at: dict[str, str]
    seen: dict[str, Any]
    record: Any
    console: dict[str, list[str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = _reason()
    here = Path(__file__).parent
    for item in items if reason else ():
        asks = {"run", "site", "defects"}.intersection(getattr(item, "fixturenames", ()))
        if here in item.path.parents and asks:
            item.add_marker(pytest.mark.skip(reason=reason))


def _reason() -> str:
    if not os.environ.get(ASKED):
        return "a browser's own judgement: `make test-browser`"
    from .driving import missing  # noqa: PLC0415

    name = missing()
    return f"a browser's own judgement needs {name}, which is not installed" if name else ""


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Have Chromium run all cases."""
    from .api import create_app  # noqa: PLC0415
    from .driving import chromium, observe, read_console  # noqa: PLC0415
    from .serving import listening, serving  # noqa: PLC0415

    profile = tmp_path_factory.mktemp("profile")
    with listening(HOSTS) as sockets, chromium(profile) as driver:
        at = origins({name: bound.getsockname()[1] for name, bound in sockets.items()})
        known = {*at, "null"}
        cases = {str(n): case for n, case in enumerate(CASES) if case.origins <= known}
        with serving(sockets.values(), create_app(at)) as record:
            seen = observe(driver, cases, at)
            return Run(at, seen, record, read_console(driver))


def origins(ports: dict[str, int]) -> dict[str, str]:
    """Give each origin its short name."""
    names = {"p1": ("127.0.0.1", "one"), "p2": ("127.0.0.1", "two"), "api": ("127.0.0.1", "three")}
    names |= {
        "l1": ("localhost", "one"),
        "l2": ("localhost", "two"),
        "lapi": ("localhost", "three"),
    }
    names["v6"] = ("[::1]", "six")
    return {
        name: f"http://{host}:{ports[port]}"
        for name, (host, port) in names.items()
        if port in ports
    }


@pytest.fixture(params=range(len(CASES)), ids=[case.name for case in CASES])
def numbered(request: pytest.FixtureRequest) -> tuple[str, Case]:
    """Give each case with its number."""
    return str(request.param), CASES[request.param]

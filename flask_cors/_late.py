"""What is said of configuration that came after an extension had read it (D19)."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from corecors import Problem

from ._decorated import KEYS
from ._installed import Installation, Installed, snapshot
from ._nearest import has_decorated
from ._options import CONFIG_KEYS
from ._warnings import check_config

LOG = logging.getLogger("flask_cors.extension")


def check_late(installation: Installation) -> None:
    """Say once what was configured too late to have an effect.

    It comes with the first request, so it goes to the log: a warning may be an exception.
    """
    unchecked, installation.unchecked = installation.unchecked, ()
    app = installation.app
    obeyed = set(KEYS) if has_decorated(app) else set()
    now = snapshot(app)
    remarks = [
        str(problem) for one in unchecked for problem in _late_problems(one, now, obeyed=obeyed)
    ]
    for remark in dict.fromkeys(remarks):
        LOG.warning("%s", remark)


def _late_problems(
    installed: Installed, now: dict[str, object], *, obeyed: set[str]
) -> Iterable[Problem]:
    then = installed.config
    changed = {key for key in now if key not in then or _differs(now[key], then[key])}
    # Decorated views read the configuration at each request: for them nothing is late.
    for key in sorted(changed.intersection(CONFIG_KEYS) - obeyed):
        yield _changed(key, now[key])
    yield from check_config({key: now[key] for key in now if key not in then}, installed.explicit)


def _differs(now: object, then: object) -> bool:
    """Return whether a value is another one, also where it cannot be compared."""
    try:
        return now is not then and bool(now != then)
    except Exception:  # noqa: BLE001 (whatever the user's value raises)
        return True


def _changed(key: str, value: object) -> Problem:
    return Problem(
        code="configured-late",
        option=key,
        given=value,
        what="was set after CORS had read the configuration and has no effect",
        advice="set it before, or call init_app after it",
        source=f'app.config["{key}"]',
    )

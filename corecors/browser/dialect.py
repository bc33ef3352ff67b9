"""Where a browser departs from the Fetch standard, each departure by name.

`tests/browser` puts every case to the real browser and to the model: what is not listed here is
as the standard says.
"""

from __future__ import annotations

from typing import Optional

import attrs


@attrs.frozen(kw_only=True)
class Dialect:
    """Say how a browser reads the standard; the defaults are the standard to the letter."""

    max_age_cap: Optional[int] = None
    """The longest time, in seconds, for which a preflight response is kept."""
    negative_max_age_is_zero: bool = False
    """A negative Access-Control-Max-Age is 0, instead of malformed and so 5."""
    client_hints_are_safelisted: bool = False
    """Save-Data, DPR and their like need no preflight while their values are well-formed."""
    lines_are_joined: bool = False
    """A request header that the page appended twice is checked as one value."""
    user_agent_is_forbidden: bool = False
    """A User-Agent that the page sets is dropped."""
    wildcard_covers_authorization: bool = False
    """A `*` in Access-Control-Allow-Headers allows Authorization too, though not when kept."""
    one_preflight_is_kept: bool = False
    """For one origin and URL, a preflight response replaces the one before it."""
    kept_wildcards_need_no_credentials: bool = False
    """A `*` in a response to a preflight with credentials is never kept as a wildcard."""
    failures_keep_preflights: bool = False
    """An answer that may not be read leaves what its preflight has granted."""


STANDARD = Dialect()
"""The Fetch standard, in its review draft of June 2026."""

CHROMIUM = Dialect(
    max_age_cap=7200,
    negative_max_age_is_zero=True,
    client_hints_are_safelisted=True,
    lines_are_joined=True,
    user_agent_is_forbidden=True,
    wildcard_covers_authorization=True,
    one_preflight_is_kept=True,
    kept_wildcards_need_no_credentials=True,
    failures_keep_preflights=True,
)
"""Chromium 156, as observed."""

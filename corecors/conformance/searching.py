"""How Hypothesis is used here: the same in every run, whatever the settings of others are."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

__all__ = ["settings_for"]


def settings_for(examples: int) -> settings:
    """Return settings for a search among so many examples."""
    return settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=True,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much),
    )

"""`Limits` as settings of the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.agent.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

_SETTINGS = {"rounds": "max_rounds", "calls": "max_calls", "identical": "max_identical", "cost": "max_cost"}


def limits_of(settings: Mapping[str, Any]) -> Limits:
    """Return the limits of some settings, with the defaults of `Limits`."""
    return Limits(**{name: settings[key] for name, key in _SETTINGS.items() if key in settings})


def settings_of(limits: Limits) -> dict[str, Any]:
    """Return the settings of some limits, without those that are defaults."""
    defaults = Limits()
    return {
        key: getattr(limits, name)
        for name, key in _SETTINGS.items()
        if getattr(limits, name) != getattr(defaults, name)
    }

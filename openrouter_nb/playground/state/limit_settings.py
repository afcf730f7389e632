"""How far a question of the panel may go: `Limits` as the settings that the rail shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.agent.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

_SETTINGS = {"rounds": "max_rounds", "calls": "max_calls", "identical": "max_identical", "cost": "max_cost"}


def limits_of(settings: Mapping[str, Any]) -> Limits:
    """Return the limits that settings ask for; what is not set is as it is everywhere."""
    return Limits(**{name: settings[key] for name, key in _SETTINGS.items() if key in settings})


def settings_of(limits: Limits) -> dict[str, Any]:
    """Return the settings that ask for limits; those that are as everywhere are left unset."""
    usual = Limits()
    return {
        key: getattr(limits, name)
        for name, key in _SETTINGS.items()
        if getattr(limits, name) != getattr(usual, name)
    }

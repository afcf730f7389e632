"""Presets: kept, taken, forgotten."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from openrouter_nb.playground.state import presets
from openrouter_nb.playground.state.thread_items import PlaygroundError

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.playground.controller import PlaygroundController


def preset_save(core: PlaygroundController, name: str) -> None:
    """Keep what is set under a name."""
    _preset(presets.save, core.session, name)
    _mark(core, name)


def preset_load(core: PlaygroundController, name: str) -> None:
    """Take over what was kept under a name. The conversation stays, but for the instructions at its head."""
    kept = _preset(presets.load, name)
    core.take_preset(kept)
    _mark(core, name)


def preset_delete(core: PlaygroundController, name: str) -> None:
    """Forget what was kept under a name."""
    _preset(presets.delete, name)
    core.session.preset = ""


def _mark(core: PlaygroundController, name: str) -> None:
    core.session.preset = name.strip()
    core.session.preset_state = json.loads(json.dumps(presets.contents(core.session)))


def _preset(action: Callable[..., Any], *given: Any) -> Any:
    try:
        return action(*given)
    except presets.PresetError as error:
        raise PlaygroundError(str(error)) from None

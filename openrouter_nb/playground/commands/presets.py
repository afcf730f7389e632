"""Save, load and delete presets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from openrouter_nb.playground.commands.columns import set_models
from openrouter_nb.playground.state import presets
from openrouter_nb.playground.state.messages import checked_messages
from openrouter_nb.playground.state.state import MAX_COLUMNS
from openrouter_nb.playground.state.thread_items import PlaygroundError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.playground.commands.context import PanelContext


def preset_save(panel: PanelContext, name: str) -> None:
    """Save models, parameters and instructions under a name."""
    _preset(presets.save, panel.state, name)
    _mark(panel, name)


def preset_load(panel: PanelContext, name: str) -> None:
    """Load a preset. It replaces the instructions at the head of the thread; other messages stay."""
    preset = _preset(presets.load, name)
    apply_setup(panel, preset)
    if head := preset.get("messages"):
        checked_messages(head)
        state = panel.state
        rest = [item for item in state.thread if item.role not in ("system", "developer")]
        state.thread.replace_all(head, "load preset")
        state.thread.items += rest
    _mark(panel, name)


def preset_delete(panel: PanelContext, name: str) -> None:
    """Delete a preset."""
    _preset(presets.delete, name)
    panel.state.preset = ""


def apply_setup(panel: PanelContext, setup: Mapping[str, Any]) -> None:
    """Set models, parameters and settings."""
    state = panel.state
    state.params = dict(setup.get("params") or {})
    state.turned_on.clear()
    state.settings = dict(setup.get("settings") or {})
    models = [str(model) for model in setup.get("models") or ()][:MAX_COLUMNS]
    set_models(panel, models or [state.columns[0].model])
    overrides = list(setup.get("overrides") or ())
    for column, own in zip(state.columns, [*overrides, {}, {}, {}, {}], strict=False):
        column.overrides = dict(own) if isinstance(own, dict) else {}


def _mark(panel: PanelContext, name: str) -> None:
    panel.state.preset = name.strip()
    panel.state.preset_state = json.loads(json.dumps(presets.contents(panel.state)))


def _preset(action: Callable[..., Any], *given: Any) -> Any:
    try:
        return action(*given)
    except presets.PresetError as error:
        raise PlaygroundError(str(error)) from None

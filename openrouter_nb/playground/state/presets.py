"""Presets: plain JSON files in the user's configuration folder, to be read, edited and passed on."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openrouter_nb.client.user_folders import config_folder
from openrouter_nb.parameters import PARAMETERS, nearest

if TYPE_CHECKING:
    from openrouter_nb.playground.state.state import PlaygroundState

_NAME = re.compile(r"[\w][\w .-]{0,63}")
_VERSION = 1


class PresetError(ValueError):
    """A preset that cannot be saved or read, in one sentence."""


def folder() -> Path:
    """Return where presets are kept: `OPENROUTER_NB_PRESETS`, else the platform's place for settings."""
    if given := os.environ.get("OPENROUTER_NB_PRESETS"):
        return Path(given).expanduser()
    return config_folder() / "presets"


def names() -> list[str]:
    """Return the names of the presets that are kept."""
    try:
        return sorted(path.stem for path in folder().glob("*.json"))
    except OSError:
        return []


def contents(state: PlaygroundState) -> dict[str, Any]:
    """Return what a preset keeps: models, parameters, settings, and the instructions at the head of the conversation."""
    head: list[dict[str, Any]] = []
    for item in state.thread:
        if item.role not in ("system", "developer"):
            break
        head.append(item.cards[0].message)
    return {
        "version": _VERSION,
        "models": [column.model for column in state.columns],
        "overrides": [column.overrides for column in state.columns],
        "params": state.params,
        "settings": state.settings,
        "messages": head,
    }


def save(state: PlaygroundState, name: str) -> None:
    """Keep the present settings under a name, in the place of an older preset of that name.

    Raises:
        PresetError: the name cannot be a file's, or nothing can be written there.
    """
    path = _path(name)
    kept = contents(state)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".tmp")
        fresh.write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise PresetError(f"The preset cannot be written to {path.parent}: {error.strerror}.") from None


def load(name: str) -> dict[str, Any]:
    """Return a preset.

    Raises:
        PresetError: there is none of this name, or the file is none.
    """
    path = _path(name)
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PresetError(f"There is no preset {name!r}.{nearest(name, names())}") from None
    except (OSError, ValueError):
        raise PresetError(f"{path.name} is not a preset: it cannot be read as JSON.") from None
    if not isinstance(kept, dict) or not isinstance(kept.get("params", {}), dict):
        raise PresetError(f"{path.name} is not a preset.")
    unknown = [key for key in kept.get("params", {}) if key not in PARAMETERS and key != "extra_body"]
    if unknown:
        raise PresetError(
            f"{path.name}: there is no parameter {unknown[0]!r}.{nearest(unknown[0], PARAMETERS)}"
        )
    return kept


def delete(name: str) -> None:
    """Remove a preset; raises as `load` where there is none."""
    try:
        _path(name).unlink()
    except FileNotFoundError:
        raise PresetError(f"There is no preset {name!r}.{nearest(name, names())}") from None
    except OSError as error:
        raise PresetError(f"The preset cannot be removed: {error.strerror}.") from None


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name.strip()):
        raise PresetError(
            "A preset's name has up to 64 letters, digits, spaces, dots, dashes and underscores."
        )
    return folder() / f"{name.strip()}.json"

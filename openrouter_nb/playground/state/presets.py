"""Save and load presets: JSON files in the user's configuration folder, which can be edited and shared."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openrouter_nb.bounded_files import UnreadableFileError, read_json_file
from openrouter_nb.client.user_folders import config_folder, replace_file
from openrouter_nb.parameters import PARAMETERS, nearest

if TYPE_CHECKING:
    from openrouter_nb.playground.state.state import PlaygroundState

# Not a device of Windows, whichever its extension: a folder of presets is shared between systems.
_NAME = re.compile(r"(?!(?:con|prn|aux|nul|com\d|lpt\d) *(?:\.|$))\w[\w .-]{0,63}", re.IGNORECASE)
_VERSION = 1
_MAX_BYTES = 16 * 1024 * 1024


class PresetError(ValueError):
    """A preset cannot be saved, loaded or deleted. The message is one sentence."""


def folder() -> Path:
    """Return the folder of the presets: `OPENROUTER_NB_PRESETS`, otherwise the platform's configuration folder."""
    if given := os.environ.get("OPENROUTER_NB_PRESETS"):
        return Path(given).expanduser()
    return config_folder() / "presets"


def names() -> list[str]:
    """Return the names of the saved presets."""
    try:
        return sorted(path.stem for path in folder().glob("*.json"))
    except OSError:
        return []


def contents(state: PlaygroundState) -> dict[str, Any]:
    """Return the contents of a preset: models, parameters, settings, and the leading system messages of the thread."""
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
    """Save the state as a preset; an existing preset with this name is replaced.

    Raises:
        PresetError: the name is not valid, or the file cannot be written.
    """
    path = _path(name)
    preset = contents(state)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, json.dumps(preset, ensure_ascii=False, indent=2) + "\n")
    except OSError as error:
        raise PresetError(f"The preset cannot be written to {path.parent}: {error.strerror}.") from None


def load(name: str) -> dict[str, Any]:
    """Return a preset.

    Raises:
        PresetError: the preset does not exist, or the file is not a preset.
    """
    path = _path(name)
    try:
        preset = read_json_file(path, _MAX_BYTES)
    except FileNotFoundError:
        raise PresetError(f"There is no preset {name!r}.{nearest(name, names())}") from None
    except UnreadableFileError as error:
        raise PresetError(f"{path.name} is not a preset: it {error}.") from None
    except OSError as error:
        raise PresetError(f"{path.name} cannot be read: {error.strerror}.") from None
    if not isinstance(preset, dict) or not isinstance(preset.get("params", {}), dict):
        raise PresetError(f"{path.name} is not a preset.")
    unknown = [key for key in preset.get("params", {}) if key not in PARAMETERS and key != "extra_body"]
    if unknown:
        raise PresetError(
            f"{path.name}: there is no parameter {unknown[0]!r}.{nearest(unknown[0], PARAMETERS)}"
        )
    return preset


def delete(name: str) -> None:
    """Delete a preset.

    Raises:
        PresetError: the preset does not exist, or the file cannot be deleted.
    """
    try:
        _path(name).unlink()
    except FileNotFoundError:
        raise PresetError(f"There is no preset {name!r}.{nearest(name, names())}") from None
    except OSError as error:
        raise PresetError(f"The preset cannot be removed: {error.strerror}.") from None


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name.strip()):
        raise PresetError(
            "A preset's name has up to 64 letters, digits, spaces, dots, dashes and underscores, and is not the name of a "
            "device, such as CON or NUL."
        )
    return folder() / f"{name.strip()}.json"

"""Folders of this user for cached files, configuration files and data."""

from __future__ import annotations

import sys
from pathlib import Path

_NAME = "openrouter-nb"


def cache_folder() -> Path:
    """Return the folder of cached files, such as `~/.cache/openrouter-nb`."""
    return _folder("cache")


def config_folder() -> Path:
    """Return the folder of configuration files, such as `~/.config/openrouter-nb`."""
    folder = _folder("config")
    if sys.platform == "darwin" and not folder.exists():
        # Versions up to 0.1 ignored XDG_CONFIG_HOME on macOS, which platformdirs honors.
        before = Path.home() / "Library" / "Application Support" / _NAME
        return before if before.exists() else folder
    return folder


def data_folder() -> Path:
    """Return the folder of data, such as `~/.local/share/openrouter-nb`."""
    return _folder("data")


def _folder(kind: str) -> Path:
    from platformdirs import PlatformDirs

    folders = PlatformDirs(_NAME, appauthor=False, roaming=kind == "config", opinion=False)
    path: Path = getattr(folders, f"user_{kind}_path")
    return path

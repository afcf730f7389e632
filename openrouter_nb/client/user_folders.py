"""Folders of this user for cached files, configuration files and data, and how files in them are replaced."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path

_NAME = "openrouter-nb"
# Windows refuses to replace a file while another process has it open, such as a reader, a virus scanner or an indexer.
_ATTEMPTS = 10
_PAUSE_S = 0.02


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


def replace_file(path: Path, text: str, *, mode: int = 0o666) -> None:
    """Write a text file as a whole, so that no reader sees half of it: in UTF-8, with its line breaks as they are.

    Args:
        path: The file, which may not exist; its folder does.
        text: Its new content.
        mode: Its permissions, less those that the process excludes by its umask.

    Raises:
        OSError: it cannot be written.
    """
    temporary = path.with_name(f".{os.urandom(8).hex()}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        for _ in range(_ATTEMPTS - 1):
            with contextlib.suppress(PermissionError):
                temporary.replace(path)
                return
            time.sleep(_PAUSE_S)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _folder(kind: str) -> Path:
    from platformdirs import PlatformDirs

    folders = PlatformDirs(_NAME, appauthor=False, roaming=kind == "config", opinion=False)
    path: Path = getattr(folders, f"user_{kind}_path")
    return path

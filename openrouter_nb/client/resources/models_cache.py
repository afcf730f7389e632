"""Cache of `GET /models` on disk, for use without a request or a network.

One file for each server in the user's cache folder: the models and the time of the response, nothing of the key.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openrouter_nb.bounded_files import read_json_file
from openrouter_nb.client.user_folders import cache_folder, replace_file

if TYPE_CHECKING:
    from pathlib import Path

_VERSION = 1
_MAX_FILES = 16  # a simulator leaves one for each port it had
_MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CachedModels:
    """The models of a server.

    Attributes:
        models: Model objects, as received.
        fetched_at: Unix seconds.
    """

    models: list[dict[str, Any]]
    fetched_at: float


def load(server: str) -> CachedModels | None:
    """Return the cached models of a server; None if there are none or the file is broken."""
    try:
        content = read_json_file(_path(server), _MAX_BYTES)
        if content["version"] != _VERSION or content["server"] != server:
            return None
        models = [model for model in content["models"] if isinstance(model, dict)]
        # A time in the future, from a clock that was set back, would never expire.
        return CachedModels(models, min(float(content["fetched_at"]), time.time()))
    except (OSError, ValueError, TypeError, KeyError, OverflowError, RuntimeError):
        return None


def store(server: str, cached: CachedModels) -> None:
    """Write the models of a server to a file that only this user can read. Failures to write are ignored."""
    content = {
        "version": _VERSION,
        "server": server,
        "fetched_at": cached.fetched_at,
        "models": cached.models,
    }
    with contextlib.suppress(OSError, RuntimeError, ValueError):
        path = _path(server)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace_file(path, json.dumps(content, separators=(",", ":")), mode=0o600)
        _delete_oldest(path.parent)


def _delete_oldest(folder: Path) -> None:
    files = sorted(folder.glob("models-*.json"), key=lambda file: file.stat().st_mtime)
    for file in files[:-_MAX_FILES]:
        file.unlink(missing_ok=True)


def _path(server: str) -> Path:
    name = re.sub(r"[^A-Za-z0-9.]+", "-", server.partition("://")[2])[:60].strip("-.")
    return cache_folder() / f"models-{name}-{hashlib.sha256(server.encode()).hexdigest()[:8]}.json"

"""Where conversations are stored, and whether they are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from openrouter_nb.client.user_folders import data_folder

if TYPE_CHECKING:
    from pathlib import Path

#: `off` stores nothing.
VARIABLE = "OPENROUTER_NB_HISTORY"
_OFF = ("off", "0", "no", "false")


def is_on() -> bool:
    """Return whether conversations are stored."""
    return os.environ.get(VARIABLE, "").strip().lower() not in _OFF


def history_file() -> Path:
    """Return the file of all stored conversations, such as `~/.local/share/openrouter-nb/history.db`."""
    return data_folder() / "history.db"

"""Path of the replay file of a notebook."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "OPENROUTER_NB_REPLAY_FILE"
_SUFFIX = ".openrouter.jsonl"


def replay_path(notebook: Path | None = None) -> Path:
    """Return the file: `OPENROUTER_NB_REPLAY_FILE`, else `<notebook>.openrouter.jsonl` next to the notebook.

    If the notebook is unknown, as in nbclient and scripts, the file is `notebook.openrouter.jsonl` in the working directory.
    No other file is read: a folder may hold files of other notebooks, from other people.

    Args:
        notebook: Path of the notebook. Default: `JPY_SESSION_NAME`, which is set by Jupyter's server.
    """
    if path := os.environ.get(VARIABLE):
        return Path(path).expanduser()
    if notebook is None and (name := os.environ.get("JPY_SESSION_NAME", "")).endswith(".ipynb"):
        notebook = Path(name)
    if notebook is None:
        return Path.cwd() / f"notebook{_SUFFIX}"
    # A remote server, or one with another root, sets a folder that does not exist here.
    folder = notebook.parent if notebook.is_absolute() and notebook.parent.is_dir() else Path.cwd()
    return folder / f"{notebook.stem}{_SUFFIX}"

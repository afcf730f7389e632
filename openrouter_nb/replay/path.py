"""Which file the answers of a notebook are kept in."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "OPENROUTER_NB_REPLAY_FILE"
SUFFIX = ".openrouter.jsonl"


def replay_path(notebook: Path | None = None) -> Path:
    """Return the file: `OPENROUTER_NB_REPLAY_FILE`, else `<notebook>.openrouter.jsonl` beside the notebook.

    Where nothing tells the notebook, as in nbclient and in scripts, it is `notebook.openrouter.jsonl` in the working
    directory; answers are looked for in the other files of that kind there, too, so that what JupyterLab recorded is found.

    Args:
        notebook: Its path, where the caller knows it. Else `JPY_SESSION_NAME`, which Jupyter's server sets to it.
    """
    if given := os.environ.get(VARIABLE):
        return Path(given).expanduser()
    if notebook is None and (name := os.environ.get("JPY_SESSION_NAME", "")).endswith(".ipynb"):
        notebook = Path(name)
    if notebook is None:
        return Path.cwd() / f"notebook{SUFFIX}"
    # A server that runs elsewhere, or under another root, names a folder that is not here.
    folder = notebook.parent if notebook.is_absolute() and notebook.parent.is_dir() else Path.cwd()
    return folder / f"{notebook.stem}{SUFFIX}"

"""Path of the replay file of a notebook."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "OPENROUTER_NB_REPLAY_FILE"
_SUFFIX = ".openrouter.jsonl"
_UNNAMED = f"notebook{_SUFFIX}"
_MAX_NAMED = 3


def replay_path(notebook: Path | None = None) -> Path:
    """Return the file: `OPENROUTER_NB_REPLAY_FILE`, else `<notebook>.openrouter.jsonl` next to the notebook.

    If the notebook is unknown, as in nbclient and scripts, the file is `notebook.openrouter.jsonl` in the working directory;
    under pytest (nbval) only if the one with the notebook's name does not exist. No other file is read: a folder may hold
    files of other notebooks, from other people.

    Args:
        notebook: Path of the notebook. Default: `JPY_SESSION_NAME`, which is set by Jupyter's server.
    """
    if path := os.environ.get(VARIABLE):
        return Path(path).expanduser()
    if (found := notebook_path(notebook)) is not None:
        return found.with_name(f"{found.stem}{_SUFFIX}")
    unnamed = Path.cwd() / _UNNAMED
    if (tested := _notebook_of_pytest()) is None:
        return unnamed
    named = Path.cwd() / f"{tested}{_SUFFIX}"
    # A program that does not name the notebook, such as nbconvert, may have recorded it.
    return unnamed if unnamed.exists() and not named.exists() else named


def notebook_path(notebook: Path | None = None) -> Path | None:
    """Return the file of the notebook in a folder that exists here, None if the notebook is unknown.

    Args:
        notebook: Path of the notebook. Default: `JPY_SESSION_NAME`, which is set by Jupyter's server.
    """
    if notebook is None and (name := os.environ.get("JPY_SESSION_NAME", "")).endswith(".ipynb"):
        notebook = Path(name)
    if notebook is None:
        return None
    # A remote server, or one with another root, sets a folder that does not exist here.
    folder = notebook.parent if notebook.is_absolute() and notebook.parent.is_dir() else Path.cwd()
    return folder / notebook.name


def others_beside(path: Path) -> list[str]:
    """Return the names of the first replay files in the folder of another one."""
    try:
        return sorted(each.name for each in path.parent.glob(f"*{_SUFFIX}") if each != path)[:_MAX_NAMED]
    except OSError:
        return []


def _notebook_of_pytest() -> str | None:
    """Return the name of the notebook that nbval tests, which runs it in the folder of the notebook."""
    tested, _, _ = os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")
    return Path(tested).stem if tested.endswith(".ipynb") else None

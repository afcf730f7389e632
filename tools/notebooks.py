"""Run the notebooks and keep their outputs: `make notebooks`, or `make notebooks WHAT=02_chat`.

Written so that running them again changes nothing that has not changed: one display for each answer, no times, no ids.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Any

import bootstrap
import lab
import nbformat
from nbclient import NotebookClient

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = bootstrap.ROOT / "notebooks"
PATIENCE_S = 300

# What no two runs have in common.
VOLATILE = {
    "generation": (r"gen-\d+-[A-Za-z0-9]{20}", "gen-1700000000-AAAAAAAAAAAAAAAAAAAA"),
    "port": (r"127\.0\.0\.1:\d{4,5}", "127.0.0.1:8000"),
}


def chosen(words: list[str]) -> list[Path]:
    """The notebooks whose names begin with one of the words, all without any."""
    there = sorted(FOLDER.glob("*.ipynb"))
    if unknown := [word for word in words if not any(path.name.startswith(word) for path in there)]:
        names = ", ".join(path.stem for path in there)
        raise bootstrap.ToolError(f"no such notebook: {', '.join(unknown)}. There are {names}")
    return [path for path in there if not words or any(path.name.startswith(word) for word in words)]


def isolated() -> dict[str, str]:
    """The environment of a newcomer: nothing of ours is set."""
    return {name: value for name, value in os.environ.items() if not name.startswith("OPENROUTER_")}


def steady(value: Any) -> Any:
    """A part of a notebook with what changes from run to run made equal."""
    if isinstance(value, dict):
        return type(value)({key: steady(item) for key, item in value.items()})
    if isinstance(value, list):
        return [steady(item) for item in value]
    if isinstance(value, str):
        for pattern, fixed in VOLATILE.values():
            value = re.sub(pattern, fixed, value)
    return value


def run(path: Path, environment: dict[str, str]) -> None:
    """Run a notebook from top to bottom and write it with its outputs."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=PATIENCE_S,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,  # else what is printed is cut where time has it
        resources={"metadata": {"path": str(FOLDER)}},
    )
    client.execute(env=environment)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = steady(cell.outputs)
    nbformat.write(notebook, path)


def sanitizers() -> str:
    """The path of a file that tells nbval what not to compare."""
    sections = [
        f"[{name}]\nregex: {pattern}\nreplace: {fixed}\n" for name, (pattern, fixed) in VOLATILE.items()
    ]
    target = bootstrap.VENV / "nbval.cfg"
    target.write_text("\n".join(sections), encoding="utf-8")
    return str(target)


def main() -> None:
    """Run those that were named, answered on this machine."""
    environment = isolated() | {"OPENROUTER_NB_LIVE": "0", "JUPYTER_PREFER_ENV_PATH": "1"}
    with lab.answers(environment):
        for path in chosen(sys.argv[1:]):
            run(path, environment)
            print(f"{path.relative_to(bootstrap.ROOT)}: run, and written with its outputs", flush=True)


if __name__ == "__main__":
    main()

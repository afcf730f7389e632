"""Run the notebooks and save their outputs: `make notebooks`, or `make notebooks WHAT=02_chat`.

Outputs are reproducible: one display per answer, no times, no ids.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import bootstrap
import lab
import nbformat
from nbclient import NotebookClient

FOLDER = bootstrap.ROOT / "notebooks"
CELL_TIMEOUT_S = 300

# Values that differ between runs.
VOLATILE = {
    "generation": (r"gen-\d+-[A-Za-z0-9]{20}", "gen-1700000000-AAAAAAAAAAAAAAAAAAAA"),
    "port": (r"127\.0\.0\.1:\d{4,5}", "127.0.0.1:8000"),
}
# Refers to a model of the kernel, which ends with the run; the text beside it stays.
WIDGET = "application/vnd.jupyter.widget-view+json"


def selected(prefixes: list[str]) -> list[Path]:
    """Return the notebooks whose names begin with one of the prefixes; all if there are none.

    Raises:
        ToolError: no notebook matches a prefix.
    """
    paths = sorted(FOLDER.glob("*.ipynb"))
    if unknown := [prefix for prefix in prefixes if not any(path.name.startswith(prefix) for path in paths)]:
        names = ", ".join(path.stem for path in paths)
        raise bootstrap.ToolError(f"no such notebook: {', '.join(unknown)}. There are {names}")
    return [path for path in paths if not prefixes or path.name.startswith(tuple(prefixes))]


def isolated() -> dict[str, str]:
    """Return the environment without `OPENROUTER_…` variables, and without conversations in the user's history."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENROUTER_")}
    return {**kept, "OPENROUTER_NB_HISTORY": "off"}


def normalized(value: Any) -> Any:
    """Return a part of a notebook with volatile values replaced."""
    if isinstance(value, dict):
        return type(value)({key: normalized(item) for key, item in value.items() if key != WIDGET})
    if isinstance(value, list):
        return [normalized(item) for item in value]
    if isinstance(value, str):
        for pattern, fixed in VOLATILE.values():
            value = re.sub(pattern, fixed, value)
    return value


def execute(path: str, environment: dict[str, str], python: str) -> None:
    """Run a notebook in the environment of an interpreter; raise `CalledProcessError` if a cell fails without a tag."""
    program = Path(python).with_name("jupyter-execute")
    subprocess.run([program, path], cwd=bootstrap.ROOT, env=environment, stdin=subprocess.DEVNULL, check=True)


def run(path: Path, environment: dict[str, str]) -> None:
    """Run a notebook and save it with its outputs."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT_S,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,  # otherwise output is split depending on timing
        resources={"metadata": {"path": str(FOLDER)}},
    )
    client.execute(env=environment)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = normalized(cell.outputs)
    nbformat.write(notebook, path)


def sanitizers() -> str:
    """Write nbval's configuration with the volatile values, and return its path."""
    sections = [
        f"[{name}]\nregex: {pattern}\nreplace: {fixed}\n" for name, (pattern, fixed) in VOLATILE.items()
    ]
    target = bootstrap.VENV / "nbval.cfg"
    target.write_text("\n".join(sections), encoding="utf-8")
    return str(target)


def main() -> None:
    """Run the notebooks named by the arguments, with the local model or simulator."""
    environment = isolated() | {"OPENROUTER_NB_LIVE": "0", "JUPYTER_PREFER_ENV_PATH": "1"}
    with lab.backend(environment):
        for path in selected(sys.argv[1:]):
            run(path, environment)
            print(f"{path.relative_to(bootstrap.ROOT)}: saved with its outputs", flush=True)


if __name__ == "__main__":
    main()

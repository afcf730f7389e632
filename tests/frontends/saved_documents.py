"""papermill and MyST-NB: what they save of a chat cell and of a panel. Prints the sizes and the versions.

Not a part of `make test`: `pip install papermill myst-nb ipykernel`, then run this file.
"""

import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import nbformat

from openrouter_nb.simulator import Simulator

CELLS = (
    "%load_ext openrouter_nb",
    "%%chat -m demo/tour\nShow me",
    "from openrouter_nb import Playground\np = Playground('demo/parrot')\np",
    "p.send('Is it there?')\nNone",
)
CONFIGURATION = "project = 'saved'\nextensions = ['myst_nb']\nnb_execution_mode = 'force'\n"
VIEW = "application/vnd.jupyter.widget-view+json"


def papermill(source, folder):
    """Return the notebook that papermill saves."""
    target = folder / "run.ipynb"
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", "--log-level", "ERROR"]
    subprocess.run([*command, str(source), str(target)], check=True)
    return target.read_text(encoding="utf-8")


def myst_nb(source, folder):
    """Return the page that MyST-NB makes."""
    book = folder / "book"
    book.mkdir()
    (book / "conf.py").write_text(CONFIGURATION, encoding="utf-8")
    (book / "index.ipynb").write_bytes(source.read_bytes())
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html"]
    subprocess.run([*command, str(book), str(folder / "html")], check=True)
    return (folder / "html" / "index.html").read_text(encoding="utf-8")


def main():
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [nbformat.v4.new_markdown_cell("# Saved"), *map(nbformat.v4.new_code_cell, CELLS)]
    with Simulator() as simulator, tempfile.TemporaryDirectory() as name:
        os.environ["OPENROUTER_BASE_URL"] = simulator.base_url
        folder = Path(name)
        source = folder / "source.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), source)
        notebook, page = papermill(source, folder), myst_nb(source, folder)
    assert "widgets" not in json.loads(notebook)["metadata"]
    for package, text in (("papermill", notebook), ("myst-nb", page)):
        assert VIEW not in text
        assert text.count("Is it there?") >= 2  # the message, and the answer that repeats it
        assert "A tour of what an answer can hold" in text
        print(f"{package} {version(package)}: {len(text):,} bytes, no widget")


if __name__ == "__main__":
    main()

"""Chat cells in notebooks that jupytext pairs with a Python file, with the setting of README.md."""

import ast
import tomllib
from pathlib import Path

import jupytext
import nbformat
import pytest
from jupytext.config import JupytextConfiguration

README = Path(__file__).resolve().parents[3] / "README.md"
CELLS = [
    "%load_ext openrouter_nb",
    "%%chat -m openai/gpt-5-mini -o sky\nWhy isn't the sky green?\n# A heading\n{{df}} 100 %\n\n\n%%chat is a magic",
    "%%openrouter --json\nA list",
    "x = 1\n%chat Hello there!",
    "%%chat\n",
]


@pytest.fixture
def settings():
    (toml,) = [
        block.removeprefix("toml\n")
        for block in README.read_text(encoding="utf-8").split("```")
        if block.startswith("toml\n") and "custom_cell_magics" in block
    ]
    return JupytextConfiguration(**tomllib.loads(toml))


def paired(settings, style):
    """The text of the paired file, and the cells that are read from it."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    text = jupytext.writes(notebook, fmt=style, config=settings)
    return text, [cell.source for cell in jupytext.reads(text, fmt=style, config=settings).cells]


@pytest.mark.frontend("jupytext", "saved output")
@pytest.mark.parametrize("style", ["py:percent", "py:light"])
def test_a_paired_file_is_python_and_keeps_the_cells(settings, style):
    text, cells = paired(settings, style)
    ast.parse(text)
    assert cells == CELLS


def test_without_the_setting_the_paired_file_is_not_python():
    text, _ = paired(JupytextConfiguration(), "py:percent")
    with pytest.raises(SyntaxError):
        ast.parse(text)

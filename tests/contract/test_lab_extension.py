"""What the extension of JupyterLab and the package have in common."""

import json
import re
import tomllib
from pathlib import Path

from openrouter_nb.notebook import page_cells
from openrouter_nb.notebook.options.table import BY_FLAG

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "js" / "src" / "lab"
BUILT = ROOT / "openrouter_nb" / "labextension"


def read(path):
    return (SOURCES / path).read_text(encoding="utf-8")


def test_it_knows_the_options_without_a_value():
    found = set(re.findall(r'"(-[\w-]+)"', read("prose/switches.ts")))
    assert found == {flag for flag, option in BY_FLAG.items() if not option.needs_value}


def test_it_opens_the_comm_that_the_kernel_registers():
    source = read("page-cells-plugin.ts")
    assert f'const TARGET = "{page_cells.TARGET}";' in source
    assert f"const VERSION = {page_cells.VERSION};" in source


def test_its_version_is_that_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    manifest = json.loads((BUILT / "package.json").read_text(encoding="utf-8"))
    assert manifest["version"] == project["version"]
    assert (BUILT / manifest["jupyterlab"]["_build"]["load"]).is_file()


def test_each_schema_belongs_to_a_plugin():
    plugins = set(
        re.findall(
            r'"openrouter-nb:([\w-]+)"', "".join(map(read, ("commands-plugin.ts", "prose/prose-plugin.ts")))
        )
    )
    assert {path.stem for path in (SOURCES / "schema").glob("*.json")} <= plugins

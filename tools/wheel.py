"""Build the distributions, check the contents of the wheel, and install it into an empty environment."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

import bootstrap

# Run outside the repository, so that the installed package is imported.
IMPORT = """
import openrouter_nb
from importlib.metadata import version
assert "site-packages" in openrouter_nb.__file__, openrouter_nb.__file__
print("imported openrouter_nb", version("openrouter-nb"), "from its wheel")
"""


def build(folder: Path) -> Path:
    """Build the source distribution and from it the wheel, and return the wheel."""
    # Without isolation, to use the locked hatchling of this environment.
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder)]
    done = subprocess.run(command, cwd=bootstrap.ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise bootstrap.ToolError(f"the wheel does not build:\n{done.stdout}{done.stderr}")
    [wheel] = folder.glob("*.whl")
    return wheel


def require_contents(wheel: Path) -> None:
    """Raise `ToolError` unless the wheel contains exactly the files of the package, and JupyterLab's extension beside it."""
    package = bootstrap.ROOT / "openrouter_nb"
    extension = f"{wheel.name.rsplit('-', 3)[0]}.data/data/share/jupyter/labextensions/openrouter-nb"
    wanted = {
        f"{extension}/{path.relative_to(bootstrap.LAB_EXTENSION).as_posix()}"
        if path.is_relative_to(bootstrap.LAB_EXTENSION)
        else path.relative_to(bootstrap.ROOT).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    names = set(zipfile.ZipFile(wheel).namelist())
    packed = {name for name in names if not name.split("/")[0].endswith(".dist-info")}
    if packed != wanted:
        raise bootstrap.ToolError(
            f"the wheel's contents differ from the package in {sorted(packed ^ wanted)}"
        )
    if not {"openrouter_nb/py.typed"} < packed or not any(name.endswith(".js") for name in packed):
        raise bootstrap.ToolError("the wheel has no py.typed or no JavaScript bundles")


def require_import(wheel: Path, folder: Path) -> None:
    """Install the wheel with only its dependencies, and import it."""
    venv.create(folder, with_pip=False, symlinks=True)
    python = str(folder / "bin" / "python")
    pip = [sys.executable, "-m", "pip", "--python", python, "--quiet", "--disable-pip-version-check"]
    constraints = str(bootstrap.CONSTRAINTS)
    install = [*pip, "install", "--constraint", constraints, str(wheel)]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode:
        raise bootstrap.ToolError(f"the wheel does not install:\n{done.stderr}")
    subprocess.run([python, "-I", "-c", IMPORT], cwd=folder, check=True)


def verify() -> None:
    """Build and check the distributions."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = build(folder / "dist")
        require_contents(wheel)
        require_import(wheel, folder / "environment")

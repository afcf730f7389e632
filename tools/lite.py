"""Build a JupyterLite site with this package and a demonstration: `python tools/lite.py [folder]`.

Any web server for files can serve the site. Everything in it comes from PyPI and npm when it is built; the browser loads nothing
from other hosts.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import bootstrap
import javascript
import wheel
from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION
from nbformat import v4, write
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

SITE = bootstrap.ROOT / "build" / "lite"
# The integrity that npm states for `pyodide`, by version.
INTEGRITY = {
    "314.0.6": "sha512-BKDTJyIqFxC4BExLqeRS3f5xvXZIjOt8C3zGLN/Cc7tFxSwvKVhVkchQQ2AGLOtR4YrVOIFxbV8poyDOOmWwxQ=="
}
# The files of Pyodide that a browser loads.
LOADED = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
# For `pip download`, and for the markers of requirements: CPython 3.14 on Emscripten.
TARGET = ("--platform=pyemscripten_2026_0_wasm32", "--platform=any", "--python-version=3.14")
TAGS = ("--implementation=cp", "--abi=cp314", "--abi=abi3", "--abi=none")
ENVIRONMENT = {
    "platform_machine": "wasm32",
    "platform_system": "Emscripten",
    "python_full_version": "3.14.2",
    "python_version": "3.14",
    "sys_platform": "emscripten",
}
# Extensions of JupyterLab, from the environment that builds the site.
EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager", "anywidget")
# rpds-py has no wheel for Pyodide on PyPI, only at Pyodide's own host. This one has its classes.
RPDS = "rpds_py-2026.9.1"
RPDS_FILES = {
    "rpds/__init__.py": "from pyrsistent_as_rpds.pure import HashTrieMap, HashTrieSet, List, Queue\n",
    f"{RPDS}.dist-info/METADATA": f"""\
Metadata-Version: 2.1
Name: rpds-py
Version: {RPDS.partition("-")[2]}
Requires-Dist: pyrsistent-as-rpds-py==2.1.0
Requires-Dist: pyrsistent==0.20.0
""",
    f"{RPDS}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    f"{RPDS}.dist-info/RECORD": "",
}
SETTINGS = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "exposeAppInBrowser": True,
        "litePluginSettings": {
            f"{EXTENSIONS[0]}:kernel": {
                "pyodideUrl": "./static/pyodide/pyodide.mjs",
                "disablePyPIFallback": True,
            }
        },
    },
}
CELLS = (
    "%pip install -q openrouter-nb\n%load_ext openrouter_nb",
    # Simulated answers: without a server, and without a key.
    "%env OPENROUTER_BASE_URL=simulator:",
    "%%chat -m demo/tour\nWhat can you show?",
    "from openrouter_nb import achat\n\nanswer = await achat('Hello', model='demo/parrot')",
    "from openrouter_nb import Playground\n\nPlayground('demo/reasoner')",
)


def build(site: Path = SITE) -> Path:
    """Build the site in a folder, which is emptied before, and return the folder."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        pyodide = work / "static" / "pyodide"
        unpack_pyodide(pyodide)
        path = pyodide / "pyodide-lock.json"
        lock = json.loads(path.read_text())
        micropip = f"micropip=={lock['packages']['micropip']['version']}"
        collect_wheels(pyodide, wheel.build(work / "dist"), "ipython", "jedi", micropip)
        lock["packages"] = {entry["name"]: entry for entry in map(locked, sorted(pyodide.glob("*.whl")))}
        path.write_text(json.dumps(lock))
        (work / "files").mkdir()
        kernel = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
        demo = v4.new_notebook(cells=list(map(v4.new_code_cell, CELLS)), metadata={"kernelspec": kernel})
        write(demo, work / "files" / "demo.ipynb")
        (work / "jupyter-lite.json").write_text(json.dumps(SETTINGS))
        extensions = Path(sys.prefix, "share", "jupyter", "labextensions")
        shutil.rmtree(site, ignore_errors=True)
        run(
            *(sys.executable, "-m", "jupyterlite_core", "build"),
            *("--apps=lab", "--no-sourcemaps", "--no-unused-shared-packages", "--ignore-sys-prefix"),
            *(f"--LiteBuildConfig.federated_extensions={extensions / each}" for each in EXTENSIONS),
            *(f"--lite-dir={work}", f"--contents={work / 'files'}", f"--output-dir={site.resolve()}"),
            folder=work,  # it keeps its state here
        )
    return site


def unpack_pyodide(folder: Path) -> None:
    """Write the files of Pyodide, in the version that JupyterLite's kernel was built for."""
    folder.mkdir(parents=True)
    javascript.require_node()
    run("npm", "pack", "--silent", f"pyodide@{PYODIDE_VERSION}", "--pack-destination", str(folder))
    archive = folder / f"pyodide-{PYODIDE_VERSION}.tgz"
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != INTEGRITY.get(PYODIDE_VERSION):
        raise bootstrap.ToolError(f"pyodide {PYODIDE_VERSION} of npm has another integrity: sha512-{digest}")
    with tarfile.open(archive) as packed:
        for name in LOADED:
            (folder / name).write_bytes(packed.extractfile(f"package/{name}").read())
    archive.unlink()


def collect_wheels(folder: Path, own: Path, *kernel: str) -> None:
    """Put this package's wheel into a folder, and the wheels that it and the kernel require, in the locked versions."""
    shutil.copy(own, folder)
    with ZipFile(folder / f"{RPDS}-py3-none-any.whl", "w") as alias:
        for name, text in RPDS_FILES.items():
            alias.writestr(name, text)
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    download += [*TARGET, *TAGS, f"--constraint={bootstrap.CONSTRAINTS}", f"--dest={folder}"]
    known: set[Path] = set()
    wanted = list(kernel)
    while wanted:
        run(*download, *wanted)
        new = set(folder.glob("*.whl")) - known
        known |= new
        there = set(map(name_of, known))
        wanted = sorted(
            {
                f"{each.name}{each.specifier}"
                for path in new
                for each in requirements(path)
                if canonicalize_name(each.name) not in there
            }
        )


def name_of(path: Path) -> str:
    """Return the normalized name of a wheel's distribution."""
    return parse_wheel_filename(path.name)[0]


def requirements(path: Path) -> list[Requirement]:
    """Return what a wheel requires in Pyodide."""
    with ZipFile(path) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = Parser().parsestr(archive.read(name).decode(), headersonly=True)
    found = map(Requirement, metadata.get_all("Requires-Dist", []))
    return [each for each in found if not each.marker or each.marker.evaluate({**ENVIRONMENT, "extra": ""})]


def locked(path: Path) -> dict[str, object]:
    """Return the entry of a wheel in `pyodide-lock.json`."""
    with ZipFile(path) as archive:
        tops = {name.split("/")[0] for name in archive.namelist() if name.endswith(".py")}
    return {
        "name": name_of(path),
        "version": str(parse_wheel_filename(path.name)[1]),
        "file_name": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "install_dir": "site",
        "package_type": "package",
        "imports": sorted(name.removesuffix(".py") for name in tops),
        "depends": sorted({canonicalize_name(each.name) for each in requirements(path)}),
        "unvendored_tests": False,
    }


def run(*command: str, folder: Path = bootstrap.ROOT) -> None:
    """Run a program; raise `ToolError` with its output if it fails."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise bootstrap.ToolError(f"{' '.join(command[:4])} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    print(build(*map(Path, sys.argv[1:2])))

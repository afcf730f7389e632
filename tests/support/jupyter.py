"""JupyterLab or Notebook 7 in Chromium, with a separate server.

Waits use conditions of the application, through `window.jupyterapp`.
"""

import contextlib
import json
import os
import secrets
import shutil
import signal
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import nbformat
from playwright.sync_api import Locator, Page
from support.browser import Watch
from support.server_process import PATIENCE_S, ServerProcess

PATIENCE_MS = PATIENCE_S * 1000
JsonObject = dict[str, Any]
LAB_EXTENSION = Path(__file__).resolve().parents[2] / "openrouter_nb" / "labextension"

QUIET = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    }
}

SERVER_CONFIG = f"""
import sys
sys.path.append({str(Path(__file__).parents[1])!r})
from support import forked_kernels
forked_kernels.install()
c.ServerApp.jpserver_extensions = {{"voila.server_extension": False, "jupytext": False}}
"""
# Voila, jupytext and JupyterLite are installed for their own tests: pages without them are those of `make lab`.
DISABLED = (
    "@jupyterlite/pyodide-kernel-extension",
    "@voila-dashboards/jupyterlab-preview",
    "jupyterlab-jupytext",
)


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
        disabled: Sequence[str] = (),
    ) -> None:
        self.root = root
        self.app = app
        self.token = secrets.token_hex(16)
        self._headers = {"Authorization": f"token {self.token}"}
        self._env = env or {}
        self._settings = QUIET | (settings or {})
        self._python = python
        self._page_config = {"disabledExtensions": dict.fromkeys((*DISABLED, *disabled), True)}

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="openrouter-nb-")
        state = Path(self._folder.name)
        self._write_settings(state / "settings")
        (state / "config" / "labconfig").mkdir(parents=True)
        (state / "extensions" / "labextensions").mkdir(parents=True)
        (state / "extensions" / "labextensions" / "openrouter-nb").symlink_to(LAB_EXTENSION)
        (state / "config" / "jupyter_server_config.py").write_text(SERVER_CONFIG)
        (state / "config" / "labconfig" / "page_config.json").write_text(json.dumps(self._page_config))
        self._server = ServerProcess(
            self._command(),
            cwd=self.root,
            log=state / "server.log",
            env=self._environment(state),
            health="/api/status",
            headers=self._headers,
        )
        self.url = self._server.url
        try:
            self._server.__enter__()
        except BaseException:
            self._folder.cleanup()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._server.__exit__()
        self._folder.cleanup()

    @property
    def log(self) -> str:
        """Log of the server and its kernels."""
        return self._server.log

    def add_kernel(self, name: str, env: dict[str, str]) -> None:
        """Add a Python kernel with this environment; open pages must be updated."""
        folder = Path(self._folder.name) / "data" / "kernels" / name
        folder.mkdir(parents=True, exist_ok=True)
        command = [self._python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec = {"argv": command, "display_name": name, "language": "python", "env": env}
        (folder / "kernel.json").write_text(json.dumps(spec))

    def address(self, name: str) -> str:
        """Return the address of a notebook, for a page without unsaved changes."""
        folder = "lab/tree" if self.app == "lab" else "notebooks"
        return f"{self.url}/{folder}/{name}?token={self.token}&reset"

    def get(self, path: str) -> Any:
        """Return a response of the server's REST API, such as `/api/sessions`."""
        return json.loads(self._ask("GET", path))

    def trust(self, name: str) -> None:
        """Save a notebook without outputs through the server, which trusts it from then on."""
        body = {"type": "notebook", "content": json.loads((self.root / name).read_text(encoding="utf-8"))}
        self._ask("PUT", f"/api/contents/{name}", json.dumps(body).encode())

    def reset(self) -> None:
        """Restore the initial state: no kernels, initial settings. For pages opened afterwards."""
        for kernel in self.get("/api/kernels"):
            self._ask("DELETE", f"/api/kernels/{kernel['id']}")
        settings = Path(self._folder.name) / "settings"
        shutil.rmtree(settings)
        self._write_settings(settings)

    def _ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        request = urllib.request.Request(self.url + path, body, self._headers, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return answer.read()

    def _write_settings(self, folder: Path) -> None:
        for plugin, values in self._settings.items():
            package, name = plugin.split(":")
            file = folder / package / f"{name}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values))

    def _command(self) -> list[str]:
        return [
            self._python,
            "-m",
            {"lab": "jupyterlab", "notebook": "notebook"}[self.app],
            "--allow-root",
            "--no-browser",
            "--ip=127.0.0.1",
            "--port={port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={self.root}",
            "--ServerApp.terminals_enabled=False",
            "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.extension_manager=readonly",
            # Tests kill kernels more often than the default of five times in a row.
            "--KernelRestarter.restart_limit=100",
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
            "JUPYTER_PATH": "extensions",
        }
        own = {variable: str(state / folder) for variable, folder in folders.items()}
        fixed = {"JUPYTER_TOKEN": self.token, "JUPYTER_PREFER_ENV_PATH": "1"}
        return {**self._env, **own, **fixed}


# Overlay of JupyterLab while it starts and loads a theme. It is removed a little after the end; if a theme is selected
# meanwhile, JupyterLab removes it twice, and the second time raises an error in its code.
SPLASH = "#jupyterlab-splash"

# The panel of the notebook, once it is drawn without an overlay and its kernel is idle.
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

# Whether the page can show another notebook.
HAS_ROOM = """(application) => {
    const shell = window.jupyterapp?.shell;
    return !!shell && (application === "lab" || [...shell.widgets("main")].length === 0);
}"""

# Notebook 7 adds a sign of trust to its bar for each notebook and keeps it.
CLOSE = """async () => {
    await window.__panel.sessionContext.shutdown();
    window.__panel.dispose();
    for (const area of ["top", "menu"]) {
        for (const widget of window.jupyterapp.shell.widgets(area)) {
            if (widget.node.matches(":has(> .jp-NotebookTrustedStatus)")) widget.dispose();
        }
    }
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

# Delays, loses and counts what the page sends to kernels.
CONNECTION = """() => {
    if (window.__connection) return;
    const { send } = WebSocket.prototype;
    const state = window.__connection = { delay: 0, isLosing: false, lost: 0, sockets: new Set() };
    WebSocket.prototype.send = function (data) {
        if (!this.url.includes("/api/kernels/")) return send.call(this, data);
        state.sockets.add(this);
        if (state.isLosing) state.lost++;
        else if (state.delay === 0) send.call(this, data);
        else setTimeout(() => this.readyState === WebSocket.OPEN && send.call(this, data), state.delay);
    };
}"""
CUT = """() => {
    const state = window.__connection;
    state.isLosing = false;
    for (const socket of state.sockets) socket.close();
    state.sockets.clear();
}"""


class Notebook:
    """A notebook open in a page."""

    def __init__(self, page: Page, server: JupyterServer, name: str, watch: Watch | None = None) -> None:
        self.page = page
        self.server = server
        self.name = name
        self.path = server.root / name
        self.watch = watch or Watch()

    def open(self, *, is_running: bool = False) -> Self:
        """Open the notebook, in the same page if the application is loaded, which is four times as fast.

        Notebook 7 shows one notebook in a page: the one before must have been closed.
        """
        here = self.page.url.startswith(self.server.url)
        if here and self.page.evaluate(HAS_ROOM, self.server.app):
            # Without `_noref`, Notebook 7 opens another window.
            self.command("docmanager:open", path=self.name, options={"ref": "_noref"})
            self._find(is_running=is_running)
        else:
            self.reload(is_running=is_running)
        return self

    def reload(self, *, is_running: bool = False) -> None:
        """Reload the page. Unsaved changes are lost; the kernel continues to run."""
        self.page.goto(self.server.address(self.name))
        self._find(is_running=is_running)

    def close(self) -> None:
        """Shut down the kernel and close the notebook, saved or not."""
        self.page.evaluate(CLOSE)

    def _find(self, *, is_running: bool = False) -> None:
        # A busy kernel does not report its state to a new page.
        self.page.wait_for_function(FIND_PANEL, arg=[self.name, is_running, SPLASH], timeout=PATIENCE_MS)

    # -- running

    def run(self, index: int) -> list[JsonObject]:
        """Run a cell, wait for its end, and return its outputs."""
        self.start(index)
        self.wait()
        return self.outputs(index)

    def start(self, index: int) -> None:
        """Run a cell without waiting."""
        self.page.evaluate(CHOOSE_CELL, index)
        self.page.evaluate(START, "notebook:run-cell")

    def start_all(self) -> None:
        """Run > Run All Cells, without waiting."""
        self.page.evaluate(START, "notebook:run-all-cells")

    def wait(self) -> None:
        """Wait for the end of the started cells."""
        self.page.wait_for_function("() => window.__done", timeout=PATIENCE_MS)

    def run_all(self) -> None:
        """Run > Run All Cells, and wait for the end or the first error."""
        self.command("notebook:run-all-cells")

    def wait_idle(self) -> None:
        """Wait until the kernel is idle."""
        self.page.wait_for_function(IS_IDLE, timeout=PATIENCE_MS)

    def interrupt(self) -> None:
        """Kernel > Interrupt Kernel."""
        self.command("notebook:interrupt-kernel")

    @contextlib.contextmanager
    def latency(self, ms: int) -> Iterator[None]:
        """Delay each message of the page to a kernel."""
        self.page.evaluate(CONNECTION)
        self.page.evaluate("(ms) => { window.__connection.delay = ms; }", ms)
        try:
            yield
        finally:
            # After the delayed messages, which later ones must not overtake.
            self.page.evaluate(
                "(ms) => new Promise((done) => setTimeout(() => { window.__connection.delay = 0; done(); }, ms))",
                ms,
            )

    @contextlib.contextmanager
    def lost_connection(self) -> Iterator[None]:
        """Lose what the page sends to kernels, at least one message, then close the connections."""
        self.page.evaluate(CONNECTION)
        self.page.evaluate("() => Object.assign(window.__connection, { isLosing: true, lost: 0 })")
        yield
        self.page.wait_for_function("() => window.__connection.lost > 0", timeout=PATIENCE_MS)
        self.page.evaluate(CUT)

    def kill(self, process: int) -> None:
        """Kill the kernel, and close the dialog about it, which would cover the page for the next test."""
        os.kill(process, signal.SIGKILL)
        self.page.locator(".jp-Dialog", has_text="appears to have died").locator(".jp-mod-accept").click()

    def execute_silently(self, code: str) -> None:
        """Run code in the kernel without changing the notebook."""
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
        """Return the outputs of a cell, from the application's model."""
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
        """Whether a cell is shown as running; not reliable while a widget communicates with its kernel."""
        return self.cell(index).locator(".jp-InputPrompt").inner_text() == "[*]:"

    def screenshot(self, index: int, path: Path) -> None:
        """Take a screenshot of a complete cell."""
        path.parent.mkdir(parents=True, exist_ok=True)
        cell, size = self.cell(index), self.page.viewport_size
        height = cell.evaluate("(node) => node.scrollHeight")
        # Content outside the notebook's scrolling area would be missing from the screenshot.
        self.page.set_viewport_size({**size, "height": max(size["height"], height + 200)})
        try:
            cell.screenshot(path=path)
        finally:
            self.page.set_viewport_size(size)

    # -- the rest of the menus

    def save(self) -> str:
        """Save the notebook and return the text of the file."""
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
        """Run a command of the application, and wait for its end."""
        self.page.evaluate(
            "([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => null)",
            [command, arguments],
        )

"""A notebook in the classic notebook of nbclassic."""

import json
from typing import Any, Self

from playwright.sync_api import Locator, Page
from support.jupyter import PATIENCE_MS, JsonObject, JupyterServer

IS_READY = "() => !!window.Jupyter?.notebook?._fully_loaded && Jupyter.notebook.kernel?.is_connected()"
IS_IDLE = "() => Jupyter.notebook.get_cells().every((cell) => cell.input_prompt_number !== '*')"
START = "(index) => { Jupyter.notebook.execute_cells([index]); }"
EXECUTE = """(code) => new Promise((done) => {
    Jupyter.notebook.kernel.execute(code, { shell: { reply: (message) => done(message.content) } }, { silent: true });
})"""


class ClassicNotebook:
    """A notebook open in a page. Its methods have the meaning of those of `support.jupyter.Notebook`."""

    def __init__(self, page: Page, server: JupyterServer, name: str) -> None:
        self.page = page
        self.path = server.root / name
        self._address = f"{server.url}/notebooks/{name}?token={server.token}"

    def open(self) -> Self:
        """Load the page."""
        self.page.goto(self._address)
        self.page.wait_for_function(IS_READY, timeout=PATIENCE_MS)
        return self

    def close(self) -> None:
        """Shut down the kernel and leave the page."""
        self.page.evaluate("() => new Promise((done) => Jupyter.notebook.session.delete(done, done))")
        self.page.goto("about:blank")

    def start(self, index: int) -> None:
        """Run a cell without waiting."""
        self.page.evaluate(START, index)

    def wait(self) -> None:
        """Wait until no cell runs."""
        self.page.wait_for_function(IS_IDLE, timeout=PATIENCE_MS)

    def run(self, index: int) -> list[JsonObject]:
        """Run a cell, wait for its end, and return its outputs."""
        self.start(index)
        self.wait()
        return self.outputs(index)

    def outputs(self, index: int) -> list[JsonObject]:
        """Return the outputs of a cell, from the application's model."""
        return self.page.evaluate("(index) => Jupyter.notebook.get_cell(index).output_area.toJSON()", index)

    def output(self, index: int) -> Locator:
        """The outputs of a cell on the screen."""
        return self.page.locator(".cell").nth(index).locator(".output")

    def live(self, index: int) -> Locator:
        """The live view of a chat cell."""
        return self.output(index).locator(".orn-live")

    def execute_silently(self, code: str) -> None:
        """Run code in the kernel without changing the notebook."""
        reply: dict[str, Any] = self.page.evaluate(EXECUTE, code)
        if reply["status"] != "ok":
            raise RuntimeError(f"{reply['ename']}: {reply['evalue']}")

    def save(self) -> JsonObject:
        """Save the notebook and return the contents of the file."""
        self.page.evaluate("() => Jupyter.notebook.save_notebook().then(() => null)")
        return json.loads(self.path.read_text(encoding="utf-8"))

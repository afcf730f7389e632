"""The JupyterLite site that `tools/lite.py` has built, served from this process."""

import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from support.jupyter import write_notebook

REPOSITORY = Path(__file__).resolve().parents[2]
SITE = REPOSITORY / "build" / "lite"


class LiteSite:
    """A web server for the files of the site, with the interface of `JupyterServer` that `Notebook` uses.

    Args:
        root: An empty folder, for the notebook.
        cells: Cells of the notebook, instead of the demonstration's.
    """

    app = "lab"
    notebook = "demo.ipynb"

    def __init__(self, root: Path, *cells: str) -> None:
        require_current()
        self.root = root
        write_notebook(self.root / self.notebook, *cells, kernel="python")

    def address(self, name: str) -> str:
        """Return the address of a notebook."""
        return f"{self.url}/lab/index.html?path={name}"

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, self.root, directory=str(SITE)))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def megabytes(self) -> float:
        """Size of all files."""
        return sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file()) / 1e6


class _Files(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, root: Path, *args: Any, **options: Any) -> None:
        self._root = root
        super().__init__(*args, **options)

    def translate_path(self, path: str) -> str:
        """Return the file of an address: a notebook of the test, or a file of the site."""
        folder, _, name = path.partition("?")[0].rpartition("/")
        replaced = self._root / name
        return str(replaced) if folder == "/files" and replaced.is_file() else super().translate_path(path)

    def log_message(self, *_: Any) -> None:
        """Keep the output of the tests readable."""


def require_current() -> None:
    """Raise an error unless the site has this version of the package."""
    wheels = list(SITE.glob("static/pyodide/openrouter_nb-*.whl"))
    if not wheels or _modules(wheels[0]) != _sources():
        raise RuntimeError(
            "build/lite is missing or has another openrouter_nb: run `python tools/lite.py` before the test"
        )


def _modules(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {
            name: archive.read(name)
            for name in archive.namelist()
            if name.startswith("openrouter_nb/") and name.endswith((".py", ".js"))
        }


def _sources() -> dict[str, bytes]:
    package = REPOSITORY / "openrouter_nb"
    paths = [
        path
        for end in ("*.py", "*.js")
        for path in package.rglob(end)
        if not path.is_relative_to(package / "labextension")  # installed beside the package
    ]
    return {path.relative_to(REPOSITORY).as_posix(): path.read_bytes() for path in paths}

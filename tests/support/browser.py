"""Chromium, and a record of the events of a page."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Page,
    ViewportSize,
    WebSocket,
    sync_playwright,
)
from playwright.sync_api import Error as PlaywrightError

VIEWPORT: ViewportSize = {"width": 1280, "height": 900}

CHROMIUM_OPTIONS = (
    "--no-sandbox",  # without it root cannot start it
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    # External requests fail immediately instead of timing out.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


@contextlib.contextmanager
def chromium(executable: str | None) -> Iterator[Browser]:
    """Start a browser; `None` for the one installed by Playwright."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_OPTIONS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watch:
    """Events of a page since `clear`."""

    errors: list[str] = field(default_factory=list)
    """Uncaught exceptions."""
    complaints: list[str] = field(default_factory=list)
    """Errors written to the console."""
    dialogs: list[str] = field(default_factory=list)
    """`alert`, `confirm` and `prompt`."""
    foreign: list[str] = field(default_factory=list)
    """Requests to other hosts; none of them left this machine."""
    frames: int = 0
    """Messages from kernels."""
    size: int = 0
    """Their bytes."""
    traffic: list[str | bytes] | None = None
    """Messages between page and kernels, both ways, where a test has put a list here."""

    def attach(self, page: Page) -> None:
        """Start recording."""
        page.on("pageerror", lambda error: self.record_error(error.message, error.stack or ""))
        page.on("console", self._console)
        page.on("dialog", self._dialog)
        page.on("request", lambda request: self.record_request(request.url))
        page.on("websocket", self._websocket)

    def clear(self) -> None:
        """Discard the recorded events."""
        self.__init__()

    def record_error(self, message: str, stack: str) -> None:
        """Record an uncaught exception."""
        # Their own: JupyterLab shuts a kernel down while one of its parts still asks it for something, Notebook 7 stumbles
        # over its settings while it starts, and JupyterLab 4.0 and Notebook 7.0 over a notebook that was closed.
        is_theirs = (
            re.search("Canceled future for (create_subshell|debug)_request", message) is not None
            or ("reading 'schema'" in message and "/static/notebook/notebook_core" in stack)
            or ("reading 'last_modified'" in message and "/static/notebook/" in stack)
            or ("reading 'type'" in message and "/static/lab/jlab_core" in stack)
        )
        if not is_theirs:
            self.errors.append(f"{message}\n{stack}")

    def _console(self, message: ConsoleMessage) -> None:
        # What cannot be loaded is Jupyter asking for its optional parts; other hosts are in `foreign`.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(message.text)

    def _dialog(self, dialog: Dialog) -> None:
        if dialog.type == "beforeunload":  # the application's own question on leaving what is not saved
            dialog.accept()
        else:
            self.dialogs.append(dialog.message)
            dialog.dismiss()

    def record_request(self, url: str) -> None:
        """Record a request if it goes to another host."""
        parts = urlsplit(url)
        if parts.scheme.startswith("http") and parts.hostname not in {"127.0.0.1", "localhost"}:
            self.foreign.append(url)

    def _websocket(self, websocket: WebSocket) -> None:
        if "/api/kernels/" in websocket.url:
            websocket.on("framereceived", self._frame)
            websocket.on("framesent", self._overhear)

    def _frame(self, payload: str | bytes) -> None:
        self.frames += 1
        self.size += len(payload)
        self._overhear(payload)

    def _overhear(self, payload: str | bytes) -> None:
        if self.traffic is not None:
            self.traffic.append(payload)


class Tab:
    """One page for many tests, with a watch on it; a test that failed in it leaves nothing to the next one."""

    def __init__(self, browser: Browser, *, patience_ms: float) -> None:
        self._browser = browser
        self._patience_ms = patience_ms
        self.is_spoiled = False
        self.watch = Watch()
        self.page = self._open()

    def renew(self) -> None:
        """Replace the page by a new one."""
        self.close()
        self.page = self._open()
        self.is_spoiled = False

    def close(self) -> None:
        """Close the page in any state."""
        with contextlib.suppress(PlaywrightError):  # a page that crashed cannot be closed
            self.page.close()

    def _open(self) -> Page:
        page = self._browser.new_page(viewport=VIEWPORT)
        page.set_default_timeout(self._patience_ms)
        self.watch.clear()
        self.watch.attach(page)
        return page

"""A console of Qt without a screen: qtconsole, or the one of Spyder.

As a program of their environment, `python qt_console.py qtconsole` or `… spyder`, it executes each line of its standard input,
a JSON string; null is the button that interrupts the kernel. It writes the text of the console, in JSON, when it has changed.
"""

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

PATIENCE_S = 120
# One prompt in a line; the number is that of the next cell.
PROMPT = "\nIn [{}]: "


class QtConsole:
    """A running console.

    Attributes:
        text: What it shows.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.text = ""
        self._process = process
        self._changed = threading.Condition()
        self._is_closed = False
        self._number = 1
        threading.Thread(target=self._read, daemon=True).start()
        self.wait_for_prompt()

    def start(self, code: str) -> None:
        """Execute code without waiting."""
        self._number += 1
        self._send(code)

    def run(self, code: str) -> str:
        """Execute code and return what it has written."""
        prompt = PROMPT.format(self._number)
        self.start(code)
        self.wait_for_prompt()
        # The text above may change until then: the number of its characters does not tell where the output begins.
        return self.text.rpartition(prompt)[2]

    def interrupt(self) -> None:
        """Interrupt the kernel."""
        self._send(None)

    def wait_for_prompt(self) -> None:
        """Wait until the started code has ended."""
        self.wait_for(lambda: PROMPT.format(self._number) in self.text)

    def wait_for(self, condition: Callable[[], Any]) -> None:
        """Wait until a condition of the text is true."""
        with self._changed:
            self._changed.wait_for(lambda: condition() or self._is_closed, PATIENCE_S)
            assert condition(), self.text

    def _send(self, line: str | None) -> None:
        assert self._process.stdin
        print(json.dumps(line), file=self._process.stdin, flush=True)

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            with self._changed:
                self.text = json.loads(line)
                self._changed.notify_all()
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()


@contextlib.contextmanager
def qt_console(python: str, kind: str, folder: Path, env: dict[str, str]) -> Iterator[QtConsole]:
    """Start the console of an interpreter; the block ends it with its kernel."""
    settings = {
        "QT_QPA_PLATFORM": "offscreen",
        "QTWEBENGINE_DISABLE_SANDBOX": "1",  # with it root cannot start the pages of Spyder
        "SPYDER_PYTEST": "1",  # Spyder then returns its window
        "XDG_RUNTIME_DIR": str(folder),
    }
    with (folder / f"{kind}.log").open("wb") as log:
        process = subprocess.Popen(
            [python, __file__, kind, str(folder)],
            env={**os.environ, **settings, **env},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
        )
    with process:
        try:
            yield QtConsole(process)
        finally:
            assert process.stdin
            process.stdin.close()  # at which it ends


# -- in the process of the console


def open_qtconsole() -> tuple[Any, Callable[[], None]]:
    """Return the widget of a qtconsole with a kernel, and the function that ends the kernel."""
    from qtconsole.manager import QtKernelManager
    from qtconsole.rich_jupyter_widget import RichJupyterWidget

    manager = QtKernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    widget = RichJupyterWidget()
    widget.kernel_manager, widget.kernel_client = manager, client

    def close() -> None:
        client.stop_channels()
        manager.shutdown_kernel(now=True)

    return widget, close


def open_spyder(folder: str) -> tuple[Any, Callable[[], None]]:
    """Return the console of Spyder's window, and the function that closes the window."""
    sys.argv = ["spyder", "--no-web-widgets", "--conf-dir", folder]
    from qtpy.QtWidgets import QApplication
    from spyder.app import start

    window = start.main()
    consoles = window.get_plugin("ipython_console")
    while consoles.get_current_shellwidget() is None:
        QApplication.processEvents()
        time.sleep(0.01)
    return consoles.get_current_shellwidget(), lambda: window.closing(close_immediately=True)


def main() -> None:
    """Open the console, and execute the lines of standard input up to its end."""
    _, kind, folder = sys.argv
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")  # Spyder replaces sys.stdout
    os.dup2(2, 1)
    from qtpy.QtWidgets import QApplication

    application = QApplication.instance() or (QApplication([]) if kind == "qtconsole" else None)
    widget, close = open_qtconsole() if kind == "qtconsole" else open_spyder(folder)
    shown = ""
    pending = b""
    while True:
        QApplication.processEvents()
        if (text := widget._control.toPlainText()) != shown:
            shown = text
            print(json.dumps(text), file=output, flush=True)
        if not select.select([0], [], [], 0.01)[0]:
            continue
        read = os.read(0, 65536)
        if not read:
            break
        *lines, pending = (pending + read).split(b"\n")
        for line in lines:
            code = json.loads(line)
            widget.interrupt_kernel() if code is None else widget.execute(code)
    close()
    del application
    os._exit(0)  # the objects of Qt are deleted in any order at the end of Python


if __name__ == "__main__":
    main()

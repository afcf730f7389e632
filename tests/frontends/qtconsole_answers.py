"""qtconsole, without a screen: load, a growing answer, interrupt, an error, the panel's note. Prints the versions.

Not a part of `make test`, because PySide6 has 100 MB: `pip install qtconsole PySide6_Essentials`, then run this file.
"""

import os
import time

os.environ |= {"QT_QPA_PLATFORM": "offscreen", "QT_API": "pyside6"}

import PySide6
import qtconsole
from qtconsole.manager import QtKernelManager
from qtconsole.rich_jupyter_widget import RichJupyterWidget
from qtpy.QtWidgets import QApplication

from openrouter_nb.simulator import Simulator

PATIENCE_S = 60
SIZES = 4
SLOW = "%chat -m demo/slow -p simulator.wait_ms=0 -p simulator.pace_ms=30 Hello"


class Console:
    """A qtconsole with its kernel."""

    def __init__(self):
        self._application = QApplication([])
        self._manager = QtKernelManager(kernel_name="python3")
        self._manager.start_kernel()
        client = self._manager.client()
        client.start_channels()
        self.widget = RichJupyterWidget()
        self.widget.kernel_manager, self.widget.kernel_client = self._manager, client
        self._number = 1
        self.wait_for_prompt()

    @property
    def text(self):
        return self.widget._control.toPlainText()

    def wait_for(self, condition):
        end = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < end, self.text
            self._application.processEvents()
            time.sleep(0.01)

    def wait_for_prompt(self):
        self.wait_for(lambda: f"In [{self._number}]" in self.text)

    def run(self, code):
        """Run a cell and return what it has written."""
        before = len(self.text)
        self.start(code)
        self.wait_for_prompt()
        return self.text[before:]

    def start(self, code):
        self.widget.execute(code)
        self._number += 1

    def close(self):
        self.widget.kernel_client.stop_channels()
        self._manager.shutdown_kernel(now=True)


def main():
    with Simulator() as simulator:
        os.environ["OPENROUTER_BASE_URL"] = simulator.base_url
        console = Console()
        console.run("%load_ext openrouter_nb")
        sizes = set()

        def has_grown():
            if "simulated answer" in console.text:
                sizes.add(len(console.text))
            return len(sizes) == SIZES

        console.start(SLOW)
        console.wait_for(has_grown)
        assert simulator.exchanges[-1].outcome == "running"
        console.widget.interrupt_kernel()
        console.wait_for_prompt()
        simulator.wait_for_close()
        assert simulator.exchanges[-1].outcome == "client gone"
        assert "KeyboardInterrupt: the request was closed." in console.text
        assert "Not enough credits (status 402)" in console.run("%chat -m demo/error-402 Hello")
        assert "A console has no panel" in console.run("from openrouter_nb import Playground\nPlayground()")
        assert "42" in console.run("print(6 * 7)")
        console.close()
    print(f"qtconsole {qtconsole.__version__}, PySide6 {PySide6.__version__}: {SIZES} sizes seen, stopped")


if __name__ == "__main__":
    main()

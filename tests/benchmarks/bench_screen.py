"""What a reader waits for, in JupyterLab in Chromium: from a key to the first sign, from the wire to the screen."""

import os
import statistics
import tempfile
import time
from pathlib import Path

from report import Row, milliseconds, ratio
from support.browser import chromium
from support.jupyter import JupyterServer, Notebook, write_notebook

from openrouter_nb.simulator import Simulator
from openrouter_nb.simulator.responses.response_writer import ResponseWriter

NAME = "On screen"
RUNS = 20
COLD_RUNS = 8
CHAT = "%%chat --once -m demo/parrot\nHello"
# The view is there long before the first word is.
LATE = "%%chat --once -m demo/parrot -p simulator.wait_ms=400\nMarker"
PRINT = "print('Hello')"

# From the key to the frame after the first element appears below the cell.
WATCH_FIRST_SIGN = """(index) => {
    const cell = window.__panel.content.widgets[index].node;
    window.__times = {};
    const press = (event) => {
        if (event.key !== "Enter") return;
        window.__times.pressed = performance.now();
        removeEventListener("keydown", press, true);
    };
    addEventListener("keydown", press, true);
    const isThere = () => cell.querySelector(".orn-live, .jp-OutputArea-output");
    const painted = (name) => requestAnimationFrame(() => setTimeout(() => {
        window.__times[name] ??= performance.now();
    }));
    const observer = new MutationObserver(() => {
        if (!isThere()) return;
        observer.disconnect();
        painted("seen");
    });
    observer.observe(cell, { subtree: true, childList: true });
}"""

# The frame after the first word of the answer appears, by the clock on the wall.
WATCH_FIRST_WORD = """(index) => {
    const cell = window.__panel.content.widgets[index].node;
    window.__times = {};
    const observer = new MutationObserver(() => {
        if (!cell.querySelector(".orn-body")?.textContent) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => {
            window.__times.seen = (performance.timeOrigin + performance.now()) / 1000;
        }));
    });
    observer.observe(cell, { subtree: true, childList: true, characterData: true });
}"""

IS_OVER = """(index) => {
    const cell = window.__panel.content.widgets[index];
    return !!window.__times.seen && cell.model.executionCount !== null;
}"""


def run() -> list[Row]:
    """Each figure is a median over many cells."""
    folder = tempfile.TemporaryDirectory()
    with (
        folder,
        chromium(os.environ.get("OPENROUTER_NB_CHROMIUM")) as browser,
        Simulator() as simulator,
        JupyterServer(Path(folder.name), env={"OPENROUTER_BASE_URL": simulator.base_url}) as server,
    ):
        page = browser.new_page(viewport={"width": 1280, "height": 900})

        def cells(source: str, count: int) -> Notebook:
            name = write_notebook(server.root / f"{time.time_ns()}.ipynb", *[source] * count).name
            notebook = Notebook(page, server, name).open()
            notebook.execute_silently("%load_ext openrouter_nb")
            return notebook

        def measure(source: str, count: int, watch: str = WATCH_FIRST_SIGN) -> list[float]:
            notebook = cells(source, count + 1)
            times = [_press(notebook, index, watch) for index in range(count + 1)]
            notebook.close()
            return times[1:]

        def first_of_kernel(source: str) -> float:
            notebook = cells(source, 1)
            seconds = _press(notebook, 0, WATCH_FIRST_SIGN)
            notebook.close()
            return seconds

        measure(PRINT, 1)  # the page itself is warm from here on
        plain = measure(PRINT, RUNS)
        warm = measure(CHAT, RUNS)
        cold_plain = [first_of_kernel(PRINT) for _ in range(COLD_RUNS)]
        cold = [first_of_kernel(CHAT) for _ in range(COLD_RUNS)]
        sent = _record_words()
        seen = measure(LATE, RUNS, WATCH_FIRST_WORD)
    first_word = [at - then for at, then in zip(seen, sent[-len(seen) :], strict=True)]
    return [
        Row(
            "Shift+Enter to the first sign, chat cell",
            f"{ratio(warm, plain)} x `print`",
            "< 150 ms",
            milliseconds(warm),
        ),
        Row(
            "the same, first chat cell of a kernel",
            f"{ratio(cold, cold_plain)} x `print`",
            "",
            milliseconds(cold),
        ),
        Row("the same, `print`", "1", "", milliseconds(plain)),
        Row("the same, first `print` of a kernel", "1", "", milliseconds(cold_plain)),
        Row(
            "first word sent by the server to it being on screen",
            f"{statistics.median(first_word) / statistics.median(plain):.2f} x Shift+Enter to `print`",
            "< 100 ms",
            milliseconds(first_word),
        ),
    ]


def _press(notebook: Notebook, index: int, watch: str) -> float:
    """Run a cell with a real key; seconds from the key to what is watched for, or the time of that."""
    page = notebook.page
    page.evaluate(
        """(index) => {
            const notebook = window.__panel.content;
            notebook.activeCellIndex = index;
            notebook.mode = "command";
            notebook.scrollToItem(index);
            notebook.node.focus();
        }""",
        index,
    )
    page.evaluate(watch, index)
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(IS_OVER, arg=index)
    times = page.evaluate("() => window.__times")
    return times["seen"] if watch is WATCH_FIRST_WORD else (times["seen"] - times["pressed"]) / 1000


def _record_words() -> list[float]:
    """When the simulator wrote each first word, by the clock on the wall, from now on."""
    times: list[float] = []
    write = ResponseWriter.write

    async def recorded(stage: ResponseWriter, data: bytes) -> None:
        if b'"content": "Marker"' in data or b'"content":"Marker"' in data:
            times.append(time.time())
        await write(stage, data)

    ResponseWriter.write = recorded  # type: ignore[method-assign]
    return times

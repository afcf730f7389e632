"""Take the pictures of the documents, in JupyterLab with its light theme: `make pictures`.

The small local model answers in the first one, with the cells of the quick start; scripted models answer in the second one.
The last two show cells with and without the extension of JupyterLab. A wrong answer ends the program without a picture.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import bootstrap
import lab
import nbformat
from browser import CHROMIUM

import notebooks

sys.path.insert(0, str(bootstrap.ROOT / "tests"))

from PIL import Image
from support.browser import chromium
from support.jupyter import JupyterServer, Notebook, write_notebook
from support.playground import PlaygroundView

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = bootstrap.ROOT / "notebooks" / "images"
QUICKSTART = FOLDER / "quickstart.png"
PLAYGROUND = FOLDER / "playground.png"
QUICKSTART_CELLS = 3
RIGHT_ANSWERS = {1: "Paris", 2: "Eiffel Tower"}
CELL = 'from openrouter_nb import Playground\n\nPlayground(["demo/tour", "demo/reasoner"], temperature=0.2)'
CHAT_CELLS = {True: FOLDER / "chat-cells.png", False: FOLDER / "chat-cells-without-extension.png"}
PROSE = """%%chat -m openai/gpt-5-mini -t 0.2 -s "Answer in French."
# Compare the two samples

If the *value* is None in one of them, say so, and do not guess for the other in your answer.

- the first one: {{first.describe()}}
- the second one, with outliers removed: {{ second[second.x < 3] }}

```python
for name in ("first", "second"):
    plot(name)
```"""
FAILS = "rows = {'city': 'Lyon'}\nrows['town']"
PROMPT = "What can an answer hold?"
# The height of a small screen, in a window that shows the complete cell.
STYLE = ".jp-cell-toolbar { display: none !important; } .orn-pg .orn-thread { max-height: 600px; }"
MARGIN_PX = 8
COLORS = 128


def open_notebook(page: Page, server: JupyterServer, name: str, *cells: str) -> Notebook:
    """Open a new notebook without the file browser and the toolbars of cells."""
    opened = Notebook(page, server, write_notebook(server.root / name, *cells).name).open()
    page.add_style_tag(content=STYLE)
    return opened


def quickstart(page: Page, server: JupyterServer) -> None:
    """Run the first cells of the quick start, and take the screenshot of all of them."""
    cells = [cell.source for cell in nbformat.read(lab.NOTEBOOK, 4).cells if cell.cell_type == "code"]
    opened = open_notebook(page, server, "quickstart.ipynb", *cells[:QUICKSTART_CELLS])
    opened.command("application:toggle-left-area")
    for index in range(QUICKSTART_CELLS):
        opened.run(index)
    for index, right in RIGHT_ANSWERS.items():
        if right not in (text := opened.output(index).inner_text()):
            raise bootstrap.ToolError(f"no picture: {right!r} is not in the answer {text!r}")
    page.mouse.move(0, 0)
    boxes = [opened.cell(index).bounding_box() for index in range(QUICKSTART_CELLS)]
    top, bottom = boxes[0]["y"], boxes[-1]["y"] + boxes[-1]["height"]
    clip = {**boxes[0], "y": top - MARGIN_PX, "height": bottom - top + 2 * MARGIN_PX}
    page.screenshot(path=QUICKSTART, clip=clip)


def playground(page: Page, server: JupyterServer) -> None:
    """Send a prompt to two models, and take the screenshot of the panel."""
    opened = open_notebook(page, server, "playground.ipynb", CELL)
    opened.run(0)
    view = PlaygroundView(opened).wait()
    view.ask(PROMPT)
    view.wait_done(2)
    view.root.locator(".orn-thread").evaluate("(box) => { box.scrollTop = 0; }")
    view.root.locator(".orn-reasoning summary").click()
    view.message.blur()
    page.mouse.move(0, 0)
    opened.screenshot(0, PLAYGROUND)


def chat_cells(page: Page, server: JupyterServer, target: Path) -> None:
    """Take the screenshot of a chat cell and of a traceback."""
    opened = open_notebook(page, server, "cells.ipynb", PROSE, FAILS)
    opened.command("application:toggle-left-area")
    opened.run(1)
    page.mouse.move(0, 0)
    page.wait_for_timeout(1_000)  # the colors follow after the text
    boxes = [opened.cell(index).bounding_box() for index in range(2)]
    clip = {**boxes[0], "height": boxes[1]["y"] + boxes[1]["height"] - boxes[0]["y"] + MARGIN_PX}
    page.screenshot(path=target, clip=clip)
    opened.close()


def main() -> None:
    """Take the pictures, and reduce their colors."""
    environment = notebooks.isolated()
    for name in set(os.environ) - set(environment) - {CHROMIUM.variable}:
        del os.environ[name]
    with (
        tempfile.TemporaryDirectory() as folder,
        chromium(CHROMIUM.ensure()) as browser,
        lab.backend(environment),
        JupyterServer(Path(folder), env=environment) as server,
    ):
        page = browser.new_page(viewport={"width": 1200, "height": 1400}, device_scale_factor=1.5)
        for take in (quickstart, playground):
            take(page, server)
        page.close()
        for has_extension, target in CHAT_CELLS.items():
            root = Path(folder, target.stem)
            root.mkdir()
            disabled = () if has_extension else ("openrouter-nb",)
            with JupyterServer(root, env=environment, disabled=disabled) as other:
                page = browser.new_page(viewport={"width": 900, "height": 1000}, device_scale_factor=1.5)
                chat_cells(page, other, target)
                page.close()
    for path in (QUICKSTART, PLAYGROUND, *CHAT_CELLS.values()):
        Image.open(path).convert("RGB").quantize(COLORS).save(path, optimize=True)
        print(f"{path.relative_to(bootstrap.ROOT)}: taken", flush=True)


if __name__ == "__main__":
    main()

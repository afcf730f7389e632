"""Take the screenshot of the playground for the README: `python tools/screenshot.py`.

Uses JupyterLab with its light theme in Chromium, and the simulator. Writes `notebooks/images/playground.png`.
"""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGE = ROOT / "notebooks" / "images" / "playground.png"
CELL = 'from openrouter_nb import Playground\n\nPlayground(["demo/tour", "demo/reasoner"], temperature=0.2)'
PROMPT = "What can an answer hold?"
# The height of a small screen, in a window that shows the complete cell.
STYLE = ".jp-cell-toolbar { display: none !important; } .orn-pg .orn-thread { max-height: 600px; }"
COLORS = 128


def main() -> None:
    """Send a prompt to both models, and take the screenshot of the cell."""
    sys.path.insert(0, str(ROOT / "tests"))
    import browser as local_browser
    from PIL import Image
    from support.browser import chromium
    from support.jupyter import JupyterServer, Notebook, write_notebook
    from support.playground import PlaygroundView

    from openrouter_nb.simulator import Simulator

    for name in list(os.environ):
        if name.startswith("OPENROUTER_") and name != local_browser.VARIABLE:
            del os.environ[name]
    with (
        tempfile.TemporaryDirectory() as folder,
        chromium(local_browser.ensure()) as browser,
        Simulator() as simulator,
        JupyterServer(Path(folder), env={"OPENROUTER_BASE_URL": simulator.base_url}) as server,
    ):
        page = browser.new_page(viewport={"width": 1110, "height": 1400}, device_scale_factor=1.5)
        lab = Notebook(page, server, write_notebook(server.root / "picture.ipynb", CELL).name).open()
        lab.command("application:toggle-left-area")
        lab.run(0)
        view = PlaygroundView(lab).wait()
        page.add_style_tag(content=STYLE)
        view.ask(PROMPT)
        view.wait_done(2)
        view.root.locator(".orn-thread").evaluate("(box) => { box.scrollTop = 0; }")
        view.root.locator(".orn-reasoning summary").click()
        view.message.blur()
        page.mouse.move(0, 0)
        lab.screenshot(0, IMAGE)
    Image.open(IMAGE).convert("RGB").quantize(COLORS).save(IMAGE, optimize=True)


if __name__ == "__main__":
    main()

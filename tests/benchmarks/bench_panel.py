"""A long answer in the playground, in JupyterLab in Chromium: what the page does for it, and what is sent."""

import os
import tempfile
from pathlib import Path

from report import Row
from support.browser import Watch, chromium
from support.jupyter import JupyterServer, Notebook, write_notebook
from support.long_answer import DELTA, LENGTH, long_text, measure
from support.playground import PlaygroundView

from openrouter_nb.simulator import Simulator

NAME = "Playground"


def run() -> list[Row]:
    """One answer of 100 kB in deltas of four characters."""
    text = long_text()
    cell = (
        "from openrouter_nb import Playground\n"
        f"wish = {{'chunks': {LENGTH // DELTA}, 'pace_ms': 0.2, 'text': TEXT}}\n"
        "p = Playground('demo/tour', extra_body={'simulator': wish})\np"
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        chromium(os.environ.get("OPENROUTER_NB_CHROMIUM")) as browser,
        Simulator() as simulator,
        JupyterServer(Path(folder), env={"OPENROUTER_BASE_URL": simulator.base_url}) as server,
    ):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        watch = Watch()
        watch.attach(page)
        name = write_notebook(server.root / "panel.ipynb", cell).name
        lab = Notebook(page, server, name, watch).open()
        lab.execute_silently(f"TEXT = {text!r}")
        lab.run(0)
        cost = measure(PlaygroundView(lab).wait(), text)
    return [
        Row(
            "drawing all of it in each frame, to what the panel does",
            f"{cost.ratio:.0f} x",
            "> 15 x",
            f"{cost.busy_s:.2f} s of {cost.seconds:.1f} s busy; {cost.whole_s * 1000:.0f} ms a whole redraw",
        ),
        Row(
            "longest task of the main thread, its processor time",
            "",
            "< 50 ms",
            f"{cost.longest_work_s * 1000:.0f} ms; {cost.longest_task_s * 1000:.0f} ms by the clock",
        ),
        Row("messages", f"{cost.messages / cost.seconds:.0f} a second", "< 30 a second", f"{cost.messages}"),
        Row("bytes sent to the page, to those of the text", f"{cost.size / len(text):.1f} x", "< 5 x", ""),
    ]

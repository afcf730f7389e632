"""A long answer in the playground, in JupyterLab in Chromium: what the page does for it, and what is sent."""

import os
import tempfile
from pathlib import Path

from report import Row
from support.browser import Watch, chromium
from support.jupyter import JupyterServer, Notebook, write_notebook
from support.long_answer import DELTA, LENGTH, SHAPES, Cost, long_text, measure, redraw_s
from support.playground import PlaygroundView

from openrouter_nb.simulator import Simulator

NAME = "Playground"
CELL = (
    "from openrouter_nb import Playground\n"
    f"wish = {{'chunks': {LENGTH // DELTA}, 'pace_ms': 0.2, 'text': TEXT}}\n"
    "p = Playground('demo/tour', extra_body={'simulator': wish})\np"
)


def run() -> list[Row]:
    """Answers of 100 kB in deltas of four characters."""
    with (
        tempfile.TemporaryDirectory() as folder,
        chromium(os.environ.get("OPENROUTER_NB_CHROMIUM")) as browser,
        Simulator() as simulator,
        JupyterServer(Path(folder), env={"OPENROUTER_BASE_URL": simulator.base_url}) as server,
    ):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        watch = Watch()
        watch.attach(page)
        costs = {}
        for shape in SHAPES:
            text = long_text(shape)
            name = write_notebook(server.root / f"{shape}.ipynb", CELL).name
            lab = Notebook(page, server, name, watch).open()
            lab.execute_silently(f"TEXT = {text!r}")
            lab.run(0)
            view = PlaygroundView(lab).wait()
            costs[shape] = measure(view)
            if shape == "everything":
                rows = _of_everything(costs[shape], redraw_s(view, text))
            lab.close()
    return [*rows, *(_longest(*each) for each in costs.items())]


def _of_everything(cost: Cost, whole_s: float) -> list[Row]:
    return [
        Row(
            "drawing all of it in each frame, to what the panel does",
            f"{cost.ratio(whole_s):.0f} x",
            "> 15 x",
            f"{cost.busy_s:.2f} s of {cost.seconds:.1f} s at work; {whole_s * 1000:.0f} ms a whole redraw",
        ),
        Row("messages", f"{cost.messages / cost.seconds:.0f} a second", "< 30 a second", f"{cost.messages}"),
        Row("bytes sent to the page, to those of the text", f"{cost.size / LENGTH:.1f} x", "< 5 x", ""),
    ]


def _longest(shape: str, cost: Cost) -> Row:
    return Row(
        f"longest task of the main thread, {shape}",
        f"{cost.longest_s / cost.yardstick_s:.2f} of a fixed piece of work",
        "< 50 ms",
        f"{cost.longest_s * 1000:.0f} ms of work; {cost.longest_task_s * 1000:.0f} ms by the clock",
    )

"""A frontend that is not IPython: it records what is displayed. As a program, it displays an answer and a panel in itself.

A separate program, because IPython is loaded in the process of the tests.
"""

import asyncio
import json
import os
import sys

from openrouter_nb import OpenRouter, Playground
from openrouter_nb.conversation.answer import Answer
from openrouter_nb.live.current_frontend import use_frontend
from openrouter_nb.live.execution import LiveExecution
from openrouter_nb.live.views import open_view


class RecordingFrontend:
    """All that a frontend must provide."""

    has_user = has_page = False
    answer_name = "cells[7].value"

    def __init__(self, view_kind):
        self.view_kind = view_kind
        self.displays = []

    def publish(self, bundle, metadata=None, *, display_id=None, update=False):
        self.displays.append(
            {"bundle": dict(bundle), "metadata": metadata, "display_id": display_id, "update": update}
        )

    def before_cells(self, action):
        """No further cell runs."""

    def prepare_exit(self):
        self.displays.append({"bundle": {}, "exit": True})


async def show_answer(frontend, model, prompt):
    request = {"model": model, "messages": [{"role": "user", "content": prompt}]}
    view = open_view(frontend, model)
    execution = LiveExecution(OpenRouter(), request, view, "", frontend=frontend, answer_type=Answer)
    return await execution.run()


def main(kind, model, prompt):
    frontend = RecordingFrontend(kind)
    answer = asyncio.run(show_answer(frontend, model, prompt))
    live, frontend.displays = frontend.displays, []
    use_frontend(lambda: frontend)
    os.environ["OPENROUTER_NB_LIVE"] = (
        "0"  # the conversation only: the panel is a widget, and ipywidgets needs IPython
    )
    panel = Playground(model="demo/parrot")
    panel.send(prompt)
    panel._ipython_display_()
    print(
        json.dumps(
            {
                "text": answer.text,
                "live": live,
                "panel": frontend.displays,
                "ipython": sorted(name for name in sys.modules if name.partition(".")[0] == "IPython"),
            }
        )
    )
    panel.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

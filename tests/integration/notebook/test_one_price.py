"""The same request has the same estimate in a cell, in the panel and in `chat_map`."""

import re

from openrouter_nb.render.answer.footer import cost

BATCH = {"allow_stdin": False}

SETUP = """
from pydantic import BaseModel
from openrouter_nb import Playground, chat_map
from openrouter_nb.output import OutputSchema
from openrouter_nb.playground.traits import panel_traits
from openrouter_nb.tools import Toolset

def weather(city: str) -> str:
    "Return the weather of a city."
    return "rain"

class Report(BaseModel):
    city: str
    degrees: float

LIMIT = 700
panel = Playground("demo/structured", system="Be brief.", max_completion_tokens=LIMIT, models=["demo/parrot"],
    tools=[weather], response_format=OutputSchema.of(Report).response_format)
panel._controller.state.draft.text = "Hello there"
traits = panel_traits(panel._controller.state)
rows = chat_map("Hello {{row}}", ["there"], model="demo/structured", system="Be brief.", max_completion_tokens=LIMIT,
    models=["demo/parrot"], tools=[weather], schema=Report, approve="auto", progress=False)
print("panel", traits["estimate"]["tokens_in"], traits["estimate"]["cost_high"])
print("map", rows.estimate.tokens_in, round(rows.estimate.usd, 8))
"""


def test_the_same_request_has_the_same_estimate_everywhere(kernel):
    run = kernel.run("%chat_models demo\n" + SETUP, **BATCH)
    tokens, usd = re.search(r"panel (\d+) ([\d.e-]+)", run.text).groups()
    assert re.search(r"map (\d+) ([\d.e-]+)", run.text).groups() == (tokens, usd)
    options = "-m demo/structured --fallback demo/parrot -s 'Be brief.' -n 700 --tools weather --schema Report --once"
    dry = kernel.chat(f"{options} --dry-run", "Hello there", **BATCH)
    assert f"About {tokens} tokens in and at most 700 out: about {cost(float(usd))}." in dry.text
    refused = kernel.chat(f"{options} --max-cost 0.0000001", "Hello there", **BATCH)
    assert (
        f"About {tokens} tokens in and at most 700 out: about {cost(float(usd))}. --max-cost" in refused.text
    )

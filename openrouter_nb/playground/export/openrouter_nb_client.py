"""Export a request as a program for the client of this package."""

from __future__ import annotations

from typing import Any

from openrouter_nb.parameters import PARAMETERS
from openrouter_nb.playground.export.program import SERVER, ExportRequest, keywords


def write(body: dict[str, Any], server: str) -> ExportRequest:
    """Return the program."""
    given = {name: value for name, value in body.items() if name in PARAMETERS and name != "stream"}
    # The client drops a null of a parameter that is not nullable; fields newer than the table are unknown to it.
    further = {
        name: value
        for name, value in body.items()
        if name not in PARAMETERS or (value is None and not PARAMETERS[name].nullable)
    }
    if further:
        given = {name: value for name, value in given.items() if name not in further} | {
            "extra_body": further
        }
    made = "" if server == SERVER else f"server_url={server!r}"
    if body.get("stream"):
        text = (
            "from openrouter_nb import OpenRouter\n\n"
            f"with OpenRouter({made}) as open_router, open_router.chat.send(\n{keywords(given)}    stream=True,\n) as events:\n"
            "    for event in events:\n"
            "        for choice in event.choices:\n"
            '            print(choice.delta.content or "", end="", flush=True)\n'
        )
    else:
        text = (
            "from openrouter_nb import OpenRouter\n\n"
            f"with OpenRouter({made}) as open_router:\n"
            f"    result = open_router.chat.send(\n{keywords(given, 8)}    )\n"
            "    print(result.text)\n"
        )
    return ExportRequest(text, "python")

"""Export a request as a program for the package `openai`, which accepts fields it does not know in `extra_body`."""

from __future__ import annotations

from typing import Any

from openrouter_nb.playground.export.program import ExportRequest, keywords

# Source: package openai 3.54, `chat.completions.create`.
_KNOWN = frozenset(
    [
        "messages",
        "model",
        "frequency_penalty",
        "logit_bias",
        "logprobs",
        "max_completion_tokens",
        "max_tokens",
        "metadata",
        "parallel_tool_calls",
        "presence_penalty",
        "reasoning_effort",
        "response_format",
        "seed",
        "service_tier",
        "stop",
        "temperature",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
        "user",
    ]
)


def write(body: dict[str, Any], server: str) -> ExportRequest:
    """Return the program."""
    given = {name: value for name, value in body.items() if name in _KNOWN and value is not None}
    further = {name: value for name, value in body.items() if name not in given and name != "stream"}
    if further:
        given["extra_body"] = further
    if body.get("stream"):
        given["stream"] = True
        end = (
            "for event in answer:\n"
            "    for choice in event.choices:\n"
            '        print(choice.delta.content or "", end="", flush=True)\n'
        )
    else:
        given["extra_body"] = {**given.get("extra_body", {}), "stream": False}
        end = "print(answer.choices[0].message.content)\n"
    text = (
        "import os\n\nfrom openai import OpenAI\n\n"
        f'client = OpenAI(base_url={server!r}, api_key=os.environ["OPENROUTER_API_KEY"])\n'
        f"answer = client.chat.completions.create(\n{keywords(given)})\n{end}"
    )
    return ExportRequest(text, "python")

"""As a `%%chat` cell."""

from __future__ import annotations

from typing import Any

from openrouter_nb.playground.export.exported import Exported, compact


def write(body: dict[str, Any], server: str) -> Exported:
    """Return the cell; what a cell cannot say is in the note."""
    del server  # the cell asks the server that the notebook asks
    messages = list(body.get("messages") or ())
    options = [f"-m {_word(str(body['model']))}"] if body.get("model") else []
    options.append("--once")
    if messages and messages[0].get("role") == "system" and isinstance(messages[0].get("content"), str):
        options.append(f"-s {_quoted(messages.pop(0)['content'])}")
    options += [
        f"-p {_quoted(f'{name}={compact(value)}')}"
        for name, value in body.items()
        if name not in ("model", "messages", "stream")
    ]
    prompt = messages[-1].get("content") if messages and messages[-1].get("role") == "user" else ""
    notes = []
    if isinstance(prompt, list):
        notes.append("what is attached to the message: add it with -i or --file")
        prompt = "\n\n".join(str(part["text"]) for part in prompt if part.get("type") == "text")
    if len(messages) > 1:
        notes.append("the messages before the last: a cell has those of its own conversation")
    if body.get("stream") is False:
        notes.append("stream=false: a cell always streams")
    prompt = str(prompt or "")
    if "{{" in prompt:
        options.append("--raw")
    note = f"Not in the cell: {'; '.join(notes)}." if notes else ""
    return Exported(f"%%chat {' '.join(options)}\n{prompt}\n", "python", note)


def _word(text: str) -> str:
    return text if text and not any(mark in text for mark in " \t\n'\"\\") else _quoted(text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\t", "\\t")
    return f"'{escaped}'"

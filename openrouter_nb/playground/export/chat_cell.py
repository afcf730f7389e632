"""Export a request as a `%%chat` cell, or as a Python cell where `%%chat` has no equivalent."""

from __future__ import annotations

import re
from typing import Any

from openrouter_nb.playground.export import openrouter_nb_client
from openrouter_nb.playground.export.program import ExportRequest, compact


def write(body: dict[str, Any], server: str) -> ExportRequest:
    """Return the cell, which sends the body unchanged.

    A request that `%%chat` cannot express becomes a Python cell, with the reasons in its first comment.
    """
    messages = list(body.get("messages") or ())
    options = [f"-m {_word(str(body['model']))}"] if body.get("model") else []
    options.append("--once")
    if body.get("stream") is False:
        options.append("--no-stream")
    system = None
    if messages and messages[0].get("role") == "system":
        system = messages.pop(0)
        options.append(f"-s {_quoted(str(system.get('content')))}")
    prompt, pictures = _prompt(messages)
    if reasons := _reasons(messages, system, prompt):
        program = openrouter_nb_client.write(body, server)
        note = f"A %%chat cell cannot express {', and '.join(reasons)}: this is the same request in Python."
        return ExportRequest(f"# {note}\n{program.text}", "python", note)
    options += [f"-i {_quoted(url)}" for url in pictures]
    options += [
        f"-p {_quoted(f'{name}={_one_line(compact(value))}')}"
        for name, value in body.items()
        if name not in ("model", "messages", "stream")
    ]
    if "{{" in f"{prompt}{system['content'] if system else ''}":
        options.append("--raw")
    return ExportRequest(f"%%chat {' '.join(options)}\n{prompt}\n", "python")


def _prompt(messages: list[dict[str, Any]]) -> tuple[str | None, list[str]]:
    """Return the text of the last message and the URLs of its images; None for any other content."""
    content = messages[-1].get("content") if messages else ""
    if isinstance(content, str):
        return content, []
    head, *parts = content or [None]
    urls = [part["image_url"].get("url", "") for part in parts if part.get("type") == "image_url"]
    pictures = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    is_plain = isinstance(head, dict) and head == {"type": "text", "text": head.get("text")}
    if not is_plain or pictures != parts or not all(url.startswith(("https://", "http://")) for url in urls):
        return None, []
    return str(head["text"]), urls


def _reasons(messages: list[dict[str, Any]], system: dict[str, Any] | None, prompt: str | None) -> list[str]:
    """Return the parts of a request that a `%%chat` cell cannot express."""
    found = []
    if len(messages) > 1:
        found.append("the messages before the last")
    if system is not None and not _is_sayable(system):
        found.append("these instructions")
    if messages and (messages[-1].get("role") != "user" or set(messages[-1]) != {"role", "content"}):
        found.append("the role or the fields of the last message")
    elif prompt is None:
        found.append("the attachments of the message")
    elif messages and (prompt != prompt.strip("\n") or not prompt.strip()):
        found.append("a message that is empty or has blank lines around it")
    return found


def _is_sayable(system: dict[str, Any]) -> bool:
    """Return whether `-s` can send this system message: one line by Python's rules, and no leading `@`, which is a file."""
    text = system.get("content")
    return (
        set(system) == {"role", "content"}
        and isinstance(text, str)
        and bool(text)
        and not text.startswith("@")
        and len(text.replace("\n", "").splitlines()) == 1
    )


def _one_line(text: str) -> str:
    """Escape the characters in JSON text that are line breaks in Python but not in JSON."""
    return re.sub("[\x85\u2028\u2029]", lambda mark: f"\\u{ord(mark[0]):04x}", text)


def _word(text: str) -> str:
    return text if text and not any(mark in text for mark in " \t\n'\"\\") else _quoted(text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\t", "\\t")
    return f"'{escaped}'"

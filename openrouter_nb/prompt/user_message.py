"""Build the user message for the Python API."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openrouter_nb.prompt import Prompt, PromptError, attach, attach_value
from openrouter_nb.prompt.value_text import NotPromptableError, to_prompt_value


def user_message(prompt: Any, images: Any = (), files: Any = ()) -> dict[str, Any]:
    """Return the user message for a prompt with attachments.

    Args:
        prompt: Text; or a content part of the API as a dict or model; or a value that can be converted, such as a data
            frame or a figure; or a list of these.
        images: An image or a list of images: URL, path, bytes, figure or PIL image.
        files: A file or a list of files of any supported kind: text, PDF, images, audio, video.

    Raises:
        PromptError: the prompt is empty, or a part of it cannot be converted.
    """
    __tracebackhide__ = True
    message = Prompt()
    for item in _listed(prompt):
        part = _part(item)
        if part["type"] == "text" and message.parts and message.parts[-1]["type"] == "text":
            part["text"] = f"\n\n{part['text']}"
        message.add(part)
    for values, image in ((images, True), (files, False)):
        for value in _listed(values):
            message.add(_attached(value, image=image))
    if not message.parts or message.content == "":
        raise PromptError("The prompt is empty.")
    return {"role": "user", "content": message.content}


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _part(item: Any) -> dict[str, Any]:
    __tracebackhide__ = True
    if isinstance(item, str):
        return {"type": "text", "text": item}
    if isinstance(item, Mapping) and "role" in item:
        raise PromptError(
            "The prompt is the text of the user, not a list of messages: for those, use OpenRouter().chat.send(messages=…) or"
            " Chat()."
        )
    if isinstance(item, Mapping) and isinstance(item.get("type"), str):
        return dict(item)
    dump = getattr(item, "model_dump", None)
    if callable(dump) and isinstance(getattr(item, "type", None), str):
        part: dict[str, Any] = dump(mode="json", exclude_none=True)
        return part
    try:
        return to_prompt_value(item).part
    except NotPromptableError as error:
        raise PromptError(f"The prompt: {error}") from None


def _attached(value: Any, *, image: bool) -> dict[str, Any]:
    __tracebackhide__ = True
    if isinstance(value, Mapping):
        return dict(value)
    if not isinstance(value, str):
        return attach_value(value, f"The {'image' if image else 'file'}", image=image)[0]
    if value.startswith("data:"):
        if image:
            return {"type": "image_url", "image_url": {"url": value}}
        return {"type": "file", "file": {"filename": "file", "file_data": value}}
    if value.startswith(("http://", "https://")):
        return attach(value, {}, image=image)[0]
    return attach_value(Path(value).expanduser(), value, image=image)[0]

"""What Python code asks, as the message that is sent."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openrouter_nb.prompt import Prompt, PromptError, attach, attach_value
from openrouter_nb.prompt.value_text import NotPromptableError, to_prompt_value


def user_message(prompt: Any, images: Any = (), files: Any = ()) -> dict[str, Any]:
    """Return the user message for a prompt and what goes with it.

    Args:
        prompt: Text; or a content part of the API as a dict or model; or a value that has a form for a prompt, such as
            a data frame or a figure; or a list of these.
        images: A picture or a list of them: an address, a path, bytes, a figure, a PIL image.
        files: Likewise, of any kind: text, PDF, pictures, sound.

    Raises:
        PromptError: there is no prompt, or a part of it has no form that can be sent.
    """
    __tracebackhide__ = True
    said = Prompt()
    for item in _listed(prompt):
        part = _part(item)
        if part["type"] == "text" and said.parts and said.parts[-1]["type"] == "text":
            part["text"] = f"\n\n{part['text']}"
        said.add(part)
    for values, image in ((images, True), (files, False)):
        for value in _listed(values):
            said.add(_attached(value, image=image))
    if not said.parts or said.content == "":
        raise PromptError("There is no prompt: the first argument is what to ask.")
    return {"role": "user", "content": said.content}


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
            "The prompt is what the user says, not a list of messages: OpenRouter().chat.send(messages=…) takes those,"
            " and Chat() remembers them."
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

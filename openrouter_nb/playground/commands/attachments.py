"""Attach files and values to a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openrouter_nb.playground.state.thread_items import PlaygroundError
from openrouter_nb.prompt import PromptError, attach, attach_value

if TYPE_CHECKING:
    from openrouter_nb.playground.commands.context import PanelContext


def attach_part(
    panel: PanelContext, item: str | None, name: str, variable: str | None = None, upload: str | None = None
) -> None:
    """Attach an uploaded file, or a variable of the notebook."""
    # The media type is detected from the bytes.
    try:
        if variable is not None:
            part, _ = attach(variable, panel.state.namespace(), image=False)
        elif upload is not None:
            part, _ = attach_value(panel.state.uploads.take(upload), name, image=False)
        else:
            raise PlaygroundError("There is nothing to attach.")
    except PromptError as error:
        raise PlaygroundError(str(error)) from None
    if item is None:
        panel.state.draft.attachments.append(part)
        return
    thread = panel.state.thread
    message = thread.card(item, None).message
    content = message.get("content")
    parts = content if isinstance(content, list) else [{"type": "text", "text": content}] if content else []
    thread.edit(item, None, {**message, "content": [*parts, part]})


def detach(panel: PanelContext, item: str | None, part: int) -> None:
    """Remove an attachment of the draft or of a message."""
    if item is None:
        attached = panel.state.draft.attachments
        if part >= len(attached):
            raise PlaygroundError("There is no such attachment.")
        del attached[part]
        return
    thread = panel.state.thread
    message = thread.card(item, None).message
    content = message.get("content")
    if not isinstance(content, list) or part >= len(content):
        raise PlaygroundError("There is no such attachment.")
    thread.edit(item, None, {**message, "content": [p for i, p in enumerate(content) if i != part]})

"""Change the thread and the draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.playground.commands.columns import dismiss
from openrouter_nb.playground.commands.presets import apply_setup
from openrouter_nb.playground.history.contents import setup_of
from openrouter_nb.playground.state.messages import is_text, read_messages
from openrouter_nb.playground.state.thread import ConversationIdentity
from openrouter_nb.playground.state.thread_items import PlaygroundError
from openrouter_nb.render.answer.citations import without_offsets

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.playground.commands.context import PanelContext


def insert_message(panel: PanelContext, index: int, role: str, text: str, new_id: str | None = None) -> None:
    """Insert a message."""
    panel.state.thread.insert(index, {"role": role, "content": text}, new_id)


def add_message(panel: PanelContext, role: str, text: str) -> None:
    """Append the draft with its attachments to the thread, without sending a request."""
    if panel.state.take_draft(text, role) is None:
        raise PlaygroundError("Write a message first.")


def edit_message(
    panel: PanelContext, item: str, text: str, column: str | None = None, branch: bool = False
) -> None:
    """Change the text of a message, without its attachments."""
    thread = panel.state.thread
    message = thread.card(item, column).message
    content = message.get("content")
    if isinstance(content, list):
        attached = [part for part in content if not is_text(part)]
        first: dict[str, Any] = next((part for part in content if is_text(part)), {})
        head = [{**first, "type": "text", "text": text}] if text else []
        new: Any = [*head, *attached]
    else:
        new = text
    # Signatures of a provider and offsets of citations are valid only for the original text.
    message = {key: value for key, value in message.items() if key not in ("reasoning_details", "refusal")}
    if isinstance(annotations := message.get("annotations"), list):
        message["annotations"] = [without_offsets(entry) for entry in annotations]
    thread.edit(item, column, {**message, "content": new}, branch=branch)


def set_role(panel: PanelContext, item: str, role: str) -> None:
    """Change the role of a message."""
    panel.state.thread.set_role(item, role)


def set_tool_call_id(panel: PanelContext, item: str, tool_call_id: str) -> None:
    """Set the tool call that a tool message answers."""
    thread = panel.state.thread
    message = thread.card(item, None).message
    thread.edit(item, None, {**message, "tool_call_id": tool_call_id})


def set_cache(panel: PanelContext, item: str, part: int, on: bool) -> None:
    """Set or remove a cache breakpoint."""
    thread = panel.state.thread
    message = thread.card(item, None).message
    content = message.get("content")
    parts = list(content) if isinstance(content, list) else [{"type": "text", "text": content or ""}]
    if part >= len(parts):
        raise PlaygroundError("The message has no such part.")
    changed = {key: value for key, value in parts[part].items() if key != "cache_control"}
    parts[part] = {**changed, "cache_control": {"type": "ephemeral"}} if on else changed
    thread.edit(item, None, {**message, "content": parts})


def choose_branch(panel: PanelContext, item: str, step: int, column: str | None = None) -> None:
    """Show the next or previous branch."""
    panel.state.thread.choose(item, step, column)


def set_thread(panel: PanelContext, **given: str) -> None:
    """Replace all messages by those of a JSON text."""
    replace_thread(panel, read_messages(given["json"]))


def clear_thread(panel: PanelContext, column: str | None = None) -> None:
    """Remove all messages."""
    del column
    replace_thread(panel, [], "clear the conversation")


def replace_thread(panel: PanelContext, messages: list[dict[str, Any]], label: str = "set messages") -> None:
    """Replace all messages, and reset the results of the columns, which belong to the old ones."""
    thread = panel.state.thread
    first = thread.items[0].cards[0].message if len(thread) else None
    thread.replace_all(messages, label)
    if not messages or messages[0] != first:
        thread.identity = ConversationIdentity()  # another conversation, not a change of the stored one
    reset_results(panel)


def reset_results(panel: PanelContext) -> None:
    """Reset the results of the columns, which belong to another conversation."""
    for each in panel.state.columns:
        panel.runner.retries.cancel(each)
        each.error, each.stats, each.item, each.status = None, None, None, "idle"


def undo(panel: PanelContext, column: str | None = None) -> None:
    """Revert the last change."""
    del column
    _apply_step(panel, panel.state.thread.undo)


def redo(panel: PanelContext, column: str | None = None) -> None:
    """Repeat the change that was reverted last."""
    del column
    _apply_step(panel, panel.state.thread.redo)


def _apply_step(panel: PanelContext, step: Callable[..., dict[str, Any] | None]) -> None:
    if (setup := step(lambda: setup_of(panel.state))) is not None:
        apply_setup(panel, setup)


def keep_answer(panel: PanelContext, item: str, column: str) -> None:
    """Continue with the answer of one column in all columns."""
    panel.state.thread.keep(item, column)
    for each in panel.state.columns:
        if each.item == item and each.error is not None:
            dismiss(panel, each.id)


def set_draft(panel: PanelContext, text: str, role: str | None = None) -> None:
    """Store the draft, for other pages and for a reload."""
    draft = panel.state.draft
    draft.text, draft.role = text, role or draft.role
    draft.rev += 1

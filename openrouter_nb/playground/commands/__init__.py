"""Commands of the panel, one function each. Call them with the lock acquired; they raise PlaygroundError."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.playground.commands import (
    attachments,
    columns,
    history,
    messages,
    parameters,
    presets,
    tools,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.playground.commands.context import PanelContext


def apply(panel: PanelContext, word: str, given: dict[str, Any], buffers: tuple[bytes, ...] = ()) -> None:
    """Execute a command.

    Args:
        panel: The playground.
        word: Its name in the protocol.
        given: Its fields.
        buffers: Binary parts.

    Raises:
        PlaygroundError: the command cannot be executed; the message says why.
    """
    if word == "upload":
        panel.state.uploads.add(given["upload"], given["at"], b"".join(buffers))
    else:
        _COMMANDS[word](panel, **given)


_COMMANDS: dict[str, Callable[..., Any]] = {
    "set_param": parameters.set_param,
    "unset_param": parameters.unset_param,
    "null_param": parameters.null_param,
    "force_param": parameters.force_param,
    "set_setting": parameters.set_setting,
    "convert_deprecated": parameters.convert_deprecated,
    "set_model": columns.set_model,
    "add_column": columns.add_column,
    "remove_column": columns.remove_column,
    "insert_message": messages.insert_message,
    "add_message": messages.add_message,
    "edit_message": messages.edit_message,
    "set_role": messages.set_role,
    "set_tool_call_id": messages.set_tool_call_id,
    "set_cache": messages.set_cache,
    "delete_message": lambda panel, item: panel.state.thread.delete(item),
    "duplicate_message": lambda panel, item: panel.state.thread.duplicate(item),
    "branch_message": lambda panel, item: panel.state.thread.branch(item),
    "move_message": lambda panel, item, index: panel.state.thread.move(item, index),
    "choose_branch": messages.choose_branch,
    "set_thread": messages.set_thread,
    "clear_thread": messages.clear_thread,
    "undo": messages.undo,
    "redo": messages.redo,
    "keep_answer": messages.keep_answer,
    "cancel_retry": columns.cancel_retry,
    "dismiss": columns.dismiss,
    "regenerate": lambda panel, item, column=None: panel.runner.regenerate(item, column),
    "repair": lambda panel, item, column=None: panel.runner.repair(item, column),
    "continue": lambda panel, item, column=None: panel.runner.continue_(item, column),
    "set_draft": messages.set_draft,
    "attach": attachments.attach_part,
    "detach": attachments.detach,
    "tool_from": tools.tool_from,
    "schema_from": tools.schema_from,
    "tool_policy": tools.tool_policy,
    "tool_run": tools.tool_run,
    "tool_result": tools.tool_result,
    "tool_refuse": tools.tool_refuse,
    "preset_save": presets.preset_save,
    "preset_load": presets.preset_load,
    "preset_delete": presets.preset_delete,
    "history_open": history.history_open,
    "history_delete": history.history_delete,
    "history_restore": history.history_restore,
    "history_import": history.history_import,
    "remedy": lambda panel, column, remedy: panel.remedies.apply(panel.state.column(column), remedy),
}

"""The changes that a panel asks for, one function each. All are called with the lock held and raise PlaygroundError."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.playground.commands import attachments, columns, messages, parameters, presets, tools

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.playground.controller import PlaygroundController


def apply(
    core: PlaygroundController, word: str, given: dict[str, Any], buffers: tuple[bytes, ...] = ()
) -> str:
    """Carry a change out.

    Args:
        core: The playground's parts.
        word: Its name in the protocol.
        given: Its fields.
        buffers: Binary parts.

    Returns:
        Id of what was made, or `""`.

    Raises:
        PlaygroundError: why it cannot be done.
    """
    if word == "attach":
        attachments.attach_part(core, given, buffers[0] if buffers else None)
        return ""
    made: str | None = _OPS[word](core, **given)
    return made or ""


_OPS: dict[str, Callable[..., Any]] = {
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
    "delete_message": lambda core, item: core.session.thread.delete(item),
    "duplicate_message": lambda core, item: core.session.thread.duplicate(item).id,
    "branch_message": lambda core, item: core.session.thread.branch(item),
    "move_message": lambda core, item, index: core.session.thread.move(item, index),
    "choose_branch": messages.choose_branch,
    "set_thread": messages.set_thread,
    "clear_thread": messages.clear_thread,
    "undo": lambda core, **_: core.session.thread.undo(),
    "redo": lambda core, **_: core.session.thread.redo(),
    "keep_answer": messages.keep_answer,
    "cancel_retry": columns.cancel_retry,
    "dismiss": columns.dismiss,
    "regenerate": lambda core, item, column=None: core.runner.regenerate(item, column),
    "repair": lambda core, item, column=None: core.runner.repair(item, column),
    "continue": lambda core, item, column=None: core.runner.continue_(item, column),
    "set_draft": messages.set_draft,
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
    "remedy": lambda core, column, remedy: core.mender.apply(core.session.column(column), remedy),
}

"""The changes that a panel asks for, one function each. All are called with the lock held and raise ThreadError."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from openrouter_nb.client.shape import check
from openrouter_nb.conversation.prompt import PromptError, attach, attach_value
from openrouter_nb.conversation.structured.schema import AnswerSchema
from openrouter_nb.conversation.tools import Toolbox, ToolDefinitionError
from openrouter_nb.errors import ConfigurationError
from openrouter_nb.parameters import PARAMETERS, nearest
from openrouter_nb.playground import presets, values
from openrouter_nb.playground.places import ThreadError
from openrouter_nb.playground.specs import param_specs, setting_specs

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.playground.core import Core

_MAX_ATTACHED = 20 * 1024 * 1024


def apply(core: Core, word: str, given: dict[str, Any], buffers: tuple[bytes, ...] = ()) -> str:
    """Carry a change out.

    Args:
        core: The playground's parts.
        word: Its name in the protocol.
        given: Its fields.
        buffers: Binary parts.

    Returns:
        Id of what was made, or `""`.

    Raises:
        ThreadError: why it cannot be done.
    """
    if word == "attach":
        _attach(core, given, buffers[0] if buffers else None)
        return ""
    made: str | None = _OPS[word](core, **given)
    return made or ""


# ------------------------------------------------------------------------------------------------------ parameters


def set_param(core: Core, name: str, value: Any, column: str | None = None) -> None:
    """Set a parameter, for all or for one column. What it excludes is unset."""
    top = name.partition(".")[0]
    if top not in PARAMETERS and top != "extra_body":
        raise ThreadError(f"There is no parameter {top!r}.{nearest(top, PARAMETERS)}")
    if top in ("model", "messages"):
        raise ThreadError(f"{top} is set by the panel itself.")
    spec = next((row for row in param_specs() if row["name"] == name), {})
    holder = _holder(core, column)
    for other in spec.get("excludes", ()):
        holder = values.drop(holder, other)
    holder = values.put(holder, name, value)
    if name == "top_logprobs" and value is not None:
        holder = values.put(holder, "logprobs", True)
    _hold(core, column, holder)


def unset_param(core: Core, name: str, column: str | None = None) -> None:
    """Unset a parameter: its key is not sent."""
    _hold(core, column, values.drop(_holder(core, column), name))
    core.session.forced.discard(name.partition(".")[0])


def null_param(core: Core, name: str, column: str | None = None) -> None:
    """Send an explicit null, where the service takes one."""
    spec = next((row for row in param_specs() if row["name"] == name), None)
    if spec is None or not spec["nullable"]:
        raise ThreadError(f"{name} takes no null: unset it.")
    _hold(core, column, values.put(_holder(core, column), name, None))


def _holder(core: Core, column: str | None) -> dict[str, Any]:
    return core.session.column(column).overrides if column else core.session.params


def _hold(core: Core, column: str | None, holder: dict[str, Any]) -> None:
    if column:
        core.session.column(column).overrides = holder
    else:
        core.session.params = holder


def force_param(core: Core, name: str, on: bool) -> None:
    """Send a parameter although the model is not known to take it, or no longer."""
    (core.session.forced.add if on else core.session.forced.discard)(name.partition(".")[0])


def set_setting(core: Core, name: str, value: Any) -> None:
    """Set what is ours and never sent; null unsets it."""
    spec = next((row for row in setting_specs() if row["name"] == name), None)
    if spec is None:
        raise ThreadError(
            f"There is no setting {name!r}.{nearest(name, [r['name'] for r in setting_specs()])}"
        )
    if value is None:
        core.session.settings.pop(name, None)
        return
    if spec["kind"] in ("number", "integer"):
        from openrouter_nb.parameters import number_problem

        whole = spec["kind"] == "integer"
        if wrong := number_problem(name, value, spec.get("minimum"), spec.get("maximum"), whole=whole):
            raise ThreadError(wrong)
    elif not isinstance(value, list) or not all(str(item).isdigit() for item in value):
        raise ThreadError(f"{name} takes a list of statuses, such as 404.")
    core.session.settings[name] = value


def convert_deprecated(core: Core, name: str) -> None:
    """Say with today's field what an old one said."""
    session = core.session
    value = values.get(session.params, name)
    if value is values.MISSING:
        raise ThreadError(f"{name} is not set.")
    session.params = values.drop(session.params, name)
    if name == "route" and value == "fallback":
        # Source: OpenAPI document, August 2026: route is an alias of provider.sort.partition.
        session.params = values.put(session.params, "provider.sort", {"partition": "model"})
    elif name == "max_tokens":
        session.params = values.put(session.params, "max_completion_tokens", value)
    elif name == "reasoning_effort":
        session.params = values.put(session.params, "reasoning.effort", value)
    elif name == "include_reasoning":
        session.params = values.put(session.params, "reasoning.exclude", not value)


# ------------------------------------------------------------------------------------------------------ columns


def set_model(core: Core, column: str, model: str) -> None:
    """Ask another model in a column."""
    each = core.session.column(column)
    each.model = model.strip()
    core.looked_up(each)


def add_column(core: Core, model: str | None = None) -> str:
    """Add a column, of the first one's model unless another is named."""
    column = core.session.add_column(model or core.session.columns[0].model)
    core.looked_up(column)
    return column.id


def remove_column(core: Core, column: str) -> None:
    """Take a column away. Its answers stay in the conversation."""
    session = core.session
    each = session.column(column)
    if len(session.columns) == 1:
        raise ThreadError("One model must stay.")
    core.runner.stop(column)
    session.columns.remove(each)


# ------------------------------------------------------------------------------------------------------ thread


def insert_message(core: Core, index: int, role: str, text: str) -> str:
    """Put a message into the conversation."""
    return core.session.thread.insert(index, {"role": role, "content": text}).id


def add_message(core: Core, role: str, text: str) -> str:
    """Put what the composer holds at the end of the conversation, attachments with it, without sending it."""
    item = core.session.take_draft(text, role)
    if item is None:
        raise ThreadError("Write a message first.")
    return item.id


def edit_message(core: Core, item: str, text: str, column: str | None = None, branch: bool = False) -> None:
    """Change the text of a message; what is attached to it stays."""
    thread = core.session.thread
    message = thread.card(item, column).message
    content = message.get("content")
    if isinstance(content, list):
        kept = [part for part in content if not (isinstance(part, dict) and part.get("type") == "text")]
        first = next((part for part in content if isinstance(part, dict) and part.get("type") == "text"), {})
        head = [{**first, "type": "text", "text": text}] if text else []
        new: Any = [*head, *kept]
    else:
        new = text
    # What a provider signed goes with the words that it signed.
    message = {key: value for key, value in message.items() if key not in ("reasoning_details", "refusal")}
    thread.edit(item, column, {**message, "content": new}, branch=branch)


def set_role(core: Core, item: str, role: str) -> None:
    """Change who says a message."""
    core.session.thread.set_role(item, role)


def set_tool_call_id(core: Core, item: str, tool_call_id: str) -> None:
    """Say which call a tool message answers."""
    thread = core.session.thread
    message = thread.card(item, None).message
    thread.edit(item, None, {**message, "tool_call_id": tool_call_id})


def set_cache(core: Core, item: str, part: int, on: bool) -> None:
    """Mark the end of what a provider may cache, or take the mark away."""
    thread = core.session.thread
    message = thread.card(item, None).message
    content = message.get("content")
    parts = list(content) if isinstance(content, list) else [{"type": "text", "text": content or ""}]
    if part >= len(parts):
        raise ThreadError("The message has no such part.")
    changed = {key: value for key, value in parts[part].items() if key != "cache_control"}
    parts[part] = {**changed, "cache_control": {"type": "ephemeral"}} if on else changed
    thread.edit(item, None, {**message, "content": parts})


def choose_branch(core: Core, item: str, step: int, column: str | None = None) -> None:
    """Show the next or previous alternative."""
    core.session.thread.choose(item, step, column)


def set_thread(core: Core, **given: str) -> None:
    """Put other messages in the place of all, given as JSON."""
    replace_thread(core, read_messages(given["json"]))


def read_messages(text: str) -> list[dict[str, Any]]:
    """Return the messages of a JSON text.

    Raises:
        ThreadError: it is no list of messages, and where it is wrong.
    """
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ThreadError(f"This is not JSON: {error}.") from None
    checked_messages(found)
    return list(found)


def checked_messages(messages: Any) -> None:
    """Refuse what is no list of messages.

    Raises:
        ThreadError: which message is wrong, and how.
    """
    if not isinstance(messages, list):
        raise ThreadError("Messages are a list, each an object with role and content.")
    try:
        if messages:
            check({"messages": messages})
    except ConfigurationError as error:
        raise ThreadError(error.message.removesuffix(" Nothing was sent.")) from None


def clear_thread(core: Core, column: str | None = None) -> None:
    """Remove all messages."""
    del column
    replace_thread(core, [], "clear the conversation")


def replace_thread(core: Core, messages: list[dict[str, Any]], label: str = "set messages") -> None:
    """Put other messages in the place of all; how the last runs ended is said of those that are gone."""
    core.session.thread.replace_all(messages, label)
    for each in core.session.columns:
        core.runner.cancel_retry(each)
        each.error, each.facts, each.item, each.status = None, None, None, "idle"


def keep_answer(core: Core, item: str, column: str) -> None:
    """Go on with the answer of one column: what is said next follows it, whoever is asked."""
    core.session.thread.keep(item, column)
    for each in core.session.columns:
        if each.item == item and each.error is not None:
            dismiss(core, each.id)


def dismiss(core: Core, column: str | None = None) -> None:
    """Take the banner away."""
    for each in core.session.columns:
        if column in (None, each.id) and each.run is None:
            core.runner.cancel_retry(each)
            each.error, each.status = None, "idle"
            if each.facts is not None:
                each.facts = {**each.facts, "end": "complete"}


def set_draft(core: Core, text: str, role: str | None = None) -> None:
    """Keep what is being written, for a reload."""
    draft = core.session.draft
    draft.text, draft.role = text, role or draft.role


# ------------------------------------------------------------------------------------------------------ attachments


def _attach(core: Core, given: dict[str, Any], data: bytes | None) -> None:
    # Its media type is not asked for: the bytes themselves say what they are.
    item, name, variable = given["item"], given["name"], given.get("variable")
    try:
        if variable is not None:
            part, _ = attach(variable, core.session.namespace(), image=False)
        elif data is not None:
            if len(data) > _MAX_ATTACHED:
                raise ThreadError(f"{name} has {len(data) / 1e6:,.0f} MB; 20 are allowed.")
            part, _ = attach_value(data, name, image=False)
        else:
            raise ThreadError("There is nothing to attach.")
    except PromptError as error:
        raise ThreadError(str(error)) from None
    if item is None:
        core.session.draft.attachments.append(part)
        return
    thread = core.session.thread
    message = thread.card(item, None).message
    content = message.get("content")
    parts = content if isinstance(content, list) else [{"type": "text", "text": content}] if content else []
    thread.edit(item, None, {**message, "content": [*parts, part]})


def detach(core: Core, item: str | None, part: int) -> None:
    """Remove an attachment: of the draft, or the part of a message."""
    if item is None:
        attached = core.session.draft.attachments
        if part >= len(attached):
            raise ThreadError("There is no such attachment.")
        del attached[part]
        return
    thread = core.session.thread
    message = thread.card(item, None).message
    content = message.get("content")
    if not isinstance(content, list) or part >= len(content):
        raise ThreadError("There is no such attachment.")
    thread.edit(item, None, {**message, "content": [p for i, p in enumerate(content) if i != part]})


# ------------------------------------------------------------------------------------------------------ tools


def tool_from(core: Core, variable: str) -> None:
    """Offer a function of the notebook to the models."""
    value = core.session.namespace().get(variable)
    if value is None:
        raise ThreadError(f"There is no variable {variable!r}.{nearest(variable, core.session.namespace())}")
    core.add_tools([value])


def schema_from(core: Core, variable: str) -> None:
    """Ask for answers of a class of the notebook."""
    value = core.session.namespace().get(variable)
    if value is None:
        raise ThreadError(f"There is no variable {variable!r}.{nearest(variable, core.session.namespace())}")
    try:
        wanted = AnswerSchema.of(value)
    except TypeError as error:
        raise ThreadError(str(error)) from None
    core.session.schema = wanted
    core.session.params = values.put(core.session.params, "response_format", wanted.response_format)


def toolbox(tools: Any) -> Toolbox:
    """Return a toolbox.

    Raises:
        ThreadError: something in it is no tool.
    """
    try:
        return Toolbox.of(tools)
    except ToolDefinitionError as error:
        raise ThreadError(str(error)) from None


def tool_policy(core: Core, tool: str, policy: str) -> None:
    """Say whether a tool runs after asking (`ask`), not at all (`manual`), or unasked (`auto`), where its author allows that."""
    known = core.session.tools.get(tool)
    if policy == "auto" and (known is None or known.approval != "auto"):
        raise ThreadError("Only Python lets a function run unasked: @tool(approve='auto').")
    core.session.policies[tool] = policy


def _decided(core: Core, item: str, column: str | None) -> tuple[Any, Any]:
    return core.session.thread.find(item), core.session.thread.card(item, column)


def tool_run(
    core: Core, item: str, call: str, column: str | None = None, arguments: str | None = None
) -> None:
    """Run a call that the model asks for."""
    core.calls.run(*_decided(core, item, column), call, arguments)


def tool_result(core: Core, item: str, call: str, text: str, column: str | None = None) -> None:
    """Answer a call by hand."""
    core.calls.answer(*_decided(core, item, column), call, text)


def tool_refuse(core: Core, item: str, call: str, column: str | None = None, text: str = "") -> None:
    """Refuse a call."""
    core.calls.refuse(*_decided(core, item, column), call, text)


# ------------------------------------------------------------------------------------------------------ presets


def preset_save(core: Core, name: str) -> None:
    """Keep what is set under a name."""
    _preset(presets.save, core.session, name)
    _mark(core, name)


def preset_load(core: Core, name: str) -> None:
    """Take over what was kept under a name. The conversation stays, but for the instructions at its head."""
    kept = _preset(presets.load, name)
    core.take_preset(kept)
    _mark(core, name)


def preset_delete(core: Core, name: str) -> None:
    """Forget what was kept under a name."""
    _preset(presets.delete, name)
    core.session.preset = ""


def _mark(core: Core, name: str) -> None:
    core.session.preset = name.strip()
    core.session.preset_state = json.loads(json.dumps(presets.contents(core.session)))


def _preset(action: Callable[..., Any], *given: Any) -> Any:
    try:
        return action(*given)
    except presets.PresetError as error:
        raise ThreadError(str(error)) from None


# ------------------------------------------------------------------------------------------------------ all


def _columns_retry(core: Core, column: str | None = None) -> None:
    for each in core.session.columns:
        if column in (None, each.id):
            core.runner.cancel_retry(each)


_OPS: dict[str, Callable[..., Any]] = {
    "set_param": set_param,
    "unset_param": unset_param,
    "null_param": null_param,
    "force_param": force_param,
    "set_setting": set_setting,
    "convert_deprecated": convert_deprecated,
    "set_model": set_model,
    "add_column": add_column,
    "remove_column": remove_column,
    "insert_message": insert_message,
    "add_message": add_message,
    "edit_message": edit_message,
    "set_role": set_role,
    "set_tool_call_id": set_tool_call_id,
    "set_cache": set_cache,
    "delete_message": lambda core, item: core.session.thread.delete(item),
    "duplicate_message": lambda core, item: core.session.thread.duplicate(item).id,
    "branch_message": lambda core, item: core.session.thread.branch(item),
    "move_message": lambda core, item, index: core.session.thread.move(item, index),
    "choose_branch": choose_branch,
    "set_thread": set_thread,
    "clear_thread": clear_thread,
    "undo": lambda core, **_: core.session.thread.undo(),
    "redo": lambda core, **_: core.session.thread.redo(),
    "keep_answer": keep_answer,
    "cancel_retry": _columns_retry,
    "dismiss": dismiss,
    "regenerate": lambda core, item, column=None: core.runner.regenerate(item, column),
    "repair": lambda core, item, column=None: core.runner.repair(item, column),
    "continue": lambda core, item, column=None: core.runner.continue_(item, column),
    "set_draft": set_draft,
    "detach": detach,
    "tool_from": tool_from,
    "schema_from": schema_from,
    "tool_policy": tool_policy,
    "tool_run": tool_run,
    "tool_result": tool_result,
    "tool_refuse": tool_refuse,
    "preset_save": preset_save,
    "preset_load": preset_load,
    "preset_delete": preset_delete,
    "remedy": lambda core, column, remedy: core.mender.apply(core.session.column(column), remedy),
}

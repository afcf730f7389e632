"""Validate the messages that the panel sends to the kernel. The whole protocol is described in `js/src/playground/protocol.ts`.

Messages come from a page, so they are untrusted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openrouter_nb.parameters import nearest
from openrouter_nb.surrogates import well_formed_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VERSION = 1
ROLES = ("system", "developer", "user", "assistant", "tool")
CODE_FORMATS = ("chat", "openrouter_nb", "openrouter", "openai", "httpx", "typescript", "curl")


class ProtocolError(ValueError):
    """An invalid message of the panel, in one sentence."""


@dataclass(frozen=True, slots=True)
class PanelMessage:
    """A validated message of the panel.

    Attributes:
        kind: `ready`, `module`, `submit`, `stop`, `resync`, or the word of an `op` or `ask`.
        id: The panel's number for it, repeated in the reply.
        values: Its fields, without omitted ones.
        is_query: Whether it is a query, which does not change the state.
        buffers: Binary parts.
    """

    kind: str
    id: int
    values: Mapping[str, Any] = field(default_factory=dict)
    is_query: bool = False
    buffers: tuple[bytes, ...] = ()


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _anything(value: Any) -> bool:
    del value
    return True


def _new_id(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"x[a-z0-9]{1,20}", value) is not None


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _one_of(*words: Any) -> Callable[[Any], bool]:
    return lambda value: value in words and not isinstance(value, bool)


def _or_null(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or check(value)


_ROLE = _one_of(*ROLES)
_CARD = {"item": _text, "column": _or_null(_text)}
_CALL = {**_CARD, "call": _text}
_NONE: Mapping[str, Callable[[Any], bool]] = {}

# Name to (required fields, optional fields).
_Fields = tuple["Mapping[str, Callable[[Any], bool]]", "Mapping[str, Callable[[Any], bool]]"]
EVENTS: Mapping[str, _Fields] = {
    "ready": (_NONE, _NONE),
    "module": (_NONE, _NONE),
    "submit": (_NONE, {"text": _text, "role": _ROLE, "columns": _texts}),
    "stop": (_NONE, {"column": _text}),
    "resync": ({"run": _text}, _NONE),
}
_IN_COLUMN = {"column": _or_null(_text)}
COMMANDS: Mapping[str, _Fields] = {
    "set_param": ({"name": _text, "value": _anything}, _IN_COLUMN),
    "unset_param": ({"name": _text}, _IN_COLUMN),
    "null_param": ({"name": _text}, _IN_COLUMN),
    "force_param": ({"name": _text, "on": _flag}, _NONE),
    "set_setting": ({"name": _text, "value": _anything}, _NONE),
    "convert_deprecated": ({"name": _text}, _NONE),
    "set_model": ({"column": _text, "model": _text}, _NONE),
    "add_column": (_NONE, {"model": _text, "new_id": _new_id}),
    "remove_column": ({"column": _text}, _NONE),
    "insert_message": ({"index": _count, "role": _ROLE, "text": _text}, {"new_id": _new_id}),
    "add_message": ({"role": _ROLE, "text": _text}, _NONE),
    "edit_message": ({"item": _text, "text": _text}, {**_IN_COLUMN, "branch": _flag}),
    "set_role": ({"item": _text, "role": _ROLE}, _NONE),
    "set_tool_call_id": ({"item": _text, "tool_call_id": _text}, _NONE),
    "set_cache": ({"item": _text, "part": _count, "on": _flag}, _NONE),
    "delete_message": ({"item": _text}, _NONE),
    "duplicate_message": ({"item": _text}, _NONE),
    "branch_message": ({"item": _text}, _NONE),
    "move_message": ({"item": _text, "index": _count}, _NONE),
    "choose_branch": ({"item": _text, "step": _one_of(1, -1)}, _IN_COLUMN),
    "set_thread": ({"json": _text}, _NONE),
    "clear_thread": (_NONE, _IN_COLUMN),
    "undo": (_NONE, _IN_COLUMN),
    "redo": (_NONE, _IN_COLUMN),
    "keep_answer": ({"item": _text, "column": _text}, _NONE),
    "cancel_retry": (_NONE, _IN_COLUMN),
    "dismiss": (_NONE, _IN_COLUMN),
    "regenerate": ({"item": _text}, _IN_COLUMN),
    "repair": ({"item": _text}, _IN_COLUMN),
    "continue": ({"item": _text}, _IN_COLUMN),
    "set_draft": ({"text": _text}, {"role": _ROLE}),
    "upload": ({"upload": _text, "at": _count}, _NONE),
    "attach": ({"item": _or_null(_text), "name": _text}, {"variable": _text, "upload": _text}),
    "detach": ({"item": _or_null(_text), "part": _count}, _NONE),
    "tool_run": (_CALL, {"arguments": _text}),
    "tool_result": ({**_CALL, "text": _text}, _NONE),
    "tool_refuse": (_CALL, {"text": _text}),
    "tool_from": ({"variable": _text}, _NONE),
    "schema_from": ({"variable": _text}, _NONE),
    "tool_policy": ({"tool": _text, "policy": _one_of("ask", "auto", "manual")}, _NONE),
    "preset_save": ({"name": _text}, _NONE),
    "preset_load": ({"name": _text}, _NONE),
    "preset_delete": ({"name": _text}, _NONE),
    "history_open": ({"conversation": _text}, {"fork": _flag, "run": _flag}),
    "history_delete": ({"conversation": _text}, _NONE),
    "history_restore": (_NONE, _NONE),
    "history_import": ({"upload": _text}, _NONE),
    "remedy": ({"column": _text, "remedy": _text}, _NONE),
}
QUERIES: Mapping[str, _Fields] = {
    "models": (_NONE, {"fresh": _flag}),
    "attachment": ({"ref": _text}, _NONE),
    "request": (_NONE, _NONE),
    "raw": ({"item": _or_null(_text), "column": _or_null(_text)}, _NONE),
    "logprobs": (_CARD, _NONE),
    "history": (_NONE, _NONE),
    "conversations": (_NONE, {"search": _text}),
    "conversation_file": ({"conversation": _text, "format": _one_of("json", "markdown")}, _NONE),
    "code": ({"format": _one_of(*CODE_FORMATS)}, {"column": _text}),
    "variables": ({"use": _one_of("attachment", "tool", "schema")}, _NONE),
    "check_json": ({"text": _text, "as": _one_of("json", "schema", "tool", "messages")}, _NONE),
    "token_ids": ({"text": _text}, _NONE),
    "thread_json": (_NONE, _NONE),
    "script": ({"name": _one_of("json-editor", "panel-views", "highlight", "structured", "typeset")}, _NONE),
}


def read(content: Any, buffers: Any = ()) -> PanelMessage:
    """Validate a message of the panel.

    Args:
        content: The message.
        buffers: Its binary parts.

    Raises:
        ProtocolError: it does not follow the protocol.
    """
    if not isinstance(content, dict) or content.get("v") != VERSION or not _count(content.get("id")):
        raise ProtocolError(f"A message needs v = {VERSION}, a kind and an id.")
    kind = content.get("kind")
    table: Mapping[str, _Fields] = {"op": COMMANDS, "ask": QUERIES}.get(str(kind), EVENTS)
    word = content.get(kind) if table is not EVENTS else kind
    if not isinstance(word, str) or word not in table:
        raise ProtocolError(f"There is no {kind} {word!r}.{nearest(str(word), table)}")
    needed, optional = table[word]
    values: dict[str, Any] = {}
    for name, check in {**needed, **optional}.items():
        if name not in content and name not in needed:
            continue
        if name not in content and not (name in ("item", "column") and check(None)):
            raise ProtocolError(f"{word} needs {name}.")
        value = content.get(name)
        if not check(value):
            raise ProtocolError(f"{word} takes another {name}.")
        values[name] = well_formed_values(value)
    raw = tuple(bytes(buffer) for buffer in buffers or ())
    return PanelMessage(word, content["id"], values, is_query=table is QUERIES, buffers=raw)

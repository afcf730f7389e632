"""A conversation as a mime bundle, as Markdown, as JSON and as a Python script."""

from __future__ import annotations

import json
import pprint
from html import escape
from typing import TYPE_CHECKING, Any

from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.render.html.markdown import to_html
from openrouter_nb.surrogates import well_formed_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Messages = Sequence[Mapping[str, Any]]

_NAMES = {"system": "System", "user": "You", "assistant": "Model", "tool": "Tool"}


def bundle(name: str, messages: Messages) -> dict[str, str]:
    """Return the mime bundle of a conversation.

    Args:
        name: Its name.
        messages: Its messages, in the form of a request.
    """
    if not messages:
        nothing = f"No messages in `{name}` yet."
        return {"text/html": f"<em>{escape(nothing)}</em>", "text/plain": nothing}
    html = [
        f"<p><strong>{_NAMES[message['role']]}</strong></p>{to_html(escape_control(_text(message)))}"
        for message in messages
    ]
    return {"text/html": "<hr>".join(html), "text/plain": to_markdown(messages)}


def to_markdown(messages: Messages) -> str:
    """Return a conversation as Markdown."""
    parts = [f"## {_NAMES[message['role']]}\n\n{escape_control(_text(message))}" for message in messages]
    return "\n\n".join(parts) + "\n"


def to_json(messages: Messages) -> str:
    """Return the messages as JSON, in the form of a request."""
    return json.dumps(messages, ensure_ascii=False, indent=2) + "\n"


def to_python(messages: Messages, *, model: str = "openrouter/auto") -> str:
    """Return a script that continues the conversation."""
    # Through JSON, so that it has only types with a literal in Python.
    text = pprint.pformat(json.loads(json.dumps(messages)), width=100, sort_dicts=False)
    return (
        f'"""Continue a saved conversation."""\n\nfrom openrouter_nb import OpenRouter\n\nmessages = {text}\n'
        'messages.append({"role": "user", "content": "Continue."})\n\n'
        "with OpenRouter() as open_router:\n"
        f"    print(open_router.chat.send(model={model!r}, messages=messages).text)\n"
    )


FORMATS = (".md", ".json", ".py")


def exported(suffix: str, messages: Messages, *, model: str = "openrouter/auto") -> str:
    """Return a conversation in the format of a file suffix, one of `FORMATS`.

    Args:
        suffix: The file suffix.
        messages: Its messages, in the form of a request.
        model: The model in the Python script.
    """
    messages = well_formed_values(messages)
    if suffix == ".py":
        return to_python(messages, model=model)
    return to_json(messages) if suffix == ".json" else to_markdown(messages)


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, list):
        content = "\n\n".join(str(part.get("text") or f"[{part.get('type')}]") for part in content)
    calls = [call["function"] for call in message.get("tool_calls") or () if call.get("function")]
    lines = [f"Calls {call.get('name')} with {call.get('arguments') or 'nothing'}" for call in calls]
    return "\n\n".join([*([content] if content else []), *lines])

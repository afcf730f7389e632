"""A conversation as a page, as Markdown, as JSON and as Python."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

from openrouter_nb.notebook.render.markdown import to_html
from openrouter_nb.notebook.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.conversation import Conversation

_NAMES = {"system": "System", "user": "You", "assistant": "Model"}


def bundle(conversation: Conversation) -> dict[str, str]:
    """Return the mime bundle that shows a conversation."""
    messages = _messages(conversation)
    if not messages:
        nothing = f"{conversation.name}: nothing was said yet."
        return {"text/html": f"<em>{escape(nothing)}</em>", "text/plain": nothing}
    html = [
        f"<p><strong>{_NAMES[message['role']]}</strong></p>{to_html(visible(_text(message)))}"
        for message in messages
    ]
    return {"text/html": "<hr>".join(html), "text/plain": to_markdown(conversation)}


def to_markdown(conversation: Conversation) -> str:
    """Return a conversation as Markdown."""
    parts = [
        f"## {_NAMES[message['role']]}\n\n{visible(_text(message))}" for message in _messages(conversation)
    ]
    return "\n\n".join(parts) + "\n"


def to_json(conversation: Conversation) -> str:
    """Return the messages as the next request would send them."""
    return json.dumps(_messages(conversation), ensure_ascii=False, indent=2) + "\n"


def to_python(conversation: Conversation) -> str:
    """Return a script that goes on with the conversation."""
    messages = json.dumps(_messages(conversation), ensure_ascii=False, indent=4)
    # JSON's words for nothing, yes and no, read back by JSON itself: no text of the conversation becomes code.
    return (
        "import json\n\nfrom openrouter_nb import OpenRouter\n\n"
        f"messages = json.loads(\n    {messages!r}\n)\n"
        'messages.append({"role": "user", "content": "..."})\n\n'
        "with OpenRouter() as open_router:\n"
        '    print(open_router.chat.send(model="openrouter/auto", messages=messages).text)\n'
    )


FORMATS: Mapping[str, Callable[[Conversation], str]] = {
    ".md": to_markdown,
    ".json": to_json,
    ".py": to_python,
}


def _messages(conversation: Conversation) -> list[dict[str, Any]]:
    system = [{"role": "system", "content": conversation.system}] if conversation.system else []
    turns = [message for turn in conversation.turns for message in (turn.question, turn.answer)]
    return [*system, *turns]


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, list):
        return "\n\n".join(str(part.get("text") or f"[{part.get('type')}]") for part in content)
    return content or ""

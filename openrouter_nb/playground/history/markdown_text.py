"""A conversation as Markdown: readable anywhere, and read again from its HTML comments, which no viewer shows.

It has the texts of the displayed messages and the calls of tools. Attachments are only named.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from openrouter_nb.playground.history.history_errors import HistoryError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_COMMENT = re.compile(r"^<!-- (conversation|message): (\{.*\}) -->\n", re.MULTILINE)
_ESCAPED = re.compile(r"^(\\*<!-- (?:conversation|message): )", re.MULTILINE)
_HEADING = re.compile(
    r"^#{1,3} +(system|developer|user|assistant|tool)\b[^\n]*\n", re.MULTILINE | re.IGNORECASE
)
_FIELDS = ("role", "name", "tool_calls", "tool_call_id")


def markdown_of(title: str, about: Mapping[str, Any], messages: Sequence[Mapping[str, Any]]) -> str:
    """Return messages as Markdown.

    Args:
        title: The heading.
        about: JSON that `read_markdown` returns.
        messages: The messages.
    """
    texts = [f"# {title}\n\n{_comment('conversation', about)}"]
    for message in messages:
        fields = {name: message[name] for name in _FIELDS if message.get(name)}
        text = _ESCAPED.sub(r"\\\1", _text(message.get("content")))
        texts.append(f"{_comment('message', fields)}## {message['role']}\n\n{text}\n")
    return "\n".join(texts)


def read_markdown(text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return `about` and the messages of Markdown, also of one that was written by hand: a heading for each role.

    Raises:
        HistoryError: it has no messages.
    """
    text = text.replace("\r\n", "\n")
    head, *pieces = _COMMENT.split(text)
    del head
    found: dict[str, list[tuple[dict[str, Any], str]]] = {"conversation": [], "message": []}
    for kind, fields, piece in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        found[kind].append((_json(fields), piece))
    if messages := [_message(fields, piece) for fields, piece in found["message"]]:
        about = found["conversation"][0][0] if found["conversation"] else {}
        return about, messages
    _, *pieces = _HEADING.split(text)
    messages = [
        {"role": role.lower(), "content": piece.strip()}
        for role, piece in zip(pieces[::2], pieces[1::2], strict=True)
    ]
    if not messages:
        raise HistoryError("The Markdown has no messages: each begins with a heading such as “## user”.")
    return {}, messages


def _message(fields: dict[str, Any], piece: str) -> dict[str, Any]:
    _, _, text = piece.partition("\n\n")  # after the heading
    text = re.sub(
        r"^\\(\\*<!-- (?:conversation|message): )", r"\1", re.sub(r"\n{1,2}\Z", "", text), flags=re.MULTILINE
    )
    return {**{name: fields[name] for name in _FIELDS if name in fields}, "content": text}


def _json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise HistoryError("A comment of the Markdown is not JSON.") from None
    return value if isinstance(value, dict) else {}


def _comment(kind: str, value: Mapping[str, Any]) -> str:
    # "-->" would end the comment; in JSON, hyphens occur twice in strings only.
    text = json.dumps(value, ensure_ascii=False).replace("--", "-\\u002d")
    return f"<!-- {kind}: {text} -->\n"


def _text(content: Any) -> str:
    if not isinstance(content, list):
        return str(content or "")
    return "\n\n".join(
        part["text"] if isinstance(part.get("text"), str) else f"*[{part.get('type')}]*" for part in content
    )

"""The messages between a page and its bridge, on the custom messages of the widget. The page's half is `@openrouter-nb/client`.

Each message has the marker `openrouter: 1`, the version of the protocol; other messages belong to the author of the widget.
Messages of pages are untrusted.

    page → kernel                     reply of the kernel
    chat     id, run, body, …         ChatResult; while it is written: deltas of the live protocol for `run`
    abort    run                      none: the chat ends with RequestAbortedError
    decide   id, run, call, decision  null
    models   id                       the allowed models
    resync   run                      a snapshot of the live protocol, if the answer is running
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openrouter_nb.parameters import nearest
from openrouter_nb.tools.tool import MAX_ARGUMENTS_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VERSION = 1
MARKER = "openrouter"
DECISIONS = ("run", "run_with", "respond", "refuse")

_MAX_ID = 2**53
_MAX_NAMES = 128
_MAX_HEADERS = 50
_MAX_HEADER = 8_192  # characters
_MAX_WORD = 256  # characters of a name or an id
_MAX_TIMEOUT_MS = 86_400_000


class PageMessageError(ValueError):
    """An invalid message of a page, in one sentence.

    Attributes:
        id: Id of the request, None if it has none and no reply is possible.
    """

    def __init__(self, message: str, id_: int | None) -> None:
        super().__init__(message)
        self.id = id_


@dataclass(frozen=True, slots=True)
class PageMessage:
    """A validated message of a page.

    Attributes:
        kind: `chat`, `abort`, `decide`, `models` or `resync`.
        id: The page's number for it, repeated in the reply; 0 for a message without a reply.
        values: Its fields, without omitted ones.
    """

    kind: str
    id: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)


def _integer(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _text(most: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and len(value) <= most


def _any_text(value: Any) -> bool:
    return isinstance(value, str)


def _run(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-z0-9-]{1,40}", value) is not None


def _names(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= _MAX_NAMES and all(map(_text(_MAX_WORD), value))


def _headers(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and len(value) <= _MAX_HEADERS
        and all(_text(_MAX_WORD)(name) and _text(_MAX_HEADER)(text) for name, text in value.items())
    )


_ID = _integer(0, _MAX_ID)
# Kind to (required fields, optional fields). The policy limits the size of a body.
_KINDS: Mapping[str, tuple[Mapping[str, Callable[[Any], bool]], Mapping[str, Callable[[Any], bool]]]] = {
    "chat": (
        {"id": _ID, "run": _run, "body": _any_text},
        {"tools": _names, "timeout_ms": _integer(1, _MAX_TIMEOUT_MS), "headers": _headers},
    ),
    "abort": ({"run": _run}, {}),
    "decide": (
        {"id": _ID, "run": _run, "call": _text(_MAX_WORD), "decision": lambda value: value in DECISIONS},
        {"value": _text(MAX_ARGUMENTS_BYTES)},
    ),
    "models": ({"id": _ID}, {}),
    "resync": ({"run": _run}, {}),
}


def is_ours(content: Any) -> bool:
    """Return whether a custom message of the widget is one of this protocol, of any version."""
    return isinstance(content, dict) and _integer(0, _MAX_ID)(content.get(MARKER))


def read(content: Mapping[str, Any]) -> PageMessage:
    """Validate a message for which `is_ours` is true.

    Raises:
        PageMessageError: it does not follow the protocol, or is of another version.
    """
    id_ = content.get("id") if _ID(content.get("id")) else None
    if content[MARKER] != VERSION:
        raise PageMessageError(
            f"The page speaks version {content[MARKER]} of the bridge's protocol, the kernel version {VERSION}.",
            id_,
        )
    kind = content.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        word = str(kind)[:_MAX_WORD]
        raise PageMessageError(f"There is no message {word!r}.{nearest(word, _KINDS)}", id_)
    needed, optional = _KINDS[kind]
    values: dict[str, Any] = {}
    for name, check in {**needed, **optional}.items():
        if name not in content:
            if name in needed:
                raise PageMessageError(f"{kind} needs {name}.", id_)
        elif not check(content[name]):
            raise PageMessageError(f"{kind} takes another {name}.", id_)
        else:
            values[name] = content[name]
    return PageMessage(kind, values.pop("id", 0), values)


def marked(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message with the marker, as pages get it."""
    return {MARKER: VERSION, **message}


def reply_message(id_: int, value: Any) -> dict[str, Any]:
    """Return the reply with the result of a request, as JSON values."""
    return marked({"kind": "reply", "id": id_, "ok": True, "value": value})


def error_message(id_: int, error: Mapping[str, Any]) -> dict[str, Any]:
    """Return the reply of a request that failed. The error is as `sdk_errors.sdk_error` returns it."""
    return marked({"kind": "reply", "id": id_, "ok": False, "error": error})

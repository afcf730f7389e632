"""The wire protocol of live answers. The browser's half is `js/src/live/protocol.ts`.

A page gets a snapshot of each answer when it opens, then deltas, numbered from 1 without gaps. A page that misses one
sends `{"kind": "resync", "run": …}` and gets a snapshot. A live view sends `stop` and `action` again, with the same id,
until it gets a reply.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Pages ignore messages of another version, and the loaders of another version use another bundle.
VERSION = 3

Phase = Literal[
    "connecting",
    "processing",
    "reasoning",
    "answering",
    "waiting",
    "calling",
    "finished",
    "stopped",
    "interrupted",
    "failed",
]

FINAL: frozenset[Phase] = frozenset({"finished", "stopped", "interrupted", "failed"})


def deltas_message(deltas: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the message that carries deltas of one or more answers, each as `Delta.wire`."""
    return {"kind": "deltas", "v": VERSION, "deltas": deltas}


def snapshot_message(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """Return the message that answers a resync."""
    return {"kind": "snapshot", **snapshot}


def reply_message(id_: int) -> dict[str, Any]:
    """Return the reply to a `stop` or an `action`."""
    return {"kind": "reply", "id": id_}

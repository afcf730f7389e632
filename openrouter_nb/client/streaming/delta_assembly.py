"""Assemble tool calls and reasoning details from the fragments in deltas."""

from __future__ import annotations

import json
from typing import Any

_JOINED = {"reasoning.text": "text", "reasoning.summary": "summary"}


class ToolCallAssembler:
    """Assembles tool calls by index; a new id at a used index starts a new call.

    Recorded: fifteen complete calls with fifteen ids, every one with index 0 (gemini-2.5-flash-lite). Reported: parallel
    calls with one id and an index each.
    """

    def __init__(self) -> None:
        self._calls: list[PartialToolCall] = []
        self._by_index: dict[int, PartialToolCall] = {}
        self._by_id: dict[tuple[int | None, str], PartialToolCall] = {}

    def feed(self, fragments: Any) -> None:
        """Add the fragments of one chunk."""
        for fragment in fragments if isinstance(fragments, list) else ():
            if isinstance(fragment, dict):
                self.feed_fragment(fragment)

    def feed_fragment(self, fragment: dict[str, Any]) -> tuple[PartialToolCall, str]:
        """Take one fragment, and return its call with the new text of the arguments."""
        index = fragment.get("index")
        call = self._call_at(index if isinstance(index, int) else None, str(fragment.get("id") or ""))
        return call, call.feed(fragment)

    def finished(self) -> list[dict[str, Any]]:
        """Return the calls so far, in order of their first fragments."""
        return [call.finished() for call in self._calls]

    def _call_at(self, index: int | None, ident: str) -> PartialToolCall:
        call = self._by_id.get((index, ident)) if ident else None
        if call is None:
            if index is not None:
                call = self._by_index.get(index)
            else:
                call = self._calls[-1] if self._calls else None
            if call is None or (ident and call.id and call.id != ident):
                call = PartialToolCall(len(self._calls))
                self._by_index.setdefault(len(self._calls), call)
                self._calls.append(call)
        if index is not None:
            self._by_index[index] = call
        if ident:
            self._by_id[index, ident] = call
            self._by_id.setdefault((None, ident), call)
        return call


class PartialToolCall:
    """A tool call as assembled so far.

    Attributes:
        position: Its place among the calls of the response, from 0.
        id: `""` while no fragment had one.
        name: `""` while no fragment had one.
    """

    __slots__ = ("_arguments", "_type", "id", "name", "position")

    def __init__(self, position: int) -> None:
        self.position = position
        self.id = ""
        self.name = ""
        self._type = "function"
        self._arguments: list[str] = []

    @property
    def arguments(self) -> str:
        """The JSON text of the arguments, as far as it has arrived."""
        return "".join(self._arguments)

    def feed(self, fragment: dict[str, Any]) -> str:
        """Take a fragment, and return the new text of the arguments."""
        self.id = self.id or str(fragment.get("id") or "")
        self._type = str(fragment.get("type") or self._type)
        function = fragment.get("function")
        if not isinstance(function, dict):
            return ""
        self.name = self.name or str(function.get("name") or "")
        arguments = function.get("arguments") or ""
        piece = arguments if isinstance(arguments, str) else json.dumps(arguments)
        if piece:
            self._arguments.append(piece)
        return piece

    def finished(self) -> dict[str, Any]:
        """Return the call as a message carries it."""
        function = {"name": self.name or None, "arguments": self.arguments}
        return {"id": self.id or None, "type": self._type, "function": function}


class ReasoningAssembler:
    """Assembles `reasoning_details`: fragments are joined, in order; all other fields stay as received."""

    def __init__(self) -> None:
        self._entries: list[dict[str, Any]] = []
        # Text fragments of each entry, joined once at the end, so that the time stays linear.
        self._pieces: list[list[str]] = []

    def feed(self, details: list[Any]) -> None:
        """Add the details of one chunk."""
        for detail in details:
            if isinstance(detail, dict):
                self._add(detail)

    def finished(self) -> list[dict[str, Any]]:
        """Return the details so far, in order."""
        return [
            {**entry, _JOINED[entry["type"]]: "".join(pieces)} if pieces else dict(entry)
            for entry, pieces in zip(self._entries, self._pieces, strict=True)
        ]

    def _add(self, detail: dict[str, Any]) -> None:
        key = _JOINED.get(str(detail.get("type")))
        piece = detail.get(key) if key else None
        target = self._continued(detail, piece) if key else None
        if target is None:
            self._entries.append(dict(detail))
            self._pieces.append([piece] if piece and isinstance(piece, str) else [])
            return
        if piece and isinstance(piece, str):
            self._pieces[target].append(piece)
        entry = self._entries[target]
        for name in ("signature", "id", "format"):
            if detail.get(name) and not entry.get(name):
                entry[name] = detail[name]

    def _continued(self, detail: dict[str, Any], piece: Any) -> int | None:
        """Find the entry that a fragment continues: the last one, or for a lone signature the newest that matches.

        A signature arrives in a separate entry, sometimes after other entries, and belongs to the text before them.
        """
        kind, index = detail.get("type"), detail.get("index")
        oldest = 0 if detail.get("signature") and not piece else len(self._entries) - 1
        for position in range(len(self._entries) - 1, max(oldest, 0) - 1, -1):
            entry = self._entries[position]
            if entry.get("type") == kind and (index is None or entry.get("index") in (None, index)):
                return position
        return None

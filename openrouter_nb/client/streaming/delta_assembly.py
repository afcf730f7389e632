"""Assemble tool calls and reasoning details from the fragments in deltas."""

from __future__ import annotations

import json
import re
from typing import Any

_JOINED = {"reasoning.text": "text", "reasoning.summary": "summary"}
# What opens and closes strings, arrays and objects. A backslash at the end escapes the first character of the next piece.
_STRUCTURE = re.compile(r'["{}\[\]]|\\.?', re.DOTALL)


class ToolCallAssembler:
    """Assembles tool calls from their fragments, by id and index where these distinguish calls.

    Recorded: fifteen complete calls with fifteen ids, every one with index 0 (gemini-2.5-flash-lite). Reported: parallel
    calls with one id and an index each; with index 0 and no ids (hermes-agent#62937); without index and ids; with a new
    id in each fragment of one call (vLLM). So a fragment without a known id that has a name starts a call if the name is
    another one, or if the call before it is complete. A fragment without a name continues a call. A call with an id and no
    arguments may get the rest of its name. Complete arguments that are sent again are ignored.
    """

    def __init__(self) -> None:
        self._calls: list[PartialToolCall] = []
        self._by_index: dict[int, PartialToolCall] = {}
        self._by_id: dict[tuple[int | None, str], PartialToolCall] = {}

    def feed(self, fragments: Any) -> list[tuple[PartialToolCall, str]]:
        """Add the fragments of one chunk, and return the call of each with the new text of its arguments."""
        if not isinstance(fragments, list):
            return []
        fed: list[tuple[PartialToolCall, str]] = []
        in_chunk: set[PartialToolCall] = set()
        for position, fragment in enumerate(fragments):
            if not isinstance(fragment, dict):
                continue
            index = _index(fragment.get("index"))
            if index is None and len(fragments) > 1:
                index = position
            call = self._call_of(fragment, index, in_chunk)
            in_chunk.add(call)
            fed.append((call, call.feed(fragment)))
        return fed

    def finished(self) -> list[dict[str, Any]]:
        """Return the calls so far, in order of their first fragments."""
        return [call.finished() for call in self._calls]

    def _call_of(
        self, fragment: dict[str, Any], index: int | None, in_chunk: set[PartialToolCall]
    ) -> PartialToolCall:
        ident = str(fragment.get("id") or "")
        call = self._by_id.get((index, ident)) if ident else None
        if call is None:
            if index is not None:
                call = self._by_index.get(index)
            elif self._calls:
                call = self._calls[-1]
        if call is None or call.is_followed_by(fragment, same_chunk=call in in_chunk):
            name = _function(fragment)[0]
            if call and not (ident or name):  # they were in the fragment before
                ident, name = call.id, call.name
            call = PartialToolCall(len(self._calls), ident, name)
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

    __slots__ = ("_arguments", "_is_named_again", "_nesting", "_scanned", "_type", "id", "name", "position")

    def __init__(self, position: int, ident: str, name: str) -> None:
        self.position = position
        self.id = ident
        self.name = name
        self._type = "function"
        self._arguments: list[str] = []
        self._nesting = JSONNesting()
        self._scanned = 0  # fragments of the arguments that `_nesting` has seen
        self._is_named_again = False  # after its arguments, in a fragment without any

    @property
    def arguments(self) -> str:
        """The JSON text of the arguments, as far as it has arrived."""
        return "".join(self._arguments)

    def feed(self, fragment: dict[str, Any]) -> str:
        """Take a fragment, and return the new text of the arguments."""
        self.id = self.id or str(fragment.get("id") or "")
        self._type = str(fragment.get("type") or self._type)
        name, piece = _function(fragment)
        self._is_named_again = bool(name and self.name and not piece.strip() and self._is_complete())
        if name and name != self.name and not self._arguments:  # sent in parts, or from its start each time
            self.name = name if name.startswith(self.name) else self.name + name
        self.name = self.name or name
        if self._repeats(piece):
            return ""
        if piece:
            self._arguments.append(piece)
        return piece

    def is_followed_by(self, fragment: dict[str, Any], *, same_chunk: bool) -> bool:
        """Return whether a fragment with the index of this call, or without one, starts another call.

        Args:
            fragment: The fragment.
            same_chunk: Whether the chunk has a fragment of this call before it.
        """
        ident = str(fragment.get("id") or "")
        name, piece = _function(fragment)
        more = bool(piece.strip())
        if ident and self.id and ident != self.id:
            return bool(name) or not self.name or self._is_complete()
        if not name or not self.name:
            return more and self._is_named_again
        if ident and ident == self.id:
            return self._is_complete() and (name != self.name or (more and not self._repeats(piece)))
        # Some providers repeat the name in every fragment.
        is_other = name != self.name and not (self.id and not self._arguments)
        return is_other or same_chunk or (more and self._is_complete())

    def finished(self) -> dict[str, Any]:
        """Return the call as a message carries it."""
        function = {"name": self.name or None, "arguments": self.arguments}
        return {"id": self.id or None, "type": self._type, "function": function}

    def _repeats(self, piece: str) -> bool:
        """Return whether a piece is the whole of the arguments again, an object. Takes the time of the piece alone."""
        if piece[:1] != "{" or not self._is_complete():
            return False
        end = 0
        for part in self._arguments:
            if not piece.startswith(part, end):
                return False
            end += len(part)
        return end == len(piece)

    def _is_complete(self) -> bool:
        for piece in self._arguments[self._scanned :]:
            self._nesting.feed(piece)
        self._scanned = len(self._arguments)
        return self._nesting.is_closed


class JSONNesting:
    """Follows the nesting of a JSON text that arrives in pieces, in linear time.

    Attributes:
        is_closed: Whether the text holds a value, and no string, array or object of it is open.
    """

    __slots__ = ("_depth", "_escaped", "_in_string", "is_closed")

    def __init__(self) -> None:
        self.is_closed = False
        self._depth = 0
        self._in_string = self._escaped = False

    def feed(self, piece: str) -> None:
        """Take the next piece of the text."""
        if not piece.strip():
            return
        start = int(self._escaped)
        self._escaped = False
        for found in _STRUCTURE.finditer(piece, start):
            mark = found[0]
            if mark == '"':
                self._in_string = not self._in_string
            elif mark[0] == "\\":
                self._escaped = self._in_string and len(mark) == 1
            elif not self._in_string:
                self._depth += 1 if mark in "{[" else -1
        self.is_closed = self._depth <= 0 and not self._in_string


def _function(fragment: dict[str, Any]) -> tuple[str, str]:
    """Return the name and the piece of arguments in a fragment, `""` for what it does not have."""
    function = fragment.get("function")
    if not isinstance(function, dict):
        return "", ""
    arguments = function.get("arguments") or ""
    return str(function.get("name") or ""), arguments if isinstance(arguments, str) else json.dumps(arguments)


def _index(value: Any) -> int | None:
    """Return an index, which some servers send as a float or as text; None for any other value."""
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 10 else None


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

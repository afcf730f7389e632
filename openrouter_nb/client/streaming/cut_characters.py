r"""Join characters that a stream cuts between two chunks.

A server may cut a UTF-16 pair (`\ud83d` | `\ude00`) or the UTF-8 bytes of a character where it cuts the text into deltas.
"""

from __future__ import annotations

import re
from typing import Any

from openrouter_nb.surrogates import well_formed

# Half a pair, or the first bytes of a character as `surrogateescape` decodes them, at the end of a text.
_CUT = re.compile("(?:[\ud800-\udbff]|[\udcc2-\udcf4][\udc80-\udcbf]{0,2})\\Z")
_BYTES = re.compile("[\udc80-\udcff]+")

Path = tuple[Any, ...]


class CutCharacters:
    """Moves the first part of each cut character to the chunk with the rest of it. One for each stream.

    Parts that are not continued become U+FFFD.

    Attributes:
        pending: The parts that wait for their rest, by the place of their text in the chunk.
    """

    __slots__ = ("pending",)

    def __init__(self) -> None:
        self.pending: dict[Path, str] = {}

    def join(self, chunk: Any) -> Any:
        """Return a chunk with whole characters only.

        Args:
            chunk: Parsed JSON, in which `surrogateescape` has decoded bytes that are not UTF-8.
        """
        return self._joined(chunk, (), may_continue=True)

    def _joined(self, value: Any, path: Path, *, may_continue: bool) -> Any:
        if isinstance(value, str):
            return self._text(value, path, may_continue=may_continue and "delta" in path)
        if isinstance(value, list):
            places = (_place(item, position) for position, item in enumerate(value))
            return [
                self._joined(item, (*path, place), may_continue=may_continue)
                for place, item in zip(places, value, strict=True)
            ]
        if not isinstance(value, dict):
            return value
        is_last = bool(path[-2:-1] == ("choices",) and value.get("finish_reason"))
        joined = {
            well_formed(key): self._joined(item, (*path, key), may_continue=may_continue and not is_last)
            for key, item in value.items()
        }
        if is_last:
            self._end(joined, path)
        return joined

    def _text(self, text: str, path: Path, *, may_continue: bool) -> str:
        text = self.pending.pop(path, "") + text
        if text.isascii():
            return text
        # Pairs first: the second half of one may look like a byte.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        if may_continue and (cut := _CUT.search(text)):
            self.pending[path] = cut[0]
            text = text[: cut.start()]
        return well_formed(_BYTES.sub(_decoded, text))

    def _end(self, choice: dict[str, Any], path: Path) -> None:
        """Add U+FFFD for the parts that were pending in the texts of a choice that ends."""
        for place in [place for place in self.pending if place[: len(path)] == path]:
            del self.pending[place]
            _append(choice, place[len(path) :], "\ufffd")


def _place(item: Any, position: int) -> tuple[Any]:
    """Return the place of an item of a list: its `index` if it has one, because fragments of one list are at any position."""
    index = item.get("index") if isinstance(item, dict) else None
    return (position if index is None or isinstance(index, (dict, list)) else index,)


def _append(target: dict[str, Any], place: Path, text: str) -> None:
    """Append to the text at a place of an object. Objects and items of lists that are not there are added, by their index."""
    key, *rest = place
    if not rest:
        target[key] = f"{target.get(key) or ''}{text}"
        return
    inner = target[key] if isinstance(target.get(key), (dict, list)) else None
    if isinstance(rest[0], tuple):
        (index,) = rest.pop(0)
        items = target[key] = inner if isinstance(inner, list) else []
        inner = next((item for item in items if isinstance(item, dict) and item.get("index") == index), None)
        if inner is None:
            items.append(inner := {"index": index})
    elif not isinstance(inner, dict):
        inner = target[key] = {}
    if rest:  # else the text is itself an item
        _append(inner, tuple(rest), text)


def _decoded(match: re.Match[str]) -> str:
    return match[0].encode("utf-8", "surrogateescape").decode("utf-8", "replace")

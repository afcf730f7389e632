"""What differs between a request and the nearest recorded one."""

from __future__ import annotations

import json
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from openrouter_nb.redaction import redact
from openrouter_nb.replay.request_key import readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_MAX_LINES = 6
_SHOWN = 60  # characters of each value
_COMPARED = 2_000  # characters at both ends of two texts
_BEFORE = 15  # of these, at most before the first difference
# The prompt identifies a request more than its parameters do: the same prompt to another model is nearer than another prompt.
_WEIGHT_OF_MESSAGES = 4.0
_MISSING: Any = object()

Change = tuple[str, Any, Any]  # path, recorded value, requested value


def differences(request: Mapping[str, Any], recorded: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return lines `path: recorded → requested` for the recorded request that is nearest to a request.

    Args:
        request: A canonical request.
        recorded: Recorded requests, at least one, the newest last.
    """
    short = readable(dict(request))
    changes = min((list(_changes("", each, short)) for each in reversed(recorded)), key=_distance)
    more = len(changes) - _MAX_LINES
    return [_line(*change) for change in changes[:_MAX_LINES]] + ([f"and {more} more"] if more > 0 else [])


def _changes(path: str, recorded: Any, requested: Any) -> Iterator[Change]:
    if isinstance(recorded, dict) and isinstance(requested, dict):
        for name in sorted({*recorded, *requested}):
            below = f"{path}.{name}" if path else name
            yield from _changes(below, recorded.get(name, _MISSING), requested.get(name, _MISSING))
    elif isinstance(recorded, list) and isinstance(requested, list):
        for index, pair in enumerate(zip_longest(recorded, requested, fillvalue=_MISSING)):
            yield from _changes(f"{path}[{index}]", *pair)
    elif recorded is _MISSING or requested is _MISSING or recorded != requested:
        yield path, recorded, requested


def _distance(changes: Sequence[Change]) -> float:
    return sum(
        _dissimilarity(recorded, requested) * _WEIGHT_OF_MESSAGES if path.startswith("messages") else 1.0
        for path, recorded, requested in changes
    )


def _dissimilarity(one: Any, other: Any) -> float:
    """Return 0 for equal texts to 1 for texts that begin and end differently."""
    if not (isinstance(one, str) and isinstance(other, str)):
        return 1.0
    longest = max(len(one), len(other))
    begin, end = slice(_COMPARED), slice(-1, -_COMPARED - 1, -1)
    before = _shared(one[begin], other[begin])
    after = _shared(one[before:][end], other[before:][end])
    return 1 - (before + after) / longest


def _shared(one: str, other: str) -> int:
    """Return the length of the common beginning of two texts."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


def _line(path: str, recorded: Any, requested: Any) -> str:
    before, after = _text(recorded), _text(requested)
    start = 0
    if isinstance(recorded, str) and isinstance(requested, str):
        start = max(0, _shared(before, after) - _BEFORE)
    one, other = (_shown(text, start) for text in (before, after))
    if one == other:  # they differ in white space
        one, other = (_shown(text, start, is_exact=True) for text in (before, after))
    return f"{path}: {one} → {other}"


def _text(value: Any) -> str:
    if value is _MISSING:
        return "nothing"
    return redact(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)) or "empty"


def _shown(text: str, start: int, *, is_exact: bool = False) -> str:
    piece = text[start : start + _SHOWN]
    piece = ascii(piece) if is_exact else " ".join(piece.split())
    return f"{'…' if start else ''}{piece}{'…' if len(text) > start + _SHOWN else ''}"

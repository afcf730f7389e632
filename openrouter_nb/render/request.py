"""A request that is only shown: what `--dry-run` leaves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from openrouter_nb.render.bundle import answer_bundle

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONG = 2_000
# Four characters a token is what English takes with the tokenizers of 2026; a picture is not counted.
_CHARACTERS_PER_TOKEN = 4


def bundle(request: Mapping[str, Any]) -> dict[str, str]:
    """Return the mime bundle of a request: its JSON, with long values cut, and an estimate of its tokens."""
    body = {key: value for key, value in request.items() if key != "extra_body"} | dict(
        request.get("extra_body") or {}
    )
    text = json.dumps(_cut({**body, "stream": True}), ensure_ascii=False, indent=2)
    tokens = max(1, _characters(body["messages"]) // _CHARACTERS_PER_TOKEN)
    note = f"Nothing was sent. About {tokens:,} tokens of text would be; the answer comes on top."
    return answer_bundle(f"```json\n{text}\n```", note=note)


def _cut(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _LONG:
        return f"{value[:200]}… [{len(value):,} characters]"
    if isinstance(value, dict):
        return {key: _cut(item) for key, item in value.items()}
    return [_cut(item) for item in value] if isinstance(value, list) else value


def _characters(value: Any) -> int:
    if isinstance(value, str):
        return 0 if value.startswith("data:") else len(value)
    if isinstance(value, dict):
        return sum(map(_characters, value.values()))
    return sum(map(_characters, value)) if isinstance(value, list) else 0

"""A request that is only shown: what `--dry-run` leaves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from openrouter_nb.redaction import redact
from openrouter_nb.render.answer.text_bundle import answer_bundle

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONG = 2_000


def bundle(body: Mapping[str, Any], *, estimate: str) -> dict[str, str]:
    """Return the mime bundle of a request: its JSON, with long values cut and secrets removed.

    Args:
        body: As it would be sent.
        estimate: One sentence about its tokens and its price.
    """
    text = json.dumps(_cut(body), ensure_ascii=False, indent=2)
    return answer_bundle(f"```json\n{text}\n```", note=f"Nothing was sent. {estimate}")


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        shown = redact(value)
        return shown if len(shown) <= _LONG else f"{shown[:200]}… [{len(shown):,} characters]"
    if isinstance(value, dict):
        return {key: _cut(item) for key, item in value.items()}
    return [_cut(item) for item in value] if isinstance(value, list) else value

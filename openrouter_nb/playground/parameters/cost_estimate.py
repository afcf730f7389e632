"""What the next request may take, before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.token_estimate import estimate
from openrouter_nb.playground.parameters.model_summary import per_million

if TYPE_CHECKING:
    from openrouter_nb.playground.state.state import PlaygroundState


def estimated(session: PlaygroundState) -> dict[str, Any]:
    """Return tokens and cost: the first column's tokens, and what all columns may cost together."""
    tokens, low, high = 0, 0.0, 0.0
    priced = bool(session.columns)
    draft = [{"role": "user", "content": session.draft.text}] if session.draft.text.strip() else []
    for index, column in enumerate(session.columns):
        count = estimate([*session.thread.messages(column.id), *draft, *session.draft.attachments])
        tokens = count if index == 0 else tokens
        model = session.catalog.find(column.model)
        price_in = per_million(model.pricing.prompt) if model else None
        price_out = per_million(model.pricing.completion) if model else None
        limit = session.effective_params(column).get("max_completion_tokens") or (
            model.top_provider.max_completion_tokens if model else None
        )
        if price_in is None or price_out is None or not isinstance(limit, int):
            priced = False
            continue
        low += count * price_in / 1e6
        high += (count * price_in + limit * price_out) / 1e6
    return {
        "tokens_in": tokens,
        "tokens_exact": False,
        "cost_low": round(low, 8) if priced else None,
        "cost_high": round(high, 8) if priced else None,
    }

"""Token counts and cost of scripted answers.

Source of the shape: OpenRouter docs, cookbook/administration/usage-accounting, August 2026. The counts are
estimates (four characters per token); the cost is the count times the listed price.
"""

import dataclasses
from decimal import Decimal
from typing import Any

from openrouter_nb.simulator.message_validation import text_of


@dataclasses.dataclass(frozen=True, slots=True)
class Prices:
    """Prices in USD per token, as decimal strings like those of `/models`."""

    prompt: str = "0"
    completion: str = "0"


FREE = Prices()
# Of the scripts: too small to be mistaken for a bill, large enough that a sum is visible.
LIST_PRICES = Prices("0.0000002", "0.0000008")


def tokens(text: str) -> int:
    """Estimate the tokens of a text: one per four characters, rounded up."""
    return -(-len(text) // 4)


def prompt_tokens(messages: list[dict[str, Any]]) -> int:
    """Estimate the tokens of a conversation, with an overhead of four per message."""
    return sum(4 + tokens(text_of(message.get("content"))) for message in messages)


def usage(*, prompt: int, completion: int, reasoning: int, prices: Prices, cached: int = 0) -> dict[str, Any]:
    """Return the `usage` object.

    Args:
        prompt: Tokens of the prompt.
        completion: Tokens of the answer, including reasoning.
        reasoning: Tokens of the reasoning.
        prices: Prices of the model that answered.
        cached: Tokens of the prompt that were read from the cache.
    """
    prompt_cost = prompt * Decimal(prices.prompt)
    completion_cost = completion * Decimal(prices.completion)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "cost": float(prompt_cost + completion_cost),
        "is_byok": False,
        "prompt_tokens_details": {"cached_tokens": cached, "cache_write_tokens": 0, "audio_tokens": 0},
        "cost_details": {
            "upstream_inference_cost": None,
            "upstream_inference_prompt_cost": float(prompt_cost),
            "upstream_inference_completions_cost": float(completion_cost),
        },
        "completion_tokens_details": {"reasoning_tokens": reasoning, "image_tokens": 0},
    }

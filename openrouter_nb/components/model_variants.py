"""Model variants: the suffixes of a model id, such as `:nitro`. Suffixes can be combined, as in `…:free:online`.

Source: OpenRouter docs, guides/routing/model-variants, read in November 2026.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ModelVariant:
    """One suffix.

    Attributes:
        suffix: With its colon.
        kind: `routing` works on every model, is not in `GET /models`, and leaves prices and limits those of the model.
            `catalog` works only on models that `GET /models` lists with it, as entries with other prices and limits.
        help: Effect, in a few words.
        for_chat: Whether chat requests accept it.
    """

    suffix: str
    kind: Literal["routing", "catalog"]
    help: str
    for_chat: bool = True


VARIANTS = (
    ModelVariant(":nitro", "routing", "fastest providers first"),
    ModelVariant(":floor", "routing", "cheapest providers first"),
    ModelVariant(":exacto", "routing", "providers that are best with tools"),
    # Deprecated in favor of the server tool `openrouter:web_search`, but still accepted.
    ModelVariant(":online", "routing", "with web search"),
    ModelVariant(":free", "catalog", "free variant, where there is one"),
    ModelVariant(":thinking", "catalog", "reasoning variant, where there is one"),
    ModelVariant(":extended", "catalog", "variant with a longer context, where there is one"),
    # A chat request gets 404 (guides/features/batch-api).
    ModelVariant(":batch", "catalog", "Batch API only", for_chat=False),
)
ROUTING_SUFFIXES = frozenset(variant.suffix for variant in VARIANTS if variant.kind == "routing")


def base_id(model: str) -> str:
    """Return a model id without any suffix."""
    return model.partition(":")[0]


def catalog_id(model: str) -> str:
    """Return the id under which `GET /models` lists a model: without its routing suffixes."""
    base, *suffixes = model.split(":")
    return ":".join([base, *(suffix for suffix in suffixes if f":{suffix}" not in ROUTING_SUFFIXES)])

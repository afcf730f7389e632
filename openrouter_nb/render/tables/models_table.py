"""Models as a table with context, prices and modalities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.render.html.markdown import to_html

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.components.catalog import Model

_MAX_ROWS = 40


def bundle(models: Sequence[Model], *, note: str = "") -> dict[str, str]:
    """Return the mime bundle of a table: id, context, price per million tokens, input and output modalities."""
    rows = ["| model | context | $ in / M | $ out / M | in → out |", "|:---|--:|--:|--:|:---|"]
    rows += [_row(model) for model in models[:_MAX_ROWS]]
    notes = [
        f"{_MAX_ROWS} of {len(models):,} models; add search words to see fewer"
        if len(models) > _MAX_ROWS
        else "",
        note,
    ]
    table = "\n".join(rows) if models else "No model is like that."
    if said := "; ".join(part for part in notes if part):
        table += f"\n\n{said}."
    table = escape_control(table)
    return {"text/html": to_html(table), "text/plain": table}


def _row(model: Model) -> str:
    context = f"{model.context_length:,}" if model.context_length else ""
    prices = f"{_per_million(model.pricing.prompt)} | {_per_million(model.pricing.completion)}"
    kinds = model.architecture
    media = f"{', '.join(kinds.input_modalities)} → {', '.join(kinds.output_modalities)}"
    return f"| `{model.id}` | {context} | {prices} | {media.replace('|', ' ')} |"


def _per_million(price: Any) -> str:
    """Return a price per million tokens. Routers have negative values, since their prices vary."""
    if price is None or price < 0:
        return "varies"
    return "free" if price == 0 else f"{price * 1_000_000:,.3f}".rstrip("0").rstrip(".")

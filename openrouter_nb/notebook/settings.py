"""What `%config ChatMagics` says, as one value: what holds for a cell whose options do not say otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openrouter_nb.render.answer.display_formats import Format


@dataclass(frozen=True, slots=True, kw_only=True)
class MagicSettings:
    """Defaults of the chat cells.

    Attributes:
        model: Model id.
        form: How answers are shown.
        show_reasoning: Whether reasoning is unfolded.
        max_cost: Most US dollars for one cell, None for no bound.
        budget: Most US dollars for all cells of this kernel, None for no bound.
        history_tokens: Most tokens of earlier turns to send, None for what the model's context holds.
        raises: Whether a failed request fails its cell.
        timeout: Seconds to wait for the next piece, None for the client's 120.
        retries: How often a failed request is sent again, None for the client's policy.
        replay: Whether answers come from the replay file; empty for OPENROUTER_NB_REPLAY.
    """

    model: str
    form: Format = "md"
    show_reasoning: bool = False
    max_cost: float | None = None
    budget: float | None = None
    history_tokens: int | None = None
    raises: bool = True
    timeout: float | None = None
    retries: int | None = None
    replay: str = ""

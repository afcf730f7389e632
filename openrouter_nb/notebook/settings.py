"""Settings of `%config ChatMagics`: the defaults for options that a cell does not give."""

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
        form: Display format of answers.
        show_reasoning: Whether reasoning is expanded.
        max_cost: Maximum cost of one cell in US dollars, None for no limit.
        budget: Maximum cost of all cells of this kernel in US dollars, None for no limit.
        history_tokens: Maximum number of tokens of earlier turns to send, None for the model's context.
        raises: Whether a failed request fails its cell.
        timeout: Seconds to wait for the next part of the answer, None for the client's default of 120.
        retries: Number of retries of a failed request, None for the client's policy.
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

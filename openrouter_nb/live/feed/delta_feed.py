"""Live answers of one widget: one sender for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.live.delta_sender import DeltaSender
from openrouter_nb.live.protocol import deltas_message

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.live.answer import LiveAnswer
    from openrouter_nb.live.protocol import Phase


class DeltaFeed(DeltaSender):
    """Sends live answers to the pages of a widget.

    Args:
        send: Takes a message.
    """

    def __init__(self, send: Callable[[dict[str, Any]], object]) -> None:
        super().__init__(lambda deltas: send(deltas_message([delta.wire for delta in deltas])))

    def add(self, live: LiveAnswer, *, reasoning: str = "", text: str = "", **lists: list[Any]) -> None:
        """Add what has arrived; `lists` are complete: tool_calls, media, citations."""
        live.append(reasoning=reasoning, text=text)
        live.update(**lists)
        self.schedule(live)

    def tell(
        self, live: LiveAnswer, phase: Phase, note: str = "", *, wait_s: float | None = None, attempt: int = 0
    ) -> None:
        """Set the phase, and the wait before the next attempt if there is one."""
        live.update(phase=phase, note=note)
        live.wait_for_retry(wait_s, attempt)
        self.schedule(live)

    def finish(self, live: LiveAnswer, phase: Phase, note: str = "") -> None:
        """Send the last delta of an answer."""
        self.tell(live, phase, note)
        self.end(live)

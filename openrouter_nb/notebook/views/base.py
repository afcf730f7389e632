"""What every view does: collect what arrives, show it at a bearable rate, and leave a static bundle."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Phase = Literal[
    "connecting", "processing", "reasoning", "answering", "finished", "stopped", "interrupted", "failed"
]

FINAL: frozenset[Phase] = frozenset({"finished", "stopped", "interrupted", "failed"})

# One kernel message costs about 700 bytes whatever it carries, and jupyter_server drops everything above 1,000 messages
# a second. So: quick at first, then less than half as much overhead as text, and never slower than the eye minds.
_QUICK_S = 0.05
_CALM_S = 0.25
_MESSAGE_BYTES = 700
_CREDIT_BYTES = 2_000


class View:
    """The output of one running cell.

    All methods are called on one event loop, from `begin` to `end`; `on_stop` may be called from any thread.

    Args:
        model: What is asked, for the status line.
    """

    def __init__(self, model: str) -> None:
        self.model = model
        self.phase: Phase = "connecting"
        self.on_stop: Callable[[], object] = lambda: None
        self._started = time.monotonic()
        self.note = ""
        self._shown: tuple[Phase, str] | None = None
        self._reasoning: list[str] = []
        self._text: list[str] = []
        self._last = 0.0
        self._messages = 0
        self._sent = 0
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Show a first sign, at once."""

    def show(self, phase: Phase, *, reasoning: str = "", text: str = "", note: str = "") -> None:
        """Add what has arrived. It is on screen within a quarter of a second.

        Args:
            phase: What is going on.
            reasoning: New text of the reasoning.
            text: New text of the answer.
            note: One line about what is going on; it stands until the next call.
        """
        self.phase = phase
        self.note = note
        if reasoning:
            self._reasoning.append(reasoning)
        if text:
            self._text.append(text)
        if self._timer is not None:
            return
        wait = self._last + self._interval() - time.monotonic()
        if wait <= 0:
            self.flush()
        else:
            self._timer = asyncio.get_running_loop().call_later(wait, self.flush)

    def flush(self) -> None:
        """Show everything that has arrived."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        reasoning, text = "".join(self._reasoning), "".join(self._text)
        if not (reasoning or text or (self.phase, self.note) != self._shown):
            return
        self._reasoning.clear()
        self._text.clear()
        self._shown = (self.phase, self.note)
        self._last = time.monotonic()
        self._messages += 1
        self._sent += len(reasoning) + len(text)
        self.paint(reasoning, text)

    def paint(self, reasoning: str, text: str) -> None:
        """Show what is new. For subclasses."""

    def end(
        self, phase: Phase, bundle: Mapping[str, str], metadata: Mapping[str, Any], note: str = ""
    ) -> None:
        """Replace the live view by the bundle that stays. For subclasses, which call this first.

        Args:
            phase: How it ended.
            bundle: Mime bundle to leave.
            metadata: Output metadata to leave with it.
            note: The same end in one line, for a page that was reloaded and cannot get the bundle any more.
        """
        del bundle, metadata
        self.phase = phase
        self.note = note
        self.flush()

    @property
    def is_over(self) -> bool:
        """Whether the answer has ended, in whatever way."""
        return self.phase in FINAL

    @property
    def elapsed_s(self) -> float:
        """Seconds since the view was made."""
        return time.monotonic() - self._started

    def _interval(self) -> float:
        spent = self._messages * _MESSAGE_BYTES
        return _QUICK_S if spent <= _CREDIT_BYTES + 0.4 * self._sent else _CALM_S

"""Send the deltas of live answers at a bounded rate."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.live.answer import Delta, LiveAnswer

# One kernel message costs about 700 bytes whatever it carries, and jupyter_server drops everything above 1,000 messages
# a second. So: quick at first, then less than half as much overhead as text, and at least four times a second.
_QUICK_S = 0.05
_CALM_S = 0.25
_MESSAGE_BYTES = 700
_CREDIT_BYTES = 2_000


class Pacing:
    """The interval between messages."""

    def __init__(self) -> None:
        self._last = 0.0
        self._messages = 0
        self._characters = 0

    @property
    def interval_s(self) -> float:
        """Seconds between two messages now."""
        spent = self._messages * _MESSAGE_BYTES
        return _QUICK_S if spent <= _CREDIT_BYTES + 0.4 * self._characters else _CALM_S

    @property
    def wait_s(self) -> float:
        """Seconds until the next message is due; not positive if it is due now."""
        return self._last + self.interval_s - time.monotonic()

    def count(self, characters: int, extra_bytes: int = 0) -> None:
        """Count a message that was sent now.

        Args:
            characters: Length of its text and reasoning.
            extra_bytes: Size of everything else in it.
        """
        self._last = time.monotonic()
        self._messages += 1 + extra_bytes // _MESSAGE_BYTES
        self._characters += characters

    def reset(self) -> None:
        """Forget what was sent."""
        self._messages = self._characters = 0


class DeltaSender:
    """Buffers the changes of live answers, and sends those of all answers together.

    All methods but `find` and `snapshots` are called on one event loop.

    Args:
        send: Takes the deltas of one message.
    """

    def __init__(self, send: Callable[[list[Delta]], object]) -> None:
        self._send = send
        self._answers: dict[str, LiveAnswer] = {}
        self._changed: dict[str, LiveAnswer] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._pacing = Pacing()

    def begin(self, answer: LiveAnswer) -> None:
        """Include an answer in the snapshots."""
        if not self._answers:
            self._pacing.reset()  # all answers share the rate, so that four cost no more messages than one
        self._answers[answer.run] = answer

    def find(self, run: str) -> LiveAnswer | None:
        """Return an answer that has not ended."""
        return self._answers.get(run)

    def snapshots(self) -> dict[str, dict[str, Any]]:
        """Return a snapshot of each answer that has not ended, by its id."""
        return {answer.run: answer.snapshot() for answer in list(self._answers.values())}

    def schedule(self, answer: LiveAnswer) -> None:
        """Send the changes of an answer, at once or with the next message, a quarter of a second later at most."""
        self._changed[answer.run] = answer
        if self._timer is not None:
            return
        wait_s = self._pacing.wait_s
        if wait_s <= 0:
            self.flush()
        else:
            self._timer = asyncio.get_running_loop().call_later(wait_s, self.flush)

    def flush(self) -> None:
        """Send all changes now."""
        self.cancel()
        deltas = [delta for answer in self._changed.values() if (delta := answer.take_delta()) is not None]
        self._changed.clear()
        if deltas:
            characters = sum(len(delta.reasoning) + len(delta.text) for delta in deltas)
            self._pacing.count(characters, sum(delta.extra_bytes for delta in deltas))
            self._send(deltas)

    def end(self, answer: LiveAnswer) -> None:
        """Send the last delta of an answer, and forget the answer."""
        self._changed[answer.run] = answer
        self.flush()
        self._answers.pop(answer.run, None)

    def cancel(self) -> None:
        """Do not send what is buffered until the next change."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

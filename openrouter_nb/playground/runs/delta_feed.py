"""What is written right now, on its way to the pages: numbered deltas of all runs in one message, at a bearable rate."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openrouter_nb.playground.protocol import VERSION

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from contextlib import AbstractContextManager

# As for the live view of a cell: a message costs about 700 bytes whatever it carries, and jupyter_server drops everything
# above 1,000 messages a second. All runs share these, so that four columns cost no more messages than one.
_QUICK_S = 0.05
_CALM_S = 0.25
_MESSAGE_BYTES = 700
_CREDIT_BYTES = 2_000


@dataclass(slots=True)
class LiveAnswer:
    """An answer that is being written, as a page shows it.

    Attributes:
        run: Its id.
        column: Who writes.
        item: Where in the conversation.
        model: What is asked.
        started: By `time.monotonic`.
    """

    run: str
    column: str
    item: str
    model: str
    started: float = field(default_factory=time.monotonic)
    seq: int = 0
    phase: str = "connecting"
    note: str = ""
    wait_until: float | None = None
    attempt: int = 0
    reasoning: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    lists: dict[str, list[Any]] = field(
        default_factory=lambda: {"tool_calls": [], "media": [], "citations": []}
    )
    reasoning_s: float | None = None

    def snapshot(self) -> dict[str, Any]:
        """Return everything so far."""
        return {
            "run": self.run,
            "column": self.column,
            "item": self.item,
            "seq": self.seq,
            "phase": self.phase,
            "model": self.model,
            "elapsed_ms": round((time.monotonic() - self.started) * 1000),
            "reasoning": "".join(self.reasoning),
            "text": "".join(self.text),
            **self.lists,
            "note": self.note,
            "wait": self.wait,
            "reasoning_s": self.reasoning_s,
        }

    @property
    def wait(self) -> dict[str, Any] | None:
        """The wait before the next attempt."""
        if self.wait_until is None:
            return None
        remaining = max(0, round((self.wait_until - time.monotonic()) * 1000))
        return {"remaining_ms": remaining, "attempt": self.attempt}


@dataclass(slots=True)
class _Pending:
    reasoning: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    lists: set[str] = field(default_factory=set)
    told: bool = False


class DeltaFeed:
    """Collects what arrives and sends it. All methods are called on one loop.

    Args:
        loop: That loop.
        lock: Held while deltas are numbered, because a page may ask for a snapshot from another thread.
        send: Takes a message.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        lock: AbstractContextManager[Any],
        send: Callable[[dict[str, Any]], None],
    ) -> None:
        self._loop = loop
        self._lock = lock
        self._send = send
        self._live: dict[str, LiveAnswer] = {}
        self._pending: dict[str, _Pending] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._last = 0.0
        self._messages = 0
        self._sent = 0

    def snapshots(self) -> dict[str, Any]:
        """Return a snapshot of each run, for a page that opens now."""
        with self._lock:
            return {live.run: live.snapshot() for live in self._live.values()}

    def find(self, run: str) -> LiveAnswer | None:
        """Return what is written in a run that has not ended."""
        return self._live.get(run)

    def begin(self, live: LiveAnswer) -> None:
        """Take a run in; pages learn of it from the traits."""
        if not self._live:
            self._messages = self._sent = 0
        with self._lock:
            self._live[live.run] = live

    def add(self, live: LiveAnswer, *, reasoning: str = "", text: str = "", **lists: list[Any]) -> None:
        """Add what has arrived; `lists` are whole: tool_calls, media, citations."""
        pending = self._pending.setdefault(live.run, _Pending())
        if reasoning:
            pending.reasoning.append(reasoning)
        if text:
            pending.text.append(text)
        for name, values in lists.items():
            live.lists[name] = values
            pending.lists.add(name)
        self._schedule()

    def tell(
        self, live: LiveAnswer, phase: str, note: str = "", *, wait_s: float | None = None, attempt: int = 0
    ) -> None:
        """Say what is going on."""
        if (phase, note, wait_s) == (live.phase, live.note, None) and live.wait_until is None:
            return
        live.phase, live.note, live.attempt = phase, note, attempt
        live.wait_until = None if wait_s is None else time.monotonic() + wait_s
        self._pending.setdefault(live.run, _Pending()).told = True
        self._schedule()

    def end(self, live: LiveAnswer, phase: str, note: str = "") -> None:
        """Send the last delta of a run, and forget it."""
        self.tell(live, phase, note)
        self.flush()
        with self._lock:
            self._live.pop(live.run, None)

    def flush(self) -> None:
        """Send everything that has arrived."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        with self._lock:
            deltas = [self._delta(self._live[run], pending) for run, pending in self._pending.items()]
            self._pending.clear()
        if not deltas:
            return
        self._last = time.monotonic()
        self._messages += 1
        self._send({"kind": "deltas", "v": VERSION, "deltas": deltas})

    def _delta(self, live: LiveAnswer, pending: _Pending) -> dict[str, Any]:
        live.seq += 1
        delta: dict[str, Any] = {"run": live.run, "seq": live.seq, "phase": live.phase}
        for name, pieces in (("reasoning", pending.reasoning), ("text", pending.text)):
            if pieces:
                delta[name] = "".join(pieces)
                getattr(live, name).append(delta[name])
                self._sent += len(delta[name])
        delta |= {name: live.lists[name] for name in pending.lists}
        if pending.told:
            delta |= {"note": live.note, "wait": live.wait}
        return delta

    def _schedule(self) -> None:
        if self._timer is not None:
            return
        spent = self._messages * _MESSAGE_BYTES
        interval = _QUICK_S if spent <= _CREDIT_BYTES + 0.4 * self._sent else _CALM_S
        wait = self._last + interval - time.monotonic()
        if wait <= 0:
            self.flush()
        else:
            self._timer = self._loop.call_later(wait, self.flush)

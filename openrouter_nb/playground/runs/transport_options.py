"""Retries and timeout of the panel's requests."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from openrouter_nb.client import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping

_RETRY_SETTINGS = ("max_retries", "first_wait_s", "max_hint_s")


class SkippableClock:
    """A clock for retries whose sleep can be ended early: "Retry now"."""

    def __init__(self) -> None:
        self._skipped = asyncio.Event()

    def monotonic(self) -> float:
        """Return seconds since some fixed moment."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Sleep until the time is over or `skip` is called."""
        self._skipped.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._skipped.wait()
        except TimeoutError:
            pass

    def skip(self) -> None:
        """End the current sleep."""
        self._skipped.set()


def transport_options(settings: Mapping[str, Any], clock: SkippableClock) -> dict[str, Any]:
    """Return `retries` and `timeout_ms` of `chat.send_async` for the settings of a panel."""
    statuses = (str(status) for status in settings.get("retry_statuses") or ())
    policy = RetryPolicy(
        **{name: settings[name] for name in _RETRY_SETTINGS if name in settings},
        further_statuses=frozenset(int(status) for status in statuses if status.isdigit()),
        clock=clock,
    )
    options: dict[str, Any] = {"retries": policy}
    if "timeout_s" in settings:
        options["timeout_ms"] = round(settings["timeout_s"] * 1000)
    return options

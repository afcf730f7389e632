"""Show the wait before a retry, with buttons that end it."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from openrouter_nb.live.cards import Action, Card
from openrouter_nb.render.errors.banners import banner

if TYPE_CHECKING:
    from openrouter_nb.errors import Attempt
    from openrouter_nb.live.views import LiveView

CARD = "wait-for-retry"
_SHORTEST_S = 1.0  # a shorter countdown cannot be read, and its buttons cannot be pressed


class RetryCountdown:
    """A clock for `RetryPolicy` whose waits are shown and can be ended.

    Args:
        view: The cell's output.
    """

    def __init__(self, view: LiveView) -> None:
        self._view = view
        self._attempt: Attempt | None = None
        self._pressed: asyncio.Future[str] | None = None

    def announce(self, attempt: Attempt) -> None:
        """Show that an attempt failed and will be retried. For `on_retry`."""
        self._attempt = attempt
        actions = (
            (Action("now", "Try now"), Action("cancel", "Cancel")) if attempt.waited_s > _SHORTEST_S else ()
        )
        self._view.show("connecting")
        self._view.card(
            Card(
                id=CARD,
                kind="wait",
                title=banner(attempt.error).title,
                status="trying again",
                wait_s=attempt.waited_s,
                actions=actions,
            )
        )

    def on_button(self, action: str) -> None:
        """End the wait. On the event loop of the request."""
        if self._pressed is not None and not self._pressed.done():
            self._pressed.set_result(action)

    def monotonic(self) -> float:
        """Return seconds from some fixed moment."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait, or until a button is pressed.

        Raises:
            OpenRouterError: the user canceled the retry: the error of the last attempt.
        """
        self._pressed = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                action = await self._pressed
        except TimeoutError:
            return
        finally:
            self._view.drop_card(CARD)
        if action == "cancel" and self._attempt is not None:
            raise self._attempt.error

"""The display of live widgets until a static bundle takes their place: also if its output was cleared."""

from __future__ import annotations

import asyncio
import contextvars
import uuid
from html import escape
from typing import TYPE_CHECKING, Any

from openrouter_nb.live.frontend import widget_view

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.live.frontend import Frontend

# A page removes a view before it shows the same output at another place.
_HIDDEN_FOR_S = 1.0


class WidgetDisplay:
    """Displays a widget in its cell, and again if no page shows it any more.

    Created on the event loop of the request and in the context of its cell; `on_page` and `hand_over` may be called from
    any thread.

    Args:
        frontend: Where the cell runs.
        models: What is asked.
        kept_as: The expression that gives the answer when the cell has ended.
        close: Closes the widget, when no page needs it any more.
        display_id: Takes over a display that is there already.

    Attributes:
        model_id: Id of the widget; set before `show`.
        is_live: Whether the widget is what is displayed, and not a text in its place.
        was_moved: Whether a page has shown the widget again, in an output that may not get the static bundle: after a reload,
            or in a cell that was moved.
    """

    def __init__(
        self,
        frontend: Frontend,
        models: str,
        kept_as: str,
        close: Callable[[], object],
        *,
        display_id: str | None = None,
    ) -> None:
        self.model_id = ""
        self.is_live = True
        self.display_id = display_id or uuid.uuid4().hex
        self._frontend = frontend
        self._models = models
        self.kept_as = kept_as
        self._close = close
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()
        self.was_moved = False
        self._pages: set[str] = set()
        self._showing: set[str] = set()  # one that was reloaded or closed has not said so, and remains
        self._is_away = self._is_over = self._is_released = self._is_watched = False

    def show(self, *, update: bool) -> None:
        """Display the widget, or with `update` replace what is displayed by it."""
        self.is_live = True
        waiting = (
            f"{self._models}: being asked. The answer replaces this line, unless the page is closed or the kernel ends before."
            f" Unless the kernel has ended since, {self.kept_as} in a new cell shows the whole answer."
        )
        self._frontend.publish(
            {
                **widget_view(self.model_id),
                "text/html": f"<em>{escape(waiting)}</em>",
                "text/plain": waiting,
            },
            display_id=self.display_id,
            update=update,
        )

    def end(self, bundle: Mapping[str, str], metadata: Mapping[str, Any]) -> None:
        """Put the static bundle in the widget's place. The widget stays until its last page has removed it."""
        self._frontend.publish(bundle, metadata, display_id=self.display_id, update=True)
        self._is_over = True
        if self._pages:
            self._watch()

    def on_page(self, kind: str, page: str) -> None:
        """Update the state by a message of a page.

        Args:
            kind: `ready`, `shown`, `cleared` (its output was), `hidden` (with its cell) or `closed` (after the end of the
                answer). `ready` may arrive after `shown`: the kernel takes messages from two shells.
            page: What tells pages apart.
        """
        if kind in ("ready", "shown"):
            is_reloaded = bool(self._pages) and page not in self._pages
            self._pages.add(page)
            self.was_moved |= is_reloaded
            # A page that was loaded again may have no output with the widget.
            self._is_away = kind == "ready" and (self._is_away or is_reloaded)
            if kind == "shown":
                self._showing.add(page)
            return
        self._showing.discard(page)
        if kind == "closed":
            # Another page with the notebook gets no static bundle: its view is all it has of the answer.
            if not self._showing:
                self.hand_over(self.release)
        else:
            self._is_away = self.was_moved = True
            self.hand_over(self._watch)
            if kind == "cleared":
                self.hand_over(lambda: self._loop.call_later(_HIDDEN_FOR_S, self._show_again))

    def hand_over(self, action: Callable[[], object]) -> None:
        """Call `action` on the loop, in the cell's context: what is displayed belongs to the cell."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(action, context=self._context)

    def release(self) -> None:
        """Close the widget, once."""
        if not self._is_released:
            self._is_released = True
            self._close()

    def _show_again(self) -> None:
        if self._is_away and self.is_live and not self._is_over:
            self.show(update=False)

    def _watch(self) -> None:
        """Look before each cell whether a page shows the answer."""
        if not self._is_watched:
            self._is_watched = True
            self._frontend.before_cells(self._say_unseen)

    def _say_unseen(self) -> bool:
        """Name the expression that gives the answer if no page shows it. Return whether nothing is left to say."""
        if self._is_away and not self._is_released:
            line = (
                f"{self._models}: answered while no page showed it. {self.kept_as} in a new cell shows the answer."
                if self._is_over
                else f"{self._models}: no page shows this answer, which is still arriving. {self.kept_as}.stop() ends it."
            )
            self._frontend.publish({"text/html": f"<em>{escape(line)}</em>", "text/plain": line})
            self._is_watched = False
        return not self._is_watched or self._is_released

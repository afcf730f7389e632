"""The live view of one column: a widget that stands in a grid with others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.live.views.base import LiveView
from openrouter_nb.live.views.widget import WidgetView

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.live.frontend import Frontend
    from openrouter_nb.live.protocol import Phase
    from openrouter_nb.live.views.widget import LiveWidget
    from openrouter_nb.live.views.widget_display import WidgetDisplay


class LiveColumnView(WidgetView):
    """Streams into a widget that stands in a grid with others.

    Args:
        model: What is asked.
        frontend: Where the cell runs.
        ended: Called with the bundle and the metadata that stay.
        fall_back: Called if no page takes the widget up.
        come_back: Called if a page takes it up after that.
    """

    def __init__(
        self,
        model: str,
        frontend: Frontend,
        ended: Callable[[Mapping[str, str], Mapping[str, Any]], None],
        fall_back: Callable[[], None],
        come_back: Callable[[], None],
    ) -> None:
        super().__init__(model, frontend)
        self._ended = ended
        self._fall_back_all = fall_back
        self._come_back = come_back
        self._is_first = False

    def open_in(self, display: WidgetDisplay, *, is_first: bool) -> LiveWidget:
        """Open the widget.

        Args:
            display: The display of the grid.
            is_first: Whether its pages are those of the grid.
        """
        self._is_first = is_first
        return self.open(display)

    def end(
        self, phase: Phase, bundle: Mapping[str, str], metadata: Mapping[str, Any], note: str = ""
    ) -> None:
        """Show the end in the widget, which stays until all columns have ended."""
        LiveView.end(self, phase, bundle, metadata, note)
        self._ended(bundle, metadata)

    async def can_ask(self) -> bool:
        """Tell whether a page shows the grid."""
        return await super().can_ask() and self._display.is_live

    def _check(self) -> None:
        self._known.set()
        if not self._ready and not self.is_over:
            self._fall_back_all()

    def _welcome(self) -> None:
        super()._welcome()
        self._come_back()

    def _on_page(self, kind: str, page: str) -> None:
        if self._is_first:
            super()._on_page(kind, page)

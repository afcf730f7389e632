"""The live view of one column: a widget that stands in a grid with others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.live.views.base import LiveView
from openrouter_nb.live.views.widget import LiveWidget, WidgetView

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.live.frontend import Frontend
    from openrouter_nb.live.protocol import Phase


class LiveColumnView(WidgetView):
    """Streams into a widget that others display and replace.

    Args:
        model: What is asked.
        frontend: Where the cell runs.
        ended: Called with the bundle and the metadata that stay.
        fall_back: Called if no page takes the widget up.
    """

    def __init__(
        self,
        model: str,
        frontend: Frontend,
        ended: Callable[[Mapping[str, str], Mapping[str, Any]], None],
        fall_back: Callable[[], None],
    ) -> None:
        super().__init__(model, frontend)
        self._ended = ended
        self._fall_back_all = fall_back

    def begin(self) -> None:
        """Open the widget, for others to display."""
        self.open()

    @property
    def widget(self) -> LiveWidget:
        """The widget, once it is open."""
        assert self._widget is not None  # noqa: S101 - `begin` comes first
        return self._widget

    def end(
        self, phase: Phase, bundle: Mapping[str, str], metadata: Mapping[str, Any], note: str = ""
    ) -> None:
        """Show the end in the widget, which stays until all columns have ended."""
        LiveView.end(self, phase, bundle, metadata, note)
        self._ended(bundle, metadata)

    def _check(self) -> None:
        self._known.set()
        if not self._ready and not self.is_over:
            self._fall_back_all()

    def _show_again(self) -> None:
        """Do nothing: this widget is part of a grid, which `Columns` displays."""

"""What a notebook frontend provides for live answers and for the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: `widget`: anywidget models. `updates`: displays that can be replaced. `final`: each output appears once, at its end.
#: `terminal`: text on standard output.
ViewKind = Literal["final", "terminal", "updates", "widget"]

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


class Frontend(Protocol):
    """The output of the running cell, and facts about its user.

    `publish` may be called from the event loop of a request after the cell has ended, with the display id of that cell.
    """

    @property
    def view_kind(self) -> ViewKind:
        """How an answer can be shown while it arrives."""

    @property
    def has_user(self) -> bool:
        """Whether a user can answer `input()`; False for batch runs."""

    @property
    def has_page(self) -> bool:
        """Whether a page may show widgets of this cell; False for batch runs, which only save them."""

    @property
    def answer_name(self) -> str:
        """The expression that gives the value of the running cell once it has ended."""

    def publish(
        self,
        bundle: Mapping[str, Any],
        metadata: Mapping[str, Any] | None = None,
        *,
        display_id: str | None = None,
        update: bool = False,
    ) -> None:
        """Display a mime bundle, or with `update` replace the one that was displayed under the same id.

        Args:
            bundle: Always with `text/plain`; a live view adds `WIDGET_VIEW` with the `model_id` of an anywidget model.
            metadata: Output metadata.
            display_id: Identifies the display for later updates; None if there are none.
            update: Whether to replace a display.
        """

    def before_cells(self, action: Callable[[], bool]) -> None:
        """Call `action` when a cell starts, until it returns True; what it publishes belongs to that cell."""

    def prepare_exit(self) -> None:
        """Called at interpreter exit, before the last updates are published."""


def widget_view(model_id: str) -> dict[str, Any]:
    """Return the mime bundle entry that displays a widget model."""
    return {WIDGET_VIEW: {"version_major": 2, "version_minor": 0, "model_id": model_id}}

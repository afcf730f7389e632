"""Select the view that a frontend can show."""

from __future__ import annotations

import sys
import uuid
from html import escape
from typing import TYPE_CHECKING

from openrouter_nb.live.views.base import LiveView

if TYPE_CHECKING:
    from openrouter_nb.live.frontend import Frontend, ViewKind


def open_view(
    frontend: Frontend,
    model: str,
    *,
    quiet: bool = False,
    keeps_reasoning: bool = False,
    is_object: bool = False,
    is_reproducible: bool = False,
) -> LiveView:
    """Return the view for a frontend, with its first output displayed.

    Args:
        frontend: Where the cell runs.
        model: What is asked.
        quiet: Whether to display nothing, unless the request fails.
        keeps_reasoning: Whether the reasoning stays open when the answer begins.
        is_object: Whether the answer is the JSON of an object.
        is_reproducible: Whether the outputs are compared with those of other runs: where no user watches, there is one
            display, at the end.
    """
    if quiet:
        from openrouter_nb.live.views.quiet import QuietView

        return QuietView(model, frontend)
    view = _select(frontend, model, is_reproducible=is_reproducible)
    view.keeps_reasoning, view.is_object = keeps_reasoning, is_object
    view.kept_as = frontend.answer_name
    view.begin()
    return view


def view_kind(frontend: Frontend, *, is_reproducible: bool) -> ViewKind:
    """Return how an answer is shown; programs that compare outputs, such as nbval, ignore updates."""
    kind = frontend.view_kind
    if kind == "widget" and LiveView.widgets_fail:
        kind = "updates"
    return "final" if is_reproducible and kind == "updates" else kind


def _select(frontend: Frontend, model: str, *, is_reproducible: bool) -> LiveView:
    # Imported late: the widget costs 60 modules, which a terminal or a batch run never needs.
    kind = view_kind(frontend, is_reproducible=is_reproducible)
    if kind == "final":
        from openrouter_nb.live.views.final import FinalView

        return FinalView(model, frontend)
    if kind == "terminal":
        from openrouter_nb.live.views.terminal import TerminalView

        return TerminalView(model)
    if kind == "updates":
        from openrouter_nb.live.views.display_updates import UpdatesView

        return UpdatesView(model, frontend)
    display_id = None
    if "anywidget" not in sys.modules:
        # The first cell of a kernel displays its status before the import, not after it.
        display_id = uuid.uuid4().hex
        status = f"{model} · connecting…"
        frontend.publish(
            {"text/html": f"<div>{escape(status)}</div>", "text/plain": status}, display_id=display_id
        )
    from openrouter_nb.live.views.widget import WidgetView

    return WidgetView(model, frontend, display_id=display_id)

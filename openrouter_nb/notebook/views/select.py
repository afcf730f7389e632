"""Which view a frontend gets."""

from __future__ import annotations

import os
import sys
import uuid
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from IPython.core.displaypub import CapturingDisplayPublisher

from openrouter_nb.notebook.views.frontend import Frontend
from openrouter_nb.notebook.views.publish import publish

if TYPE_CHECKING:
    from openrouter_nb.notebook.views.base import LiveView


Kind = Literal["final", "terminal", "updates", "widget"]


def open_view(
    shell: Any, model: str, *, quiet: bool = False, keeps_reasoning: bool = False, is_object: bool = False
) -> LiveView:
    """Return the view for the frontend that runs the cell, its first sign shown; with `quiet` one that shows nothing.

    With `keeps_reasoning` the reasoning stays open when the answer begins; with `is_object` the answer is the JSON of one.

    `OPENROUTER_NB_LIVE` overrides: `0` for one display at the end, `updates` for display updates, `widget`.
    """
    if quiet:
        from openrouter_nb.notebook.views.quiet import QuietView

        return QuietView(model)
    view = _choose(shell, model)
    view.keeps_reasoning, view.is_object = keeps_reasoning, is_object
    view.kept_as = f"Out[{shell.displayhook.prompt_count}]"
    view.begin()
    return view


def kind_of_view(shell: Any) -> Kind:
    """Return what the frontend that runs the cell can show."""
    live = os.environ.get("OPENROUTER_NB_LIVE", "").strip().lower()
    frontend = Frontend(shell)
    # Under %%capture updates would pile up as outputs of their own.
    if live == "0" or isinstance(shell.display_pub, CapturingDisplayPublisher):
        return "final"
    if not frontend.has_kernel:
        return "terminal"
    return "updates" if live == "updates" or (live != "widget" and not frontend.is_interactive) else "widget"


def _choose(shell: Any, model: str) -> LiveView:
    # Imported late: the widget costs 60 modules, which a terminal or a batch run never needs.
    kind = kind_of_view(shell)
    if kind == "final":
        from openrouter_nb.notebook.views.final import FinalView

        return FinalView(model)
    if kind == "terminal":
        from openrouter_nb.notebook.views.terminal import TerminalView

        return TerminalView(model)
    if kind == "updates":
        from openrouter_nb.notebook.views.display_updates import UpdatesView

        return UpdatesView(model)
    display_id = None
    if "anywidget" not in sys.modules:
        # The first cell of a kernel: its sign is there before the import, not after it.
        display_id = uuid.uuid4().hex
        status = f"{model} · connecting…"
        publish({"text/html": f"<div>{escape(status)}</div>", "text/plain": status}, display_id=display_id)
    from openrouter_nb.notebook.views.widget import WidgetView

    return WidgetView(model, display_id=display_id)

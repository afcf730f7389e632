"""Several answers side by side in one output, each with its own live view."""

from __future__ import annotations

import sys
import uuid
from html import escape
from typing import TYPE_CHECKING, Any

from openrouter_nb.live.views.base import LiveView
from openrouter_nb.live.views.select import view_kind
from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.render.html.html_parts import side_by_side

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from openrouter_nb.live.frontend import Frontend
    from openrouter_nb.live.protocol import Phase
    from openrouter_nb.live.views.widget_display import WidgetDisplay

_GRID = "repeat(auto-fit, minmax(min(100%, 260px), 1fr))"
_NOTHING = {"text/html": "", "text/plain": ""}


class Columns:
    """One output with a column for each model.

    In a notebook the columns stream side by side. Elsewhere one line names the models that have answered, and all answers
    are shown at the end; in a terminal each is written when it is complete.

    Args:
        frontend: Where the cell runs.
        models: One for each column.
        quiet: Show nothing unless one of them fails.
        is_object: Whether each answer is the JSON of an object.
        is_reproducible: As for `open_view`.

    Attributes:
        views: The live view of each, in order, for an `Exchange` to write to.
        on_stop: Stops all of them, from any thread.
    """

    def __init__(
        self,
        frontend: Frontend,
        models: Sequence[str],
        *,
        quiet: bool = False,
        is_object: bool = False,
        is_reproducible: bool = False,
    ) -> None:
        self._frontend = frontend
        self._models = list(models)
        self._quiet = quiet
        self._kind = "final" if quiet else view_kind(frontend, is_reproducible=is_reproducible)
        self._display_id = uuid.uuid4().hex
        self._ended: dict[int, tuple[Mapping[str, str], Mapping[str, Any]]] = {}
        self._display: WidgetDisplay | None = None
        self._grid: Any = None
        self.views: list[LiveView]
        if self._kind == "widget":
            from openrouter_nb.live.views.column import LiveColumnView

            self.views = [
                LiveColumnView(model, frontend, self._ends(index), self._fall_back, self._come_back)
                for index, model in enumerate(self._models)
            ]
        else:
            self.views = [_QuietView(model, self._ends(index)) for index, model in enumerate(self._models)]
        for view in self.views:
            view.is_object = is_object
        self.on_stop: Callable[[], object] = self._stop_all

    def begin(self) -> None:
        """Show a first sign."""
        if self._kind in ("widget", "updates"):
            self._say_waiting()  # the widgets cost a fresh kernel some 100 ms
        if self._kind == "widget":
            self._show_grid()

    @property
    def stop_wanted(self) -> bool:
        """Whether one of them was stopped before anything heard of it."""
        return any(view.stop_wanted for view in self.views)

    def show(self, phase: Phase, *, note: str = "") -> None:
        """Show a phase in all columns."""
        for view in self.views:
            view.show(phase, note=note)

    def end(
        self, phase: Phase, bundle: Mapping[str, str], metadata: Mapping[str, Any], note: str = ""
    ) -> None:
        """Replace all columns by one bundle: nothing was sent."""
        for view in self.views:
            LiveView.end(view, phase, bundle, metadata, note)
        self._leave(bundle, metadata)

    def finish(self, note: str = "") -> dict[str, str]:
        """Leave the columns as they stay in the notebook, and return their bundle.

        Args:
            note: One sentence about all of them.
        """
        # One that was cancelled before its first step has left nothing.
        ended = [self._ended.get(index, (_NOTHING, {})) for index in range(len(self._models))]
        bundles = [bundle for bundle, _ in ended]
        metadata = {"openrouter_nb": {"compared": [facts.get("openrouter_nb", {}) for _, facts in ended]}}
        bundle = side_by_side(bundles, self._models, note=note)
        failed = any("error" in facts for facts in metadata["openrouter_nb"]["compared"])
        if self._kind == "terminal":
            _write(f"[{note}]\n" if note else "")
        elif failed or not self._quiet:
            self._leave(bundle, metadata)
        return bundle

    def _stop_all(self) -> None:
        for view in self.views:
            view.on_stop()

    def _leave(self, bundle: Mapping[str, str], metadata: Mapping[str, Any]) -> None:
        if self._display is not None:
            if self._display.was_moved:
                self._say_kept(self._display.kept_as)
            self._display.end(bundle, metadata)
        else:
            self._frontend.publish(
                bundle, metadata, display_id=self._display_id, update=self._kind == "updates"
            )

    def _ends(self, index: int) -> Callable[[Mapping[str, str], Mapping[str, Any]], None]:
        def ended(bundle: Mapping[str, str], metadata: Mapping[str, Any]) -> None:
            self._ended[index] = (bundle, metadata)
            if self._kind == "terminal":
                _write(f"── {escape_control(self._models[index])} ──\n\n{bundle['text/plain']}\n\n")
            elif self._kind == "updates" or (self._display is not None and not self._display.is_live):
                self._say_waiting(update=True)

        return ended

    def _show_grid(self) -> None:
        from ipywidgets import GridBox, Layout

        from openrouter_nb.live.views.widget_display import WidgetDisplay

        self._display = display = WidgetDisplay(
            self._frontend,
            ", ".join(self._models),
            self._frontend.answer_name,
            self._close,
            display_id=self._display_id,
        )
        widgets = [
            view.open_in(display, is_first=index == 0)  # type: ignore[attr-defined]
            for index, view in enumerate(self.views)
        ]
        self._grid = GridBox(widgets, layout=Layout(grid_template_columns=_GRID, grid_gap="8px 24px"))
        display.model_id = self._grid.model_id
        display.show(update=True)

    def _say_kept(self, kept_as: str) -> None:
        """Add how to get the answers to the grid, for a page that does not get the bundle."""
        from ipywidgets import HTML, Layout

        line = f"The notebook does not hold these answers: {kept_as} in a new cell puts them there."
        self._grid.children += (HTML(f"<em>{line}</em>", layout=Layout(grid_column="1 / -1")),)

    def _close(self) -> None:
        for view in self.views:
            view.close()  # type: ignore[attr-defined]
        self._grid.close()

    def _fall_back(self) -> None:
        """Continue without widgets: no page has opened them."""
        if self._display is not None and self._display.is_live:
            self._display.is_live = False
            self._say_waiting(update=True)

    def _come_back(self) -> None:
        """Show the widgets again: a page was slow to open them."""
        if self._display is not None and not self._display.is_live:
            self._display.show(update=True)

    def _say_waiting(self, *, update: bool = False) -> None:
        self._frontend.publish(self._waiting(), display_id=self._display_id, update=update)

    def _waiting(self) -> dict[str, str]:
        waits = [model for index, model in enumerate(self._models) if index not in self._ended]
        there = [model for index, model in enumerate(self._models) if index in self._ended]
        said = f"waiting for {', '.join(waits)} …" if waits else "all have answered"
        line = f"{', '.join(there)}: there · {said}" if there else said
        return {"text/html": f"<div>{escape(line)}</div>", "text/plain": line}


class _QuietView(LiveView):
    """Shows nothing itself."""

    def __init__(self, model: str, ended: Callable[[Mapping[str, str], Mapping[str, Any]], None]) -> None:
        super().__init__(model)
        self._ended = ended

    def end(
        self, phase: Phase, bundle: Mapping[str, str], metadata: Mapping[str, Any], note: str = ""
    ) -> None:
        """Hand over what stays."""
        super().end(phase, bundle, metadata, note)
        self._ended(bundle, metadata)


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()

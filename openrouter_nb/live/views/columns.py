"""Several answers side by side in one output, each with its own live view."""

from __future__ import annotations

import sys
import uuid
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

from openrouter_nb.live.frontend import widget_view
from openrouter_nb.live.views.base import LiveView
from openrouter_nb.live.views.select import view_kind
from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.render.html.html_parts import side_by_side

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from openrouter_nb.live.frontend import Frontend
    from openrouter_nb.live.protocol import Phase
    from openrouter_nb.live.views.widget import LiveWidget

_GRID = "repeat(auto-fit, minmax(min(100%, 260px), 1fr))"
_MAX_KEPT = 8
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

    # A page that was reloaded finds the grid as long as its widgets are there.
    _kept: ClassVar[list[Any]] = []

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
        self._is_live = self._kind == "widget"
        self.views: list[LiveView]
        if self._is_live:
            from openrouter_nb.live.views.column import LiveColumnView

            self.views = [
                LiveColumnView(model, frontend, self._ends(index), self._fall_back)
                for index, model in enumerate(self._models)
            ]
        else:
            self.views = [_QuietView(model, self._ends(index)) for index, model in enumerate(self._models)]
        for view in self.views:
            view.is_object = is_object
        self.on_stop: Callable[[], object] = self._stop_all

    def begin(self) -> None:
        """Show a first sign."""
        if self._is_live:
            self._say_waiting()  # the widgets cost a fresh kernel some 100 ms
        for view in self.views:
            view.begin()
        if self._is_live:
            self._show_grid([view.widget for view in self.views])  # type: ignore[attr-defined]
        elif self._kind == "updates":
            self._say_waiting()

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
        self._frontend.publish(bundle, metadata, display_id=self._display_id, update=self._is_displayed)

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
            self._frontend.publish(bundle, metadata, display_id=self._display_id, update=self._is_displayed)
        return bundle

    def _stop_all(self) -> None:
        for view in self.views:
            view.on_stop()

    @property
    def _is_displayed(self) -> bool:
        """Whether there is a display to take the place of."""
        return self._kind in ("widget", "updates")

    def _ends(self, index: int) -> Callable[[Mapping[str, str], Mapping[str, Any]], None]:
        def ended(bundle: Mapping[str, str], metadata: Mapping[str, Any]) -> None:
            self._ended[index] = (bundle, metadata)
            if self._kind == "terminal":
                _write(f"── {escape_control(self._models[index])} ──\n\n{bundle['text/plain']}\n\n")
            elif self._kind == "updates" or (self._kind == "widget" and not self._is_live):
                self._say_waiting(update=True)

        return ended

    def _show_grid(self, widgets: list[LiveWidget]) -> None:
        from ipywidgets import GridBox, Layout

        grid = GridBox(widgets, layout=Layout(grid_template_columns=_GRID, grid_gap="8px 24px"))
        Columns._kept.append(grid)
        while len(Columns._kept) > _MAX_KEPT:
            Columns._kept.pop(0).close()
        self._frontend.publish(
            {**widget_view(grid.model_id), **self._waiting()}, display_id=self._display_id, update=True
        )

    def _fall_back(self) -> None:
        """Continue without widgets: no page has opened them."""
        if self._is_live:
            self._is_live = False
            self._say_waiting(update=True)

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

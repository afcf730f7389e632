"""Change the columns: their models, banners and scheduled retries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openrouter_nb.playground.state.state import MAX_COLUMNS
from openrouter_nb.playground.state.thread_items import PlaygroundError

if TYPE_CHECKING:
    from openrouter_nb.playground.commands.context import PanelContext


def set_model(panel: PanelContext, column: str, model: str) -> None:
    """Change the model of a column."""
    each = panel.state.column(column)
    each.model = model.strip()
    panel.load_catalog()


def set_models(panel: PanelContext, models: list[str]) -> None:
    """Ask these models, one in each column. Columns that stay keep their overrides.

    Raises:
        PlaygroundError: none, or more than four.
    """
    state = panel.state
    if not 1 <= len(models) <= MAX_COLUMNS:
        raise PlaygroundError(f"One to {MAX_COLUMNS} models can be asked side by side.")
    for index, model in enumerate(models):
        if index < len(state.columns):
            state.columns[index].model = model
        else:
            state.add_column(model)
    for column in state.columns[len(models) :]:
        panel.runner.stop(column.id)
    del state.columns[len(models) :]
    panel.load_catalog()


def add_column(panel: PanelContext, model: str | None = None, new_id: str | None = None) -> None:
    """Add a column, by default with the model of the first one."""
    panel.state.add_column(model or panel.state.columns[0].model, new_id)
    panel.load_catalog()


def remove_column(panel: PanelContext, column: str) -> None:
    """Remove a column. Its answers stay in the conversation."""
    state = panel.state
    each = state.column(column)
    if len(state.columns) == 1:
        raise PlaygroundError("One model must stay.")
    panel.runner.stop(column)
    state.columns.remove(each)


def dismiss(panel: PanelContext, column: str | None = None) -> None:
    """Close the banner."""
    for each in panel.state.columns:
        if column in (None, each.id) and each.run is None:
            panel.runner.retries.cancel(each)
            each.error, each.status = None, "idle"
            if each.stats is not None:
                each.stats = {**each.stats, "end": "complete"}


def cancel_retry(panel: PanelContext, column: str | None = None) -> None:
    """Cancel the scheduled retry."""
    for each in panel.state.columns:
        if column in (None, each.id):
            panel.runner.retries.cancel(each)

"""Changes of columns: who is asked, and how the last runs are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openrouter_nb.playground.state.thread_items import PlaygroundError

if TYPE_CHECKING:
    from openrouter_nb.playground.controller import PlaygroundController


def set_model(core: PlaygroundController, column: str, model: str) -> None:
    """Ask another model in a column."""
    each = core.session.column(column)
    each.model = model.strip()
    core.refresh_endpoints(each)


def add_column(core: PlaygroundController, model: str | None = None) -> str:
    """Add a column, of the first one's model unless another is named."""
    column = core.session.add_column(model or core.session.columns[0].model)
    core.refresh_endpoints(column)
    return column.id


def remove_column(core: PlaygroundController, column: str) -> None:
    """Take a column away. Its answers stay in the conversation."""
    session = core.session
    each = session.column(column)
    if len(session.columns) == 1:
        raise PlaygroundError("One model must stay.")
    core.runner.stop(column)
    session.columns.remove(each)


def dismiss(core: PlaygroundController, column: str | None = None) -> None:
    """Take the banner away."""
    for each in core.session.columns:
        if column in (None, each.id) and each.run is None:
            core.runner.waits.cancel(each)
            each.error, each.status = None, "idle"
            if each.facts is not None:
                each.facts = {**each.facts, "end": "complete"}


def cancel_retry(core: PlaygroundController, column: str | None = None) -> None:
    """Wait for no further attempt."""
    for each in core.session.columns:
        if column in (None, each.id):
            core.runner.waits.cancel(each)

"""The one way to a cell's output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython.display import publish_display_data

if TYPE_CHECKING:
    from collections.abc import Mapping


WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def publish(
    bundle: Mapping[str, Any],
    metadata: Mapping[str, Any] | None = None,
    *,
    display_id: str | None = None,
    update: bool = False,
) -> None:
    """Display a mime bundle, or with `update` replace the one that was displayed under the same id."""
    transient = {"display_id": display_id} if display_id else {}
    publish_display_data(dict(bundle), dict(metadata or {}), transient=transient, update=update)

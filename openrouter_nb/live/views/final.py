"""No live view: one display when the answer is there. For runs whose outputs are compared, such as nbval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.live.views.base import LiveView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.live.frontend import Frontend
    from openrouter_nb.live.protocol import Phase


class FinalView(LiveView):
    """Shows nothing until the end.

    Args:
        model: What is asked.
        frontend: Where the cell runs.
    """

    def __init__(self, model: str, frontend: Frontend) -> None:
        super().__init__(model)
        self._frontend = frontend

    def end(
        self, phase: Phase, bundle: Mapping[str, str], metadata: Mapping[str, Any], note: str = ""
    ) -> None:
        """Display the bundle."""
        super().end(phase, bundle, metadata, note)
        self._frontend.publish(bundle, metadata)

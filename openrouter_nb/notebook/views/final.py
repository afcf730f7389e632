"""No live view: one display when the answer is there. For runs whose outputs are compared, such as nbval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.notebook.views.base import LiveView, Phase
from openrouter_nb.notebook.views.publish import publish

if TYPE_CHECKING:
    from collections.abc import Mapping


class FinalView(LiveView):
    """Shows nothing until the end."""

    def end(
        self, phase: Phase, bundle: Mapping[str, str], metadata: Mapping[str, Any], note: str = ""
    ) -> None:
        """Display the bundle."""
        super().end(phase, bundle, metadata, note)
        publish(bundle, metadata)

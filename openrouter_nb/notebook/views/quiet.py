"""No output, for `-q`: only a failure shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.notebook.views.base import LiveView, Phase
from openrouter_nb.notebook.views.publish import publish

if TYPE_CHECKING:
    from collections.abc import Mapping


class QuietView(LiveView):
    """Shows nothing, unless it fails."""

    def end(
        self, phase: Phase, bundle: Mapping[str, str], metadata: Mapping[str, Any], note: str = ""
    ) -> None:
        """Display the bundle of a failure."""
        super().end(phase, bundle, metadata, note)
        if phase == "failed":
            publish(bundle, metadata)

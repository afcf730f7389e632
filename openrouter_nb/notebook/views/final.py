"""No live view: one display when the answer is there. For runs whose outputs are compared, such as nbval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openrouter_nb.notebook.views.base import Phase, View
from openrouter_nb.notebook.views.publish import publish


class FinalView(View):
    """Shows nothing until the end."""

    def end(self, phase: Phase, bundle: Mapping[str, str], metadata: Mapping[str, Any], note: str = "") -> None:
        """Display the bundle."""
        super().end(phase, bundle, metadata, note)
        publish(bundle, metadata)

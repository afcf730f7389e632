"""Ways to show an answer while it arrives: a widget, display updates, a terminal, or only at the end."""

from openrouter_nb.live.protocol import Phase
from openrouter_nb.live.views.base import LiveView
from openrouter_nb.live.views.select import open_view

__all__ = ["LiveView", "Phase", "open_view"]

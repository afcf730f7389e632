"""Ways to show an answer while it is written: a widget, plain display updates, a terminal, or only at the end."""

from openrouter_nb.notebook.views.base import LiveView, Phase
from openrouter_nb.notebook.views.cards import Action, Card
from openrouter_nb.notebook.views.select import open_view

__all__ = ["Action", "Card", "LiveView", "Phase", "open_view"]

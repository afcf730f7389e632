"""Send a prompt for each row of a table: `chat_map`, and the `Batch` that it returns."""

from openrouter_nb.batch.api import achat_map, chat_map
from openrouter_nb.batch.batch import Batch
from openrouter_nb.batch.row import Row

__all__ = ["Batch", "Row", "achat_map", "chat_map"]

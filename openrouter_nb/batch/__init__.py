"""One prompt over many rows: `chat_map`, and the `Batch` that it returns."""

from openrouter_nb.batch.api import achat_map, chat_map
from openrouter_nb.batch.batch import Batch, Row

__all__ = ["Batch", "Row", "achat_map", "chat_map"]

"""One prompt over many rows: `chat_map`, and the `Batch` that it returns."""

from openrouter_nb.batch.batch import Batch, Row
from openrouter_nb.batch.mapping import achat_map, chat_map

__all__ = ["Batch", "Row", "achat_map", "chat_map"]

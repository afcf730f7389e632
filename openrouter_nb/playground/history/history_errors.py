"""Errors of the store of conversations."""

from __future__ import annotations


class HistoryError(ValueError):
    """The stored conversations cannot be read or written. The message is one sentence."""


class NoConversationError(HistoryError):
    """No stored conversation has this id, for example because another kernel has deleted it."""

    def __init__(self) -> None:
        super().__init__("That conversation is no longer stored.")

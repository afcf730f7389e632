"""What was said, and what of it goes with the next request."""

from openrouter_nb.conversation.history import Conversation, Conversations, NextTurn, Turn

__all__ = ["Conversation", "Conversations", "NextTurn", "Turn"]

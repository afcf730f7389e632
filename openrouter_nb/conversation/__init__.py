"""What was said, and what of it goes with the next request."""

from openrouter_nb.conversation.history import Conversation, Conversations, NextTurn, Turn, answer_message
from openrouter_nb.conversation.tokens import estimate

__all__ = ["Conversation", "Conversations", "NextTurn", "Turn", "answer_message", "estimate"]

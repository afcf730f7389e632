"""What was said, and what of it goes with the next request."""

from openrouter_nb.conversation.history import Conversation, Conversations, Turn

__all__ = ["Conversation", "Conversations", "Turn"]

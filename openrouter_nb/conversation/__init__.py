"""What was said, and what of it goes with the next request."""

from openrouter_nb.conversation.answer import Answer, Citation
from openrouter_nb.conversation.history import Conversation, Conversations, NextTurn, Turn
from openrouter_nb.conversation.media import Media

__all__ = ["Answer", "Citation", "Conversation", "Conversations", "Media", "NextTurn", "Turn"]

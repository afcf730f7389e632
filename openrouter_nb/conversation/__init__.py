"""Conversations, answers and their history."""

from openrouter_nb.conversation.answer import Answer, Citation
from openrouter_nb.conversation.history import Conversation, Conversations, PendingTurn, Turn, answer_message
from openrouter_nb.conversation.media import Media
from openrouter_nb.conversation.token_estimate import estimate_tokens

__all__ = [
    "Answer",
    "Citation",
    "Conversation",
    "Conversations",
    "Media",
    "PendingTurn",
    "Turn",
    "answer_message",
    "estimate_tokens",
]

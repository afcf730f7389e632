"""What a run leaves in the conversation: the answer, the exchange, and what is said of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation import answer_message

if TYPE_CHECKING:
    from openrouter_nb.components import ChatResult
    from openrouter_nb.conversation.answer import Answer
    from openrouter_nb.playground.record import Record


class Written:
    """What is known of a card that a model wrote: the answer, the exchange, and what is said of both."""

    def __init__(self, answer: Answer, record: Record, facts: dict[str, Any]) -> None:
        self.answer = answer
        self.record = record
        self.facts = facts


def message_of(result: ChatResult, start: str) -> dict[str, Any]:
    """Return the message of a result, behind the text that it goes on from."""
    message = answer_message(result)
    if start and isinstance(message.get("content"), str):
        message["content"] = start + message["content"]
    return message


def says_something(result: ChatResult) -> bool:
    """Return whether there is anything to keep: words, calls, media, or a finish."""
    message = result.choices[0].message
    return (
        bool(
            result.text
            or message.refusal
            or message.reasoning
            or message.reasoning_details
            or message.tool_calls
            or message.images
            or message.audio
        )
        or result.choices[0].finish_reason is not None
    )

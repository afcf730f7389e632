"""What a run leaves in the conversation: the answer, the exchange, and what is said of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation import answer_message
from openrouter_nb.conversation.answer import Answer

if TYPE_CHECKING:
    from openrouter_nb.components import ChatResult
    from openrouter_nb.playground.runs.schema_check import SchemaCheck
    from openrouter_nb.playground.state.exchange_record import ExchangeRecord
    from openrouter_nb.playground.state.thread_items import MessageCard


class AnswerRecord:
    """What is known of a card that a model wrote: the answer, the exchange, and what is said of both."""

    def __init__(self, answer: Answer, record: ExchangeRecord, stats: dict[str, Any]) -> None:
        self.answer = answer
        self.record = record
        self.stats = stats


def store_answer(
    card: MessageCard, record: ExchangeRecord, about: dict[str, Any], start: str, fits: SchemaCheck | None
) -> bool:
    """Put what a run has brought into its card; False where it has brought nothing.

    Args:
        card: Its place in the conversation.
        record: The exchange.
        about: The statistics of the answer.
        start: The text that it goes on from.
        fits: How it fits the schema that was asked for; None where it did not come to its end.
    """
    result = record.result
    if result is None or not (result.has_content or _is_finished(result)):
        if start:
            card.message = {"role": "assistant", "content": start}
        return bool(start)
    card.message = _message_of(result, start)
    answer = Answer(
        result,
        complete=fits is not None,
        messages=[*record.body.get("messages", ()), card.message],
        parsed=fits.value if fits else None,
    )
    answer.problems = fits.problems if fits else ()
    card.answer = AnswerRecord(answer, record, about)
    return True


def _message_of(result: ChatResult, start: str) -> dict[str, Any]:
    """Return the message of a result, behind the text that it goes on from."""
    message = answer_message(result)
    if start and isinstance(message.get("content"), str):
        message["content"] = start + message["content"]
    return message


def _is_finished(result: ChatResult) -> bool:
    return bool(result.choices) and result.choices[0].finish_reason is not None

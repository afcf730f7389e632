"""The response of a column that is requested or received, until it is stored in its card."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation import answer_message
from openrouter_nb.conversation.answer import Answer
from openrouter_nb.playground.state.answer_record import AnswerRecord, SchemaCheck
from openrouter_nb.playground.state.exchange_record import ExchangeRecord

if TYPE_CHECKING:
    from openrouter_nb.conversation.agent.tool_loop import ToolLoop
    from openrouter_nb.live.answer import LiveAnswer
    from openrouter_nb.live.feed.event_feed import EventFeed
    from openrouter_nb.playground.runs.response_format import ResponseFormat
    from openrouter_nb.playground.state.thread_items import MessageCard, ThreadItem


@dataclass(slots=True)
class PendingResponse:
    """The response that is requested or received.

    Attributes:
        item: Its place in the thread.
        card: Its card there.
        live: What pages show of it.
        events: Feeds its events to `live`.
        request: Its request, without options of the transport.
        format: The structured form that the request asks for; None for text.
        prefix: Text that it continues.
        record: The exchange.
    """

    item: ThreadItem
    card: MessageCard
    live: LiveAnswer
    events: EventFeed
    request: dict[str, Any]
    format: ResponseFormat | None
    prefix: str = ""
    record: ExchangeRecord = field(default_factory=lambda: ExchangeRecord({}))

    def check(self, loop: ToolLoop) -> SchemaCheck:
        """Return the result of the validation if the response is complete and structured."""
        result = self.record.result
        if self.format is None or result is None or (result.choices and result.choices[0].message.tool_calls):
            return SchemaCheck()
        return self.format.check(loop.validation_errors, loop.parsed)

    def store(self, loop: ToolLoop, stats: dict[str, Any], check: SchemaCheck | None) -> bool:
        """Store the response in its card.

        Args:
            loop: The loop that requested it.
            stats: Its statistics.
            check: The result of `check`; None for an incomplete response.

        Returns:
            False if there is nothing to store.
        """
        card, record, prefix = self.card, self.record, self.prefix
        result = record.result
        if result is None or not (
            result.has_content or (result.choices and result.choices[0].finish_reason is not None)
        ):
            if prefix:
                card.message = {"role": "assistant", "content": prefix}
            return bool(prefix)
        card.message = answer_message(result)
        if prefix and isinstance(card.message.get("content"), str):
            card.message["content"] = prefix + card.message["content"]
        answer = Answer(
            result,
            complete=check is not None,
            messages=[*record.body.get("messages", ()), card.message],
            parsed=check.value if check is not None else None,
        )
        answer.problems = check.problems if check is not None else ()
        answer.calls = tuple(loop.calls)
        answer.earlier = tuple(each for each in loop.responses if each is not result)
        card.answer = AnswerRecord(answer, record, stats)
        return True

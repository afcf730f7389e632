"""Data that a run stores in the card of its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openrouter_nb.conversation.answer import Answer
    from openrouter_nb.output.validation_errors import ValidationProblem
    from openrouter_nb.playground.state.exchange_record import ExchangeRecord


@dataclass(frozen=True, slots=True)
class SchemaCheck:
    """The result of validating an answer.

    Attributes:
        note: The result in a few words; `""` without a response format.
        problems: Each invalid field.
        value: The value of a valid answer.
    """

    note: str = ""
    problems: tuple[ValidationProblem, ...] = ()
    value: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class AnswerRecord:
    """A model's answer in the thread.

    Attributes:
        answer: The answer, as returned to Python.
        record: The exchange of the answer.
        stats: `answer_stats` of the exchange.
    """

    answer: Answer
    record: ExchangeRecord
    stats: dict[str, Any]

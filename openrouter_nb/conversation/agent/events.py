"""What happens while a question is answered, as a front end hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from openrouter_nb.components import ChatResult, ChatStreamChunk
    from openrouter_nb.conversation.answer_events import AnswerEvent
    from openrouter_nb.errors import Attempt
    from openrouter_nb.output.validation_errors import ValidationProblem
    from openrouter_nb.tools.tool_call import ToolCall

LimitName = Literal["rounds", "calls", "identical", "cost"]


@dataclass(frozen=True, slots=True)
class RequestStarted:
    """A request is on its way; `number` counts from 1."""

    number: int


@dataclass(frozen=True, slots=True)
class Retrying:
    """An attempt has failed and another follows."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class ChunksReceived:
    """Parts of a response have arrived.

    Attributes:
        chunks: As the service sent them; none after a keep-alive.
        events: The same, decoded.
    """

    chunks: list[ChatStreamChunk]
    events: list[AnswerEvent]


@dataclass(frozen=True, slots=True)
class ResponseCompleted:
    """A reply is complete: the answer, or one that asks for calls."""

    result: ChatResult


@dataclass(frozen=True, slots=True)
class ToolCallsRequested:
    """The reply that has just ended asks for these calls."""

    calls: tuple[ToolCall, ...]


@dataclass(frozen=True, slots=True)
class ToolCallUpdated:
    """A call was proposed, waits for a decision, runs, printed something, or has ended: `call.status` says which."""

    call: ToolCall


@dataclass(frozen=True, slots=True)
class LimitReached:
    """The loop ends here although the model asks for more calls."""

    limit: LimitName
    message: str


@dataclass(frozen=True, slots=True)
class OutputInvalid:
    """A structured answer does not fit its schema. `repairing` tells whether the model is asked once more."""

    problems: tuple[ValidationProblem, ...]
    repairing: bool


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The last reply is the answer."""

    result: ChatResult


Event = (
    RequestStarted
    | Retrying
    | ChunksReceived
    | ResponseCompleted
    | ToolCallsRequested
    | ToolCallUpdated
    | LimitReached
    | OutputInvalid
    | RunFinished
)

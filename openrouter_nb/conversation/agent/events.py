"""Events of a tool loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.components import ChatResult, ChatStreamChunk
    from openrouter_nb.conversation.answer_events import AnswerEvent
    from openrouter_nb.errors import Attempt
    from openrouter_nb.output.validation_errors import ValidationProblem
    from openrouter_nb.tools.tool_call import ToolCall

LimitName = Literal["rounds", "calls", "identical", "cost"]


@dataclass(frozen=True, slots=True)
class RequestStarted:
    """A request is being sent; `number` counts from 1."""

    number: int


@dataclass(frozen=True, slots=True)
class ResponseStarted:
    """A streamed response has begun.

    Attributes:
        headers: HTTP headers of the response, names in lower case.
    """

    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Retrying:
    """An attempt failed and is retried."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class ChunksReceived:
    """Parts of a response have arrived.

    Attributes:
        chunks: As the service sent them; none after a keep-alive and in a response that is not streamed.
        events: The same, decoded.
    """

    chunks: list[ChatStreamChunk]
    events: list[AnswerEvent]


@dataclass(frozen=True, slots=True)
class ResponseCompleted:
    """A response is complete: the answer, or one with tool calls."""

    result: ChatResult


@dataclass(frozen=True, slots=True)
class ToolCallsRequested:
    """The complete response has tool calls.

    Attributes:
        calls: The calls, not validated yet.
        message: The assistant message with these calls, as the next request carries it.
    """

    calls: tuple[ToolCall, ...]
    message: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToolCallUpdated:
    """A call waits for a decision, runs, has printed something, or has ended; `call.status` is its state."""

    call: ToolCall


@dataclass(frozen=True, slots=True)
class LimitReached:
    """The loop ends although the model requests more calls."""

    limit: LimitName
    message: str


@dataclass(frozen=True, slots=True)
class OutputInvalid:
    """A structured answer does not fit its schema. `repairing`: whether the model is asked to correct it."""

    problems: tuple[ValidationProblem, ...]
    repairing: bool


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The last response is the answer."""

    result: ChatResult


Event = (
    RequestStarted
    | Retrying
    | ResponseStarted
    | ChunksReceived
    | ResponseCompleted
    | ToolCallsRequested
    | ToolCallUpdated
    | LimitReached
    | OutputInvalid
    | RunFinished
)

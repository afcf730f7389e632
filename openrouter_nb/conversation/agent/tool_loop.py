"""One question to its answer: requests, calls of tools between them, and a bound on both. The engine of every front end.

Source of the protocol: OpenRouter docs, guides/features/tool-calling, August 2026.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.agent import tool_messages
from openrouter_nb.conversation.agent.events import (
    ChunksReceived,
    Event,
    LimitName,
    LimitReached,
    OutputInvalid,
    RequestStarted,
    ResponseCompleted,
    Retrying,
    RunFinished,
    ToolCallsRequested,
    ToolCallUpdated,
)
from openrouter_nb.conversation.agent.limits import Limits
from openrouter_nb.conversation.agent.tool_executor import ToolExecutor
from openrouter_nb.conversation.answer_events import AnswerDecoder
from openrouter_nb.output.output_schema import repair_message
from openrouter_nb.output.validation_errors import ValidationProblem, WrongValueError
from openrouter_nb.tools.approval import deny_all

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from openrouter_nb.client import ChatStream
    from openrouter_nb.components import ChatResult
    from openrouter_nb.output.output_schema import OutputSchema
    from openrouter_nb.tools.approval import Approve
    from openrouter_nb.tools.tool_call import ToolCall
    from openrouter_nb.tools.toolset import Toolset

    Send = Callable[..., Awaitable[ChatStream]]


class ToolLoop:
    """Answers one question. Make one for each; call `run` once.

    Only what is registered is ever called, with arguments that its types allow, and after somebody has said yes:
    everything else is told to the model, which may try again within the limits.

    Args:
        send: `chat.send_async` of a client, or what stands in its place.
        request: Keyword arguments of `chat.send_async`, `messages` among them.
        toolbox: The tools; None for none.
        approve: Decides about each call that needs it: returns a decision, or True or False, or an awaitable of these.
            With None, somebody calls `call.decide(...)` on hearing that a call waits.
        limits: How far the model may go.
        schema: The type that the answer must have; None for any text.
        repairs: How often the model is asked to put right an answer that does not fit its schema.

    Attributes:
        added: Messages that came after those of the request and led to the answer, in order: calls and results.
        results: Every reply that came to its end, oldest first.
        decoders: The decoder of each response, oldest first, with its times.
        calls: Every call, in the order in which the model asked.
        stopped_by: The limit that ended the loop, or None.
        problems: What is wrong with a structured answer; empty where nothing is.
        parsed: The structured answer; None where there is none.
    """

    def __init__(
        self,
        send: Send,
        request: Mapping[str, Any],
        toolbox: Toolset | None = None,
        *,
        approve: Approve | None = deny_all,
        limits: Limits | None = None,
        schema: OutputSchema | None = None,
        repairs: int = 0,
    ) -> None:
        self._send = send
        self._request = dict(request)
        self._toolbox = toolbox
        self._limits = limits or Limits()
        self._schema = schema
        self._repairs = repairs
        self._repairing: list[dict[str, Any]] = []
        self._stream: ChatStream | None = None
        self._on_event: Callable[[Event], object] = lambda _event: None
        self._performer = ToolExecutor(toolbox, approve, self._limits.identical, self._emit)
        self.new_messages: list[dict[str, Any]] = []
        self.responses: list[ChatResult] = []
        self.decoders: list[AnswerDecoder] = []
        self.calls: list[ToolCall] = []
        self.limit_reached: LimitName | None = None
        self.validation_errors: tuple[ValidationProblem, ...] = ()
        self.parsed: Any = None

    @property
    def result(self) -> ChatResult:
        """The last reply, or what has arrived of it."""
        from openrouter_nb.components import ChatResult

        if self._stream is not None:
            return self._stream.result
        return self.responses[-1] if self.responses else ChatResult()

    @property
    def replies(self) -> list[ChatResult]:
        """Every reply, oldest first, and what has arrived of the one that is being written."""
        return [*self.responses, self._stream.result] if self._stream is not None else self.responses

    @property
    def total(self) -> ChatResult:
        """The last reply, or what has arrived of it, with the usage of all replies together."""
        earlier = self.responses if self._stream is not None else self.responses[:-1]
        return tool_messages.with_total_usage(self.result, earlier)

    @property
    def partial(self) -> Any:
        """As much of the structured answer as has arrived, as JSON values; None where that is nothing yet."""
        return self._schema.partial(self.result.text) if self._schema is not None else None

    @property
    def cost(self) -> float:
        """US dollars of all replies, as far as OpenRouter has reported them."""
        return sum(result.usage.cost or 0.0 for result in self.responses if result.usage)

    @property
    def called_tools(self) -> list[dict[str, Any]]:
        """Definitions of the functions that were called, as the requests carried them."""
        names = {call.name for call in self.calls}
        known = self._toolbox.by_name if self._toolbox else {}
        return [tool.definition for name, tool in known.items() if name in names]

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The request's messages and what came after them, without the answer: what goes out next."""
        return [*self._request["messages"], *self.new_messages, *self._repairing]

    def request(self) -> dict[str, Any]:
        """Return the keyword arguments of the request that goes out next."""
        fields = {**self._request, "messages": self.messages}
        if self._toolbox:
            for name, more in self._toolbox.request().items():
                fields[name] = [*(fields.get(name) or ()), *more]
        if self._schema is not None:
            fields["response_format"] = self._schema.response_format
        return fields

    async def run(self, on_event: Callable[[Event], object] | None = None) -> ChatResult:
        """Ask, call, and ask again until there is an answer or a limit is reached.

        Cancelling it closes the request and stops the calls that run.

        Args:
            on_event: Hears what happens, on this loop, in order.

        Raises:
            OpenRouterError: a request failed.
        """
        if on_event is not None:
            self._on_event = on_event
        while True:
            result = await self._ask()
            calls = tool_messages.tool_calls_from(
                result, self._toolbox, taken={call.id for call in self.calls}
            )
            if not calls:
                if self._needs_repair(result):
                    continue
                self._emit(RunFinished(result))
                return result
            used = sum(1 for call in self.calls if call.was_used)
            self.calls += calls
            self._emit(ToolCallsRequested(tuple(calls)))
            self.new_messages.append(tool_messages.assistant_message(result, calls))
            if limit := self._limits.reached(
                rounds=len(self.responses), calls=used + len(calls), cost=self.cost
            ):
                for call in calls:
                    call.finish("refused", f"Not run: {limit.message}")
                    self._emit(ToolCallUpdated(call))
            else:
                await self._performer.execute(calls)
                limit = self._repeats_only(calls)
            self.new_messages += [call.message for call in calls]
            if limit:
                self.limit_reached = limit.limit
                self._emit(limit)
                return result

    def _emit(self, event: Event) -> None:
        self._on_event(event)

    async def _ask(self) -> ChatResult:
        self._emit(RequestStarted(len(self.responses) + 1))
        decoder = AnswerDecoder()
        self.decoders.append(decoder)
        request: dict[str, Any] = {
            "on_retry": lambda attempt: self._emit(Retrying(attempt)),
            **self.request(),
        }
        async with await self._send(stream=True, **request) as stream:
            self._stream = stream
            while True:
                try:
                    chunks = await stream.read_ready()
                except StopAsyncIteration:
                    break
                self._emit(ChunksReceived(chunks, decoder.decode(chunks)))
        result = stream.result
        self._stream = None
        self.responses.append(result)
        self._emit(ResponseCompleted(result))
        return result

    def _needs_repair(self, result: ChatResult) -> bool:
        """Read a structured answer; tell whether the model is asked to put it right."""
        if self._schema is None:
            return False
        try:
            self.parsed = self._schema.parse(result.text)
            self.validation_errors = ()
        except WrongValueError as error:
            self.validation_errors = error.problems
            repairing = self._repairs > 0 and not self._limits.is_spent(self.cost)
            self._emit(OutputInvalid(error.problems, repairing))
            if repairing:
                self._repairs -= 1
                self._repairing = [tool_messages.assistant_message(result, []), repair_message(error)]
                return True
        return False

    def _repeats_only(self, calls: list[ToolCall]) -> LimitReached | None:
        """Tell whether a whole round asked for nothing but what was called again and again."""
        if all(self._performer.is_repeated(call) for call in calls):
            return LimitReached("identical", f"the same call was made {self._limits.identical} times before.")
        return None

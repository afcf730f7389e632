"""The tool loop: send a request, execute the tool calls of the response, and repeat. The engine of every front end.

Source of the protocol: OpenRouter docs, guides/features/tool-calling, August 2026.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    ResponseStarted,
    Retrying,
    RunFinished,
    ToolCallsRequested,
    ToolCallUpdated,
)
from openrouter_nb.conversation.agent.limits import Limits
from openrouter_nb.conversation.agent.missing_object import calls_without_object, with_reason
from openrouter_nb.conversation.agent.tool_executor import ToolExecutor
from openrouter_nb.conversation.answer_events import AnswerDecoder
from openrouter_nb.output.output_schema import repair_message
from openrouter_nb.output.validation_errors import ValidationProblem, WrongValueError
from openrouter_nb.tools.approval import deny_all

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from openrouter_nb.client import ChatStream
    from openrouter_nb.components import ChatResult
    from openrouter_nb.output.output_schema import OutputSchema
    from openrouter_nb.tools.approval import Approve
    from openrouter_nb.tools.tool_call import ToolCall
    from openrouter_nb.tools.toolset import Toolset

    Send = Callable[..., Awaitable[Any]]
    Prepare = Callable[["ToolLoop"], "LoopRequest | None"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopRequest:
    """One request of a loop.

    Attributes:
        fields: Keyword arguments of `chat.send_async`. The response is streamed unless `stream` is False.
        toolset: The tools whose calls are executed; None for none.
        parse: Validates the text of the answer and returns its value; raises `WrongValueError`. None for any text.
    """

    fields: Mapping[str, Any]
    toolset: Toolset | None = None
    parse: Callable[[str], Any] | None = None


class ToolLoop:
    """Run one request and its tool calls. Single use.

    Only offered tools run, with arguments that fit their types, and after approval. Everything else is reported to the
    model, which may try again within the limits.

    Args:
        send: `chat.send_async` of a client, or a replacement.
        request: Keyword arguments of `chat.send_async`, `messages` among them. Or a function that is called with the
            loop before each request and returns it, or None to end the loop: it then owns the messages, tools and
            schema, and `toolset` and `schema` are not used.
        toolset: The tools; None for none.
        approve: Decides about each call that needs approval: returns a decision, or True or False, or an awaitable of
            these. With None, the receiver of the events calls `call.decide(...)`.
        limits: Bounds of requests, calls and cost.
        schema: The type of the answer; None for any text.
        repairs: How often the model is asked to correct an answer that does not fit its schema.

    Attributes:
        new_messages: Messages between those of the request and the answer, in order: tool calls and their results.
        repair_messages: The invalid answer that the next request asks to correct, and the message that does; else empty.
        responses: Every complete response, oldest first.
        decoders: The decoder of each response, oldest first, with its times.
        calls: Every tool call, in the order of the model.
        limit_reached: The limit that ended the loop, or None.
        validation_errors: What is wrong with a structured answer; empty if valid.
        parsed: The value of a structured answer; None without one.
    """

    def __init__(
        self,
        send: Send,
        request: Mapping[str, Any] | Prepare,
        toolset: Toolset | None = None,
        *,
        approve: Approve | None = deny_all,
        limits: Limits | None = None,
        schema: OutputSchema | None = None,
        repairs: int = 0,
    ) -> None:
        self._send = send
        self._request: Mapping[str, Any] = {} if callable(request) else dict(request)
        self._prepare: Prepare = request if callable(request) else ToolLoop._next_request
        self._toolset = toolset
        self._limits = limits or Limits()
        self._schema = schema
        self._repairs_left = repairs
        self._stream: ChatStream | None = None
        self._on_event: Callable[[Event], object] = lambda _event: None
        self._executor = ToolExecutor(approve, self._limits.identical, self._emit)
        self.new_messages: list[dict[str, Any]] = []
        self.repair_messages: list[dict[str, Any]] = []
        self.responses: list[ChatResult] = []
        self.decoders: list[AnswerDecoder] = []
        self.calls: list[ToolCall] = []
        self.limit_reached: LimitName | None = None
        self.validation_errors: tuple[ValidationProblem, ...] = ()
        self.validation_cause: BaseException | None = None
        self.parsed: Any = None

    @property
    def result(self) -> ChatResult:
        """The last response, or the received part of it."""
        from openrouter_nb.components import ChatResult

        if self._stream is not None:
            return self._stream.result
        return self.responses[-1] if self.responses else ChatResult()

    @property
    def partial_response(self) -> ChatResult | None:
        """The received part of a response that is not complete, None without one."""
        return self._stream.result if self._stream is not None else None

    @property
    def replies(self) -> list[ChatResult]:
        """Every response, oldest first, with the received part of one that is not complete."""
        return [*self.responses, self._stream.result] if self._stream is not None else self.responses

    @property
    def total(self) -> ChatResult:
        """`result` with the usage of all responses."""
        earlier = self.responses if self._stream is not None else self.responses[:-1]
        return tool_messages.with_total_usage(self.result, earlier)

    @property
    def partial(self) -> Any:
        """The received part of the structured answer, as JSON values; None without any."""
        return self._schema.partial(self.result.text) if self._schema is not None else None

    @property
    def cost(self) -> float:
        """US dollars of all complete responses, as reported by OpenRouter."""
        return sum(result.usage.cost or 0.0 for result in self.responses if result.usage)

    @property
    def called_tools(self) -> list[dict[str, Any]]:
        """Definitions of the functions that were called, as the requests carried them."""
        names = {call.name for call in self.calls}
        known = self._toolset.by_name if self._toolset else {}
        return [tool.definition for name, tool in known.items() if name in names]

    async def run(self, on_event: Callable[[Event], object] | None = None) -> ChatResult:
        """Send requests and execute tool calls until there is an answer or a limit is reached.

        Cancelling it closes the request and stops the running calls.

        Args:
            on_event: Receives the events, on this event loop, in order.

        Raises:
            OpenRouterError: a request failed.
        """
        if on_event is not None:
            self._on_event = on_event
        while (request := self._prepare(self)) is not None:
            self._toolset = request.toolset
            result = await self._receive(request)
            calls = tool_messages.tool_calls_from(
                result, request.toolset, taken={call.id for call in self.calls}
            )
            if not calls:
                if self._needs_repair(request, result):
                    continue
                self._emit(RunFinished(result))
                break
            self._emit(ResponseCompleted(result))
            if limit := await self._execute(result, calls):
                self.limit_reached = limit.limit
                if request.parse is not None:
                    self.validation_errors = (calls_without_object(calls, limit),)
                self._emit(limit)
                break
        return self.result

    def _emit(self, event: Event) -> None:
        self._on_event(event)

    def _next_request(self) -> LoopRequest:
        """Return the request that was given, with the messages that were added since."""
        fields = {
            **self._request,
            "messages": [*self._request["messages"], *self.new_messages, *self.repair_messages],
        }
        if self._toolset:
            for name, more in self._toolset.request().items():
                fields[name] = [*(fields.get(name) or ()), *more]
        if self._schema is None:
            return LoopRequest(fields=fields, toolset=self._toolset)
        fields["response_format"] = self._schema.response_format
        return LoopRequest(fields=fields, toolset=self._toolset, parse=self._schema.parse)

    async def _receive(self, request: LoopRequest) -> ChatResult:
        """Send a request and receive its response."""
        self._emit(RequestStarted(len(self.responses) + 1))
        decoder = AnswerDecoder()
        self.decoders.append(decoder)
        fields: dict[str, Any] = {
            "on_retry": lambda attempt: self._emit(Retrying(attempt)),
            **request.fields,
        }
        result: ChatResult
        if fields.pop("stream", None) is False:
            result = await self._send(stream=False, **fields)
            self._emit(ChunksReceived([], decoder.decode_result(result)))
        else:
            async with await self._send(stream=True, **fields) as stream:
                self._stream = stream
                self._emit(ResponseStarted(stream.headers))
                while True:
                    try:
                        chunks = await stream.read_ready()
                    except StopAsyncIteration:
                        break
                    self._emit(ChunksReceived(chunks, decoder.decode(chunks)))
            result = stream.result
            self._stream = None
        self.responses.append(result)
        return result

    async def _execute(self, result: ChatResult, calls: Sequence[ToolCall]) -> LimitReached | None:
        """Execute the calls of a response within the limits; return the limit that ends the loop."""
        used = sum(1 for call in self.calls if call.was_used)
        called_unknown = any(call.status == "unknown" for call in self.calls)
        message = tool_messages.assistant_message(result, calls)
        self.calls += calls
        self.new_messages.append(message)
        self.repair_messages, self.validation_errors = [], ()
        self._emit(ToolCallsRequested(tuple(calls), message))
        limit = self._limits.reached(rounds=len(self.responses), calls=used + len(calls), cost=self.cost)
        if limit is not None:
            for call in calls:
                call.finish("refused", f"Not run: {limit.message}")
                self._emit(ToolCallUpdated(call))
        else:
            await self._executor.execute(calls, self._toolset)
            if called_unknown and not (self._toolset and self._toolset.by_name):
                limit = LimitReached("calls", "no function is offered, and the model called one again.")
            elif all(self._executor.is_repeated(call) for call in calls):
                count = self._limits.identical
                limit = LimitReached("identical", f"the same call was made {count} times before.")
        self.new_messages += [call.message for call in calls]
        return limit

    def _needs_repair(self, request: LoopRequest, result: ChatResult) -> bool:
        """Validate the answer; return whether the model is asked to correct it."""
        invalid: WrongValueError | None = None
        self.parsed, self.validation_errors, self.repair_messages = None, (), []
        if request.parse is not None:
            try:
                self.parsed = request.parse(result.text)
            except WrongValueError as error:
                invalid = with_reason(error, result)
                self.validation_errors, self.validation_cause = invalid.problems, error.__cause__
        self._emit(ResponseCompleted(result))
        if invalid is None:
            return False
        repairing = self._repairs_left > 0 and not self._limits.is_spent(self.cost)
        self._emit(OutputInvalid(invalid.problems, repairing))
        if repairing:
            self._repairs_left -= 1
            self.repair_messages = [
                tool_messages.assistant_message(result, []),
                repair_message(invalid),
            ]
        return repairing

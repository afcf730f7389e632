"""`AgentOptions`: tools, output schema, approval and limits of one request, as `chat()`, `Chat`, `run_tools()` and cells take them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.agent.limits import Limits
from openrouter_nb.conversation.agent.tool_loop import ToolLoop
from openrouter_nb.conversation.agent.tool_loop_stream import ToolLoopStream
from openrouter_nb.output import OutputSchema
from openrouter_nb.tools import Toolset
from openrouter_nb.tools.terminal_approval import TerminalApprover
from openrouter_nb.tools.tool_call import Decision, Run, ToolCall

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.conversation.agent.events import Event
    from openrouter_nb.conversation.agent.tool_loop import Send
    from openrouter_nb.tools.approval import Approve


class _AutoApprove:
    """Run every call, except those of tools marked `approve="ask"`, which `ask` decides."""

    def __init__(self, ask: Any) -> None:
        self._ask = ask

    async def __call__(self, call: ToolCall) -> Decision:
        if call.tool is not None and call.tool.approval == "ask":
            decision: Decision = await self._ask(call)
            return decision
        return Run()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentOptions:
    """What a model may do besides answering with text.

    Attributes:
        toolset: The tools that it may call.
        schema: The type of the answer; None for any text.
        approve: Decides about each call; None asks by `prompt`, or by buttons where a front end has them.
        auto: Whether tools run without approval, except those marked `approve="ask"`.
        limits: Bounds of requests, calls and cost.
        repairs: How often the model is asked to correct an answer that does not fit `schema`.
        prompt: Asks in the terminal. Requests that share these options take turns.
        on_event: Receives the events of the loop; None for none.
    """

    toolset: Toolset = field(default_factory=Toolset)
    schema: OutputSchema | None = None
    approve: Approve | None = None
    auto: bool = False
    limits: Limits = field(default_factory=Limits)
    repairs: int = 0
    prompt: TerminalApprover = field(default_factory=TerminalApprover)
    on_event: Callable[[Event], object] | None = None

    @classmethod
    def of(
        cls,
        tools: Any = None,
        *,
        schema: Any = None,
        approve: Any = None,
        limits: Limits | None = None,
        repairs: int = 0,
        on_event: Callable[[Event], object] | None = None,
    ) -> AgentOptions:
        """Validate the keywords of a call.

        Raises:
            TypeError: a keyword has the wrong type; the message names the accepted ones.
        """
        if approve not in (None, "ask", "auto") and not callable(approve):
            raise TypeError(f"approve takes 'ask', 'auto' or a function of a call, not {approve!r}.")
        if limits is not None and not isinstance(limits, Limits):
            raise TypeError(f"limits takes Limits(rounds=…, calls=…, cost=…), not {limits!r}.")
        if not isinstance(repairs, int) or isinstance(repairs, bool) or not 0 <= repairs <= 5:
            raise TypeError(f"repairs takes a whole number from 0 to 5, not {repairs!r}.")
        return cls(
            toolset=Toolset.of(tools),
            schema=None if schema is None else OutputSchema.of(schema),
            approve=approve if callable(approve) else None,
            auto=approve == "auto",
            limits=limits or Limits(),
            repairs=repairs,
            on_event=on_event,
        )

    @property
    def needs_loop(self) -> bool:
        """Whether a `ToolLoop` has anything to do: tool calls without a function are returned to the caller."""
        has_functions = any(tool.function is not None for tool in self.toolset.by_name.values())
        return has_functions or self.schema is not None or self.on_event is not None

    def request_fields(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields that the loop adds to a request, for `--dry-run`."""
        fields: dict[str, Any] = {
            name: [*(request.get(name) or ()), *more] for name, more in self.toolset.request().items()
        }
        if self.schema is not None:
            fields["response_format"] = self.schema.response_format
        return fields

    def stream(self, send: Send, request: dict[str, Any]) -> ToolLoopStream:
        """Start a loop and return its responses as one stream."""
        loop = ToolLoop(
            send,
            request,
            self.toolset,
            approve=None,
            limits=self.limits,
            schema=self.schema,
            repairs=self.repairs,
        )
        approve: Approve = self.approve or self.prompt
        return ToolLoopStream(loop, _AutoApprove(approve) if self.auto else approve, self.on_event)

"""Tools and types of answers in the keywords of `chat()`, `Chat` and `run_tools()`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.agent.limits import Limits
from openrouter_nb.conversation.agent.tool_loop import ToolLoop
from openrouter_nb.conversation.agent.tool_loop_stream import ToolLoopStream
from openrouter_nb.output import OutputSchema
from openrouter_nb.tools import Toolset
from openrouter_nb.tools.terminal_approval import TerminalApprover
from openrouter_nb.tools.tool_call import Decision, Run, ToolCall

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.conversation.agent.events import Event
    from openrouter_nb.conversation.agent.tool_loop import Send
    from openrouter_nb.tools.approval import Approve

#: The keywords, beside `tools`, which a request may have as well.
KEYWORDS = ("approve", "limits", "repairs", "schema")


class _AutoApprove:
    """Allows every call, but asks about tools that insist on it."""

    def __init__(self, asks: Any) -> None:
        self._asks = asks

    async def __call__(self, call: ToolCall) -> Decision:
        if call.tool is not None and call.tool.approval == "ask":
            decision: Decision = await self._asks(call)
            return decision
        return Run()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentOptions:
    """What a model may do besides answering with text.

    Attributes:
        toolbox: Tools that it may ask for.
        schema: The type that its answer must have, or None.
        approve: Decides about each call.
        limits: How far it may go.
        repairs: How often it is asked to put an answer right that is not of the type.
        on_event: Hears what happens; None for nobody.
    """

    toolbox: Toolset
    schema: OutputSchema | None
    approve: Approve
    limits: Limits
    repairs: int = 0
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
        """Check the keywords of a call.

        Raises:
            TypeError: a tool, a type or a way to approve that is none; the message says what is.
        """
        if approve not in (None, "ask", "auto") and not callable(approve):
            raise TypeError(f"approve takes 'ask', 'auto' or a function of a call, not {approve!r}.")
        if limits is not None and not isinstance(limits, Limits):
            raise TypeError(f"limits takes Limits(rounds=…, calls=…, cost=…), not {limits!r}.")
        if not isinstance(repairs, int) or isinstance(repairs, bool) or not 0 <= repairs <= 5:
            raise TypeError(f"repairs takes a whole number from 0 to 5, not {repairs!r}.")
        asks: Approve = approve if callable(approve) else TerminalApprover()
        return cls(
            toolbox=Toolset.of(tools),
            schema=None if schema is None else OutputSchema.of(schema),
            approve=_AutoApprove(asks) if approve == "auto" else asks,
            limits=limits or Limits(),
            repairs=repairs,
            on_event=on_event,
        )

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to do here: tools that are mere definitions are the caller's own to answer."""
        has_functions = any(tool.function is not None for tool in self.toolbox.by_name.values())
        return has_functions or self.schema is not None or self.on_event is not None

    def stream(self, send: Send, request: dict[str, Any]) -> ToolLoopStream:
        """Begin with a request; what arrives until its answer is there comes as one stream."""
        loop = ToolLoop(
            send,
            request,
            self.toolbox,
            approve=None,
            limits=self.limits,
            schema=self.schema,
            repairs=self.repairs,
        )
        return ToolLoopStream(loop, self.approve, self.on_event)

"""`run_tools`: send a prompt or messages with functions that the model can call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.call_settings import ChatSettings, check_keywords
from openrouter_nb.prompt.user_message import user_message

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.client import OpenRouter
    from openrouter_nb.components import ChatResult
    from openrouter_nb.conversation.agent.events import Event
    from openrouter_nb.conversation.agent.limits import Limits
    from openrouter_nb.conversation.answer import Answer
    from openrouter_nb.conversation.answer_stream import AnswerStream

_OWN = ("tools", "model", "client", "approve", "limits", "schema", "repairs", "on_event")


def run_tools(
    prompt: Any,
    tools: Any,
    *,
    model: str | None = None,
    client: OpenRouter | None = None,
    approve: Any = "ask",
    limits: Limits | None = None,
    schema: Any = None,
    repairs: int = 0,
    on_event: Callable[[Event], object] | None = None,
    **parameters: Any,
) -> Answer:
    """Send a prompt to a model that can call functions, and wait for the answer.

    Only these functions are called, with validated arguments, and after approval: `input()` asks in a terminal or cell;
    without a user the call is refused. A function with `@tool(approve="auto")` runs without approval.
    `stream(prompt, tools=...)` yields the text as it is generated.

    Args:
        prompt: The prompt, as for `chat()`; or a list of messages to continue.
        tools: Functions, tools created with `tool()`, names of server tools such as `web_search`, or tools of an MCP
            server; one or a list.
        model: Model id. Default: `OPENROUTER_NB_MODEL`, else `openrouter/auto`.
        client: An `OpenRouter` client. Default: a shared one.
        approve: `"ask"`, `"auto"`, or a function that takes the call and returns `Run()`, `RunWith(arguments)`,
            `Respond(text)`, `Refuse(reason)`, True or False. If it raises an exception, the call is not run.
        limits: Limits of the tool loop. Default: 8 rounds and 16 calls.
        schema: The type of the answer.
        repairs: How many times the model may correct an answer that does not match `schema`.
        on_event: Called with every request, delta, call and limit: `openrouter_nb.conversation.agent.events`.
        **parameters: Any other field of the request.

    Returns:
        The answer; `.calls` are the calls, `.messages` the conversation, `.stopped_by` the limit that ended the loop.

    Raises:
        ToolDefinitionError: a function that cannot be used as a tool; the message says what to change.
        TypeError: an unknown keyword; the message suggests the nearest one.
        OpenRouterError: a request failed; `error.partial` is the last response, with the usage of all.
        WrongAnswerError: the answer does not match `schema`; `error.answer` is the answer.

    Example:
        >>> from openrouter_nb import run_tools, tool
        >>> @tool(approve="auto")
        ... def multiply(a: int, b: int) -> int:
        ...     "Multiply two numbers."
        ...     return a * b
        >>> answer = run_tools("What is 6 times 7?", multiply, model="openai/gpt-5-mini")
        >>> answer.calls[0].arguments, answer.calls[0].value
        ({'a': 6, 'b': 7}, 42)
    """
    __tracebackhide__ = True
    return _stream(
        "run_tools()",
        prompt,
        model,
        client,
        {
            "tools": tools,
            "approve": approve,
            "limits": limits,
            "schema": schema,
            "repairs": repairs,
            "on_event": on_event,
            **parameters,
        },
    ).wait()


async def run_tools_async(
    prompt: Any,
    tools: Any,
    *,
    model: str | None = None,
    client: OpenRouter | None = None,
    approve: Any = "ask",
    limits: Limits | None = None,
    schema: Any = None,
    repairs: int = 0,
    on_event: Callable[[Event], object] | None = None,
    **parameters: Any,
) -> Answer:
    """Like `run_tools`, but awaitable. Arguments, return value and errors are the same.

    Coroutine functions among the tools run on the event loop of the caller.
    """
    __tracebackhide__ = True
    return await _stream(
        "run_tools_async()",
        prompt,
        model,
        client,
        {
            "tools": tools,
            "approve": approve,
            "limits": limits,
            "schema": schema,
            "repairs": repairs,
            "on_event": on_event,
            **parameters,
        },
    ).wait_async()


def _stream(
    function: str, prompt: Any, model: str | None, client: OpenRouter | None, parameters: dict[str, Any]
) -> AnswerStream:
    __tracebackhide__ = True
    check_keywords(function, parameters, *_OWN)
    settings = ChatSettings(model=model, client=client, parameters=parameters)
    if _is_messages(prompt):
        return settings.send(_Messages([dict(message) for message in prompt]))
    return settings.send(_Messages([user_message(prompt, (), ())]))


@dataclass(frozen=True, slots=True)
class _Messages:
    """Messages of a single request, without history."""

    messages: list[dict[str, Any]]

    @property
    def called(self) -> dict[str, Any]:
        """Empty: the caller provides messages and tools."""
        return {}

    def record(
        self,
        result: ChatResult,
        *,
        tool_messages: Sequence[dict[str, Any]] = (),
        tools: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Do nothing."""


def _is_messages(prompt: Any) -> bool:
    if isinstance(prompt, (str, bytes)) or not isinstance(prompt, Sequence) or not prompt:
        return False
    return all(isinstance(item, Mapping) and "role" in item for item in prompt)

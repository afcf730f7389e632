"""`run_tools`: a question, or a list of messages, and functions that the model may call on its way to the answer."""

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
    """Ask a model that may call functions, and wait for its answer.

    Only these functions are called, with arguments that fit their types, each after a yes: `input()` asks in a terminal
    and in a cell, and where nobody can answer the call is refused. A function marked `@tool(approve="auto")` runs
    unasked. `stream(prompt, tools=...)` gives the text as it is written.

    Args:
        prompt: What to ask, as for `chat()`; or a list of messages, to go on from.
        tools: Functions, tools made with `tool()`, names of tools that OpenRouter runs such as `web_search`, or tools of
            an MCP server; one or a list.
        model: Model id; `OPENROUTER_NB_MODEL`, else `openrouter/auto`, if left out.
        client: An `OpenRouter` of your own; otherwise all calls share one.
        approve: `"ask"`, `"auto"`, or a function that takes the call and returns `Run()`, `RunWith(arguments)`,
            `Respond(text)`, `Refuse(reason)`, True or False.
        limits: How far the model may go: 8 rounds and 16 calls if left out.
        schema: The type that the answer must have.
        repairs: How often the model may put right an answer that is not of that type.
        on_event: Hears of every request, piece, call and limit: `openrouter_nb.conversation.agent.events`.
        **parameters: Any other field of the request.

    Returns:
        The answer; `.calls` are the calls, `.messages` the whole conversation, `.stopped_by` the limit that ended it.

    Raises:
        ToolDefinitionError: a function that cannot be offered to a model; the message says what to change.
        TypeError: an unknown keyword, with the nearest one.
        OpenRouterError: a request failed.
        WrongAnswerError: the answer is not of the type `schema`.

    Example:
        >>> from openrouter_nb import run_tools, tool
        >>> @tool(approve="auto")
        ... def multiply(a: int, b: int) -> int:
        ...     "Multiply two numbers."
        ...     return a * b
        >>> answer = run_tools("What is 6 times 7?", multiply, model="demo/tools")
        >>> answer.calls[0].arguments, answer.calls[0].value
        ({'a': 6, 'b': 7}, 42)
    """
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
    """Ask a model that may call functions, and await its answer. Arguments, value and errors are those of `run_tools`.

    Coroutine functions among the tools run on the event loop of the caller.
    """
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
    check_keywords(function, parameters, *_OWN)
    settings = ChatSettings(model=model, client=client, parameters=parameters)
    if _is_messages(prompt):
        return settings.ask(_Messages([dict(message) for message in prompt]))
    return settings.ask(_Messages([user_message(prompt, (), ())]))


@dataclass(frozen=True, slots=True)
class _Messages:
    """What is sent and not remembered."""

    messages: list[dict[str, Any]]

    @property
    def called(self) -> dict[str, Any]:
        """Nothing: the messages are the caller's, and so are the tools."""
        return {}

    def record(
        self,
        result: ChatResult,
        *,
        tool_messages: Sequence[dict[str, Any]] = (),
        tools: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Forget."""


def _is_messages(prompt: Any) -> bool:
    if isinstance(prompt, (str, bytes)) or not isinstance(prompt, Sequence) or not prompt:
        return False
    return all(isinstance(item, Mapping) and "role" in item for item in prompt)

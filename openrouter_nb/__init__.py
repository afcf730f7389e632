"""Chat with any model on OpenRouter without leaving the notebook.

In a cell, after `%load_ext openrouter_nb`:

    %%chat -m openai/gpt-5-mini
    Why is the sky blue?

`%%chat?` lists its options. `Playground()` is a panel in the output. In Python:

    chat, achat           send a prompt and wait for the answer
    stream                iterate over an answer as it is generated
    Chat                  conversation with a history
    compare               send a prompt to several models
    chat_map              send a prompt for each row of a table
    ChatBridge, bridge    chat requests of widgets that you write, with the key in the kernel
    run_tools, tool       call Python functions from a model
    tools_from_mcp        use the tools of an MCP server
    OpenRouter            the client, compatible with OpenRouter's SDK
    history               conversations of panels, stored on this computer
    errors                exceptions

The key is read from OPENROUTER_API_KEY, or from the store of `%chat_key` and `ask_api_key`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openrouter_nb import components, errors, history
    from openrouter_nb.batch import Batch, achat_map, chat_map
    from openrouter_nb.chat_bridge import ChatBridge, bridge
    from openrouter_nb.client import (
        UNSET,
        BackoffStrategy,
        ChatStream,
        OpenRouter,
        RetryConfig,
        RetryPolicy,
        ask_api_key,
        chat_send,
        chat_send_async,
    )
    from openrouter_nb.components import ChatResult
    from openrouter_nb.conversation import Answer
    from openrouter_nb.conversation.agent.limits import Limits
    from openrouter_nb.conversation.answer_stream import AnswerStream
    from openrouter_nb.conversation.api import achat, chat, stream
    from openrouter_nb.conversation.chat import Chat
    from openrouter_nb.conversation.compare import Comparison, acompare, compare
    from openrouter_nb.conversation.errors import WrongAnswerError
    from openrouter_nb.conversation.run_tools import run_tools, run_tools_async
    from openrouter_nb.playground import Playground
    from openrouter_nb.tools import tool
    from openrouter_nb.tools.mcp.server import tools_from_mcp
    from openrouter_nb.tools.tool_call import Refuse, Respond, Run, RunWith

_HOME = {
    "Answer": "openrouter_nb.conversation",
    "AnswerStream": "openrouter_nb.conversation.answer_stream",
    "Batch": "openrouter_nb.batch",
    "Chat": "openrouter_nb.conversation.chat",
    "ChatBridge": "openrouter_nb.chat_bridge",
    "bridge": "openrouter_nb.chat_bridge",
    "Comparison": "openrouter_nb.conversation.compare",
    "acompare": "openrouter_nb.conversation.compare",
    "compare": "openrouter_nb.conversation.compare",
    "achat": "openrouter_nb.conversation.api",
    "achat_map": "openrouter_nb.batch",
    "chat_map": "openrouter_nb.batch",
    "chat": "openrouter_nb.conversation.api",
    "stream": "openrouter_nb.conversation.api",
    "Limits": "openrouter_nb.conversation.agent.limits",
    "Refuse": "openrouter_nb.tools.tool_call",
    "Respond": "openrouter_nb.tools.tool_call",
    "Run": "openrouter_nb.tools.tool_call",
    "RunWith": "openrouter_nb.tools.tool_call",
    "WrongAnswerError": "openrouter_nb.conversation.errors",
    "tools_from_mcp": "openrouter_nb.tools.mcp.server",
    "run_tools": "openrouter_nb.conversation.run_tools",
    "run_tools_async": "openrouter_nb.conversation.run_tools",
    "tool": "openrouter_nb.tools",
    "BackoffStrategy": "openrouter_nb.client",
    "ChatResult": "openrouter_nb.components.responses.result",
    "ChatStream": "openrouter_nb.client",
    "OpenRouter": "openrouter_nb.client",
    "Playground": "openrouter_nb.playground",
    "RetryConfig": "openrouter_nb.client",
    "RetryPolicy": "openrouter_nb.client",
    "UNSET": "openrouter_nb.client",
    "ask_api_key": "openrouter_nb.client",
    "chat_send": "openrouter_nb.client",
    "chat_send_async": "openrouter_nb.client",
}
_MODULES = ("components", "errors", "history", "httpclient", "operations", "types", "utils")

__all__ = [
    "UNSET",
    "Answer",
    "AnswerStream",
    "BackoffStrategy",
    "Batch",
    "Chat",
    "ChatBridge",
    "ChatResult",
    "ChatStream",
    "Comparison",
    "Limits",
    "OpenRouter",
    "Playground",
    "Refuse",
    "Respond",
    "RetryConfig",
    "RetryPolicy",
    "Run",
    "RunWith",
    "WrongAnswerError",
    "achat",
    "achat_map",
    "acompare",
    "ask_api_key",
    "bridge",
    "chat",
    "chat_map",
    "chat_send",
    "chat_send_async",
    "compare",
    "components",
    "errors",
    "history",
    "load_ipython_extension",
    "run_tools",
    "run_tools_async",
    "stream",
    "tool",
    "tools_from_mcp",
    "unload_ipython_extension",
]


def __getattr__(name: str) -> Any:
    # Lazy, to keep importing and loading the extension fast.
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    if name in ("VERSION", "__version__"):
        from importlib.metadata import version

        return version("openrouter-nb")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def load_ipython_extension(ipython: Any) -> None:
    """Register `%%chat`. Called by `%load_ext openrouter_nb`."""
    from openrouter_nb.notebook import load

    load(ipython, _open_playground)


def _open_playground(*args: Any, **kwargs: Any) -> Any:
    from openrouter_nb.playground import Playground

    return Playground(*args, **kwargs)


def unload_ipython_extension(ipython: Any) -> None:
    """Unregister `%%chat`. Called by `%unload_ext openrouter_nb`."""
    from openrouter_nb.notebook import unload

    unload(ipython)

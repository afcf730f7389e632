"""The answer, whole: what `chat.send` returns and what a stream adds up to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field

from openrouter_nb.components.base import Open
from openrouter_nb.components.usage import ChatUsage

if TYPE_CHECKING:
    from types import TracebackType

FinishReason = str | Literal["stop", "length", "tool_calls", "content_filter", "error"]


def _json_text(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, (dict, list)) else value


class FunctionCall(Open):
    """Name and arguments of a call. `arguments` is JSON text, not always valid, empty for none."""

    name: str | None = None
    arguments: Annotated[str | None, BeforeValidator(_json_text)] = None


class ToolCall(Open):
    """One call of a tool that the model asks for."""

    id: str | None = None
    type: str | None = "function"
    function: FunctionCall = Field(default_factory=FunctionCall)


class ChatAssistantMessage(Open):
    """What the model said.

    `reasoning_details` is kept exactly as received, in order: it must go back unmodified with the next request
    (OpenRouter docs, best-practices/reasoning-tokens, August 2026). None means that the service sent no such key.
    """

    role: str = "assistant"
    content: str | list[dict[str, Any]] | None = None
    refusal: str | None = None
    reasoning: str | None = None
    reasoning_details: list[dict[str, Any]] | None = None
    tool_calls: list[ToolCall] | None = None
    images: list[dict[str, Any]] | None = None
    audio: dict[str, Any] | None = None
    annotations: list[dict[str, Any]] | None = None


class ChatChoice(Open):
    """One answer. OpenRouter sends one, whatever is asked."""

    index: int = 0
    message: ChatAssistantMessage = Field(default_factory=ChatAssistantMessage)
    finish_reason: FinishReason | None = None
    native_finish_reason: str | None = None
    logprobs: dict[str, Any] | None = None


class ChatResult(Open):
    """The answer to one chat request.

    `model` is the one that answered, which may differ from the one asked for (aliases, routers, fallbacks).
    """

    id: str | None = None
    object: str | None = "chat.completion"
    created: int | float | None = None
    model: str | None = None
    provider: str | None = None
    choices: list[ChatChoice] = Field(default_factory=list)
    usage: ChatUsage | None = None
    system_fingerprint: str | None = None
    service_tier: str | None = None

    @property
    def text(self) -> str:
        """The text of the first answer, `""` where there is none."""
        content = self.choices[0].message.content if self.choices else None
        if isinstance(content, list):
            return "".join(str(part.get("text") or "") for part in content)
        return content or ""

    def __enter__(self) -> Self:
        """Allow `with open_router.chat.send(...) as result`, as OpenRouter's examples write it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        return None

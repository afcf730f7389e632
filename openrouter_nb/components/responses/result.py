"""The complete answer: the result of `chat.send`, and of an accumulated stream."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, PrivateAttr

from openrouter_nb.components.base import JSON, ResponseModel
from openrouter_nb.components.responses.stream import has_content
from openrouter_nb.components.responses.usage import ChatUsage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

FinishReason = str | Literal["stop", "length", "tool_calls", "content_filter", "error"]


def _json_text(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, (dict, list)) else value


def _objects(value: Any) -> Any:
    """Convert models in a value to JSON objects, as the service sends them."""
    if isinstance(value, (list, tuple)):
        return [_objects(item) for item in value]
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


_AS_JSON = BeforeValidator(_objects)


class ChatToolCallFunction(ResponseModel):
    """Name and arguments of a call. `arguments` is JSON text, which may be invalid, or empty for no arguments."""

    name: str | None = None
    arguments: Annotated[str | None, BeforeValidator(_json_text)] = None


class ChatToolCall(ResponseModel):
    """A tool call requested by the model."""

    id: str | None = None
    type: str | None = "function"
    function: ChatToolCallFunction = Field(default_factory=ChatToolCallFunction)


class ChatAssistantMessage(ResponseModel):
    """The message of the model. Send it back with the next request; as the last message it is the text to continue.

    Parts given as models are converted to dicts, as the service sends them.

    `reasoning_details` is stored exactly as received, in order: it must be sent back unmodified with the next request
    (OpenRouter docs, best-practices/reasoning-tokens, August 2026). None means that the service did not send the key.
    """

    role: str = "assistant"
    name: str | None = None
    model: str | None = None
    content: Annotated[str | Sequence[Any] | None, _AS_JSON] = None
    refusal: str | None = None
    reasoning: str | None = None
    reasoning_details: Annotated[Sequence[Any] | None, _AS_JSON] = None
    tool_calls: list[ChatToolCall] | None = None
    images: Annotated[Sequence[Any] | None, _AS_JSON] = None
    audio: Annotated[JSON | None, _AS_JSON] = None
    annotations: list[dict[str, Any]] | None = None


class ChatChoice(ResponseModel):
    """One choice. OpenRouter always sends exactly one."""

    index: int = 0
    message: ChatAssistantMessage = Field(default_factory=ChatAssistantMessage)
    finish_reason: FinishReason | None = None
    native_finish_reason: str | None = None
    logprobs: dict[str, Any] | None = None


class ChatResult(ResponseModel):
    """The answer to a chat request.

    `model` is the model that answered, which may differ from the requested one (aliases, routers, fallbacks).
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

    _attempts: tuple[Any, ...] = PrivateAttr(default=())

    @property
    def attempts(self) -> tuple[Any, ...]:
        """The attempts that failed before this answer started, oldest first: `errors.Attempt`."""
        return self._attempts

    def after(self, attempts: tuple[Any, ...]) -> Self:
        """Set the failed attempts, and return this answer."""
        self._attempts = attempts
        return self

    @property
    def has_content(self) -> bool:
        """Whether a message holds more than its role: text, reasoning, a tool call, media."""
        return any(has_content(choice.message) for choice in self.choices)

    @property
    def text(self) -> str:
        """The text of the first choice, `""` if there is none."""
        content = self.choices[0].message.content if self.choices else None
        if content is None or isinstance(content, str):
            return content or ""
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))

    def __enter__(self) -> Self:
        """Support `with open_router.chat.send(...) as result`, as in OpenRouter's examples."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        return None

    def __iter__(self) -> Iterator[Self]:  # type: ignore[override]
        """Yield this answer once.

        OpenRouter's examples iterate over the result of `chat.send`, streamed or not. Without this method, pydantic
        would iterate over pairs of names and values.
        """
        yield self

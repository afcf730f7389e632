"""The complete answer: the result of `chat.send`, and of an accumulated stream."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from types import TracebackType
from typing import Any, ClassVar, Literal, Self

from openrouter_nb.components.responses.parts import (
    ChatTokenLogprobs,
    ReceivedAnnotation,
    ReceivedAudio,
    ReceivedContentPart,
    ReceivedImage,
    ReceivedReasoningDetail,
)
from openrouter_nb.components.responses.router_metadata import OpenRouterMetadata
from openrouter_nb.components.responses.stream import has_content
from openrouter_nb.components.responses.usage import ChatUsage
from openrouter_nb.components.views.json_view import CheckedView, JSONView

FinishReason = str | Literal["stop", "length", "tool_calls", "content_filter", "error"]


class ChatToolCallFunction(CheckedView):
    """Name and arguments of a call. `arguments` is JSON text, which may be invalid, or empty for no arguments."""

    __slots__ = ()

    name: str | None
    arguments: str | None

    @classmethod
    def _check(cls, obj: Mapping[str, Any], *, strict: bool) -> dict[str, Any]:
        arguments = obj.get("arguments")
        if isinstance(arguments, (dict, list)):
            obj = {**obj, "arguments": json.dumps(arguments)}
        return super()._check(obj, strict=strict)


class ChatToolCall(CheckedView):
    """A tool call requested by the model."""

    __slots__ = ()
    _constants: ClassVar[dict[str, Any]] = {"type": "function"}

    id: str | None
    type: str | None = "function"
    function: ChatToolCallFunction


class ChatAssistantMessage(CheckedView):
    """The message of the model. Send it back with the next request; as the last message it is the text to continue.

    Parts given as models are converted to dicts, as the service sends them.

    `reasoning_details` is stored exactly as received, in order: it must be sent back unmodified with the next request
    (OpenRouter docs, best-practices/reasoning-tokens, August 2026). None means that the service did not send the key.
    """

    __slots__ = ()
    _constants: ClassVar[dict[str, Any]] = {"role": "assistant"}

    role: str = "assistant"
    name: str | None
    model: str | None
    content: str | list[ReceivedContentPart] | None
    refusal: str | None
    reasoning: str | None
    reasoning_details: list[ReceivedReasoningDetail] | None
    tool_calls: list[ChatToolCall] | None
    images: list[ReceivedImage] | None
    audio: ReceivedAudio | None
    annotations: list[ReceivedAnnotation] | None


class ChatChoice(CheckedView):
    """One choice. OpenRouter always sends exactly one."""

    __slots__ = ()

    index: int = 0
    message: ChatAssistantMessage
    finish_reason: FinishReason | None
    native_finish_reason: str | None
    logprobs: ChatTokenLogprobs | None


class ChatResult(CheckedView):
    """The answer to a chat request.

    `model` is the model that answered, which may differ from the requested one (aliases, routers, fallbacks).
    """

    __slots__ = ("_attempts",)

    id: str | None
    object: str | None = "chat.completion"
    created: int | float | None
    model: str | None
    provider: str | None
    choices: list[ChatChoice]
    usage: ChatUsage | None
    system_fingerprint: str | None
    service_tier: str | None
    openrouter_metadata: OpenRouterMetadata | None
    alignment: JSONView | None
    safeguard_results: list[JSONView] | None

    @property
    def attempts(self) -> tuple[Any, ...]:
        """The attempts that failed before this answer started, oldest first: `errors.Attempt`."""
        attempts: tuple[Any, ...] = getattr(self, "_attempts", ())
        return attempts

    def after(self, attempts: tuple[Any, ...]) -> Self:
        """Set the failed attempts, and return this answer."""
        self._attempts = attempts
        return self

    def copy(self) -> Self:
        """Return a shallow copy."""
        return super().copy().after(self.attempts)

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
        return "".join(str(part.text or "") for part in content)

    def __enter__(self) -> Self:
        """Support `with open_router.chat.send(...) as result`, as in OpenRouter's examples."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        return None

    def __iter__(self) -> Iterator[Self]:  # type: ignore[override]
        """Yield this answer once.

        OpenRouter's examples iterate over the result of `chat.send`, streamed or not. Without this method, a dict would
        iterate over its keys.
        """
        yield self

    async def __aenter__(self) -> Self:
        """Support `async with await open_router.chat.send_async(...) as result`, likewise."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        return None

    async def __aiter__(self) -> AsyncIterator[Self]:
        """Yield this answer once, as `__iter__` does."""
        yield self

"""`chat_send()`: return a `Result` instead of raising, like the standalone functions of the TypeScript SDK."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from openrouter_nb.errors import OpenRouterError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.client.openrouter import OpenRouter
    from openrouter_nb.client.retries import OnRetry
    from openrouter_nb.client.streaming.blocking_stream import BlockingChatStream
    from openrouter_nb.client.streaming.chat_stream import ChatStream
    from openrouter_nb.components import ChatResult
    from openrouter_nb.errors import Attempt

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Result(Generic[T]):
    """An answer or an error.

    Attributes:
        value: The answer, None if there is an error.
        error: The error, None if there is an answer.
        attempts: The failed attempts before the last one, oldest first.
    """

    value: T | None = None
    error: OpenRouterError | None = None
    attempts: tuple[Attempt, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is an answer."""
        return self.error is None


async def chat_send_async(
    client: OpenRouter, request: Mapping[str, Any], **options: Any
) -> Result[ChatResult | ChatStream]:
    """Send a conversation; return an `OpenRouterError` instead of raising it.

    Args:
        client: The client.
        request: The keywords of `chat.send_async`, including `stream`.
        **options: `server_url`, `timeout_ms`, `http_headers`, `retries`, `on_retry`.

    Returns:
        With `stream: True` in the request, a `ChatStream` as value, whose iteration raises errors.

    Raises:
        TypeError: unknown keyword.
    """
    __tracebackhide__ = True
    attempts: list[Attempt] = []
    further = options.pop("on_retry", None)
    try:
        value = await client.chat.send_async(**request, **options, on_retry=_recording(attempts, further))
    except OpenRouterError as error:
        return Result(error=error, attempts=tuple(attempts))
    return Result(value, attempts=tuple(attempts))


def chat_send(
    client: OpenRouter, request: Mapping[str, Any], **options: Any
) -> Result[ChatResult | BlockingChatStream]:
    """Send a conversation and wait. Same arguments as `chat_send_async`; a stream is a `BlockingChatStream`.

    Example:
        >>> result = chat_send(OpenRouter(), {"messages": [{"role": "user", "content": "Hi"}]})  # doctest: +SKIP
        >>> print(result.value.text if result.ok else result.error)  # doctest: +SKIP
    """
    __tracebackhide__ = True
    attempts: list[Attempt] = []
    further = options.pop("on_retry", None)
    try:
        value = client.chat.send(**request, **options, on_retry=_recording(attempts, further))
    except OpenRouterError as error:
        return Result(error=error, attempts=tuple(attempts))
    return Result(value, attempts=tuple(attempts))


def _recording(attempts: list[Attempt], further: OnRetry | None) -> OnRetry:
    """Return an `on_retry` that records the attempts and calls the caller's."""

    def on_retry(attempt: Attempt) -> None:
        attempts.append(attempt)
        if further is not None:
            further(attempt)

    return on_retry

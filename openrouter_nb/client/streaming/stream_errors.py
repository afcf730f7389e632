"""Stream limits, and the exception raised when a stream ends early."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from openrouter_nb.client.error_mapping import (
    ResponseHead,
    error_from_empty_answer,
    error_from_finish_reason,
    error_from_payload,
    response_arguments,
)
from openrouter_nb.errors import (
    OpenRouterError,
    StreamInterruptedError,
    StreamProtocolError,
    StreamStalledError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from openrouter_nb.client.streaming.accumulator import Accumulator
    from openrouter_nb.components.responses.result import ChatResult


class ResponseBody(ResponseHead, Protocol):
    """A response whose body is not read yet."""

    def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body as it arrives."""

    async def aclose(self) -> None:
        """Release the connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamLimits:
    """Bounds that turn a hostile or broken stream into an error.

    Attributes:
        first_event_s: Seconds to the first event; keep-alive comments do not stop this clock.
        idle_s: Seconds between events, likewise.
        drain_s: Seconds to continue reading after an error, for the usage that may follow it.
        max_event_bytes: Maximum size of an event.
        max_bytes: Maximum size of an answer, comments included.
    """

    first_event_s: float = 120.0
    idle_s: float = 120.0
    drain_s: float = 2.0
    max_event_bytes: int = 64 * 1024 * 1024
    max_bytes: int = 256 * 1024 * 1024


class StreamErrors:
    """Creates the error for the end of one response, with the partial answer.

    An error reported by the service takes precedence over those that follow from it.

    Args:
        response: The response.
        accumulator: The answer so far.
        limits: The limits, for the messages.
    """

    def __init__(self, response: ResponseBody, accumulator: Accumulator, limits: StreamLimits) -> None:
        self._response = response
        self._accumulator = accumulator
        self._limits = limits

    def at_end(self, *, done: bool) -> OpenRouterError | None:
        """Return the error for the end of the body, None if the answer is complete.

        Args:
            done: Whether the stream announced its end, by `[DONE]` or by a finish reason after complete events.
        """
        accumulator = self._accumulator
        if accumulator.failure is not None:
            return self._failed(accumulator.failure)
        if accumulator.finish_reason == "error":
            error = error_from_finish_reason(accumulator.native_finish_reason)
            return self._failed({"error": error, "provider": accumulator.result().provider})
        if not done:
            return self.interrupted("The connection ended before the answer did.")
        if not accumulator.has_choices:
            payload = accumulator.result().model_dump()
            return error_from_empty_answer(payload, self._response, partial=self._partial())
        return None

    def interrupted(self, message: str) -> OpenRouterError:
        """Return the error for a connection that ended too early."""
        if self._accumulator.failure is not None:
            return self._failed(self._accumulator.failure)
        return StreamInterruptedError(message, retryable=True, **self._common())

    def timed_out(self) -> OpenRouterError:
        """Return the error for a stream without events."""
        if self._accumulator.failure is not None:
            return self._failed(self._accumulator.failure)
        limits = self._limits
        seconds = limits.idle_s if self._accumulator.has_choices else limits.first_event_s
        return StreamStalledError(
            f"Nothing of the answer arrived for {seconds:g} s.", retryable=True, **self._common()
        )

    def invalid(self, message: str) -> OpenRouterError:
        """Return the error for a stream that cannot be decoded."""
        return StreamProtocolError(message, **self._common())

    def _failed(self, payload: dict[str, Any]) -> OpenRouterError:
        return error_from_payload(payload, self._response, partial=self._partial())

    def _partial(self) -> ChatResult | None:
        accumulator = self._accumulator
        return accumulator.result() if accumulator.has_choices or accumulator.has_usage else None

    def _common(self) -> dict[str, Any]:
        return {**response_arguments(self._response), "partial": self._partial()}

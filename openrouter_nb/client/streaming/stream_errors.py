"""How a stream ended: as it should, or as which error; and the bounds beyond which it is ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from openrouter_nb.client.error_mapping import error_from_finish_reason, error_from_payload
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


class ResponseBody(Protocol):
    """What a stream reads from: a response whose head is there."""

    status: int
    headers: dict[str, str]

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
        drain_s: Seconds to go on reading after an error, for the usage that may follow it.
        max_event_bytes: Largest event.
        max_bytes: Largest answer, comments included.
    """

    first_event_s: float = 120.0
    idle_s: float = 120.0
    drain_s: float = 2.0
    max_event_bytes: int = 64 * 1024 * 1024
    max_bytes: int = 256 * 1024 * 1024


class StreamErrors:
    """Judges the end of one response, and makes the errors, each with what had arrived.

    An error that the service has reported is the reason of whatever came after it.

    Args:
        response: The response.
        fold: What has arrived of the answer, at any time.
        limits: The bounds, for the words of the errors.
    """

    def __init__(self, response: ResponseBody, fold: Accumulator, limits: StreamLimits) -> None:
        self._response = response
        self._fold = fold
        self._limits = limits

    def at_end(self, *, done: bool) -> OpenRouterError | None:
        """Judge the end of the body.

        Args:
            done: Whether the stream has said that it ends, by `[DONE]` or by a reason after whole events.
        """
        fold = self._fold
        if fold.failure is not None:
            return self._failed(fold.failure)
        if fold.finish_reason == "error":
            error = error_from_finish_reason(fold.native_finish_reason)
            return self._failed({"error": error, "provider": fold.result().provider})
        return None if done else self.interrupted("The connection ended before the answer did.")

    def interrupted(self, message: str) -> OpenRouterError:
        """Return the error of a connection that ended too early."""
        if self._fold.failure is not None:
            return self._failed(self._fold.failure)
        return StreamInterruptedError(message, retryable=True, **self._common())

    def timed_out(self) -> OpenRouterError:
        """Return the error of a stream on which nothing happens."""
        if self._fold.failure is not None:
            return self._failed(self._fold.failure)
        limits = self._limits
        seconds = limits.idle_s if self._fold.has_choices else limits.first_event_s
        return StreamStalledError(
            f"Nothing of the answer arrived for {seconds:g} s.", retryable=True, **self._common()
        )

    def invalid(self, message: str) -> OpenRouterError:
        """Return the error of a stream that cannot be read."""
        return StreamProtocolError(message, **self._common())

    def _failed(self, payload: dict[str, Any]) -> OpenRouterError:
        return error_from_payload(
            payload, status=self._response.status, headers=self._response.headers, partial=self._partial()
        )

    def _partial(self) -> ChatResult | None:
        return self._fold.result() if self._fold.has_choices else None

    def _common(self) -> dict[str, Any]:
        headers = self._response.headers
        return {
            "partial": self._partial(),
            "generation_id": headers.get("x-generation-id"),
            "request_id": headers.get("cf-ray") or headers.get("request-id"),
            "headers": headers,
        }

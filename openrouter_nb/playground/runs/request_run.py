"""One request of one column, from sending to its end."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from openrouter_nb.client import RetryPolicy
from openrouter_nb.conversation.answer_events import CONTENT, AnswerDecoder
from openrouter_nb.playground.runs.event_feed import EventFeed
from openrouter_nb.playground.state.exchange_record import ExchangeRecord
from openrouter_nb.render.errors.banners import banner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.client import ChatStream, OpenRouter
    from openrouter_nb.components import ChatResult, ChatStreamChunk
    from openrouter_nb.conversation.answer_events import AnswerEvent
    from openrouter_nb.errors import Attempt
    from openrouter_nb.playground.runs.delta_feed import DeltaFeed, LiveAnswer
    from openrouter_nb.playground.state.media_store import MediaStore


class SkippableClock:
    """Time for retries, whose sleep can be cut short: "Retry now"."""

    def __init__(self) -> None:
        self._now = asyncio.Event()

    def monotonic(self) -> float:
        """Return seconds from some fixed moment."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait, or until `cut_short`."""
        self._now.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._now.wait()
        except TimeoutError:
            pass

    def skip(self) -> None:
        """End the wait that is going on."""
        self._now.set()


class RequestRun:
    """One request. Made and run on the playground's loop.

    Args:
        client: Sends it.
        request: Keyword arguments of `chat.send_async`, without those of transport.
        settings: What is ours: retries, timeout.
        live: What pages see of it.
        feed: Takes what arrives to them.
        media: Takes pictures and sound.
    """

    def __init__(
        self,
        client: OpenRouter,
        request: dict[str, Any],
        *,
        settings: dict[str, Any],
        live: LiveAnswer,
        feed: DeltaFeed,
        media: MediaStore,
    ) -> None:
        self._client = client
        self._request = request
        self._settings = settings
        self._live = live
        self._feed = feed
        self._events = EventFeed(live, feed, media)
        self._decoder = AnswerDecoder()
        self._clock = SkippableClock()
        self._stream: ChatStream | None = None
        self.record = ExchangeRecord({})

    @property
    def result(self) -> ChatResult | None:
        """What has arrived so far, None before the first piece."""
        return self._stream.result if self._stream else None

    def retry_now(self) -> None:
        """Do not wait any longer for the next attempt."""
        self._clock.skip()

    async def send(self, body: dict[str, Any]) -> ChatResult:
        """Send, and return the whole answer.

        Args:
            body: The same request as JSON, for the record.

        Raises:
            OpenRouterError: it failed; `error.partial` has what arrived.
            CancelledError: it was stopped; `result` has what arrived.
        """
        record = self.record = ExchangeRecord(body)
        self._decoder = AnswerDecoder()
        record.add_event("sent")
        request = dict(self._request)
        streams = request.pop("stream", None) is not False
        try:
            if streams:
                result = await self._streamed(request)
            else:
                result = await self._client.chat.send_async(stream=False, **self._options(), **request)
                self._events.show(self._decoder.decode_result(result))
        finally:
            record.seconds = record.elapsed_s
            record.result = self.result if streams else record.result
            record.add_event("ended")
        record.result = result
        return result

    async def _streamed(self, request: dict[str, Any]) -> ChatResult:
        async with await self._client.chat.send_async(stream=True, **self._options(), **request) as stream:
            self._stream = stream
            self.record.set_headers(stream.headers)
            self.record.add_event("accepted")
            while True:
                try:
                    chunks = await stream.read_ready()
                except StopAsyncIteration:
                    return stream.result
                self._take(chunks)

    def _options(self) -> dict[str, Any]:
        settings = self._settings
        statuses = (str(status) for status in settings.get("retry_statuses") or ())
        given = {
            key: settings[key] for key in ("max_retries", "first_wait_s", "max_hint_s") if key in settings
        }
        policy = RetryPolicy(
            **given,
            further_statuses=frozenset(int(status) for status in statuses if status.isdigit()),
            clock=self._clock,
        )
        options: dict[str, Any] = {"retries": policy, "on_retry": self._retrying}
        if "timeout_s" in settings:
            options["timeout_ms"] = round(settings["timeout_s"] * 1000)
        return options

    def _retrying(self, attempt: Attempt) -> None:
        title = banner(attempt.error).title
        self.record.add_event(f"attempt {attempt.number} failed: {title}")
        self._feed.tell(self._live, "waiting", title, wait_s=attempt.waited_s, attempt=attempt.number)

    def _take(self, chunks: list[ChatStreamChunk]) -> None:
        for chunk in chunks:
            self.record.add_chunk(chunk)
        events = self._decoder.decode(chunks)
        self._note_times(events)
        self._events.show(events)

    def _note_times(self, events: Sequence[AnswerEvent]) -> None:
        record, decoder = self.record, self._decoder
        if record.first_token_s is None and decoder.first_token_s is not None:
            record.first_token_s = decoder.first_token_s
            record.add_event("first token")
        if record.reasoning_s != decoder.reasoning_s:
            record.reasoning_s = self._live.reasoning_s = decoder.reasoning_s
            if any(isinstance(event, CONTENT) for event in events):
                record.add_event("reasoning ended")

"""One request of one column, from sending to its end."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from openrouter_nb.client import RetryPolicy
from openrouter_nb.playground.runs.citations import citation_notes
from openrouter_nb.playground.state.exchange_record import ExchangeRecord
from openrouter_nb.render.errors.banners import banner

if TYPE_CHECKING:
    from openrouter_nb.client import ChatStream, OpenRouter
    from openrouter_nb.components import ChatResult, ChatStreamChunk
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
        self._media = media
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
        record.add_event("sent")
        request = dict(self._request)
        streams = request.pop("stream", None) is not False
        try:
            if streams:
                result = await self._streamed(request)
            else:
                result = await self._client.chat.send_async(stream=False, **self._options(), **request)
                self._whole(result)
        finally:
            record.seconds = record.elapsed_s
            record.result = self.result if streams else record.result
            record.add_event("ended")
        record.result = result
        return result

    async def _streamed(self, request: dict[str, Any]) -> ChatResult:
        async with await self._client.chat.send_async(stream=True, **self._options(), **request) as stream:
            self._stream = stream
            self.record.keep_headers(stream.headers)
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
        reasoning: list[str] = []
        text: list[str] = []
        changed: set[str] = set()
        for chunk in chunks:
            self.record.add_chunk(chunk)
            for choice in chunk.choices:
                delta = choice.delta
                if piece := delta.reasoning:
                    reasoning.append(piece)
                if piece := delta.content or delta.refusal or (delta.audio or {}).get("transcript"):
                    text.append(str(piece))
                changed.update(
                    name for name in ("tool_calls", "images", "annotations") if getattr(delta, name)
                )
        live = self._live
        if reasoning or text or changed:
            self._note_times(text=bool(text))
            phase = "reasoning" if reasoning and not text and live.phase != "answering" else "answering"
            self._feed.tell(live, phase)
            lists = self._lists(changed)
            self._feed.add(live, reasoning="".join(reasoning), text="".join(text), **lists)
        elif not chunks and live.phase in ("connecting", "waiting"):
            self._feed.tell(live, "processing")

    def _note_times(self, *, text: bool) -> None:
        record, live = self.record, self._live
        if record.first_token_s is None:
            record.first_token_s = record.elapsed_s
            record.add_event("first token")
        if text and record.reasoning_s is None and live.phase == "reasoning":
            record.reasoning_s = live.reasoning_s = round(record.elapsed_s - record.first_token_s, 3)
            record.add_event("reasoning ended")

    def _lists(self, changed: set[str]) -> dict[str, list[Any]]:
        result = self.result
        if not changed or result is None or not result.choices:
            return {}
        message = result.choices[0].message
        lists: dict[str, list[Any]] = {}
        if "tool_calls" in changed:
            lists["tool_calls"] = [
                {
                    "id": call.id or "",
                    "name": call.function.name or "",
                    "arguments": call.function.arguments or "",
                    "state": "waiting",
                }
                for call in message.tool_calls or ()
            ]
        if "images" in changed:
            lists["media"] = [self._media.picture(entry) for entry in message.images or ()]
        if "annotations" in changed:
            lists["citations"] = citation_notes(message.annotations, result.text)
        return lists

    def _whole(self, result: ChatResult) -> None:
        self.record.result = result
        self.record.first_token_s = self.record.elapsed_s
        message = result.choices[0].message if result.choices else None
        self._feed.tell(self._live, "answering")
        self._feed.add(self._live, reasoning=(message.reasoning or "") if message else "", text=result.text)

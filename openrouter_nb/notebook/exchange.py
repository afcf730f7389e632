"""One cell's exchange: send, show what arrives, and end in one of four ways that each leave the notebook in order."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from openrouter_nb.errors import NotFoundError, OpenRouterError
from openrouter_nb.notebook.answer import Answer
from openrouter_nb.render.banners import banner
from openrouter_nb.render.bundle import answer_bundle
from openrouter_nb.render.footer import Timing, footer
from openrouter_nb.render.formats import Format, shown_as

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openrouter_nb.client import ChatStream, OpenRouter
    from openrouter_nb.components import ChatResult, ChatStreamChunk
    from openrouter_nb.errors import Attempt
    from openrouter_nb.notebook.views import Phase, View

_PULSE_S = 0.05
_NOTES = {
    "stopped": "Stopped. What had arrived is above; it was not kept in the conversation.",
    "interrupted": "Interrupted. What had arrived is above; it was not kept in the conversation.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How an answer is asked for and shown.

    Attributes:
        form: Markdown, plain text, JSON, or only its code.
        shows_reasoning: Whether the reasoning is unfolded.
        streams: Whether it arrives as it is written, or all at once.
    """

    form: Format = "md"
    shows_reasoning: bool = False
    streams: bool = True


_USUAL = Style()


class Exchange:
    """Runs one request on the current event loop.

    Args:
        client: The client to send with.
        request: Keyword arguments of `chat.send_async`.
        view: The cell's output, begun.
        label: Makes the end of the footer from the answer: its place in the conversation, what was spent so far.
        style: How it is asked for and shown.
    """

    def __init__(
        self,
        client: OpenRouter,
        request: dict[str, Any],
        view: View,
        label: Callable[[ChatResult], str],
        style: Style = _USUAL,
    ) -> None:
        self._client = client
        self._request = request
        self._view = view
        self._label = label
        self._style = style
        self._stream: ChatStream | None = None
        self._whole: ChatResult | None = None
        self._stopped = False
        self._started = time.monotonic()
        self._first_token_s: float | None = None

    async def run(self) -> Answer:
        """Send, show, and return the answer; a stopped one is marked as not complete.

        Raises:
            OpenRouterError: the request failed; a banner is on screen.
            CancelledError: the cell was interrupted; what had arrived is on screen.
        """
        loop = asyncio.get_running_loop()
        task = asyncio.ensure_future(self._pump())

        def stop() -> None:
            self._stopped = True
            task.cancel()

        self._view.on_stop = partial(loop.call_soon_threadsafe, stop)
        pulse = asyncio.ensure_future(_pulse())
        try:
            await task
        except asyncio.CancelledError:
            if self._stopped and task.cancelled():
                return self._end("stopped")
            task.cancel()
            await asyncio.wait([task])
            self._end("interrupted")
            raise
        except OpenRouterError as error:
            self._fail(error)
            raise
        finally:
            pulse.cancel()
        return self._end("finished")

    async def _pump(self) -> None:
        send = self._client.chat.send_async
        if not self._style.streams:
            self._view.show("processing")
            self._whole = await send(stream=False, on_retry=self._retrying, **self._request)
            return
        async with await send(stream=True, on_retry=self._retrying, **self._request) as stream:
            self._stream = stream
            while True:
                try:
                    chunks = await stream.read_ready()
                except StopAsyncIteration:
                    return
                self._show(chunks)

    def _retrying(self, attempt: Attempt) -> None:
        title = banner(attempt.error).title
        self._view.show("connecting", note=f"{title}: trying again in {max(1, round(attempt.waited_s))} s")

    def _show(self, chunks: list[ChatStreamChunk]) -> None:
        reasoning: list[str] = []
        text: list[str] = []
        for chunk in chunks:
            for choice in chunk.choices:
                delta = choice.delta
                if piece := delta.reasoning:
                    reasoning.append(piece)
                if piece := delta.content or delta.refusal:
                    text.append(piece)
        view = self._view
        if reasoning or text:
            if self._first_token_s is None:
                self._first_token_s = time.monotonic() - self._started
            phase: Phase = "answering" if text or view.phase == "answering" else "reasoning"
            view.show(phase, reasoning="".join(reasoning), text="".join(text))
        elif not chunks and view.phase == "connecting":
            view.show("processing")

    def _end(self, phase: Phase) -> Answer:
        from openrouter_nb.components import ChatResult  # loaded by now, whatever happened

        result = self._stream.result if self._stream is not None else self._whole or ChatResult()
        line = footer(result, timing=self._timing(), turn=self._label(result), asked_model=self._view.model)
        shown = shown_as(_text(result), self._style.form)
        note = _NOTES.get(phase, "") or shown.note
        if not result.text and phase == "finished":
            note = _empty_note(result)
        bundle = answer_bundle(
            shown.text,
            is_plain=shown.is_plain,
            reasoning=_reasoning(result),
            reasoning_label=_reasoning_label(result),
            reasoning_open=self._style.shows_reasoning,
            footer=line,
            note=note,
        )
        metadata = {"openrouter_nb": _facts(result)}
        self._view.end(phase, bundle, metadata, note or line)
        return Answer(result, bundle, metadata, complete=phase == "finished")

    def _fail(self, error: OpenRouterError) -> None:
        words = banner(error, similar=self._similar(error))
        partial = error.partial
        bundle = answer_bundle(
            _text(partial) if partial else "",
            reasoning=_reasoning(partial) if partial else "",
            footer=footer(partial, turn=self._label(partial)) if partial else "",
            banner=words,
        )
        facts = _facts(partial) if partial else {}
        metadata = {"openrouter_nb": {**facts, "error": type(error).__name__, "status": error.status_code}}
        self._view.end("failed", bundle, metadata, f"{words.title}: {words.message}")

    def _similar(self, error: OpenRouterError) -> Sequence[str]:
        """Ids like the one that the service does not know, from the list on disk: no request is made for this."""
        is_about_model = isinstance(error, NotFoundError) or "valid model" in error.message
        return self._client.models.nearest(self._view.model) if is_about_model else ()

    def _timing(self) -> Timing | None:
        if os.environ.get("OPENROUTER_NB_LIVE") == "0":
            return None  # such runs are compared with saved outputs
        return Timing(first_token_s=self._first_token_s, total_s=time.monotonic() - self._started)


async def _pulse() -> None:
    """Wake the event loop now and then: Python runs signal handlers only then.

    Measured with ipykernel 7.4: without it an interrupt waits for the next piece of the answer, for ever if none comes.
    """
    while True:  # noqa: ASYNC110 - nothing is waited for
        await asyncio.sleep(_PULSE_S)


def _text(result: ChatResult) -> str:
    refusal = result.choices[0].message.refusal if result.choices else None
    return result.text or refusal or ""


def _reasoning(result: ChatResult) -> str:
    """The reasoning once: the details repeat the plain text and are read only where that is missing."""
    if not result.choices:
        return ""
    message = result.choices[0].message
    if message.reasoning:
        return message.reasoning
    details = message.reasoning_details or []
    return "\n\n".join(str(detail.get("text") or detail.get("summary") or "") for detail in details).strip()


def _reasoning_label(result: ChatResult) -> str:
    usage = result.usage
    tokens = (
        usage.completion_tokens_details.reasoning_tokens
        if usage and usage.completion_tokens_details
        else None
    )
    return f"Reasoning · {tokens:,} tokens" if tokens else "Reasoning"


def _empty_note(result: ChatResult) -> str:
    if result.choices and result.choices[0].message.tool_calls:
        names = ", ".join(call.function.name or "?" for call in result.choices[0].message.tool_calls)
        return f"The model asks for tools: {names}."
    return "" if result.choices and result.choices[0].message.refusal else "The model answered with nothing."


def _facts(result: ChatResult) -> dict[str, Any]:
    """What a program may want to know of a saved answer; no ids, so that a rerun changes as little as possible."""
    usage = result.usage
    return {
        "model": result.model,
        "provider": result.provider,
        "finish_reason": result.choices[0].finish_reason if result.choices else None,
        "usage": usage.model_dump(mode="json", exclude_none=True) if usage else None,
        "cost": usage.cost if usage else None,
    }

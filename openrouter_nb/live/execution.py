"""Execute one request: send, display, and finish, stop, interrupt or fail cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from openrouter_nb.client.kernel_interrupts import LoopWakeup
from openrouter_nb.conversation.answer import Answer
from openrouter_nb.conversation.answer_events import AnswerDecoder
from openrouter_nb.errors import NotFoundError, OpenRouterError
from openrouter_nb.live.event_display import EventDisplay
from openrouter_nb.live.retry_countdown import CARD, RetryCountdown
from openrouter_nb.redaction import redact
from openrouter_nb.render.answer.answer_bundle import result_bundle
from openrouter_nb.render.answer.display_formats import DEFAULT_FORMAT, DisplayFormat
from openrouter_nb.render.answer.footer import Timing, footer
from openrouter_nb.render.answer.text_bundle import raw_bundle
from openrouter_nb.render.errors.banners import OWN_FAULT, banner
from openrouter_nb.render.errors.error_facts import received_status
from openrouter_nb.render.errors.remedies import AGAIN
from openrouter_nb.user_code import create_task

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openrouter_nb.client import ChatStream, OpenRouter
    from openrouter_nb.components import ChatResult
    from openrouter_nb.conversation.agent.agent_options import AgentOptions
    from openrouter_nb.live.frontend import Frontend
    from openrouter_nb.live.tool_run import ToolRun
    from openrouter_nb.live.views import LiveView, Phase
    from openrouter_nb.render.errors.banners import Banner
    from openrouter_nb.replay.client import ReplayClient

AnswerT = TypeVar("AnswerT", bound=Answer)

_LIST_WITHIN_MS = 3_000
_ENDED = {"stopped": "Stopped", "interrupted": "Interrupted"}
_SOME = ". What had arrived is above and in `_`; it was not kept in the conversation."
_NONE = " before anything had arrived."


class LiveExecution(Generic[AnswerT]):
    """Executes one request on the current event loop.

    Args:
        client: The client to send with.
        request: Keyword arguments of `chat.send_async`.
        view: The cell's output, begun.
        turn: Place in the conversation, for the footer.
        totals: Returns the cost of chat and notebook including these responses, the answer last.
        style: In which form the answer is shown.
        streams: Whether the response is streamed. It always is where the model may call tools.
        agent: Tools, schema and limits; None for a plain answer.
        frontend: Where the cell runs.
        again: The line that sends the same request again.
        is_reproducible: Whether the output is compared with that of other runs: without times, and without facts that
            the request does not determine.
        answer_type: Class of the answer.

    Attributes:
        answer: The answer, complete or partial. None before the end, and after an error if nothing had arrived.
    """

    def __init__(
        self,
        client: OpenRouter | ReplayClient,
        request: dict[str, Any],
        view: LiveView,
        turn: str,
        *,
        totals: Callable[[Sequence[ChatResult]], str] = lambda _: "",
        style: DisplayFormat = DEFAULT_FORMAT,
        streams: bool = True,
        agent: AgentOptions | None = None,
        frontend: Frontend,
        again: str = AGAIN,
        is_reproducible: bool = False,
        answer_type: type[AnswerT],
    ) -> None:
        self.answer: AnswerT | None = None
        self._again = again
        self._is_reproducible = is_reproducible
        self._answer_type = answer_type
        self._client = client
        self._request = request
        self._view = view
        self._turn = turn
        self._totals = totals
        self._style = style
        self._streams = streams
        self._stream: ChatStream | None = None
        self._result: ChatResult | None = None
        self._stopped = False
        self._started = time.monotonic()
        self._decoder = AnswerDecoder(self._started)
        self._display = EventDisplay(view, shows_text=view.draws_objects or not view.is_object)
        self._agent = agent
        self._frontend = frontend
        self._tool_run: ToolRun | None = None
        self._waiting = RetryCountdown(view)

    async def run(self) -> AnswerT:
        """Send, show, and return the answer; a stopped one is marked as not complete.

        Raises:
            OpenRouterError: the request failed; a banner is on screen.
            CancelledError: the cell was interrupted; what had arrived is on screen.
            Exception: a fault of this package; what had arrived is on screen, with a banner that says so.
        """
        try:
            with LoopWakeup(ipykernel_only=False):
                return await self._run()
        except OpenRouterError:
            raise
        except Exception as error:
            self._fail_ourselves(error)
            raise

    async def _run(self) -> AnswerT:
        loop = asyncio.get_running_loop()
        task = create_task(self._pump())

        def stop() -> None:
            self._stopped = True
            task.cancel()

        self._view.on_stop = partial(loop.call_soon_threadsafe, stop)
        if self._view.stop_wanted:
            stop()
        self._view.on_action = lambda *press: loop.call_soon_threadsafe(self._act, *press)
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
            self._fail(error, await self._similar(error))
            raise
        return self._end("finished")

    async def _pump(self) -> None:
        from openrouter_nb.client import RetryPolicy  # loaded by now

        send = self._client.chat.send_async
        request = {"retries": RetryPolicy(), **self._request}
        if isinstance(request["retries"], RetryPolicy):
            request["retries"] = replace(request["retries"], clock=self._waiting)
        if self._agent is not None:
            from openrouter_nb.live.tool_run import ToolRun

            self._tool_run = ToolRun(
                self._agent,
                send,
                request,
                view=self._view,
                display=self._display,
                frontend=self._frontend,
                announce=self._waiting.announce,
            )
            await self._tool_run.run()
            return
        if not self._streams:
            self._view.show("processing")
            self._result = await send(stream=False, on_retry=self._waiting.announce, **request)
            self._display.show(self._decoder.decode_result(self._result))
            return
        async with await send(stream=True, on_retry=self._waiting.announce, **request) as stream:
            self._stream = stream
            while True:
                try:
                    chunks = await stream.read_ready()
                except StopAsyncIteration:
                    return
                self._display.show(self._decoder.decode(chunks))

    def _act(self, card: str, action: str, text: str | None) -> None:
        if card == CARD:
            self._waiting.on_button(action)
        elif self._tool_run is not None:
            self._tool_run.cards.on_button(card, action, text)

    @property
    def tool_messages(self) -> list[dict[str, Any]]:
        """Messages between question and answer: tool calls and their results."""
        return self._tool_run.loop.new_messages if self._tool_run else []

    @property
    def called(self) -> list[dict[str, Any]]:
        """Definitions of the functions that were called on the way."""
        return self._tool_run.loop.called_tools if self._tool_run else []

    @property
    def earlier(self) -> list[ChatResult]:
        """The replies that asked for calls before the answer came."""
        return self._tool_run.earlier if self._tool_run else []

    def billed_before(self, error: BaseException) -> list[ChatResult]:
        """Return the replies that were billed before an exception ended the exchange, an incomplete one included."""
        if not isinstance(error, OpenRouterError):
            return [reply for reply in self.replies if reply.choices]
        complete = self._tool_run.loop.responses if self._tool_run else []
        return complete if error.partial is None else [*complete, error.partial]

    @property
    def replies(self) -> list[ChatResult]:
        """All replies, oldest first, and what has arrived of one that did not come to its end."""
        if self._tool_run is not None:
            return self._tool_run.loop.replies
        arrived = self._arrived()
        return [] if arrived is None else [arrived]

    def _arrived(self) -> ChatResult | None:
        if self._tool_run is not None:
            return self._tool_run.loop.total
        return self._stream.result if self._stream is not None else self._result

    def _end(self, phase: Phase) -> AnswerT:
        from openrouter_nb.components.responses.result import ChatResult

        result = self._arrived() or ChatResult()
        tool_run = self._tool_run
        timing = self._timing()
        totals = self._totals(self.replies or [result])
        line = footer(result, timing=timing, turn=self._turn, asked_model=self._view.model, totals=totals)
        note = tool_run.note if tool_run else ""
        if phase in _ENDED:
            note = _ENDED[phase] + (_SOME if result.choices or self.earlier else _NONE)
        bundle = result_bundle(
            result,
            earlier=self.earlier,
            outcomes=tool_run.outcomes(is_timed=not self._is_reproducible) if tool_run else None,
            errors=tool_run.errors if tool_run and phase == "finished" else None,
            parsed=tool_run.loop.parsed if tool_run else None,
            timing=timing,
            label=self._turn,
            asked_model=self._view.model,
            note=note,
            asked=self._request,
            style=self._style,
            totals=totals,
        )
        metadata = {"openrouter_nb": answer_metadata(result)}
        is_complete = phase == "finished" and (tool_run is None or tool_run.loop.limit_reached is None)
        # Before it is shown: an answer that cannot be shown is a value, too.
        answer = self._keep(result, bundle, metadata, complete=is_complete)
        self._view.end(phase, bundle, metadata, note or line)
        return answer

    def _keep(
        self, result: ChatResult, bundle: dict[str, str], metadata: dict[str, Any], *, complete: bool
    ) -> AnswerT:
        """Set `answer`, and return it."""
        self.answer = answer = self._answer_type(result, complete=complete, bundle=bundle, metadata=metadata)
        if self._tool_run is not None:
            loop = self._tool_run.loop
            answer.calls, answer.earlier = tuple(loop.calls), tuple(self.earlier)
            answer.parsed, answer.problems = loop.parsed, loop.validation_errors
            answer.stopped_by = loop.limit_reached
        return answer

    def _fail(self, error: OpenRouterError, similar: Sequence[str]) -> None:
        words = banner(error, similar=similar, again=self._again)
        failure = {"error": type(error).__name__, "status": received_status(error)}
        self._end_failed(error.partial, words, failure)

    def _fail_ourselves(self, error: Exception) -> None:
        """End the view where this package itself is at fault; the traceback below it says where."""
        arrived = self._arrived()
        failure = {"error": type(error).__name__}
        try:
            self._end_failed(arrived, OWN_FAULT, failure)
        except Exception:  # noqa: BLE001 - the fault may lie in showing the answer: its text is shown as it is
            bundle = raw_bundle(arrived.text if arrived else "", OWN_FAULT)
            if self.answer is None and arrived is not None and arrived.choices:
                self._keep(arrived, bundle, {"openrouter_nb": failure}, complete=False)
            self._view.end("failed", bundle, {"openrouter_nb": failure}, OWN_FAULT.title)

    def _end_failed(self, arrived: ChatResult | None, words: Banner, failure: dict[str, Any]) -> None:
        tool_run = self._tool_run
        bundle = result_bundle(
            arrived,
            earlier=tool_run.loop.responses if tool_run else (),
            outcomes=tool_run.outcomes(is_timed=not self._is_reproducible) if tool_run else None,
            label=self._turn,
            banner=words,
        )
        metadata = {"openrouter_nb": {**(answer_metadata(arrived) if arrived else {}), **failure}}
        if tool_run is not None and tool_run.loop.responses:
            arrived = tool_run.loop.total
        if self.answer is None and arrived is not None and arrived.choices:
            self._keep(arrived, bundle, metadata, complete=False)
        self._view.end("failed", bundle, metadata, f"{words.title}: {words.message}")

    async def _similar(self, error: OpenRouterError) -> Sequence[str]:
        """Ids like the one that the service does not know, from its list of models: the one on disk, or asked for now."""
        is_unknown = isinstance(error, NotFoundError) or "valid model" in error.message
        if self._is_reproducible or not is_unknown:
            return ()
        models = self._client.models
        if not models.nearest(self._view.model):
            with contextlib.suppress(OpenRouterError):
                await models.list_async(retries=None, timeout_ms=_LIST_WITHIN_MS)
        near = models.nearest(self._view.model)
        # A model that is on the list exists: then its id is not what is wrong.
        return () if self._view.model in near else near

    def _timing(self) -> Timing | None:
        if self._is_reproducible or os.environ.get("OPENROUTER_NB_LIVE") == "0":
            return None
        decoders = self._tool_run.loop.decoders if self._tool_run else [self._decoder]
        return Timing(
            first_token_s=decoders[0].first_token_s if decoders else None,
            total_s=time.monotonic() - self._started,
            reasoning_s=decoders[-1].reasoning_s if decoders else None,
            acted=bool(self.earlier),
        )


def answer_metadata(result: ChatResult) -> dict[str, Any]:
    """Return the output metadata of an answer, without ids, so that a rerun changes as little as possible."""
    usage = result.usage
    return {
        "model": redact(result.model or "") or None,
        "provider": redact(result.provider or "") or None,
        "finish_reason": result.choices[0].finish_reason if result.choices else None,
        "usage": usage.model_dump(mode="json", exclude_none=True) if usage else None,
        "cost": usage.cost if usage else None,
    }

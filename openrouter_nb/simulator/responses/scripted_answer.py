"""Answer of a scripted model, streamed or not.

Source: OpenRouter docs, api_reference/streaming and api_reference/overview, August 2026; the usage chunk
repeats the finish reason, as in streams recorded in July and August 2026.
"""

import asyncio
import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.delta_merge import Delta, merge_deltas
from openrouter_nb.simulator.responses.response_writer import EVENT_STREAM, JSON, ResponseWriter
from openrouter_nb.simulator.responses.router_metadata import router_metadata
from openrouter_nb.simulator.responses.sse import DONE, dump, event
from openrouter_nb.simulator.responses.usage import prompt_tokens, tokens, usage


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedAnswer:
    """A complete answer.

    Args:
        deltas: The deltas, without `role` and empty `content`, which are added.
        finish_reason: OpenRouter's finish reason.
        native_finish_reason: The provider's finish reason.
        pace_ms: Milliseconds between deltas.
        wait_ms: Milliseconds of keep-alives before the first delta.
        logprobs: One `logprobs.content` list per delta, or empty.
    """

    deltas: Sequence[Delta]
    finish_reason: str | None = "stop"
    native_finish_reason: str | None = "stop"
    pace_ms: float = 1
    wait_ms: float = 0
    logprobs: Sequence[list[dict[str, Any]]] = ()

    async def write_to(self, writer: ResponseWriter, request: ParsedChatRequest) -> None:
        """Write the answer, streamed or not, as requested."""
        if request.stream:
            await self.stream_deltas(writer, request)
            writer.note(self.usage(request), self.finish_reason)
            await writer.finish(b"".join(map(event, self._closing(request))) + DONE)
            return
        writer.begin(200, JSON)
        wait_ms = _first(request.overrides.wait_ms, self.wait_ms)
        if wait_ms:
            await writer.keep_alive(wait_ms)
        writer.note(self.usage(request), self.finish_reason)
        await writer.send(dump(self.result(request)))
        await writer.finish()

    async def stream_deltas(self, writer: ResponseWriter, request: ParsedChatRequest) -> None:
        """Write the headers of the stream, the first comments and the deltas, but no ending."""
        writer.begin(200, EVENT_STREAM)
        await writer.keep_alive(_first(request.overrides.wait_ms, self.wait_ms))
        if (request.body.get("debug") or {}).get("echo_upstream_body") is True:
            debug = {"echo_upstream_body": request.sent}
            await writer.send(event({**chunk(request), "choices": [], "debug": debug}))
        pace_ms = _first(request.overrides.pace_ms, self.pace_ms)
        sent = 0
        try:
            for sent, delta in enumerate(self.deltas, start=1):
                logprobs = {"content": self.logprobs[sent - 1], "refusal": None} if self.logprobs else None
                await writer.send(event(chunk(request, delta, logprobs=logprobs)))
                if sent in request.overrides.hold_after:
                    await writer.hold()
                elif pace_ms:
                    await writer.pause(pace_ms)
        except asyncio.CancelledError:
            received = dataclasses.replace(self, deltas=self.deltas[:sent], logprobs=())
            writer.note(received.usage(request), None)
            raise

    def result(self, request: ParsedChatRequest) -> dict[str, Any]:
        """Return the JSON body without streaming."""
        logprobs = [entry for entries in self.logprobs for entry in entries]
        choice = {
            "index": 0,
            "logprobs": {"content": logprobs, "refusal": None} if logprobs else None,
            "finish_reason": self.finish_reason,
            "native_finish_reason": self.native_finish_reason,
            "message": merge_deltas(self.deltas),
        }
        return {
            **envelope(request, "chat.completion"),
            "system_fingerprint": None,
            "choices": [choice],
            "usage": self.usage(request),
            **router_metadata(request),
        }

    def usage(self, request: ParsedChatRequest) -> dict[str, Any]:
        """Return the estimated counts and the cost."""
        message = merge_deltas(self.deltas)
        reasoning = tokens(message["reasoning"] or "")
        calls = json.dumps(message["tool_calls"]) if "tool_calls" in message else ""
        completion = tokens((message["content"] or "") + (message["refusal"] or "") + calls)
        return usage(
            prompt=prompt_tokens(request.messages),
            completion=completion + reasoning,
            reasoning=reasoning,
            prices=request.prices,
        )

    def _closing(self, request: ParsedChatRequest) -> list[dict[str, Any]]:
        finish = chunk(request, finish=self.finish_reason, native=self.native_finish_reason)
        return [finish, {**finish, "usage": self.usage(request), **router_metadata(request)}]


def chunk(
    request: ParsedChatRequest,
    delta: Delta | None = None,
    *,
    finish: str | None = None,
    native: str | None = None,
    logprobs: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return one `chat.completion.chunk`; every delta repeats the role, as by the service."""
    choice = {
        "index": 0,
        "delta": {"role": "assistant", "content": "", **(delta or {})},
        "finish_reason": finish,
        "native_finish_reason": native,
        "logprobs": logprobs,
    }
    return {**envelope(request, "chat.completion.chunk"), "choices": [choice]}


def envelope(request: ParsedChatRequest, kind: str) -> dict[str, Any]:
    """Return the fields at the start of every response and chunk."""
    return {
        "id": request.generation_id,
        "provider": request.provider,
        "model": request.model,
        "object": kind,
        "created": request.created,
    }


def _first(override: float | None, default: float) -> float:
    return default if override is None else override

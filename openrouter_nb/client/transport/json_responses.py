"""Read bodies that are not event streams: answers, records and errors."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from openrouter_nb.client.error_mapping import (
    error_from_empty_answer,
    error_from_finish_reason,
    error_from_payload,
    error_from_response,
    parse_object,
)
from openrouter_nb.client.error_words import error_object
from openrouter_nb.client.request_body import encode
from openrouter_nb.client.streaming.chunk_shape import place_content, with_indexes
from openrouter_nb.errors import OpenRouterError, RequestTimeoutError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from openrouter_nb.client.streaming.stream_errors import ResponseBody
    from openrouter_nb.client.transport.http_transport import Response
    from openrouter_nb.components.responses.result import ChatResult

_MAX_ERROR_BODY = 1024 * 1024


class NonStreamedBody:
    """A complete answer as a stream of one event, for a server that ignores `stream=True`."""

    def __init__(self, response: ResponseBody, result: ChatResult) -> None:
        self.status = response.status
        self.headers = response.headers
        self._result = result

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the answer as one event."""
        chunk = self._result.model_dump(mode="json", exclude_unset=True)
        for choice in chunk["choices"]:
            choice["delta"] = with_indexes(choice.pop("message", {}))
        yield b"data: " + encode(chunk) + b"\n\ndata: [DONE]\n\n"

    async def aclose(self) -> None:
        """Do nothing: the body has been read."""


@contextlib.asynccontextmanager
async def answer_within(timeout_s: float) -> AsyncIterator[None]:
    """Limit the time to read an answer.

    Raises:
        RequestTimeoutError: it took more than `timeout_s` seconds.
    """
    try:
        async with asyncio.timeout(timeout_s):
            yield
    except TimeoutError:
        raise RequestTimeoutError(f"No whole answer came within {timeout_s:g} s.", retryable=True) from None


async def read_object(response: Response, timeout_s: float) -> dict[str, Any]:
    """Read a JSON object that is not an error.

    Raises:
        OpenRouterError: the body is something else, or did not arrive within `timeout_s` seconds.
    """
    async with answer_within(timeout_s):
        body = await (response.read() if response.status == 200 else response.read(_MAX_ERROR_BODY))
    return object_in(response, body)


def object_in(response: ResponseBody, body: bytes) -> dict[str, Any]:
    """Return the JSON object in a body, unless it is an error.

    Raises:
        OpenRouterError: the body is something else.
    """
    found = _object_in(response, body)
    del body  # it may quote the key, which a traceback with local variables would print
    if isinstance(found, OpenRouterError):
        raise found
    return found


def _object_in(response: ResponseBody, body: bytes) -> dict[str, Any] | OpenRouterError:
    payload = parse_object(body.decode("utf-8-sig", "replace")) if response.status == 200 else None
    if payload is None or (payload.get("error") and not payload.get("choices")):
        return error_from_response(response.status, response.headers, body)
    return payload


async def read_result(response: Response, timeout_s: float) -> ChatResult:
    """Read a chat answer.

    Raises:
        OpenRouterError: the body is something else, or reports an error, with its content in `partial`.
    """
    return result_of(response, await read_object(response, timeout_s))


def result_of(response: ResponseBody, payload: dict[str, Any]) -> ChatResult:
    """Return the chat answer in a JSON object.

    Raises:
        OpenRouterError: it is something else, or reports an error, with its content in `partial`.
    """
    from openrouter_nb.components.responses.result import ChatResult

    choices = payload.get("choices") or []
    for choice in choices if isinstance(choices, list) else ():
        if isinstance(choice, dict):
            place_content(choice, "message")
    result = ChatResult.model_validate({**payload, "choices": choices})
    if not result.choices:
        partial = result if result.usage else None
        if error := error_object(payload):
            raise error_from_payload(
                {**payload, "error": error}, status=200, headers=response.headers, partial=partial
            )
        raise error_from_empty_answer(
            payload, status=response.status, headers=response.headers, partial=partial
        )
    if error := payload.get("error") or _choice_error(choices):
        raise error_from_payload(
            {**payload, "error": error}, status=200, headers=response.headers, partial=result
        )
    return result


def _choice_error(choices: list[Any]) -> Any:
    """Find the error that an answer reports; some report it by `finish_reason` alone (observed)."""
    for choice in choices:
        if isinstance(choice, dict) and (choice.get("error") or choice.get("finish_reason") == "error"):
            return choice.get("error") or error_from_finish_reason(choice.get("native_finish_reason"))
    return None

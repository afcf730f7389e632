"""Read bodies that are not event streams: answers, records and errors."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, TypeVar

from openrouter_nb.client.error_mapping import (
    error_from_empty_answer,
    error_from_finish_reason,
    error_from_payload,
    error_from_response,
    parse_object,
    response_arguments,
    text_of,
)
from openrouter_nb.client.error_words import error_object
from openrouter_nb.client.request_body import encode
from openrouter_nb.client.streaming.chunk_shape import place_content, rename, with_indexes
from openrouter_nb.client.transport.httpx_errors import also_httpx
from openrouter_nb.errors import OpenRouterError, RequestTimeoutError, UnexpectedContentError
from openrouter_nb.json_size import JsonTooLargeError, check_json_size

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from openrouter_nb.client.streaming.stream_errors import ResponseBody
    from openrouter_nb.client.transport.http_transport import Response
    from openrouter_nb.components.responses.result import ChatResult

T = TypeVar("T")

_MAX_ERROR_BODY = 1024 * 1024


class NonStreamedBody:
    """A complete answer as a stream of one event, for a server that ignores `stream=True`."""

    def __init__(self, response: ResponseBody, result: ChatResult) -> None:
        self.status = response.status
        self.headers = response.headers
        self.request = response.request
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
        kind = also_httpx(RequestTimeoutError, "ReadTimeout")
        raise kind(f"No whole answer came within {timeout_s:g} s.", retryable=True) from None


# Below, no frame that an error passes has a variable with the body: it may quote the key, and a traceback with local
# variables would print it.


async def read_object(response: Response, timeout_s: float) -> dict[str, Any]:
    """Read a JSON object that is not an error.

    Raises:
        OpenRouterError: the body is something else, or did not arrive within `timeout_s` seconds.
    """
    return _unless_error(_object_in(response, await _read(response, timeout_s)))


async def read_result(response: Response, timeout_s: float) -> ChatResult:
    """Read a chat answer.

    Raises:
        OpenRouterError: the body is something else, or reports an error, with its content in `partial`.
    """
    return _unless_error(answer_in(response, await _read(response, timeout_s)))


def answer_in(response: ResponseBody, body: bytes) -> ChatResult | OpenRouterError:
    """Return the chat answer in a body; or the error, if it is something else or reports one."""
    payload = _object_in(response, body)
    if isinstance(payload, OpenRouterError):
        return payload
    from openrouter_nb.components.responses.result import ChatResult

    choices = payload.get("choices") or []
    for choice in choices if isinstance(choices, list) else ():
        if isinstance(choice, dict):
            place_content(choice, "message")
            if isinstance(choice.get("message"), dict):
                rename(choice["message"])
    result = ChatResult.model_validate({**payload, "choices": choices})
    if result.choices:
        partial: ChatResult | None = result
        error = payload.get("error") or _choice_error(choices)
        if not error:
            return result
    else:
        partial = result if result.usage else None
        error = error_object(payload)
        if error is None:
            return error_from_empty_answer(payload, response, partial=partial, body=text_of(body))
    return error_from_payload({**payload, "error": error}, response, partial=partial, body=text_of(body))


async def _read(response: Response, timeout_s: float) -> bytes:
    async with answer_within(timeout_s):
        return await (response.read() if response.status == 200 else response.read(_MAX_ERROR_BODY))


def _unless_error(found: T | OpenRouterError) -> T:
    if isinstance(found, OpenRouterError):
        raise found
    return found


def _object_in(response: ResponseBody, body: bytes) -> dict[str, Any] | OpenRouterError:
    try:
        check_json_size(body)
    except JsonTooLargeError as error:
        return UnexpectedContentError(
            f"The answer was stopped: it has {error}.",
            status_code=response.status,
            **response_arguments(response),
        )
    payload = parse_object(body.decode("utf-8-sig", "replace")) if response.status == 200 else None
    if payload is None or (payload.get("error") and not payload.get("choices")):
        return error_from_response(response, body)
    return payload


def _choice_error(choices: list[Any]) -> Any:
    """Find the error that an answer reports; some report it by `finish_reason` alone (observed)."""
    for choice in choices:
        if isinstance(choice, dict) and (choice.get("error") or choice.get("finish_reason") == "error"):
            return choice.get("error") or error_from_finish_reason(choice.get("native_finish_reason"))
    return None

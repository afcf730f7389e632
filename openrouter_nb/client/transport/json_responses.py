"""Read bodies that are not event streams: answers, records and errors."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from openrouter_nb.client.error_mapping import (
    error_from_finish_reason,
    error_from_payload,
    error_from_response,
    parse_object,
)
from openrouter_nb.client.request_body import encode
from openrouter_nb.errors import EmptyAnswerError, OpenRouterError, RequestTimeoutError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from openrouter_nb.client.transport.http_transport import Response
    from openrouter_nb.components.responses.result import ChatResult

_MAX_ERROR_BODY = 1024 * 1024


class NonStreamedBody:
    """A complete answer as a stream of one event, for a server that ignores `stream=True`."""

    def __init__(self, response: Response, result: ChatResult) -> None:
        self.status = response.status
        self.headers = response.headers
        self._result = result

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the answer as one event."""
        chunk = self._result.model_dump(mode="json", exclude_unset=True)
        for choice in chunk["choices"]:
            choice["delta"] = choice.pop("message", {})
            for index, call in enumerate(choice["delta"].get("tool_calls") or ()):
                call["index"] = index  # complete calls may share one
        yield b"data: " + encode(chunk) + b"\n\ndata: [DONE]\n\n"

    async def aclose(self) -> None:
        """Do nothing: the body has been read."""


async def read_object(response: Response, timeout_s: float) -> dict[str, Any]:
    """Read a JSON object that is not an error.

    Raises:
        OpenRouterError: the body is something else, or did not arrive within `timeout_s` seconds.
    """
    try:
        async with asyncio.timeout(timeout_s):
            body = await (response.read() if response.status == 200 else response.read(_MAX_ERROR_BODY))
    except TimeoutError:
        raise RequestTimeoutError(f"No whole answer came within {timeout_s:g} s.", retryable=True) from None
    found = _object_in(response, body)
    del body  # it may quote the key, which a traceback with local variables would print
    if isinstance(found, OpenRouterError):
        raise found
    return found


def _object_in(response: Response, body: bytes) -> dict[str, Any] | OpenRouterError:
    payload = parse_object(body.decode("utf-8-sig", "replace")) if response.status == 200 else None
    if payload is None or (payload.get("error") and not payload.get("choices")):
        return error_from_response(response.status, response.headers, body)
    return payload


async def read_result(response: Response, timeout_s: float) -> ChatResult:
    """Read a chat answer.

    Raises:
        OpenRouterError: the body is something else, or reports an error, with its content in `partial`.
    """
    payload = await read_object(response, timeout_s)
    choices = payload.get("choices")
    if not choices:
        raise _no_answer(response, payload)
    from openrouter_nb.components.responses.result import ChatResult

    result = ChatResult.model_validate(payload)
    if not result.choices:
        raise _no_answer(response, payload)
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


def _no_answer(response: Response, payload: Mapping[str, Any]) -> OpenRouterError:
    return EmptyAnswerError(
        "The service sent an empty answer.",
        retryable=True,
        provider=payload.get("provider"),
        generation_id=response.headers.get("x-generation-id") or payload.get("id"),
        headers=response.headers,
        http_status=response.status,
    )

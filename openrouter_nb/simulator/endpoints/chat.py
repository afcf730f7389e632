"""`POST /chat/completions`."""

import asyncio
import secrets
import string
import time
from typing import Any

from openrouter_nb.simulator.api_errors import ApiError
from openrouter_nb.simulator.endpoints.call import Call
from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.request_overrides import RequestOverrides
from openrouter_nb.simulator.responses.fixed_response import FixedResponse
from openrouter_nb.simulator.responses.response_writer import ResponseWriter
from openrouter_nb.simulator.scripted_model import Responder
from openrouter_nb.simulator.validation import validate

ALPHABET = string.ascii_letters + string.digits


async def chat_completions(call: Call) -> None:
    """Validate a request, select the model, and write its response, streamed or not."""
    call.secret()
    request, responder = _choose(call, validate(call.request.body))
    request_log = call.state.request_log
    call.reply.set_header("X-Generation-Id", request.generation_id)
    request_log.open(request)
    writer = ResponseWriter(call.reply, request_log, request, call.state.released)
    try:
        await responder.write_to(writer, request)
    except asyncio.CancelledError:
        request_log.close(request.generation_id, "client gone")
        raise
    finally:
        request_log.close(request.generation_id, "done")


def _choose(call: Call, body: dict[str, Any]) -> tuple[ParsedChatRequest, Responder]:
    named = [body["model"]] if body.get("model") else []
    candidates = list(dict.fromkeys([*named, *body.get("models", [])]))
    if not candidates:
        raise ApiError(400, "No models provided", "invalid_request")
    headers = call.request.headers
    overrides = RequestOverrides.of(body, headers)
    scripts = [call.state.catalog[slug] for slug in candidates]
    created = int(time.time())
    for script in scripts:
        request = ParsedChatRequest(
            body=body,
            headers=headers,
            model=script.slug,
            generation_id=f"gen-{created}-{''.join(secrets.choice(ALPHABET) for _ in range(20))}",
            created=created,
            provider=script.provider,
            prices=script.prices,
            overrides=overrides,
        )
        responder = script.respond(request)
        refused = isinstance(responder, FixedResponse) and responder.status >= 400
        if not refused or script is scripts[-1]:
            break
    return request, responder

"""`POST /chat/completions`."""

import asyncio
import secrets
import string
import time
from typing import Any

from tornado.iostream import StreamClosedError

from openrouter_nb.simulator.api_errors import ApiError
from openrouter_nb.simulator.endpoints.handler import Handler
from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.request_overrides import RequestOverrides
from openrouter_nb.simulator.responses.fixed_response import FixedResponse
from openrouter_nb.simulator.responses.response_writer import ResponseWriter
from openrouter_nb.simulator.scripted_model import Responder
from openrouter_nb.simulator.validation import validate

ALPHABET = string.ascii_letters + string.digits


class ChatCompletions(Handler):
    """Validates a request, selects the model, and writes its response until the client disconnects."""

    _writing: asyncio.Task[None] | None = None

    async def post(self) -> None:
        """Answer a chat request, streamed or not."""
        self.secret()
        body = validate(self.parsed_body())
        request, responder = self._choose(body)
        request_log = self.state.request_log
        self.set_header("X-Generation-Id", request.generation_id)
        request_log.open(request)
        self._writing = asyncio.ensure_future(
            responder.write_to(ResponseWriter(self, request_log, request, self.state.released), request),
        )
        try:
            await self._writing
        except (asyncio.CancelledError, StreamClosedError):
            request_log.close(request.generation_id, "client gone")
        finally:
            request_log.close(request.generation_id, "done")

    def on_connection_close(self) -> None:
        """Cancel the response when the client closes the connection."""
        if self._writing is not None:
            self._writing.cancel()

    def _choose(self, body: dict[str, Any]) -> tuple[ParsedChatRequest, Responder]:
        named = [body["model"]] if body.get("model") else []
        candidates = list(dict.fromkeys([*named, *body.get("models", [])]))
        if not candidates:
            raise ApiError(400, "No models provided", "invalid_request")
        headers = self.header_values()
        overrides = RequestOverrides.of(body, headers)
        scripts = [self.state.catalog[slug] for slug in candidates]
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

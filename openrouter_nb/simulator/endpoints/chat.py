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
    """Checks a request, chooses the model, and lets it perform until the client goes."""

    _performance: asyncio.Task[None] | None = None

    async def post(self) -> None:
        """Answer a chat request in either mode."""
        self.secret()
        body = validate(self.parsed_body())
        request, performance = self._choose(body)
        journal = self.state.journal
        self.set_header("X-Generation-Id", request.generation_id)
        journal.open(request)
        self._performance = asyncio.ensure_future(
            performance.perform(ResponseWriter(self, journal, request, self.state.released), request),
        )
        try:
            await self._performance
        except (asyncio.CancelledError, StreamClosedError):
            journal.close(request.generation_id, "client gone")
        finally:
            journal.close(request.generation_id, "done")

    def on_connection_close(self) -> None:
        """Stop the model at once when the client closes the connection."""
        if self._performance is not None:
            self._performance.cancel()

    def _choose(self, body: dict[str, Any]) -> tuple[ParsedChatRequest, Responder]:
        named = [body["model"]] if body.get("model") else []
        candidates = list(dict.fromkeys([*named, *body.get("models", [])]))
        if not candidates:
            raise ApiError(400, "No models provided", "invalid_request")
        headers = self.header_values()
        tuning = RequestOverrides.of(body, headers)
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
                tuning=tuning,
            )
            performance = script.play(request)
            refused = isinstance(performance, FixedResponse) and performance.status >= 400
            if not refused or script is scripts[-1]:
                break
        return request, performance

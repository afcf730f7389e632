"""A simulator with models that fail once, on the wire, as a test specifies."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from openrouter_nb.simulator import Simulator
from openrouter_nb.simulator.api_errors import error_body
from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.fixed_response import FixedResponse
from openrouter_nb.simulator.responses.usage import FREE
from openrouter_nb.simulator.scripted_model import Responder, ScriptedModel
from openrouter_nb.simulator.scripts.echo import parrot


def refusal(
    status: int,
    message: str,
    *,
    headers: Mapping[str, str] | None = None,
    availability: dict[str, Any] | None = None,
    **metadata: Any,
) -> FixedResponse:
    """Return an error response in OpenRouter's JSON."""
    body = error_body(status, message, metadata)
    if availability:
        body["error"]["availability"] = availability
    return FixedResponse(status=status, body=body, headers=headers or {})


@dataclasses.dataclass
class Failing:
    """Fails the next request, and answers the following ones with the text of their last message."""

    next: Responder | None = None

    def respond(self, request: ParsedChatRequest) -> Responder:
        """Fail once."""
        failure, self.next = self.next, None
        return failure or parrot(request)

    def simulator(self) -> Simulator:
        """With a small model, its free variant, and a large one."""
        small = ScriptedModel(
            slug="test/model", summary="Fails once.", respond=self.respond, context_length=4_000
        )
        free = dataclasses.replace(small, slug="test/model:free", prices=FREE)
        large = dataclasses.replace(small, slug="test/large", context_length=2_000_000, prices=FREE)
        return Simulator(scripts=[small, free, large])

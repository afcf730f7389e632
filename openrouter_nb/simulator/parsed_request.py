"""A chat request that passed the checks."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from openrouter_nb.simulator.message_validation import text_of
from openrouter_nb.simulator.request_overrides import RequestOverrides
from openrouter_nb.simulator.responses.usage import Prices


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ParsedChatRequest:
    """What a model gets to see of a request.

    Args:
        body: The parsed body.
        headers: Request headers, names in lower case.
        model: Slug of the model that answers; with fallbacks not always that of the body.
        generation_id: The `gen-…` id of the answer.
        created: Unix seconds.
        provider: Display name of who answers.
        prices: Prices of the model.
        tuning: The wishes of the key `simulator`.
    """

    body: Mapping[str, Any]
    headers: Mapping[str, str]
    model: str
    generation_id: str
    created: int
    provider: str
    prices: Prices
    tuning: RequestOverrides

    @property
    def stream(self) -> bool:
        """Whether an event stream is wanted."""
        return self.body.get("stream") is True

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The conversation."""
        messages: list[dict[str, Any]] = self.body["messages"]
        return messages

    @property
    def prompt(self) -> str:
        """Text of the last message."""
        return text_of(self.messages[-1].get("content"))

    @property
    def sent(self) -> dict[str, Any]:
        """The body without the key `simulator`."""
        return {key: value for key, value in self.body.items() if key != "simulator"}

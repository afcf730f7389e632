"""A validated chat request."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from openrouter_nb.simulator.message_validation import text_of
from openrouter_nb.simulator.request_overrides import RequestOverrides
from openrouter_nb.simulator.responses.usage import Prices


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ParsedChatRequest:
    """A chat request as a model sees it.

    Args:
        body: The parsed body.
        headers: Request headers, names in lower case.
        model: Slug of the model that answers; with fallbacks it may differ from `body["model"]`.
        generation_id: The `gen-…` id of the response.
        created: Unix seconds.
        provider: Display name of the provider.
        prices: Prices of the model, USD per token.
        overrides: Settings from the body key `simulator`.
    """

    body: Mapping[str, Any]
    headers: Mapping[str, str]
    model: str
    generation_id: str
    created: int
    provider: str
    prices: Prices
    overrides: RequestOverrides

    @property
    def stream(self) -> bool:
        """Whether the request asks for an event stream."""
        return self.body.get("stream") is True

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages of the request."""
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

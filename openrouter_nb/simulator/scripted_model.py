"""A simulated model: its catalog entry and its responses."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Protocol

from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.response_writer import ResponseWriter
from openrouter_nb.simulator.responses.usage import LIST_PRICES, Prices

USUAL_PARAMETERS = ("max_tokens", "max_completion_tokens", "temperature", "top_p", "stop", "seed")


class Responder(Protocol):
    """A response that writes itself."""

    async def write_to(self, writer: ResponseWriter, request: ParsedChatRequest) -> None:
        """Write the complete response; cancelled when the client disconnects."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedModel:
    """One model of the simulator.

    Args:
        slug: Model id, `author/name`.
        summary: Description, for the catalog.
        respond: Returns the response to a request.
        prices: USD per token, as listed by `/models`.
        parameters: Supported parameters beyond the usual ones.
        takes_usual: Whether it supports the usual parameters.
        inputs: Input modalities.
        outputs: Output modalities.
        context_length: Maximum tokens of prompt and answer together.
        defaults: Default sampling parameters.
        provider: Display name of the provider; never that of a real one.
        hugging_face_id: Source of the weights of a real model.
    """

    slug: str
    summary: str
    respond: Callable[[ParsedChatRequest], Responder]
    prices: Prices = LIST_PRICES
    parameters: tuple[str, ...] = ()
    takes_usual: bool = True
    inputs: tuple[str, ...] = ("text", "image", "file")
    outputs: tuple[str, ...] = ("text",)
    context_length: int = 128_000
    defaults: Mapping[str, float] = dataclasses.field(default_factory=dict)
    provider: str = "Simulator"
    hugging_face_id: str | None = None

    @property
    def supported(self) -> frozenset[str]:
        """Parameters that have an effect."""
        return frozenset({*(USUAL_PARAMETERS if self.takes_usual else ()), *self.parameters})

    @property
    def name(self) -> str:
        """Display name, "Demo: Error 404"."""
        author, _, name = self.slug.partition("/")
        return f"{author.title()}: {name.replace('-', ' ').capitalize()}"

"""What a simulated model is: a slug, a line for the catalog, and a way to answer."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Protocol

from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.response_writer import ResponseWriter
from openrouter_nb.simulator.responses.usage import LIST_PRICES, Prices

USUAL_PARAMETERS = ("max_tokens", "max_completion_tokens", "temperature", "top_p", "stop", "seed")


class Responder(Protocol):
    """One response, ready to be written."""

    async def perform(self, stage: ResponseWriter, request: ParsedChatRequest) -> None:
        """Write it to its end; cancelled when the client goes."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedModel:
    """One model of the simulator.

    Args:
        slug: Model id, `author/name`.
        summary: What it shows, for the catalog.
        play: Returns the response to a request.
        prices: USD for each token, as `/models` lists them.
        parameters: Supported parameters beyond the usual ones.
        takes_usual: Whether it takes the usual ones.
        inputs: Input modalities.
        outputs: Output modalities.
        context_length: Tokens of prompt and answer together.
        defaults: Sampling parameters that hold where the request has none.
        provider: Display name of the provider; nothing here is any real one.
        hugging_face_id: Where the weights come from, for a real model.
    """

    slug: str
    summary: str
    play: Callable[[ParsedChatRequest], Responder]
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

"""Which models a reader looks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError

from openrouter_nb.parameters import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.components.catalog import Model

_SWITCHES = ("--free", "--tools", "--vision", "--sort")
_ORDERS = ("price", "context")


@dataclass(frozen=True, slots=True)
class Search:
    """Words and filters.

    Attributes:
        words: All of them stand in the id or the name.
        free: Costs nothing.
        tools: Takes tools.
        vision: Reads pictures.
        order: `price` (cheapest answer first), `context` (longest first), or None for the service's order.
    """

    words: tuple[str, ...] = ()
    free: bool = False
    tools: bool = False
    vision: bool = False
    order: str | None = None

    @classmethod
    def parse(cls, line: str) -> Search:
        """Read the line of `%chat_models`.

        Raises:
            UsageError: an unknown option or order.
        """
        words, switches, order = [], set(), None
        parts = iter(line.replace("--sort=", "--sort ").split())
        for part in parts:
            if part == "--sort":
                order = next(parts, "")
                if order not in _ORDERS:
                    raise UsageError(
                        f"--sort takes price or context, not {order!r}.{nearest(order, _ORDERS)}"
                    )
            elif part.startswith("-"):
                if part not in _SWITCHES:
                    raise UsageError(f"Unknown option {part}.{nearest(part, _SWITCHES)}")
                switches.add(part)
            else:
                words.append(part.lower())
        return cls(tuple(words), "--free" in switches, "--tools" in switches, "--vision" in switches, order)

    def among(self, models: Sequence[Model]) -> list[Model]:
        """Return the models that fit, in the order asked for."""
        found = [model for model in models if self._fits(model)]
        if self.order == "price":
            found.sort(key=_price)
        elif self.order == "context":
            found.sort(key=lambda model: -(model.context_length or 0))
        return found

    def _fits(self, model: Model) -> bool:
        text = f"{model.id} {model.name or ''}".lower()
        return (
            all(word in text for word in self.words)
            and (not self.free or _price(model) == 0)
            and (not self.tools or "tools" in model.supported_parameters)
            and (not self.vision or "image" in model.architecture.input_modalities)
        )


def _price(model: Model) -> Any:
    """The price of an answer; what varies comes last."""
    price = model.pricing.completion
    return price if price is not None and price >= 0 else float("inf")

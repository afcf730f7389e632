"""Parse the filters of `%chat_models` and apply them to the model list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError

from openrouter_nb.parameters import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.components.catalog import Model

#: The options.
SWITCHES = ("--free", "--tools", "--vision", "--input", "--output", "--max-price", "--sort")
_ORDERS = ("price", "context", "new")
_KINDS = ("text", "image", "audio", "video", "file")


@dataclass(frozen=True, slots=True)
class ModelSearch:
    """Words and filters; a model must match all of them.

    Attributes:
        words: Each must occur in the id or the name.
        free: Whether the price must be 0.
        tools: Whether tools must be supported.
        inputs: Input modalities that must be supported.
        outputs: Output modalities that must be supported.
        max_price: Maximum price of a million output tokens in US dollars, None for no bound.
        order: `price` (lowest output price first), `context` (longest first), `new` (newest first), or None for the
            service's order.
    """

    words: tuple[str, ...] = ()
    free: bool = False
    tools: bool = False
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    max_price: float | None = None
    order: str | None = None

    @classmethod
    def parse(cls, line: str) -> ModelSearch:
        """Parse the line of `%chat_models`.

        Raises:
            UsageError: an unknown option or value.
        """
        words: list[str] = []
        switches: set[str] = set()
        values: dict[str, list[str]] = {"--input": [], "--output": [], "--sort": [], "--max-price": []}
        parts = iter(re.sub(r"(?<![a-z-])(--[a-z-]+)=", r"\1 ", line).split())
        for part in parts:
            if part in values:
                values[part].append(next(parts, ""))
            elif not part.startswith("-"):
                words.append(part.lower())
            elif part in SWITCHES:
                switches.add(part)
            else:
                raise UsageError(f"Unknown option {part}.{nearest(part, SWITCHES)}")
        for flag, choices in (("--input", _KINDS), ("--output", _KINDS), ("--sort", _ORDERS)):
            for word in values[flag]:
                if word not in choices:
                    raise UsageError(
                        f"{flag} takes {_either(choices)}, not {word!r}.{nearest(word, choices)}"
                    )
        inputs = [*values["--input"], *(["image"] if "--vision" in switches else [])]
        return cls(
            tuple(words),
            "--free" in switches,
            "--tools" in switches,
            tuple(inputs),
            tuple(values["--output"]),
            _dollars(values["--max-price"]),
            values["--sort"][-1] if values["--sort"] else None,
        )

    def matching(self, models: Sequence[Model]) -> list[Model]:
        """Return the matching models in the requested order."""
        found = [model for model in models if self._matches(model)]
        if self.order == "price":
            found.sort(key=_price)
        elif self.order == "context":
            found.sort(key=lambda model: -(model.context_length or 0))
        elif self.order == "new":
            found.sort(key=lambda model: -(model.created or 0))
        return found

    def _matches(self, model: Model) -> bool:
        text = f"{model.id} {model.name or ''}".lower()
        return (
            all(word in text for word in self.words)
            and (not self.free or _price(model) == 0)
            and (not self.tools or "tools" in model.supported_parameters)
            and set(self.inputs) <= set(model.architecture.input_modalities)
            and set(self.outputs) <= set(model.architecture.output_modalities)
            and (self.max_price is None or _price(model) * 1_000_000 <= self.max_price)
        )


def _either(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _dollars(given: list[str]) -> float | None:
    if not given:
        return None
    try:
        return float(given[-1])
    except ValueError:
        raise UsageError(f"--max-price takes US dollars for a million tokens, not {given[-1]!r}.") from None


def _price(model: Model) -> Any:
    """Return the price of one output token; infinity if it varies, which sorts last."""
    price = model.pricing.completion
    return price if price is not None and price >= 0 else Decimal("Infinity")

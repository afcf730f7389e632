"""What a chat cell returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython.core.getipython import get_ipython

from openrouter_nb.notebook.views.publish import publish

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.components import ChatResult, ChatUsage


class Answer:
    """The answer of one cell: `_` and `Out[n]` after it ran.

    Attributes:
        result: The whole result, as `chat.send` returns it.
        complete: False where the cell was stopped before the answer ended.
    """

    def __init__(
        self,
        result: ChatResult,
        bundle: Mapping[str, str],
        metadata: Mapping[str, Any],
        *,
        complete: bool,
    ) -> None:
        self.result = result
        self.complete = complete
        self._bundle = bundle
        self._metadata = metadata
        self._shown_in = _execution_count()

    @property
    def text(self) -> str:
        """The text, as the model wrote it."""
        return self.result.text

    @property
    def reasoning(self) -> str:
        """The reasoning, `""` where there is none."""
        return (self.result.choices[0].message.reasoning or "") if self.result.choices else ""

    @property
    def model(self) -> str | None:
        """The model that answered."""
        return self.result.model

    @property
    def usage(self) -> ChatUsage | None:
        """Token counts and cost."""
        return self.result.usage

    @property
    def cost(self) -> float | None:
        """Price in US dollars, as OpenRouter reports it."""
        return self.result.usage.cost if self.result.usage else None

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Answer of {self.model}: {self.text[:60]!r}{'…' if len(self.text) > 60 else ''}>"

    def _ipython_display_(self) -> None:
        # The cell that asked has shown it already; any other shows it again.
        if self._shown_in != _execution_count():
            publish(self._bundle, self._metadata)


def _execution_count() -> int | None:
    shell = get_ipython()
    return shell.execution_count if shell else None

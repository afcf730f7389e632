"""One row of a batch, with its answer or error."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.errors import WrongAnswerError
from openrouter_nb.errors import OpenRouterError
from openrouter_nb.prompt import PromptError

if TYPE_CHECKING:
    from collections.abc import Hashable

    from openrouter_nb.conversation.answer import Answer

Failure = OpenRouterError | WrongAnswerError | PromptError


@dataclass(slots=True)
class Row:
    """One row of a batch.

    Attributes:
        label: The index of a DataFrame or Series, the key of a dict, else the position from 0.
        question: The prompt: text or content parts; None if the template failed for this row.
        answer: The answer; None if there is none yet, or the row failed.
        error: The error of the template or of the last attempt; None if there was none.
        cost: US dollars of all requests for this row, as reported by OpenRouter.
    """

    label: Hashable
    question: Any = field(repr=False)
    answer: Answer | None = None
    error: Failure | None = None
    cost: float = 0.0

    @property
    def is_sendable(self) -> bool:
        """Whether there is a prompt and no answer yet."""
        return self.question is not None and self.answer is None

    @property
    def was_asked(self) -> bool:
        """Whether there is an answer or an error."""
        return self.answer is not None or self.error is not None

    @property
    def has_cost(self) -> bool:
        """Whether the cost is known. That of a failed row is known only if it was reported."""
        return self.is_done or self.cost > 0

    @property
    def is_done(self) -> bool:
        """Whether there is an answer."""
        return self.answer is not None

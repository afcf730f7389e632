"""Errors with an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openrouter_nb.output.validation_errors import WrongValueError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.conversation.answer import Answer
    from openrouter_nb.output.validation_errors import ValidationProblem


class WrongAnswerError(WrongValueError):
    """An answer that does not match the requested type. The answer was paid for, so it is available.

    Args:
        answer: The complete answer.
        problems: The problems, in order.
    """

    def __init__(self, answer: Answer, problems: Sequence[ValidationProblem]) -> None:
        super().__init__(problems)
        self.answer = answer

"""Errors that carry an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openrouter_nb.output.validation_errors import WrongValueError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.conversation.answer import Answer
    from openrouter_nb.output.validation_errors import ValidationProblem


class WrongAnswerError(WrongValueError):
    """An answer that is not of the type that was asked for. It is paid for, so it comes along.

    Args:
        answer: The whole answer.
        problems: Each wrong field, in order.
    """

    def __init__(self, answer: Answer, problems: Sequence[ValidationProblem]) -> None:
        super().__init__(problems)
        self.answer = answer

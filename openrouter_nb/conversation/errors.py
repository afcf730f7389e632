"""Errors with an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openrouter_nb.errors import OpenRouterError
from openrouter_nb.output.validation_errors import WrongValueError
from openrouter_nb.user_code import described

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.components import ChatResult
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

    @property
    def partial(self) -> ChatResult:
        """The result of the answer, as other errors have it."""
        return self.answer.result


def failure_of(error: Exception, partial: ChatResult | None) -> OpenRouterError:
    """Return the error of a request that ended with another exception, such as that of a callback of the user.

    Args:
        error: The exception, which becomes the cause.
        partial: The answer so far; None if nothing arrived.
    """
    failure = OpenRouterError(f"The request was ended by {described(error)}", partial=partial)
    failure.__cause__ = error
    return failure

"""`%%chat -m a,b,c`: one question to several models, their answers side by side."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.comparison import Comparison
from openrouter_nb.errors import OpenRouterError
from openrouter_nb.notebook.answer import execution_count
from openrouter_nb.notebook.views.columns import Columns
from openrouter_nb.notebook.views.publish import publish

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from openrouter_nb.conversation.answer import Answer
    from openrouter_nb.notebook.exchange import Exchange
    from openrouter_nb.notebook.views import View

_NOT_KEPT = "None of these is part of the conversation. _.keep({model!r}) takes one into it."


class ShownComparison(Comparison):
    """What a cell with several models leaves in `_`: the answers and the errors by model.

    `keep(model)` makes an answer part of the conversation: which of several it goes on from is for the reader to say.

    Args:
        outcomes: Answer or error of each model.
        bundle: What the cell shows.
        record: Makes the answer of a model part of the conversation.
    """

    def __init__(
        self,
        outcomes: Mapping[str, Answer | OpenRouterError],
        bundle: Mapping[str, str],
        record: Callable[[str, Answer], object],
    ) -> None:
        super().__init__(outcomes)
        self._bundle = bundle
        self._record = record
        self._shown_in = execution_count()

    def keep(self, model: str) -> Answer:
        """Make the answer of a model part of the conversation, in this cell's place, and return it.

        Raises:
            KeyError: it was not asked.
            OpenRouterError: it failed.
            ValueError: its answer was stopped before its end.
        """
        answer = self[model]
        if not answer.complete:
            raise ValueError(f"The answer of {model} was stopped before its end and cannot be gone on from.")
        self._record(model, answer)
        return answer

    def _ipython_display_(self) -> None:
        # The cell that asked has shown it already; any other shows it again.
        if self._shown_in != execution_count():
            publish(self._bundle)


async def compare(
    shell: Any,
    models: Sequence[str],
    exchange: Callable[[str, View], Exchange],
    record: Callable[[str, Answer], object] | None,
) -> ShownComparison:
    """Ask all models at once and return what they said. One that fails or is stopped does not stop the others.

    Args:
        shell: The IPython shell.
        models: Whom to ask, each once.
        exchange: Makes the exchange of a model, on a view.
        record: Makes an answer part of the conversation; None where there is none.

    Raises:
        OpenRouterError: all failed; their banners are on screen.
        CancelledError: the cell was interrupted; every request is closed, and what had arrived is on screen.
    """
    columns = Columns(shell, models)
    columns.begin()
    tasks = [
        asyncio.ensure_future(_outcome(exchange(model, view)))
        for model, view in zip(models, columns.views, strict=True)
    ]
    try:
        outcomes = await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        columns.end()
        raise
    answered = [
        model
        for model, outcome in zip(models, outcomes, strict=True)
        if not isinstance(outcome, OpenRouterError) and outcome.complete
    ]
    note = _NOT_KEPT.format(model=answered[0]) if answered and record is not None else ""
    bundle = columns.end(note)
    errors = [outcome for outcome in outcomes if isinstance(outcome, OpenRouterError)]
    if len(errors) == len(outcomes):
        raise errors[0]
    return ShownComparison(dict(zip(models, outcomes, strict=True)), bundle, record or _nowhere)


def _nowhere(_model: str, _answer: Answer) -> None:
    raise ValueError("The cell was asked --once: it has no conversation.")


async def _outcome(exchange: Exchange) -> Answer | OpenRouterError:
    try:
        return await exchange.run()
    except OpenRouterError as error:
        return error
